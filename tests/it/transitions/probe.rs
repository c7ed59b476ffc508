use jellyfin_auth::{Error, Failure};
use jellyfin_auth_testkit::{Script, answer, answer::ResponseExt as _};

use crate::given::*;

fn redirect(status: u16, to: &str) -> http::Response<Vec<u8>> {
    answer::unsigned(status).with_header("location", to)
}

fn adopted(script: &Script<jellyfin_auth::Login>) -> &str {
    script.machine.server_url().as_str()
}

#[test]
fn an_object_with_id_and_version_goes_on() {
    let script = probed(password_login("https://nas.example"));
    let info = script.machine.server_info().expect("the server was asked");
    assert_eq!((info.id.as_str(), info.version.as_str()), (SERVER_ID, "12.0.0"));
    assert_eq!(info.name.as_deref(), Some("nas"));
}

#[test]
fn property_names_are_read_in_any_case() {
    let mut script = password_login("https://nas.example");
    script.sends("GET", INFO).answers(
        answer::signed(200)
            .with_json(&serde_json::json!({"ID": "ab", "vErSiOn": "1.2.3", "servername": "x"})),
    );
    script.sends("POST", AUTHENTICATE).answers(token());
    assert_eq!(script.machine.server_info().expect("info").version, "1.2.3");
}

#[test]
fn the_probe_carries_no_authorization_and_everything_else_does() {
    let mut script = password_login("https://nas.example");
    let exchange = script.sends("GET", INFO);
    let headers = exchange.request().headers();
    assert!(!headers.contains_key("authorization"));
    assert_eq!(headers["accept"], "application/json");
    assert_eq!(headers["user-agent"], "Example/1.0");
    assert!(!headers.contains_key("accept-encoding"));
    exchange.answers(answer::server_info(SERVER_ID, "12.0.0"));
    let exchange = script.sends("POST", AUTHENTICATE);
    let authorization = &exchange.request().headers()["authorization"];
    assert!(authorization.is_sensitive());
    assert_eq!(
        authorization,
        "MediaBrowser Client=\"Example\", Device=\"Test\", DeviceId=\"d-1\", Version=\"1.0\""
    );
    exchange.answers(token());
}

#[test]
fn the_policy_can_turn_the_probe_off() {
    let mut script =
        with_policy(password_login("https://nas.example"), |policy| policy.probe = false);
    script.sends("POST", AUTHENTICATE).answers(token());
    assert_eq!(script.ends().server_id(), SERVER_ID);
    assert!(script.machine.server_info().is_none());
}

#[test]
fn a_redirect_to_https_on_the_same_host_is_adopted_at_any_port() {
    for status in [301, 302, 307, 308] {
        let mut script = password_login("http://nas.example:8096");
        script
            .sends("GET", INFO)
            .answers(redirect(status, "https://nas.example:8920/System/Info/Public"));
        script.sends("GET", INFO).answers(answer::server_info(SERVER_ID, "12.0.0"));
        assert_eq!(adopted(&script), "https://nas.example:8920");
        let exchange = script.sends("POST", AUTHENTICATE);
        assert_eq!(exchange.request().uri().authority().expect("one"), "nas.example:8920");
        assert_eq!(exchange.request().uri().scheme_str(), Some("https"));
        exchange.answers(token());
        assert_eq!(script.ends().server().as_str(), "https://nas.example:8920");
    }
}

#[test]
fn a_redirect_on_the_same_origin_that_keeps_the_path_is_adopted() {
    let mut script = password_login("https://nas.example");
    script.sends("GET", INFO).answers(redirect(302, "/media/System/Info/Public"));
    script.sends("GET", "/media/System/Info/Public").answers(answer::server_info("ab", "12.0.0"));
    assert_eq!(adopted(&script), "https://nas.example/media");
}

#[test]
fn five_hops_are_followed_and_a_sixth_is_not() {
    let mut script = password_login("https://nas.example/0");
    for hop in 0..5 {
        script
            .sends("GET", &format!("/{hop}/System/Info/Public"))
            .answers(redirect(302, &format!("/{}/System/Info/Public", hop + 1)));
    }
    script.sends("GET", "/5/System/Info/Public").answers(redirect(302, "/6/System/Info/Public"));
    assert!(matches!(script.fails(), Error::TooManyRedirects { .. }));
}

#[test]
fn a_redirect_to_the_web_client_tells_the_base_path() {
    // 9 to 12 answer relatively, 7 and 8 absolutely, and a server without a web client with its API's page.
    for location in [
        "../../jf/web/",
        "/jf/web/index.html",
        "https://nas.example/jf/web/",
        "/jf/api-docs/swagger",
        "/jf/web",
    ] {
        let mut script = password_login("https://nas.example");
        script.sends("GET", INFO).answers(redirect(302, location));
        script.sends("GET", "/jf/System/Info/Public").answers(answer::server_info("ab", "12.0.0"));
        assert_eq!(adopted(&script), "https://nas.example/jf", "{location}");
    }
}

