//! Finding the server that a user means, by a driver that does one thing at a time.

mod base_path;
mod http_unawares;
mod order_of_attempts;
mod starting;
mod timing;

use http::header;
use jellyfin_auth::{Discovery, Error, Failure, Machine as _, RequestName};
use jellyfin_auth_testkit::{Exchange, Script, answer, answer::ResponseExt as _};
use serde_json::json;

use crate::given::*;

fn looks_for(typed: &str) -> Script<Discovery> {
    Script::new(Discovery::new(typed, device()).expect("an address"))
}

/// It asks there next.
#[track_caller]
fn asks<'s>(script: &'s mut Script<Discovery>, url: &str) -> Exchange<'s, Discovery> {
    let path = url.splitn(4, '/').nth(3).map_or(String::new(), |path| format!("/{path}"));
    let target = format!("{path}/System/Info/Public");
    let exchange = script.sends("GET", &target);
    assert_eq!(exchange.request().uri().to_string(), format!("{url}/System/Info/Public"));
    assert!(!exchange.request().headers().contains_key(header::AUTHORIZATION));
    exchange
}

/// What each address said, the best first.
fn tried(script: &mut Script<Discovery>) -> Vec<(String, String)> {
    match script.fails() {
        Error::NoServer { tried, .. } => tried
            .iter()
            .map(|attempt| (attempt.url.to_string(), format!("{:?}", attempt.error)))
            .collect(),
        other => panic!("{other:?}"),
    }
}

/// Every candidate of `nas` says what `each` says, in the order in which they are asked.
fn all_of_nas(each: [Happening; 4]) -> Vec<(String, String)> {
    let mut script = looks_for("nas");
    let urls = ["https://nas", "http://nas:8096", "http://nas", "https://nas:8920"];
    for (url, said) in urls.into_iter().zip(each) {
        happens(asks(&mut script, url), &said);
    }
    tried(&mut script)
}

#[test]
fn the_candidates_are_asked_in_turn_and_at_once_until_one_is_a_server() {
    let mut script = looks_for("nas");
    asks(&mut script, "https://nas").fails(Failure::Tls);
    asks(&mut script, "http://nas:8096").fails(Failure::Unreachable);
    asks(&mut script, "http://nas").answers(answer::unmarked(404).with_html("nginx"));
    asks(&mut script, "https://nas:8920").answers(info());
    let server = script.ends().into_best();
    let info = server.info();
    assert_eq!(server.address(), "https://nas:8920");
    assert_eq!((info.id.as_str(), info.version.as_str()), (SERVER_ID, "12.0.0"));
    assert_eq!(info.name.as_deref(), Some("nas"));
}

#[test]
fn the_first_server_ends_the_search() {
    let mut script = looks_for("nas/jf");
    asks(&mut script, "https://nas/jf").answers(info());
    assert_eq!(script.ends().into_best().address(), "https://nas/jf");
}

#[test]
fn a_scheme_or_a_single_address_is_the_only_candidate() {
    let mut script = looks_for("http://nas:8096");
    asks(&mut script, "http://nas:8096").fails(Failure::Unreachable);
    assert_eq!(tried(&mut script).len(), 1);
    let mut script = Script::new(Discovery::at(url("http://nas"), device()));
    asks(&mut script, "http://nas").answers(info());
    script.ends();
    let mut script = looks_for("nas:8096");
    asks(&mut script, "https://nas:8096").fails(Failure::Tls);
    asks(&mut script, "http://nas:8096").answers(info());
    assert_eq!(script.ends().into_best().address(), "http://nas:8096");
}

#[test]
fn the_message_names_the_best_address_and_its_error() {
    let mut script = looks_for("nas:8096");
    asks(&mut script, "https://nas:8096").fails(Failure::Tls);
    asks(&mut script, "http://nas:8096").fails(Failure::Unreachable);
    assert_eq!(
        script.fails().to_string(),
        "no Jellyfin server was found: https://nas:8096: no secure connection could be made: check \
         the address and the network"
    );
}

#[test]
fn a_redirect_to_https_is_adopted() {
    let mut script = looks_for("nas:8096");
    asks(&mut script, "https://nas:8096").fails(Failure::Tls);
    asks(&mut script, "http://nas:8096").answers(
        answer::unmarked(301).with_header("location", "https://nas:8920/System/Info/Public"),
    );
    asks(&mut script, "https://nas:8920").answers(info());
    assert_eq!(script.ends().into_best().address(), "https://nas:8920");
}

