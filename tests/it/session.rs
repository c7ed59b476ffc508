//! A session in a program's hands: built of parts, with another device, and as addresses for what can't
//! set headers.

use jellyfin_auth::{
    AccessToken, Device, DeviceFields, DeviceId, QuickConnectSecret, ServerUrl, ServerUrlError,
    Session, User,
    endpoint::{AuthenticateByName, Endpoint as _},
};
use jellyfin_auth_testkit::{answer, answer::ResponseExt as _};
use serde_json::json;

use crate::given::*;

fn of(server: &str, token: &str) -> Session {
    let token = AccessToken::try_from(token.to_owned()).expect("a token");
    let server = ServerUrl::from_exact(server).expect("an address");
    Session::from_parts(server, Some(SERVER_ID.to_owned()), User::new("u"), token, device())
}

#[test]
fn a_session_is_built_of_a_token_that_the_program_has() {
    let session = of("https://nas.example/jf", "0123456789abcdef");
    assert_eq!(session.server().as_str(), "https://nas.example/jf");
    assert_eq!(session.server_id(), Some(SERVER_ID));
    assert_eq!((session.server_name(), session.server_version()), (None, None));
    assert_eq!(session.user(), &User::new("u"));
    assert_eq!(session.user().name, None);
    assert_eq!(
        session.authorization(),
        "MediaBrowser Client=\"Example\", Device=\"Test\", DeviceId=\"d-1\", Version=\"1.0\", \
         Token=\"0123456789abcdef\""
    );
    assert_eq!(Session::try_from(session.to_record()), Ok(session));
}

#[test]
fn a_session_of_a_sign_in_that_the_program_sent_itself() {
    let (server, device, password) = (url(SERVER), device(), "pw".into());
    let endpoint = AuthenticateByName {
        server: &server,
        device: &device,
        user_name: "alice",
        password: &password,
    };
    let session =
        endpoint.read(&token()).expect("a token").into_session(server.clone(), device.clone());
    assert_eq!((session.server_id(), session.server()), (Some(SERVER_ID), &server));
    assert_eq!((session.user().id.as_str(), session.device()), ("6eec632a", &device));
    let nameless = answer::marked(200).with_json(&json!({"AccessToken": "t", "User": {"Id": "u"}}));
    let session =
        endpoint.read(&nameless).expect("a token").into_session(server.clone(), device.clone());
    assert_eq!(session.server_id(), None);
}

#[test]
fn after_an_update_of_the_program_its_header_states_the_new_version() {
    let id = DeviceId::new("d-1").expect("an id");
    let newer = Device::new(DeviceFields { client: "Example", version: "2.0", name: "Test", id });
    let newer = newer.expect("a device");
    let before = session();
    let after = before.clone().with_device(newer.clone());
    assert_eq!(after.device(), &newer);
    let header = after.authorization();
    assert!(
        header.to_str().expect("ASCII").contains("Version=\"2.0\", Token=\"0123456789abcdef\"")
    );
    assert_eq!((after.user(), after.server()), (before.user(), before.server()));
}

#[test]
fn an_address_with_the_token_is_what_every_version_reads() {
    let session = of("https://nas.example/jf", "0123456789abcdef");
    for (path, address) in [
        ("/Videos/1/stream", "https://nas.example/jf/Videos/1/stream?ApiKey=0123456789abcdef"),
        (
            "/Videos/1/stream?static=true",
            "https://nas.example/jf/Videos/1/stream?static=true&ApiKey=0123456789abcdef",
        ),
        ("/x#t=10", "https://nas.example/jf/x?ApiKey=0123456789abcdef#t=10"),
        ("/x?a=b#t=10", "https://nas.example/jf/x?a=b&ApiKey=0123456789abcdef#t=10"),
        ("/x#a?b", "https://nas.example/jf/x?ApiKey=0123456789abcdef#a?b"),
    ] {
        assert_eq!(session.url_with_token(path), address);
        assert!(address.parse::<http::Uri>().is_ok());
    }
}

