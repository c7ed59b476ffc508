//! Start-up, address filter and who wins over whom.

use super::{super::Phase, Client, Version};

const INFO: &str = "/System/Info/Public";

#[test]
fn while_loading_only_ping_and_missing_tokens_are_answered() {
    for version in Version::ALL {
        let mut client = Client::of(version);
        let token = client.token("alice");
        client.server.set_phase(Phase::Loading);
        for target in [INFO, "/health", "/no/such/path", "/System/Ping/"] {
            let answer = client.get(target);
            assert_eq!(answer.status, 503, "{version} {target}");
            assert_eq!(answer.body(), "Jellyfin Server is loading. Please try again shortly.");
            assert_eq!(answer.header("retry-after"), None);
        }
        assert_eq!(client.get("/System/Ping").status, 200, "{version}");
        assert_eq!(client.get("/Users/Me").status, 401, "{version}");
        assert_eq!(client.get("/").status, 302, "{version}");
        assert_eq!(client.with_token(&token).get("/Users/Me").status, 503, "{version}");
    }
}

/// Seen on 10.10.7 alone.
#[test]
fn while_loading_10_10_takes_a_password() {
    for version in Version::ALL {
        let mut client = Client::of(version);
        client.server.set_phase(Phase::Loading);
        let takes = version == Version::V10_10;
        assert_eq!(client.login("alice", "pw").status, if takes { 200 } else { 503 }, "{version}");
        assert_eq!(client.login("alice", "no").status, if takes { 401 } else { 503 }, "{version}");
        assert_eq!(client.post("/QuickConnect/Initiate").status, 503, "{version}");
    }
}

#[test]
fn the_set_up_server_speaks_for_10_11_and_newer() {
    for version in [Version::V10_11, Version::V12] {
        let mut client = Client::of(version);
        "/jf".clone_into(&mut client.server.settings_mut().base_url);
        client.server.set_phase(Phase::SetUpServerWaiting);
        let answer = client.get(INFO);
        assert_eq!((answer.status, answer.header("retry-after")), (503, Some("005")));
        assert_eq!((answer.body(), answer.header("content-type")), ("", None));
        assert_eq!(client.get("/health").body(), "Degraded");
        assert_eq!(client.get("/System/Ping").header("content-type"), Some("text/html"));

        client.server.set_phase(Phase::SetUpServer);
        let answer = client.get(INFO);
        assert_eq!((answer.status, answer.header("x-response-time-ms")), (200, None));
        assert_eq!(answer.json["startupWizardCompleted"], false);
        assert_eq!(answer.text("/id"), client.server.server_id());
        assert_eq!(client.get("/jf/System/Info/Public").status, 503);
    }
}

#[test]
fn older_versions_have_no_set_up_server() {
    for version in Version::ALL.into_iter().filter(|version| *version < Version::V10_11) {
        let mut client = Client::of(version);
        client.server.set_phase(Phase::SetUpServer);
        assert_eq!(client.server.phase(), Phase::Loading);
        assert!(client.get(INFO).header("x-response-time-ms").is_some(), "{version}");
    }
}

#[test]
fn a_blocked_address_gets_nothing_and_a_missing_token_wins() {
    for version in Version::ALL {
        let mut client = Client::of(version);
        client.server.settings_mut().address_blocked = true;
        client.server.set_phase(Phase::Loading);
        let expected = if version < Version::V10_9 { 200 } else { 503 };
        for target in [INFO, "/System/Ping", "/no/such/path"] {
            let answer = client.get(target);
            assert_eq!((answer.status, answer.body()), (expected, ""), "{version} {target}");
            assert!(answer.header("x-response-time-ms").is_some(), "{version} {target}");
        }
        assert_eq!(client.login("alice", "pw").status, expected, "{version}");
        assert_eq!(client.get("/Users/Me").status, 401, "{version}");
    }
}

#[test]
fn a_signature_has_a_fraction_since_10_9() {
    for version in Version::ALL {
        let answer = Client::of(version).get(INFO);
        let time = answer.header("x-response-time-ms").expect("it has the marker");
        assert_eq!(time.contains('.'), version >= Version::V10_9, "{version}");
    }
}

#[test]
fn the_wizard_makes_the_first_user() {
    for version in Version::ALL {
        let mut client = Client::of(version);
        client.server = super::FakeServer::before_wizard(version);
        assert_eq!(client.login("MyJellyfinUser", "").status, 401, "{version}");
        assert_eq!(client.get("/Startup/User").text("/Name"), "MyJellyfinUser", "{version}");
        assert_eq!(client.login("MyJellyfinUser", "").status, 200, "{version}");
        assert_eq!(client.post("/Startup/Complete").status, 204, "{version}");
        assert_eq!(client.get("/Startup/User").status, 401, "{version}");
    }
}
