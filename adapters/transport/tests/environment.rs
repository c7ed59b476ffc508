//! The proxies of the environment. Each rule is checked in a process of its own, since a
//! program can't change its environment safely.

use std::{env, process::Command};

use jellyfin_auth_transport::{ConfigError, Options, Route};

/// Where a request to `URI` goes.
#[test]
#[ignore = "the others run it, in a process with another environment"]
fn the_way_of_one_request() {
    let Ok(uri) = env::var("URI") else { return };
    match Options::new().route(&uri.parse().expect("the test's URI is one")) {
        Ok(Route::Direct) => println!("way=direct"),
        Ok(Route::Proxy(server)) => println!("way={}:{}", server.host(), server.port()),
        Err(ConfigError::ProxyKind { scheme }) => println!("way=refused {scheme}"),
        Err(error) => println!("way={error:?}"),
    }
}

fn way(uri: &str, variables: &[(&str, &str)]) -> String {
    let mut command = Command::new(env::current_exe().expect("tests run from a file"));
    command.args(["--exact", "the_way_of_one_request", "--ignored", "--nocapture"]);
    for name in ["http_proxy", "https_proxy", "all_proxy", "no_proxy"] {
        command.env_remove(name).env_remove(name.to_ascii_uppercase());
    }
    let output = command
        .env_remove("REQUEST_METHOD")
        .env("URI", uri)
        .envs(variables.iter().copied())
        .output()
        .expect("the test can be run");
    let output = String::from_utf8_lossy(&output.stdout);
    let way = output.lines().find_map(|line| line.split_once("way="));
    way.unwrap_or_else(|| panic!("{output}")).1.to_owned()
}

#[test]
fn without_variables_requests_go_straight_to_the_server() {
    assert_eq!(way("http://nas:8096/", &[]), "direct");
}

#[test]
fn each_scheme_has_its_variable_in_lower_and_upper_case() {
    for name in ["http_proxy", "HTTP_PROXY"] {
        assert_eq!(way("http://nas/", &[(name, "http://proxy:3128")]), "proxy:3128", "{name}");
        assert_eq!(way("https://nas/", &[(name, "http://proxy:3128")]), "direct", "{name}");
    }
    for name in ["https_proxy", "HTTPS_PROXY"] {
        assert_eq!(way("https://nas/", &[(name, "proxy:3128")]), "proxy:3128", "{name}");
        assert_eq!(way("http://nas/", &[(name, "proxy:3128")]), "direct", "{name}");
    }
    for name in ["all_proxy", "ALL_PROXY"] {
        for uri in ["http://nas/", "https://nas/"] {
            assert_eq!(way(uri, &[(name, "http://proxy:3128")]), "proxy:3128", "{name} {uri}");
        }
    }
}

#[test]
fn hosts_without_proxy_are_left_alone() {
    let around =
        |hosts| way("http://nas.example.com/", &[("http_proxy", "p:1"), ("no_proxy", hosts)]);

    assert_eq!(around("other.org,example.com"), "direct");
    assert_eq!(around("*"), "direct");
    assert_eq!(around("other.org"), "p:1");
    let by_address = [("http_proxy", "p:1"), ("NO_PROXY", "192.168.0.0/16")];
    assert_eq!(way("http://192.168.1.2:8096/", &by_address), "direct");
    assert_eq!(way("http://192.168.1.2/", &[("http_proxy", "p:1"), ("no_proxy", "*")]), "direct");
}

#[test]
fn a_proxy_of_another_kind_is_not_gone_around_in_silence() {
    assert_eq!(way("http://nas/", &[("all_proxy", "socks5://proxy:1080")]), "refused socks5");
}
