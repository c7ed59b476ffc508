//! Block 2: the probe, `GET /System/Info/Public`.

use jellyfin_auth::{Error, Failure, Login, RequestName, WaitReason};
use jellyfin_auth_testkit::{Script, answer, answer::ResponseExt as _};
use serde_json::json;

use crate::given::*;

fn probe(answer: http::Response<Vec<u8>>) -> Script<Login> {
    let mut script = password_login(SERVER);
    script.sends("GET", INFO).answers(answer);
    script
}

#[test]
fn the_probe_has_no_authorization_and_everything_else_does() {
    let mut script = password_login(SERVER);
    let exchange = script.sends("GET", INFO);
    let headers = exchange.request().headers();
    assert!(!headers.contains_key("authorization"));
    assert_eq!(headers["accept"], "application/json");
    assert_eq!(headers["user-agent"], "Example/1.0");
    assert!(!headers.contains_key("accept-encoding"));
    exchange.answers(info());
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
fn the_policy_can_turn_it_off() {
    let mut script = without_probe(password_login(SERVER));
    script.sends("POST", AUTHENTICATE).answers(token());
    assert_eq!(script.ends().server_id(), Some(SERVER_ID));
    assert!(script.machine.server_info().is_none());
}

#[test]
fn a_server_whose_wizard_is_not_completed_is_not_set_up() {
    for answer in [
        answer::marked(200),
        answer::unmarked(200),
        answer::marked(203),
        answer::unmarked(206),
        answer::unmarked(299),
    ] {
        for completed in [json!(false), json!("false")] {
            let info =
                json!({"Id": "ab", "Version": "12.0.0", "StartupWizardCompleted": completed});
            assert_eq!(probe(answer.clone().with_json(&info)).fails(), Error::ServerNotSetUp);
        }
    }
    // Even unmarked, of a server that sets the marker.
    let mut script = password_login(SERVER);
    script.sends("GET", INFO).answers(refusal(500));
    script.waits(1);
    let info = json!({"StartupWizardCompleted": false});
    script.sends("GET", INFO).answers(answer::unmarked(200).with_json(&info));
    assert_eq!(script.fails(), Error::ServerNotSetUp);
}

#[test]
fn the_set_up_server_is_waited_for_and_known_by_its_letter_case_alone() {
    let starting = json!({"localAddress": null, "version": "12.0.0", "id": null, "startupWizardCompleted": false});
    let mut script = probe(answer::unmarked(200).with_json(&starting));
    assert_eq!(script.waits(1).reason(), WaitReason::ServerStarting);
    script.sends("GET", INFO).answers(info());
    script.sends("POST", AUTHENTICATE).answers(token());
    script.ends();
    // Marked, it is the server itself; and 404 is no start.
    let ready = json!({"Id": "ab", "Version": "12.0.0", "startupWizardCompleted": false});
    let mut script = probe(answer::marked(200).with_json(&ready));
    script.sends("POST", AUTHENTICATE).answers(token());
    let mut script = probe(answer::unmarked(404).with_json(&ready));
    assert_eq!(script.fails(), Error::NotJellyfin);
}

#[test]
fn an_object_with_id_and_version_goes_on() {
    let mut script = probe(info());
    script.sends("POST", AUTHENTICATE).answers(token());
    let found = script.machine.server_info().expect("the server was asked");
    assert_eq!((found.id.as_str(), found.version.as_str()), (SERVER_ID, "12.0.0"));
    assert_eq!((found.name.as_deref(), found.product.as_deref()), (Some("nas"), None));
}

#[test]
fn pascal_and_camel_case_and_ids_that_are_numbers_are_read() {
    for (info, id) in [
        (json!({"Id": "ab", "Version": "1.2.3"}), "ab"),
        (json!({"id": "ab", "version": "1.2.3", "serverName": "x"}), "ab"),
        (json!({"Id": 42, "Version": "1.2.3"}), "42"),
        (json!({"Id": "a b", "Version": "1.2.3"}), "a b"),
    ] {
        let mut script = probe(answer::marked(200).with_json(&info));
        script.sends("POST", AUTHENTICATE).answers(token());
        assert_eq!(script.machine.server_info().expect("info").id, id);
        assert_eq!(script.ends().server_id(), Some(id), "the probe's counts");
    }
}

#[test]
fn another_product_is_no_error_and_shown_as_what_it_is() {
    let emby = json!({"Id": "ab", "Version": "4.9.1.80", "ProductName": "Emby Server"});
    let mut script = probe(answer::unmarked(200).with_json(&emby));
    script.sends("POST", AUTHENTICATE).answers(token());
    assert_eq!(script.machine.server_info().expect("info").product.as_deref(), Some("Emby Server"));
}

#[test]
fn what_is_shown_is_made_fit_for_it() {
    let odd = json!({"Id": "ab", "Version": "1", "ServerName": "x\u{1b}]0;evil\u{7}\n"});
    let mut script = probe(answer::marked(200).with_json(&odd));
    script.sends("POST", AUTHENTICATE).answers(token());
    let name = script.machine.server_info().expect("info").name.clone();
    assert_eq!(name.as_deref(), Some("x\u{fffd}]0;evil\u{fffd}\u{fffd}"));
}

/// It was asked at `/a/b/c`, where a Jellyfin answered 404.
fn elsewhere() -> Script<Login> {
    let mut script = password_login("https://nas.example/a/b/c");
    script.sends("GET", &format!("/a/b/c{INFO}")).answers(answer::marked(404));
    script
}

#[test]
fn a_marked_404_is_a_jellyfin_at_a_parent_of_the_path_or_at_the_root() {
    let mut script = elsewhere();
    script.sends("GET", &format!("/a/b{INFO}")).answers(answer::marked(404));
    script.sends("GET", &format!("/a{INFO}")).answers(info());
    script.sends("POST", &format!("/a{AUTHENTICATE}")).answers(token());
    assert_eq!(script.ends().server().as_str(), "https://nas.example/a");

    let mut script = elsewhere();
    script.sends("GET", &format!("/a/b{INFO}")).answers(answer::marked(404));
    script.sends("GET", &format!("/a{INFO}")).answers(answer::marked(404));
    script.sends("GET", INFO).answers(info());
    script.sends("POST", AUTHENTICATE).answers(token());
    assert_eq!(script.ends().server().as_str(), SERVER);
}

#[test]
fn a_page_that_was_pasted_with_a_homepage_at_the_root_leads_to_the_server() {
    let mut script = password_login("https://nas.example/jellyfin/index.html");
    let at_page = format!("/jellyfin/index.html{INFO}");
    script.sends("GET", &at_page).answers(answer::marked(404));
    script.sends("GET", &format!("/jellyfin{INFO}")).answers(info());
    script.sends("POST", &format!("/jellyfin{AUTHENTICATE}")).answers(token());
    assert_eq!(script.ends().server().as_str(), "https://nas.example/jellyfin");
}

#[test]
fn whatever_the_parents_say_that_is_no_server_it_is_the_wrong_path() {
    let answers: Vec<Happening> = vec![
        Ok(answer::marked(404)),
        Ok(answer::unmarked(404)),
        Ok(portal()),
        Ok(answer::unmarked(401)),
        Ok(answer::unmarked(403)),
        Ok(challenge()),
        Ok(redirect(302, "https://sso.example/")),
        Ok(answer::marked(503)),
        Err(Failure::Tls),
    ];
    for answer in answers {
        let mut script = elsewhere();
        for path in ["/a/b", "/a", ""] {
            happens(script.sends("GET", &format!("{path}{INFO}")), &answer);
        }
        assert_eq!(script.fails(), Error::WrongBasePath, "{answer:?}");
    }
    let mut script = password_login(SERVER);
    script.sends("GET", INFO).answers(answer::marked(404));
    assert_eq!(script.fails(), Error::WrongBasePath, "there is no parent");
}

#[test]
fn a_parent_that_fails_is_tried_again_and_the_next_one_asked_then() {
    let mut script = elsewhere();
    for seconds in [1, 2, 4] {
        script.sends("GET", &format!("/a/b{INFO}")).fails(Failure::Timeout);
        script.waits(seconds);
    }
    script.sends("GET", &format!("/a/b{INFO}")).fails(Failure::Timeout);
    script.sends("GET", &format!("/a{INFO}")).answers(info());
    script.sends("POST", &format!("/a{AUTHENTICATE}")).answers(token());
    script.ends();
}

#[test]
fn a_parent_that_starts_or_is_busy_is_waited_for_as_any_server() {
    for (response, reason) in
        [(loading(), WaitReason::ServerStarting), (answer::unmarked(502), WaitReason::Busy)]
    {
        let mut script = elsewhere();
        for seconds in [1, 2, 4, 5, 5, 5] {
            script.sends("GET", &format!("/a/b{INFO}")).answers(response.clone());
            assert_eq!(script.waits(seconds).reason(), reason);
        }
        script.sends("GET", &format!("/a/b{INFO}")).answers(info());
        script.sends("POST", &format!("/a/b{AUTHENTICATE}")).answers(token());
        script.ends();
    }
}

#[test]
fn a_parent_that_is_not_set_up_is_the_server() {
    let mut script = elsewhere();
    let not_set_up = json!({"StartupWizardCompleted": false});
    script.sends("GET", &format!("/a/b{INFO}")).answers(answer::marked(200).with_json(&not_set_up));
    assert_eq!(script.fails(), Error::ServerNotSetUp);
}

#[test]
fn of_a_deep_path_five_parents_and_the_root_are_asked() {
    let mut script = password_login("https://nas.example/1/2/3/4/5/6/7/8");
    for path in [
        "/1/2/3/4/5/6/7/8",
        "/1/2/3/4/5/6/7",
        "/1/2/3/4/5/6",
        "/1/2/3/4/5",
        "/1/2/3/4",
        "/1/2/3",
        "",
    ] {
        script.sends("GET", &format!("{path}{INFO}")).answers(answer::marked(404));
    }
    assert_eq!(script.fails(), Error::WrongBasePath);
}

#[test]
fn a_root_that_leads_to_another_wrong_path_is_asked_once() {
    let mut script = password_login("https://nas.example/wrong");
    script.sends("GET", &format!("/wrong{INFO}")).answers(answer::marked(404));
    script.sends("GET", INFO).answers(redirect(302, "/jf/web/"));
    script.sends("GET", &format!("/jf{INFO}")).answers(answer::marked(404));
    assert_eq!(script.fails(), Error::WrongBasePath);
}

#[test]
fn any_other_200_and_an_unmarked_404_are_no_jellyfin() {
    for response in [
        answer::unmarked(200), // Caddy says this to an unknown host
        answer::unmarked(200).with_html("<h1>Welcome to nginx!</h1>"),
        answer::unmarked(200).with_json(&json!({"Id": "ab"})),
        answer::unmarked(200).with_json(&json!({"Id": true, "Version": "1"})),
        answer::unmarked(200).with_json(&json!([])),
        answer::marked(200).with_body(br#"{"Id":"a","id":"b","Version":"1"}"#),
        answer::marked(200).with_body(b"{\"Id\":\"a\",\"Version\":\"1\\u001b[2J\"}"),
        answer::marked(200).with_body(b"{\"Id\":\"a\\u001b[2J\",\"Version\":\"1\"}"),
        answer::unmarked(404).with_html("not found"),
    ] {
        assert_eq!(probe(response).fails(), Error::NotJellyfin);
    }
}

#[test]
fn any_other_4xx_is_something_in_front() {
    for status in [400, 401, 403, 405, 407, 418, 451] {
        let error = probe(answer::unmarked(status)).fails();
        assert!(matches!(error, Error::Intercepted { status: s, .. } if s == status));
    }
}

#[test]
fn any_other_success_makes_no_sense() {
    let request = RequestName::GetServerInfo;
    for response in [answer::marked(206), answer::unmarked(204)] {
        let error = probe(response).fails();
        assert!(matches!(error, Error::Malformed { request: r, .. } if r == request), "{error:?}");
    }
}
