//! Carriers of tokens, routes and their shadows, redirects.

use super::{Client, FIELDS, Version};

#[test]
fn a_foreign_scheme_hides_the_other_header_except_where_the_old_one_comes_first() {
    for version in Version::ALL {
        let mut client = Client::of(version);
        client.server.settings_mut().legacy_authorization = true;
        let token = client.token("alice");
        let request = http::Request::get("/Users/Me")
            .header("Authorization", "Basic YTpi")
            .header("X-Emby-Authorization", format!(r#"{FIELDS}, Token="{token}""#))
            .body(Vec::new())
            .expect("a request");
        let expected = if version < Version::V10_11 { 200 } else { 401 };
        assert_eq!(client.server.handle(client.now(), &request).status(), expected, "{version}");
    }
}

#[test]
fn old_carriers_work_until_they_are_switched_off() {
    for version in Version::ALL {
        let mut client = Client::of(version);
        let token = client.token("alice");
        client.authorization("");
        let target = format!("/Users/Me?api_key={token}");
        let expected = if version < Version::V12 { 200 } else { 401 };
        assert_eq!(client.get(&target).status, expected, "{version} as it comes");
        client.server.settings_mut().legacy_authorization = false;
        let expected = if version < Version::V10_11 { 200 } else { 401 };
        assert_eq!(client.get(&target).status, expected, "{version} switched off");
        let target = format!("/Users/Me?aPIkEY={token}");
        assert_eq!(client.get(&target).status, 200, "{version}");
    }
}

#[test]
fn a_token_fills_in_what_is_missing_and_learns_what_is_new() {
    for version in Version::ALL {
        let mut client = Client::of(version);
        let token = client.token("alice");
        let new =
            format!(r#"MediaBrowser Client="Other", Device="Phone", Version="2", Token="{token}""#);
        assert_eq!(client.authorization(&new).get("/Users/Me").status, 200);
        let stored = client.server.tokens().next().expect("one token");
        let stored = (stored.client(), stored.device(), stored.device_id(), stored.version());
        assert_eq!(stored, ("App", "Phone", "d-1", "2"), "{version}");
    }
}

#[test]
fn users_of_a_name_shadow_other_methods() {
    for version in Version::ALL {
        let mut client = Client::of(version);
        assert_eq!(client.get("/Users/AuthenticateByName").status, 401, "{version}");
        let token = client.token("alice");
        client.with_token(&token);
        let answer = client.get("/Users/AuthenticateByName");
        let said = answer.text("/errors/userId/0");
        assert_eq!((answer.status, said), (400, "The value 'AuthenticateByName' is not valid."));
        let answer = client.send("PUT", "/Users/Me", "");
        assert_eq!(answer.header("allow"), Some("DELETE, GET, POST"), "{version}");
    }
}

#[test]
fn the_old_prefix_is_gone_from_12() {
    for version in Version::ALL {
        let mut client = Client::of(version);
        let expected = if version < Version::V12 { 200 } else { 404 };
        for prefix in ["/emby", "/MediaBrowser"] {
            let target = format!("{prefix}/System/Info/Public");
            assert_eq!(client.get(&target).status, expected, "{version} {prefix}");
        }
        assert_eq!(client.get("/embyx/System/Info/Public").status, 404, "{version}");
    }
}

#[test]
fn redirects_lead_to_the_web_client_of_the_base_url() {
    for version in Version::ALL {
        let mut client = Client::of(version);
        "jf/".clone_into(&mut client.server.settings_mut().base_url);
        let (deep, root) = if version < Version::V10_9 {
            ("/jf/web/index.html", "/jf/web/index.html")
        } else {
            ("../../jf/web/", "jf/web/")
        };
        let answer = client.get("/System/Info/Public?a=b");
        assert_eq!((answer.status, answer.header("location")), (302, Some(deep)), "{version}");
        assert_eq!(answer.header("x-response-time-ms"), None, "{version}");
        assert_eq!(client.get("/").header("location"), Some(root), "{version}");
        let health = if version == Version::V10_7 { root } else { "/jf/health" };
        assert_eq!(client.get("/health").header("location"), Some(health), "{version}");
        assert_eq!(client.get("/jfx/System/Info/Public").status, 404, "{version}");
        assert_eq!(client.get("/JF/System/Info/Public").status, 200, "{version}");
    }
}

#[test]
fn required_https_is_a_redirect_that_keeps_method_and_query() {
    for version in Version::ALL {
        let mut client = Client::of(version);
        client.server.settings_mut().require_https = true;
        let answer = client.get("/System/Info/Public?a=b");
        let expected = Some("https://nas:8920/System/Info/Public?a=b");
        assert_eq!((answer.status, answer.header("location")), (307, expected), "{version}");
        assert_eq!(client.get("https://nas/System/Info/Public").status, 200, "{version}");
    }
}

#[test]
fn a_body_that_is_too_long_is_a_server_error() {
    for version in Version::ALL {
        let body = " ".repeat(30_000_001);
        let answer = Client::of(version).send("POST", "/Users/AuthenticateByName", &body);
        assert_eq!((answer.status, answer.body()), (500, "Error processing request."), "{version}");
    }
}

#[test]
fn what_is_too_long_for_kestrel_has_no_signature() {
    let mut client = Client::of(Version::V12);
    let line = client.get(&format!("/{}", "a".repeat(9_000)));
    let headers = client.authorization(&"a".repeat(33_000)).get("/");
    for (answer, status) in [(line, 414), (headers, 431)] {
        assert_eq!((answer.status, answer.header("x-response-time-ms")), (status, None));
    }
}
