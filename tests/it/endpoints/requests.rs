//! The bytes of each request.

use http::{Request, Version, header};
use jellyfin_auth::{Device, DeviceFields, endpoint::*};

use super::{Parts, parts};
use crate::given::url;

const DEVICE: &str =
    r#"MediaBrowser Client="Example", Device="Test", DeviceId="d-1", Version="1.0""#;
const TOKEN: &str = r#"MediaBrowser Client="Example", Device="Test", DeviceId="d-1", Version="1.0", Token="0123456789abcdef""#;

/// The request as text: its first line, its headers in order of their names, its body.
fn written(request: &Request<Vec<u8>>) -> String {
    assert_eq!(request.version(), Version::HTTP_11);
    let mut headers: Vec<String> = request
        .headers()
        .iter()
        .map(|(name, value)| format!("{name}: {}\n", value.to_str().expect("ASCII")))
        .collect();
    headers.sort();
    let body = String::from_utf8(request.body().clone()).expect("UTF-8");
    format!("{} {}\n{}\n{body}", request.method(), request.uri(), headers.concat())
}

#[track_caller]
fn assert_written(endpoint: &impl Endpoint, first_line: &str, rest: &[&str], body: &str) {
    let mut headers =
        vec!["accept: application/json".to_owned(), "user-agent: Example/1.0".to_owned()];
    headers.extend(rest.iter().map(|&header| header.to_owned()));
    headers.sort();
    let headers = headers.join("\n");
    assert_eq!(written(&endpoint.request()), format!("{first_line}\n{headers}\n\n{body}"));
    let request = endpoint.request();
    for (name, value) in request.headers() {
        assert_eq!(value.is_sensitive(), name == header::AUTHORIZATION, "{name}");
    }
    assert_eq!(written(&request), written(&endpoint.request()), "the same each time");
}

fn authorized(value: &str) -> String {
    format!("authorization: {value}")
}

const JSON: &str = "content-type: application/json";
const NO_BODY: &str = "content-length: 0";