#[test]
fn the_last_web_segment_counts_and_only_as_a_whole() {
    let mut script = password_login("https://nas.example");
    script.sends("GET", INFO).answers(redirect(302, "/web/webmedia/web/index.html"));
    let path = "/web/webmedia/System/Info/Public";
    script.sends("GET", path).answers(answer::server_info("ab", "12.0.0"));
    assert_eq!(adopted(&script), "https://nas.example/web/webmedia");
}

#[test]
fn a_redirect_to_the_web_client_with_the_prefix_that_was_asked_is_refused() {
    let mut script = password_login("https://nas.example/jf");
    script.sends("GET", "/jf/System/Info/Public").answers(redirect(302, "/jf/web/"));
    assert!(matches!(
        script.fails(),
        Error::Redirected { to: Some(to), .. } if to == "https://nas.example/jf/web/"
    ));
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
        let mut script = password_login("https://nas.example");
        script.sends("GET", INFO).answers(redirect(302, location));
        match script.fails() {
            Error::Redirected { to, .. } => assert_eq!(to.as_deref(), Some(shown), "{location}"),
            other => panic!("{location}: {other:?}"),
        }
    }
}

#[test]
fn a_redirect_without_a_readable_location_is_refused() {
    for response in [answer::unsigned(302), redirect(301, "http://["), answer::unsigned(304)] {
        let mut script = password_login("https://nas.example");
        script.sends("GET", INFO).answers(response);
        assert!(matches!(script.fails(), Error::Redirected { to: None, .. }));
    }
}

#[test]
fn the_set_up_server_is_waited_for() {
    let mut script = password_login("https://nas.example");
    // Its id may be null, and the key's case tells it from a server that was never set up.
    script.sends("GET", INFO).answers(answer::unsigned(200).with_json(&serde_json::json!({
        "localAddress": "x", "serverName": "nas", "version": "12.0.0", "id": null,
        "startupWizardCompleted": false,
    })));
    let wait = script.waits(1);
    assert_eq!(wait.reason(), jellyfin_auth::WaitReason::ServerStarting);
    script.sends("GET", INFO).answers(answer::server_info(SERVER_ID, "12.0.0"));
    script.sends("POST", AUTHENTICATE).answers(token());
    script.ends();
}

#[test]
fn a_server_without_its_wizard_completed_is_not_set_up() {
    let mut script = password_login("https://nas.example");
    script.sends("GET", INFO).answers(answer::signed(200).with_json(
        &serde_json::json!({"Id": "ab", "Version": "12.0.0", "StartupWizardCompleted": false}),
    ));
    assert!(matches!(script.fails(), Error::ServerNotSetUp { .. }));
}

#[test]
fn a_signed_404_is_a_jellyfin_at_another_path_and_the_root_is_asked_once() {
    let mut script = password_login("https://nas.example/wrong");
    script.sends("GET", "/wrong/System/Info/Public").answers(answer::signed(404));
    script.sends("GET", INFO).answers(answer::server_info(SERVER_ID, "12.0.0"));
    assert_eq!(adopted(&script), "https://nas.example");

    let mut script = password_login("https://nas.example/wrong");
    script.sends("GET", "/wrong/System/Info/Public").answers(answer::signed(404));
    script.sends("GET", INFO).answers(answer::signed(404));
    assert!(matches!(script.fails(), Error::WrongBasePath { .. }));

    let mut script = password_login("https://nas.example");
    script.sends("GET", INFO).answers(answer::signed(404));
    assert!(matches!(script.fails(), Error::WrongBasePath { .. }));
}

#[test]
fn the_root_is_asked_once_even_if_it_leads_to_another_path() {
    let mut script = password_login("https://nas.example/wrong");
    script.sends("GET", "/wrong/System/Info/Public").answers(answer::signed(404));
    script.sends("GET", INFO).answers(answer::unsigned(302).with_header("location", "/jf/web/"));
    script.sends("GET", "/jf/System/Info/Public").answers(answer::signed(404));
    assert!(matches!(script.fails(), Error::WrongBasePath { .. }));
}

#[test]
fn a_server_that_signed_its_redirect_is_taken_without_a_signature() {
    let mut script = password_login("https://nas.example");
    script.sends("GET", INFO).answers(answer::signed(302).with_header("location", "/jf/web/"));
    script
        .sends("GET", "/jf/System/Info/Public")
        .answers(without_signature(answer::server_info(SERVER_ID, "12.0.0")));
    assert_eq!(adopted(&script), "https://nas.example/jf");
    assert_eq!(script.machine.server_info().expect("it is a server").id, SERVER_ID);
}

