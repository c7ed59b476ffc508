//! Quick Connect on 10.8 and newer, beyond the recordings.

use super::{super::ApproveError, Answer, Client, Version};

const SINCE_10_8: [Version; 5] =
    [Version::V10_8, Version::V10_9, Version::V10_10, Version::V10_11, Version::V12];

fn initiate(client: &mut Client) -> (String, String) {
    let method = if client.server.version() == Version::V10_8 { "GET" } else { "POST" };
    let answer = client.send(method, "/QuickConnect/Initiate", "");
    assert_eq!(answer.status, 200, "{answer:?}");
    (answer.text("/Secret").to_owned(), answer.text("/Code").to_owned())
}

fn poll(client: &mut Client, secret: &str) -> Answer {
    client.get(&format!("/QuickConnect/Connect?secret={secret}"))
}

fn exchange(client: &mut Client, secret: &str) -> Answer {
    let body = format!(r#"{{"Secret":"{secret}"}}"#);
    client.send("POST", "/Users/AuthenticateWithQuickConnect", &body)
}

#[test]
fn initiate_takes_the_methods_of_its_version() {
    for version in Version::ALL {
        let mut client = Client::of(version);
        client.server.activate_quick_connect(client.now());
        let statuses = (
            client.get("/QuickConnect/Initiate").status,
            client.post("/QuickConnect/Initiate").status,
        );
        let expected = match version {
            Version::V10_7 | Version::V10_8 => (200, 405),
            Version::V12 => (405, 200),
            _ => (200, 200),
        };
        assert_eq!(statuses, expected, "{version}");
    }
}

#[test]
fn a_code_lives_ten_minutes_and_an_approval_eleven_more() {
    for version in SINCE_10_8 {
        let mut client = Client::of(version);
        let (secret, code) = initiate(&mut client);
        client.seconds = 600;
        assert_eq!(poll(&mut client, &secret).json["Authenticated"], false, "{version}");
        assert_eq!(client.server.approve(client.now(), &code, "alice"), Ok(()));
        client.seconds = 1_200;
        assert_eq!(exchange(&mut client, &secret).status, 200, "{version}");
        client.seconds = 1_201;
        assert_eq!(exchange(&mut client, &secret).status, 404, "{version}");
        client.seconds = 1_260;
        assert_eq!(poll(&mut client, &secret).json["Authenticated"], true, "{version}");
        client.seconds = 1_261;
        assert_eq!(poll(&mut client, &secret).body(), r#""Unknown secret""#, "{version}");
    }
}

#[test]
fn a_code_that_nobody_approves_is_gone_after_ten_minutes() {
    for version in SINCE_10_8 {
        let mut client = Client::of(version);
        let (secret, code) = initiate(&mut client);
        assert_eq!(client.server.pending_codes().collect::<Vec<_>>(), [&code]);
        client.seconds = 601;
        assert_eq!(poll(&mut client, &secret).status, 404, "{version}");
        let approved = client.server.approve(client.now(), &code, "alice");
        assert_eq!(approved, Err(ApproveError::UnknownCode), "{version}");
    }
}

#[test]
fn every_exchange_gives_the_same_token_even_a_dead_one() {
    for version in SINCE_10_8 {
        let mut client = Client::of(version);
        let (secret, code) = initiate(&mut client);
        client.server.approve(client.now(), &code, "alice").expect("approved");
        let first = exchange(&mut client, &secret).text("/AccessToken").to_owned();
        assert_eq!(client.server.token_owner(&first), Some("alice"), "{version}");
        client.server.revoke_token(&first);
        assert_eq!(exchange(&mut client, &secret).text("/AccessToken"), first, "{version}");
        assert!(!client.server.is_token_valid(&first), "{version}");
    }
}

#[test]
fn an_approval_can_fail_for_six_reasons() {
    for version in SINCE_10_8 {
        let mut client = Client::of(version);
        let (secret, code) = initiate(&mut client);
        let now = client.now();
        let server = &mut client.server;
        assert_eq!(server.approve(now, &code, "nobody"), Err(ApproveError::UnknownUser));
        server.settings_mut().quick_connect = false;
        assert_eq!(server.approve(now, &code, "alice"), Err(ApproveError::Disabled));
        server.settings_mut().quick_connect = true;
        assert_eq!(server.approve(now, "1", "alice"), Err(ApproveError::UnknownCode));
        server.user_mut("alice").allowed_devices = Some(Vec::new());
        assert_eq!(server.approve(now, &code, "alice"), Err(ApproveError::DeviceNotAllowed));
        client.token("bob");
        client.server.user_mut("bob").max_active_sessions = 1;
        let full = client.server.approve(now, &code, "bob");
        assert_eq!(full, Err(ApproveError::SessionLimit), "{version}");
        assert_eq!(poll(&mut client, &secret).json["Authenticated"], false, "{version}");
        assert_eq!(client.server.approve(now, &code, "root"), Ok(()), "{version}");
        assert_eq!(client.server.approve(now, &code, "root"), Err(ApproveError::AlreadyApproved));
    }
}

#[test]
fn an_administrator_approves_for_others_since_10_9() {
    for version in SINCE_10_8 {
        let mut client = Client::of(version);
        let (secret, code) = initiate(&mut client);
        let id = client.server.user_id("bob").expect("a user").to_owned();
        let login = client.device("phone").login("root", "pw-root");
        client.with_token(login.text("/AccessToken"));
        assert_eq!(
            client.post(&format!("/QuickConnect/Authorize?code={code}&userId={id}")).body(),
            "true"
        );
        let expected = if version == Version::V10_8 { "root" } else { "bob" };
        assert_eq!(exchange(&mut client, &secret).text("/User/Name"), expected, "{version}");
    }
}
