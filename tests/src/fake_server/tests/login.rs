//! Rows of the protocol facts, sections 3.1, 6.2, 6.3 and 6.4.

use super::{Client, Version};

const SINCE_10_9: [Version; 4] = [Version::V10_9, Version::V10_10, Version::V10_11, Version::V12];
const UNTIL_10_8: [Version; 2] = [Version::V10_7, Version::V10_8];

#[test]
fn since_10_9_a_missing_field_comes_before_everything_and_counts_no_failure() {
    for version in SINCE_10_9 {
        let mut client = Client::of(version);
        client.authorization(r#"MediaBrowser Client="App", Device="PC", DeviceId="d""#);
        for (user, password) in [("", ""), ("nobody", "pw"), ("alice", "no"), ("alice", "pw")] {
            assert_eq!(client.login(user, password).status, 400, "{version}");
        }
        assert_eq!(client.server.user_mut("alice").failures, 0);
    }
}

#[test]
fn until_10_8_the_password_comes_first() {
    for version in UNTIL_10_8 {
        let mut client = Client::of(version);
        client.authorization("MediaBrowser");
        assert_eq!(client.login("nobody", "pw").status, 401, "{version}");
        assert_eq!(client.login("alice", "no").status, 401, "{version}");
        assert_eq!(client.login("alice", "pw").status, 500, "{version}");
    }
}

#[test]
fn on_10_8_a_login_without_device_id_signs_everybody_out() {
    let mut client = Client::of(Version::V10_8);
    let bob = client.device("d-2").token("bob");
    let alice = client.device("d-1").token("alice");
    client.authorization(r#"MediaBrowser Client="App", Device="PC", Version="1.0""#);
    assert_eq!(client.login("alice", "pw").status, 400);
    assert!(client.server.is_token_valid(&alice) && !client.server.is_token_valid(&bob));
}

#[test]
fn on_10_7_a_login_without_device_id_signs_nobody_out() {
    let mut client = Client::of(Version::V10_7);
    let bob = client.device("d-2").token("bob");
    client.authorization(r#"MediaBrowser Client="App", Device="PC", Version="1.0""#);
    assert_eq!(client.login("alice", "pw").status, 500);
    assert_eq!(client.login("bob", "pw").status, 400);
    assert!(client.server.is_token_valid(&bob));
}

#[test]
fn on_10_7_an_absent_password_is_a_bad_request_unless_there_is_none() {
    let mut client = Client::of(Version::V10_7);
    client.server.add_user("open", "");
    let absent = |user: &str| format!(r#"{{"Username":"{user}"}}"#);
    let path = "/Users/AuthenticateByName";
    assert_eq!(client.send("POST", path, &absent("alice")).status, 400);
    assert_eq!(client.send("POST", path, &absent("open")).status, 200);
}

#[test]
fn until_10_8_one_device_is_one_user_and_one_token() {
    for version in UNTIL_10_8 {
        let mut client = Client::of(version);
        let first = client.token("alice");
        assert_eq!(client.token("alice"), first, "{version}");
        let bob = client.token("bob");
        assert!(!client.server.is_token_valid(&first), "{version}");
        assert_eq!(client.server.token_owner(&bob), Some("bob"), "{version}");
    }
}

#[test]
fn since_10_9_a_login_replaces_the_users_token_on_that_device_only() {
    for version in SINCE_10_9 {
        let mut client = Client::of(version);
        let bob = client.token("bob");
        let elsewhere = client.device("d-2").token("alice");
        let first = client.device("d-1").token("alice");
        let second = client.token("alice");
        let valid = |token: &str| client.server.is_token_valid(token);
        assert!(!valid(&first), "{version}");
        assert!([&second, &bob, &elsewhere].iter().all(|token| valid(token)), "{version}");
    }
}

#[test]
fn who_may_not_come_is_told_so_before_the_password_is_looked_at() {
    for version in Version::ALL {
        let mut client = Client::of(version);
        client.server.user_mut("alice").is_disabled = true;
        client.server.user_mut("bob").schedule_closed = true;
        for user in ["alice", "bob"] {
            assert_eq!(client.login(user, "no").status, 403, "{version}");
            assert_eq!(client.login(user, "pw").status, 403, "{version}");
        }
        client.server.user_mut("root").remote_access = false;
        client.server.settings_mut().caller_is_remote = true;
        assert_eq!(client.login("root", "no").status, 403, "{version}");
        assert_eq!(client.server.user_mut("root").failures, 0, "{version}");
    }
}

#[test]
fn a_lockout_answers_401_once_more_and_has_no_effect_on_10_11() {
    for version in Version::ALL {
        let mut client = Client::of(version);
        client.server.update_policy("alice", |policy| policy.lockout_limit = Some(0));
        for _ in 0..3 {
            assert_eq!(client.login("alice", "no").status, 401, "{version}");
        }
        let expected = if version == Version::V10_11 { 200 } else { 403 };
        assert_eq!(client.login("alice", "pw").status, expected, "{version}");
    }
}

#[test]
fn devices_and_sessions_are_limited_behind_the_password() {
    for version in Version::ALL {
        let mut client = Client::of(version);
        client.server.user_mut("alice").allowed_devices = Some(vec!["D-1".to_owned()]);
        client.server.user_mut("alice").max_active_sessions = 1;
        assert_eq!(client.device("d-2").login("alice", "no").status, 401, "{version}");
        assert_eq!(client.login("alice", "pw").status, 403, "{version}");
        assert_eq!(client.device("d-1").login("alice", "pw").status, 200, "{version}");
        assert_eq!(client.login("alice", "pw").status, 403, "{version}: its own session counts");
        client.server.restart();
        assert_eq!(client.login("alice", "pw").status, 200, "{version}: sessions are in memory");
    }
}

#[test]
fn disabling_through_a_policy_ends_tokens_for_good() {
    for version in Version::ALL {
        let mut client = Client::of(version);
        let token = client.token("alice");
        client.server.update_policy("alice", |policy| policy.is_disabled = true);
        client.server.update_policy("alice", |policy| policy.is_disabled = false);
        assert_eq!(client.with_token(&token).get("/Users/Me").status, 401, "{version}");
    }
}

#[test]
fn names_ignore_case() {
    for version in Version::ALL {
        let mut client = Client::of(version);
        client.server.add_user("münchen", "pw");
        for name in ["MÜNCHEN", "München"] {
            assert_eq!(client.login(name, "pw").text("/User/Name"), "münchen", "{version}");
        }
        assert_eq!(client.login(" alice", "pw").status, 401, "{version}: and nothing else");
    }
}