#[test]
fn the_requests_without_a_session_are_these() {
    let Parts { server, device, password, secret, .. } = &parts();
    let identity = authorized(DEVICE);
    let base = "https://nas.example/jf";
    // The probe shows nobody who asks.
    let line = format!("GET {base}/System/Info/Public");
    assert_written(&GetServerInfo { server, device }, &line, &[], "");
    let line = format!("GET {base}/Users/Public");
    assert_written(&GetPublicUsers { server, device }, &line, &[&identity], "");
    let line = format!("GET {base}/QuickConnect/Enabled");
    assert_written(&GetQuickConnectEnabled { server, device }, &line, &[&identity], "");
    let line = format!("POST {base}/QuickConnect/Initiate");
    let initiate = InitiateQuickConnect { server, device, method: InitiateMethod::Post };
    assert_written(&initiate, &line, &[&identity, NO_BODY], "");
    let line = format!("GET {base}/QuickConnect/Initiate");
    let initiate = InitiateQuickConnect { server, device, method: InitiateMethod::Get };
    assert_written(&initiate, &line, &[&identity], "");
    let line = format!("GET {base}/QuickConnect/Connect?secret=5EC4E7");
    assert_written(&GetQuickConnectState { server, device, secret }, &line, &[&identity], "");
    let line = format!("POST {base}/Users/AuthenticateWithQuickConnect");
    let exchange = AuthenticateWithQuickConnect { server, device, secret };
    assert_written(&exchange, &line, &[&identity, JSON], r#"{"Secret":"5EC4E7"}"#);
    let line = format!("POST {base}/Users/AuthenticateByName");
    let login = AuthenticateByName { server, device, user_name: "alice", password };
    assert_written(&login, &line, &[&identity, JSON], r#"{"Username":"alice","Pw":"pw-alice-1"}"#);
    let line = format!("POST {base}/Users/ForgotPassword");
    let forgot = RequestPasswordReset::new(server, device, "alice").expect("a name");
    assert_written(&forgot, &line, &[&identity, JSON], r#"{"EnteredUsername":"alice"}"#);
    let line = format!("POST {base}/Users/ForgotPassword/Pin");
    let pin = "AB-CD-EF-01".into();
    let redeem = RedeemPin::new(server, device, &pin).expect("a PIN");
    assert_written(&redeem, &line, &[&identity, JSON], r#"{"Pin":"AB-CD-EF-01"}"#);
}

#[test]
fn the_requests_of_a_session_carry_its_token_in_the_one_header() {
    let Parts { session, .. } = &parts();
    let token = authorized(TOKEN);
    let base = "https://nas.example";
    assert_written(&GetCurrentUser { session }, &format!("GET {base}/Users/Me"), &[&token], "");
    let line = format!("POST {base}/Sessions/Logout");
    assert_written(&LogOut { session }, &line, &[&token, NO_BODY], "");
    let approve = AuthorizeQuickConnect::new(session, "123 456").expect("a code");
    let line = format!("POST {base}/QuickConnect/Authorize?code=123456");
    assert_written(&approve, &line, &[&token, NO_BODY], "");
    let line = format!("POST {base}/QuickConnect/Authorize?code=123456&userId=a%26b%3D%20%C3%BC");
    let approve = approve.for_user("a&b= ü").expect("an id");
    assert_written(&approve, &line, &[&token, NO_BODY], "");
}

#[test]
fn an_empty_password_is_sent_as_such_and_odd_letters_as_json() {
    let Parts { server, device, .. } = &parts();
    for (name, password, body) in [
        ("alice", "", r#"{"Username":"alice","Pw":""}"#),
        (" Ünï\u{1f600} ", "pä\"\\ß", "{\"Username\":\" Ünï\u{1f600} \",\"Pw\":\"pä\\\"\\\\ß\"}"),
        (
            "a\u{0}\n\u{1b}",
            "\u{7f}\u{2028}",
            "{\"Username\":\"a\\u0000\\n\\u001b\",\"Pw\":\"\u{7f}\u{2028}\"}",
        ),
        ("\",\"Pw\":\"x", "{}", r#"{"Username":"\",\"Pw\":\"x","Pw":"{}"}"#),
    ] {
        let password = password.into();
        let request =
            AuthenticateByName { server, device, user_name: name, password: &password }.request();
        assert_eq!(String::from_utf8_lossy(request.body()), body);
    }
}

#[test]
fn a_secret_is_percent_encoded_in_the_query_and_json_in_a_body() {
    let Parts { server, device, .. } = &parts();
    for (secret, query, body) in [
        ("a&b#c", "a%26b%23c", r#"{"Secret":"a&b#c"}"#),
        ("%41+=?/", "%2541%2B%3D%3F%2F", r#"{"Secret":"%41+=?/"}"#),
        ("\"\\'", "%22%5C%27", r#"{"Secret":"\"\\'"}"#),
        ("-._~aZ09", "-._~aZ09", r#"{"Secret":"-._~aZ09"}"#),
    ] {
        let secret =
            jellyfin_auth::QuickConnectSecret::try_from(secret.to_owned()).expect("a secret");
        let request = GetQuickConnectState { server, device, secret: &secret }.request();
        assert_eq!(request.uri().query(), Some(format!("secret={query}").as_str()));
        let request = AuthenticateWithQuickConnect { server, device, secret: &secret }.request();
        assert_eq!(String::from_utf8_lossy(request.body()), body);
        assert_eq!(request.uri().query(), None);
    }
}

#[test]
fn a_program_and_device_with_odd_names_make_sound_headers() {
    let id = jellyfin_auth::DeviceId::new("d,1").expect("an id");
    let device = Device::new(DeviceFields {
        client: "Spieler \"ü\"/2",
        version: "1,0%",
        name: "Wohnzimmer, links",
        id,
    });
    let device = device.expect("a device");
    let server = url("http://[fd00::1]:8096");
    let request = GetPublicUsers { server: &server, device: &device }.request();
    assert_eq!(
        written(&request),
        "GET http://[fd00::1]:8096/Users/Public\naccept: application/json\nauthorization: \
         MediaBrowser Client=\"Spieler %22%C3%BC%22/2\", Device=\"Wohnzimmer%2C links\", \
         DeviceId=\"d%2C1\", Version=\"1%2C0%25\"\nuser-agent: Spieler %22%C3%BC%22/2/1%2C0%25\n\n"
    );
}

#[test]
fn only_what_counts_as_an_attempt_may_not_be_sent_twice() {
    let Parts { server, device, password, secret, session } = &parts();
    assert!(
        !AuthenticateByName { server, device, user_name: "alice", password }.limits().replayable
    );
    assert!(!RedeemPin::new(server, device, password).expect("a PIN").limits().replayable);
    assert!(GetServerInfo { server, device }.limits().replayable);
    assert!(GetQuickConnectState { server, device, secret }.limits().replayable);
    assert!(AuthenticateWithQuickConnect { server, device, secret }.limits().replayable);
    assert!(LogOut { session }.limits().replayable);
    let endpoint = GetCurrentUser { session };
    assert_eq!(endpoint.limits().timeout, std::time::Duration::from_secs(30));
    assert_eq!(endpoint.limits().max_body, 1024 * 1024);
}

#[test]
fn nothing_of_a_secret_is_shown_by_an_endpoint() {
    let Parts { server, device, password, secret, session } = &parts();
    let code = AuthorizeQuickConnect::new(session, "123456").expect("a code");
    let shown = format!(
        "{:?}{:?}{:?}{:?}{:?}{:?}{code:?}",
        AuthenticateByName { server, device, user_name: "alice", password },
        GetQuickConnectState { server, device, secret },
        AuthenticateWithQuickConnect { server, device, secret },
        GetCurrentUser { session },
        LogOut { session },
        RedeemPin::new(server, device, password).expect("a PIN"),
    );
    for canary in ["pw-alice-1", "5EC4E7", "0123456789abcdef"] {
        assert!(!shown.contains(canary), "{shown}");
    }
}

#[test]
fn a_user_is_named_by_an_id_that_a_server_can_have() {
    let Parts { session, .. } = &parts();
    let approve = || AuthorizeQuickConnect::new(session, "123456").expect("a code");
    let longest = "i".repeat(128);
    for id in ["6eec632a", "42", "a b", &longest] {
        assert!(approve().for_user(id).is_ok(), "{id:?}");
    }
    let huge = "i".repeat(1024 * 1024);
    for id in ["", " ", "a\u{0}b", "a\r\nX: y", &"i".repeat(129), &huge] {
        let refused = approve().for_user(id).expect_err("no id");
        assert_eq!(refused, jellyfin_auth::Error::InvalidUserId);
    }
}