#[test]
fn what_was_typed_is_listed_even_if_a_redirect_led_on() {
    let mut script = looks_for("http://nas");
    asks(&mut script, "http://nas")
        .answers(answer::unmarked(301).with_header("location", "https://nas/System/Info/Public"));
    asks(&mut script, "https://nas").fails(Failure::Tls);
    let said = tried(&mut script);
    assert_eq!(said, [("http://nas".to_owned(), "NoAnswer { failure: Tls }".to_owned())]);
}

#[test]
fn who_sets_the_marker_is_learned_anew_for_each_candidate() {
    let mut script = looks_for("nas:8096");
    asks(&mut script, "https://nas:8096").answers(answer::marked(404));
    // Another program may listen here: its 404 is its own, not one of something in front.
    asks(&mut script, "http://nas:8096").answers(answer::unmarked(404));
    let errors: Vec<_> = tried(&mut script).into_iter().map(|(_, error)| error).collect();
    assert_eq!(errors, ["WrongBasePath", "NotJellyfin"]);
}

#[test]
fn each_candidate_is_asked_once() {
    let said = all_of_nas([
        Ok(answer::marked(500)),
        Err(Failure::Timeout),
        Err(Failure::Other),
        Ok(answer::unmarked(418)),
    ]);
    assert_eq!(
        said.iter().map(|(_, error)| error.as_str()).collect::<Vec<_>>(),
        [
            "ServerFault { request: GetServerInfo, status: 500 }",
            "Intercepted { request: GetServerInfo, status: 418 }",
            "NoAnswer { failure: Timeout }",
            "NoAnswer { failure: Other }",
        ]
    );
}

#[test]
fn what_cant_be_an_address_is_refused_before_any_request() {
    for typed in ["", "ftp://nas", "user@nas", "a b", "nas:x"] {
        assert!(Discovery::new(typed, device()).is_err(), "{typed}");
    }
}

#[test]
fn an_answer_that_makes_no_sense_is_listed_too() {
    let mut script = looks_for("http://nas");
    asks(&mut script, "http://nas").answers(answer::marked(206));
    match script.fails() {
        Error::NoServer { tried, .. } => {
            assert!(matches!(
                tried[0].error,
                Error::Malformed { request: RequestName::GetServerInfo, .. }
            ));
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_search_can_be_given_up() {
    let mut script = looks_for("nas");
    asks(&mut script, "https://nas").fails(Failure::Tls);
    script.machine.cancel();
    assert_eq!(script.fails(), Error::Cancelled);
}

#[test]
fn a_server_of_another_product_is_taken_only_when_there_is_no_jellyfin() {
    let emby = || {
        let info = json!({"Id": "e", "Version": "4.9.1.80", "ProductName": "Emby Server"});
        answer::unmarked(200).with_json(&info)
    };
    let mut script = looks_for("nas:8096");
    asks(&mut script, "https://nas:8096").answers(emby());
    asks(&mut script, "http://nas:8096").answers(info());
    assert_eq!(script.ends().into_best().address(), "http://nas:8096");

    let mut script = looks_for("nas:8096");
    asks(&mut script, "https://nas:8096").answers(emby());
    asks(&mut script, "http://nas:8096").fails(Failure::Unreachable);
    assert_eq!(script.ends().into_best().info().product.as_deref(), Some("Emby Server"));
}

#[test]
fn a_certificate_is_told_of_rather_than_what_its_port_says_to_http() {
    for failure in [
        Failure::UntrustedCertificate,
        Failure::CertificateChanged,
        Failure::ClientCertificateRequired,
    ] {
        let mut script = looks_for("nas:8920");
        asks(&mut script, "https://nas:8920").fails(failure);
        let to_https_only = "400 The plain HTTP request was sent to HTTPS port";
        let answer = answer::unmarked(400).with_html(to_https_only);
        asks(&mut script, "http://nas:8920").answers(answer);
        let Error::NoServer { tried, .. } = script.fails() else { panic!("there is no server") };
        assert_eq!(tried[0].url, url("https://nas:8920"));
        assert!(matches!(tried[0].error, Error::NoAnswer { failure: f, .. } if f == failure));
    }
}
