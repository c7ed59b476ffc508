//! A client certificate that is wanted, as nginx reports it in a response.

use http::Response;
use jellyfin_auth::{Advice, Discovery, Error, Failure, SessionCheck};
use jellyfin_auth_testkit::{Script, answer, answer::ResponseExt as _};

use crate::given::*;

fn is_wanted(error: &Error) -> bool {
    matches!(error, Error::NoAnswer { failure: Failure::ClientCertificateRequired, .. })
}

/// The error of a probe that is answered so.
fn of_the_probe(response: &Response<Vec<u8>>) -> Error {
    let mut script = with_policy(password_login(SERVER), |policy| policy.retries = 0);
    script.sends("GET", INFO).answers(response.clone());
    script.fails()
}

fn page(status: u16, title: &str) -> Response<Vec<u8>> {
    answer::unmarked(status).with_html(&format!("<title>{title}</title><hr><center>nginx</center>"))
}

#[test]
fn a_missing_one_and_one_that_is_not_accepted_are_one_error() {
    for title in ["400 No required SSL certificate was sent", "400 The SSL certificate error"] {
        for status in [400, 495, 496] {
            let error = of_the_probe(&page(status, title));
            assert!(is_wanted(&error), "{status} {title}: {error:?}");
            assert_eq!(error.advice(), Advice::GiveClientCertificate);
        }
    }
}

#[test]
fn it_is_the_same_error_wherever_it_is_answered() {
    let mut script = asked_for_password();
    script.sends("POST", AUTHENTICATE).answers(no_client_certificate());
    assert!(is_wanted(&script.fails()), "once: nothing helps but the certificate");

    let mut script = asked_for_a_code();
    script.sends("GET", ENABLED).answers(no_client_certificate());
    assert!(is_wanted(&script.fails()));

    let mut script = Script::new(SessionCheck::new(session()));
    script.sends("GET", INFO).answers(no_client_certificate());
    assert!(is_wanted(&script.fails()), "and the token is kept");

    let mut script = Script::new(Discovery::at(url(SERVER), device()));
    script.sends("GET", INFO).answers(no_client_certificate());
    let Error::NoServer { tried, .. } = script.fails() else { panic!("there is no server") };
    assert!(is_wanted(&tried[0].error));
}

#[test]
fn other_answers_are_what_they_are() {
    let title = "400 No required SSL certificate was sent";
    let far = format!("{}{title}", " ".repeat(64 * 1024));
    for (what, response) in [
        ("the server itself speaks", answer::marked(400).with_html(title)),
        ("another status", page(403, title)),
        ("a page about it", page(404, title)),
        ("another 400", page(400, "400 The plain HTTP request was sent to HTTPS port")),
        ("no body", answer::unmarked(400)),
        ("not near the beginning", page(400, &far)),
    ] {
        let error = of_the_probe(&response);
        assert!(!is_wanted(&error), "{what}: {error:?}");
    }
}
