//! Block 2: the redirects that the probe follows, and those that it doesn't.

use jellyfin_auth::{Error, Login};
use jellyfin_auth_testkit::{Script, answer};

use crate::given::*;

#[track_caller]
fn asks_at(script: &mut Script<Login>, address: &str) {
    let path = address.splitn(4, '/').nth(3).map_or(String::new(), |path| format!("/{path}"));
    let exchange = script.sends("GET", &format!("{path}{INFO}"));
    assert_eq!(exchange.request().uri().to_string(), format!("{address}{INFO}"));
    exchange.answers(info());
    assert_eq!(script.machine.server_url().as_str(), address);
}

#[test]
fn https_on_the_same_host_is_adopted_at_any_port() {
    for status in [301, 302, 307, 308] {
        for address in ["https://nas.example", "https://nas.example:8920"] {
            let mut script = password_login("http://nas.example:8096");
            script.sends("GET", INFO).answers(redirect(status, &format!("{address}{INFO}")));
            asks_at(&mut script, address);
            let exchange = script.sends("POST", AUTHENTICATE);
            assert_eq!(exchange.request().uri().to_string(), format!("{address}{AUTHENTICATE}"));
            exchange.answers(token());
            assert_eq!(script.ends().server().as_str(), address);
        }
    }
}

#[test]
fn another_base_path_is_adopted_when_the_probes_path_follows_it() {
    for (from, to, address) in [
        (SERVER, "/media/System/Info/Public", "https://nas.example/media"),
        (SERVER, "https://nas.example/a/b/System/Info/Public", "https://nas.example/a/b"),
        (
            "http://nas.example",
            "https://nas.example/jf/System/Info/Public",
            "https://nas.example/jf",
        ),
        (SERVER, "/web/System/Info/Public?x=y", "https://nas.example/web"),
    ] {
        let mut script = password_login(from);
        script.sends("GET", INFO).answers(redirect(302, to));
        asks_at(&mut script, address);
    }
}

#[test]
fn five_hops_are_followed_and_a_sixth_is_not() {
    let mut script = password_login("https://nas.example/0");
    for hop in 0..5 {
        script
            .sends("GET", &format!("/{hop}{INFO}"))
            .answers(redirect(302, &format!("/{}{INFO}", hop + 1)));
    }
    script.sends("GET", &format!("/5{INFO}")).answers(redirect(302, &format!("/6{INFO}")));
    assert_eq!(script.fails(), Error::TooManyRedirects);
}

#[test]
fn a_parent_of_the_path_gives_no_hop_back() {
    let mut script = password_login("https://nas.example/0/x");
    let mut leads_on = |from: &str, to: &str| {
        script
            .sends("GET", &format!("{from}{INFO}"))
            .answers(redirect(302, &format!("{to}{INFO}")));
    };
    for hop in 0..4 {
        leads_on(&format!("/{hop}/x"), &format!("/{}/x", hop + 1));
    }
    script.sends("GET", &format!("/4/x{INFO}")).answers(answer::marked(404));
    script.sends("GET", &format!("/4{INFO}")).answers(redirect(302, &format!("/5{INFO}")));
    script.sends("GET", &format!("/5{INFO}")).answers(redirect(302, &format!("/6{INFO}")));
    assert_eq!(script.fails(), Error::TooManyRedirects);
}

#[test]
fn the_web_client_gives_the_base_path_away() {
    // 9 to 12 answer relatively, 7 and 8 absolutely, and a server without a web client with its API's page.
    for location in [
        "../../jf/web/",
        "/jf/web/index.html",
        "https://nas.example/jf/web/",
        "/jf/api-docs/swagger",
        "/jf/web",
    ] {
        let mut script = password_login(SERVER);
        script.sends("GET", INFO).answers(redirect(302, location));
        asks_at(&mut script, "https://nas.example/jf");
    }
}

#[test]
fn the_last_web_segment_counts_and_only_as_a_whole() {
    let mut script = password_login(SERVER);
    script.sends("GET", INFO).answers(redirect(302, "/web/webmedia/web/index.html"));
    asks_at(&mut script, "https://nas.example/web/webmedia");
}