#[test]
fn only_an_unsigned_200_is_the_start_up_server() {
    let body = serde_json::json!(
        {"Id": "ab", "Version": "12.0.0", "startupWizardCompleted": false}
    );
    let mut script = password_login("https://nas.example");
    script.sends("GET", INFO).answers(answer::signed(200).with_json(&body));
    assert_eq!(script.machine.server_info().expect("it is a server").id, "ab");

    let mut script = password_login("https://nas.example");
    script.sends("GET", INFO).answers(answer::unsigned(404).with_json(&body));
    assert!(matches!(script.fails(), Error::NotJellyfin { .. }));
}

#[test]
fn any_other_200_and_an_unsigned_404_are_no_jellyfin() {
    for response in [
        answer::unsigned(200), // Caddy says this to an unknown host
        answer::unsigned(200).with_html("<h1>Welcome to nginx!</h1>"),
        answer::unsigned(200).with_json(&serde_json::json!({"Id": "ab"})),
        answer::unsigned(200).with_json(&serde_json::json!({"Id": 7, "Version": "1"})),
        answer::unsigned(200).with_json(&serde_json::json!([])),
        answer::signed(200).with_body(br#"{"Id":"a","id":"b","Version":"1"}"#),
        answer::signed(200).with_body(b"{\"Id\":\"a\\u001b[2J\",\"Version\":\"1\"}"),
        answer::unsigned(404).with_html("not found"),
    ] {
        let mut script = password_login("https://nas.example");
        script.sends("GET", INFO).answers(response);
        assert!(matches!(script.fails(), Error::NotJellyfin { .. }));
    }
}

#[test]
fn any_other_4xx_is_something_in_between() {
    for status in [400, 401, 403, 405, 418, 451] {
        let mut script = password_login("https://nas.example");
        script.sends("GET", INFO).answers(answer::unsigned(status));
        assert!(matches!(script.fails(), Error::Intercepted { status: s, .. } if s == status));
    }
}

#[test]
fn a_status_that_means_nothing_is_unexpected() {
    let mut script = password_login("https://nas.example");
    script.sends("GET", INFO).answers(answer::signed(206));
    assert!(matches!(script.fails(), Error::Malformed { .. } | Error::Unexpected { .. }));
}

#[test]
fn other_server_errors_are_retried_and_then_the_servers_fault() {
    let mut script = password_login("https://nas.example");
    for seconds in [1, 2, 4] {
        script.sends("GET", INFO).answers(answer::signed(500));
        assert_eq!(script.waits(seconds).reason(), jellyfin_auth::WaitReason::Other);
    }
    script.sends("GET", INFO).answers(answer::signed(500));
    assert!(matches!(script.fails(), Error::ServerFault { status: 500, .. }));
}

#[test]
fn failures_are_retried_and_then_no_answer() {
    for failure in [Failure::Unreachable, Failure::Interrupted, Failure::Timeout, Failure::Other] {
        let mut script = password_login("https://nas.example");
        for seconds in [1, 2, 4] {
            script.sends("GET", INFO).fails(failure);
            let wait = script.waits(seconds);
            assert_eq!(wait.reason(), jellyfin_auth::WaitReason::NoAnswer(failure));
        }
        script.sends("GET", INFO).fails(failure);
        assert!(matches!(script.fails(), Error::NoAnswer { failure: f, .. } if f == failure));
    }
}

#[test]
fn the_backoff_doubles_up_to_half_a_minute() {
    let mut script =
        with_policy(password_login("https://nas.example"), |policy| policy.retries = 8);
    for seconds in [1, 2, 4, 8, 16, 30, 30, 30] {
        script.sends("GET", INFO).fails(Failure::Timeout);
        script.waits(seconds);
    }
    script.sends("GET", INFO).fails(Failure::Timeout);
    assert!(matches!(script.fails(), Error::NoAnswer { .. }));
}

#[test]
fn tls_size_proxy_and_hidden_redirects_are_not_retried() {
    for failure in [Failure::Tls, Failure::TooLarge, Failure::Proxy, Failure::Redirected] {
        let mut script = password_login("https://nas.example");
        script.sends("GET", INFO).fails(failure);
        assert!(matches!(script.fails(), Error::NoAnswer { failure: f, .. } if f == failure));
    }
}

#[test]
fn names_are_made_fit_to_be_shown() {
    let mut script = password_login("https://nas.example");
    script.sends("GET", INFO).answers(answer::signed(200).with_json(&serde_json::json!({
        "Id": "ab", "Version": "1", "ServerName": "x\u{1b}]0;evil\u{7}\n",
        "StartupWizardCompleted": true,
    })));
    let name = script.machine.server_info().expect("info").name.clone().expect("a name");
    assert_eq!(name, "x\u{fffd}]0;evil\u{fffd}\u{fffd}");
}
