//! Block 1: a Jellyfin server marks its answers without meaning to, and what stands in front of it
//! doesn't.

use jellyfin_auth::{Error, Login, RequestName, WaitReason};
use jellyfin_auth_testkit::{Script, answer, answer::ResponseExt as _};

use crate::given::*;

#[test]
fn an_unmarked_refusal_of_the_password_is_somebody_elses() {
    for status in [401, 403, 404, 405, 415, 500, 501, 502, 504, 520, 530] {
        let mut script = asked_for_password();
        script.sends("POST", AUTHENTICATE).answers(answer::unmarked(status).with_html("no"));
        let request = RequestName::AuthenticateByName;
        let error = script.fails();
        assert!(
            matches!(error, Error::Intercepted { request: r, status: s, .. } if (r, s) == (request, status)),
            "{error:?}"
        );
    }
}

#[test]
fn a_page_in_place_of_the_passwords_answer_is_somebody_elses_too() {
    let mut script = asked_for_password();
    script.sends("POST", AUTHENTICATE).answers(portal());
    assert!(matches!(script.fails(), Error::Intercepted { status: 200, .. }));
}

#[test]
fn any_other_unmarked_answer_is_retried_and_then_intercepted() {
    for response in [
        portal(),
        answer::unmarked(200),
        answer::unmarked(401),
        answer::unmarked(403),
        answer::unmarked(404),
        answer::unmarked(405),
        answer::unmarked(500),
        answer::unmarked(501),
    ] {
        let status = response.status().as_u16();
        let mut initiating = asked_for_a_code();
        initiating.sends("GET", ENABLED).answers(on());
        for (mut script, method, target) in
            [(asked_for_a_code(), "GET", ENABLED), (initiating, "POST", INITIATE)]
        {
            for seconds in [1, 2, 4] {
                script.sends(method, target).answers(response.clone());
                let reason = script.waits(seconds).reason();
                assert!(matches!(reason, WaitReason::Intercepted { status: s, .. } if s == status));
            }
            script.sends(method, target).answers(response.clone());
            assert!(matches!(script.fails(), Error::Intercepted { status: s, .. } if s == status));
        }
    }
}

#[test]
fn what_the_web_server_below_jellyfin_says_is_never_marked_and_still_the_servers() {
    for status in [400, 414, 431] {
        let mut script = asked_for_password();
        script.sends("POST", AUTHENTICATE).answers(answer::unmarked(status));
        let request = RequestName::AuthenticateByName;
        let error = script.fails();
        assert!(matches!(
            error,
            Error::Unexpected { request: r, status: s, .. } if (r, s) == (request, status)
        ));
        let mut script = asked_for_a_code();
        script.sends("GET", ENABLED).answers(answer::unmarked(status));
        let request = RequestName::GetQuickConnectEnabled;
        assert!(matches!(
            script.fails(),
            Error::Unexpected { request: r, status: s, .. } if (r, s) == (request, status)
        ));
    }
}

#[test]
fn an_unmarked_success_that_is_the_one_looked_for_is_taken() {
    let mut script = asked_for_a_code();
    script.sends("GET", ENABLED).answers(without_marker(on()));
    script.sends("POST", INITIATE).answers(without_marker(pending()));
    script.waits(5);
    script.sends("GET", POLL).answers(without_marker(approved()));
    script.sends("POST", EXCHANGE).answers(without_marker(token()));
    script.ends();

    let mut script = asked_for_password();
    script.sends("POST", AUTHENTICATE).answers(without_marker(token()));
    script.ends();
}

#[test]
fn servers_without_the_marker_are_read_by_status_alone() {
    let by_password = |status| {
        let mut script = probed_unmarked(password_login(SERVER));
        script.sends("POST", AUTHENTICATE).answers(answer::unmarked(status));
        script.fails()
    };
    assert!(matches!(by_password(403), Error::LoginRefused { .. }));
    assert!(matches!(by_password(401), Error::BadCredentials { .. }));
    assert!(matches!(by_password(502), Error::ServerFault { status: 502, .. }));

    let mut script = probed_unmarked(quick_connect_login(SERVER));
    script.sends("GET", ENABLED).answers(answer::unmarked(404));
    assert_eq!(script.fails(), Error::QuickConnectUnsupported);
}

#[test]
fn the_marker_is_learned_by_any_answer_of_the_login() {
    let mut script = without_probe(quick_connect_login(SERVER));
    script.sends("GET", ENABLED).answers(on());
    script.sends("POST", INITIATE).answers(answer::unmarked(401));
    assert!(matches!(script.waits(1).reason(), WaitReason::Intercepted { status: 401, .. }));

    // Even by one that ends nothing.
    let mut script = quick_connect_login(SERVER);
    script.sends("GET", INFO).answers(refusal(500));
    script.waits(1);
    script.sends("GET", INFO).answers(answer::unmarked(404));
    assert!(matches!(script.waits(2).reason(), WaitReason::Intercepted { status: 404, .. }));
}

/// Adopts the address of a redirect by a server that sets the marker.
fn moved(from: &str, to: &str) -> Script<Login> {
    let mut script = password_login(from);
    script.sends("GET", INFO).answers(answer::marked(302).with_header("location", to));
    script
}

#[test]
fn the_marker_is_learned_anew_for_another_origin() {
    for to in
        ["https://nas.example/System/Info/Public", "https://nas.example:8920/System/Info/Public"]
    {
        let mut script = moved("http://nas.example:8096", to);
        script.sends("GET", INFO).answers(without_marker(info()));
        script.sends("POST", AUTHENTICATE).answers(answer::unmarked(401));
        assert!(matches!(script.fails(), Error::BadCredentials { .. }), "{to}");
    }
}

#[test]
fn the_marker_is_kept_for_another_path_of_the_same_origin() {
    let mut script = moved("http://nas.example:8096", "/jf/web/");
    script.sends("GET", "/jf/System/Info/Public").answers(without_marker(info()));
    script.sends("POST", "/jf/Users/AuthenticateByName").answers(answer::unmarked(401));
    assert!(matches!(script.fails(), Error::Intercepted { status: 401, .. }));
}