#[test]
fn a_token_of_any_make_is_encoded_in_it() {
    let jwt = "eyJhbGciOi.eyJzdWIiOi_-.SflKxw";
    assert_eq!(of(SERVER, jwt).url_with_token("/x"), format!("https://nas.example/x?ApiKey={jwt}"));
    assert_eq!(
        of(SERVER, "a+b/c=&d#e?%\"").url_with_token("/x"),
        "https://nas.example/x?ApiKey=a%2Bb%2Fc%3D%26d%23e%3F%25%22"
    );
    let long = "=".repeat(4096);
    assert!(of(SERVER, &long).url_with_token("/x").ends_with(&"%3D".repeat(4096)));
}

#[test]
fn the_web_sockets_address_has_the_servers_security_and_base_path() {
    for (server, socket) in [
        ("https://nas.example", "wss://nas.example/socket?deviceId=d-1&ApiKey=t"),
        ("http://nas:8096/jf", "ws://nas:8096/jf/socket?deviceId=d-1&ApiKey=t"),
        ("http://http.example/http", "ws://http.example/http/socket?deviceId=d-1&ApiKey=t"),
        ("https://[fd00::1]:8096", "wss://[fd00::1]:8096/socket?deviceId=d-1&ApiKey=t"),
    ] {
        assert_eq!(of(server, "t").websocket_url(), socket);
    }
    let id = DeviceId::new("Käthes Gerät & co").expect("an id");
    let odd =
        Device::new(DeviceFields { client: "E", version: "1", name: "T", id }).expect("a device");
    assert_eq!(
        of(SERVER, "a b".replace(' ', "/").as_str()).with_device(odd).websocket_url(),
        "wss://nas.example/socket?deviceId=K%C3%A4thes%20Ger%C3%A4t%20%26%20co&ApiKey=a%2Fb"
    );
}

#[test]
fn secrets_that_were_kept_elsewhere_are_checked() {
    for good in ["0123456789abcdef", "eyJ.x-_", "!\"#~", &"t".repeat(512)] {
        let token = AccessToken::try_from(good.to_owned()).expect("a token");
        assert_eq!(token.expose(), good);
        let secret = QuickConnectSecret::try_from(good.to_owned()).expect("a secret");
        assert_eq!(secret.expose(), good);
    }
    for bad in ["", " ", "a b", "a\n", "ü", "\u{7f}", "\0"] {
        let refusal = AccessToken::try_from(bad.to_owned()).expect_err("no token");
        assert!(refusal.to_string().contains("4096"), "{refusal}");
        let refusal = QuickConnectSecret::try_from(bad.to_owned()).expect_err("no secret");
        assert!(refusal.to_string().contains("512"), "{refusal}");
    }
    assert!(AccessToken::try_from("t".repeat(4096)).is_ok());
    assert!(AccessToken::try_from("t".repeat(4097)).is_err());
    assert!(QuickConnectSecret::try_from("t".repeat(513)).is_err());
}

#[test]
fn addresses_and_device_ids_are_kept_exactly() {
    for text in [
        "http://nas/web/jf",
        "https://nas.example",
        "https://[fd00::1]:8096/a/web",
        "http://nas:8096/web",
    ] {
        let server = ServerUrl::from_exact(text).expect("an address");
        assert_eq!(server.as_str(), text);
        let kept = serde_json::to_string(&server).expect("JSON");
        assert_eq!(kept, format!("\"{text}\""));
        assert_eq!(serde_json::from_str::<ServerUrl>(&kept).expect("an address"), server);
        assert_eq!(serde_json::from_value::<ServerUrl>(json!(text)).expect("an address"), server);
    }
    assert_eq!(ServerUrl::from_exact("nas.example"), Err(ServerUrlError::Unreadable));
    assert_eq!(ServerUrl::from_exact(""), Err(ServerUrlError::NoHost));
    for bad in ["\"nas\"", "\"ftp://nas\"", "\"https://u:p@nas\"", "\"\"", "7", "null"] {
        assert!(serde_json::from_str::<ServerUrl>(bad).is_err(), "{bad}");
    }

    let id = DeviceId::new("d-1 ü").expect("an id");
    let kept = serde_json::to_string(&id).expect("JSON");
    assert_eq!(kept, "\"d-1 ü\"");
    assert_eq!(serde_json::from_str::<DeviceId>(&kept).expect("an id"), id);
    for bad in ["\"\"", "\" \"", "\"a\\n\"", "7", "null", &format!("\"{}\"", "x".repeat(257))] {
        assert!(serde_json::from_str::<DeviceId>(bad).is_err(), "{bad}");
    }
}