#[test]
fn the_web_client_below_the_prefix_that_was_asked_is_refused() {
    let mut script = password_login("https://nas.example/jf");
    script.sends("GET", &format!("/jf{INFO}")).answers(redirect(302, "/jf/web/"));
    assert!(matches!(
        script.fails(),
        Error::Redirected { to: Some(to), .. } if to == "https://nas.example/jf/web/"
    ));
}

#[track_caller]
fn refused(from: &str, location: &str, shown: &str) {
    let mut script = password_login(from);
    script.sends("GET", INFO).answers(redirect(302, location));
    match script.fails() {
        Error::Redirected { to, .. } => assert_eq!(to.as_deref(), Some(shown), "{location}"),
        other => panic!("{location}: {other:?}"),
    }
    assert_eq!(script.machine.server_url().as_str(), from, "{location}");
}

#[test]
fn an_upgrade_to_another_host_is_refused_however_alike_it_looks() {
    for host in [
        "evilnas.example",
        "nas.example.evil.example",
        "evil.example",
        "nas.example.",
        "www.nas.example",
        "nas",
    ] {
        let to = format!("https://{host}{INFO}");
        refused("http://nas.example", &to, &to);
    }
    refused(
        "http://nas.example",
        "https://nas.example@evil.example/System/Info/Public",
        "https://evil.example/System/Info/Public",
    );
}

#[test]
fn an_upgrade_to_a_path_that_isnt_the_probes_is_refused() {
    for path in [
        "/",
        "/login",
        "/System/Info",
        "/System/Info/Public/x",
        "/xSystem/Info/Public",
        "/system/info/public",
        "/jf/web/",
        "/jf/api-docs/swagger",
        "/login?next=/System/Info/Public",
        "/login#/System/Info/Public",
    ] {
        let to = format!("https://nas.example{path}");
        let shown = to.split(['?', '#']).next().expect("a part");
        refused("http://nas.example", &to, shown);
    }
}

#[test]
fn any_other_redirect_is_refused_and_its_query_is_not_shown() {
    for (location, shown) in [
        ("https://evil.example/System/Info/Public", "https://evil.example/System/Info/Public"),
        ("http://nas.example/System/Info/Public", "http://nas.example/System/Info/Public"),
        (
            "https://nas.example:444/System/Info/Public",
            "https://nas.example:444/System/Info/Public",
        ),
        ("https://nas.example:444/jf/web/", "https://nas.example:444/jf/web/"),
        ("https://login.example/auth?rd=secret#f", "https://login.example/auth"),
        (
            "https://user:pw@nas.example/System/Info/Public",
            "https://nas.example/System/Info/Public",
        ),
        ("https://user@nas.example/jf/web/", "https://nas.example/jf/web/"),
        ("https://:pw@nas.example/jf/web/", "https://nas.example/jf/web/"),
        ("/login", "https://nas.example/login"),
        ("//evil.example/web/", "https://evil.example/web/"),
        ("javascript:alert(1)", "javascript:"),
    ] {
        refused(SERVER, location, shown);
    }
}

#[test]
fn a_redirect_without_a_readable_location_is_refused() {
    for response in [answer::unmarked(302), redirect(301, "http://["), answer::unmarked(304)] {
        let mut script = password_login(SERVER);
        script.sends("GET", INFO).answers(response);
        assert!(matches!(script.fails(), Error::Redirected { to: None, .. }));
    }
}

#[test]
fn a_hop_starts_with_fresh_retries() {
    let mut script = password_login("http://nas.example");
    for seconds in [1, 2, 4] {
        script.sends("GET", INFO).fails(jellyfin_auth::Failure::Timeout);
        script.waits(seconds);
    }
    script.sends("GET", INFO).answers(redirect(301, &format!("{SERVER}{INFO}")));
    for seconds in [1, 2, 4] {
        script.sends("GET", INFO).fails(jellyfin_auth::Failure::Timeout);
        script.waits(seconds);
    }
    script.sends("GET", INFO).answers(info());
    script.sends("POST", AUTHENTICATE).answers(token());
}
