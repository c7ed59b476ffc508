//! What lets a program past a gateway: given once, sent with every request to its origin, and nowhere else.

mod records;
mod values;

use http::{HeaderMap, Request};
use jellyfin_auth::{
    ApproveQuickConnect, Discovery, GatewayHeaders, Login, Session, SessionCheck, SignOut,
    endpoint::{
        AuthorizeQuickConnect, Endpoint as _, GetBranding, GetCurrentUser, GetPublicUsers,
        GetServerInfo, LogOut,
    },
};
use jellyfin_auth_testkit::{Script, answer, answer::ResponseExt as _};

use crate::given::*;

const NAME: &str = "cf-access-client-secret";

fn headers(address: &str) -> GatewayHeaders {
    with_lines(address, &[(NAME, "s3cret")])
}

fn with_lines(address: &str, lines: &[(&str, &str)]) -> GatewayHeaders {
    let mut headers = GatewayHeaders::default();
    for (name, value) in lines {
        headers.add(&url(address), name, value).expect("a gateway may ask for it");
    }
    headers
}

/// The headers that a request to `uri` gets.
fn sent(headers: &GatewayHeaders, uri: &str) -> HeaderMap {
    let mut request = Request::get(uri).body(()).expect("a request");
    headers.add_to(&mut request);
    request.into_parts().0.headers
}

fn has<B>(request: &Request<B>) -> bool {
    let values: Vec<_> = request.headers().get_all(NAME).iter().collect();
    assert!(values.len() < 2, "{values:?}");
    assert!(values.iter().all(|value| value.is_sensitive()));
    values == ["s3cret"]
}

/// Asserts what is sent next, and whether the headers go with it.
macro_rules! sends {
    ($script:expr, $method:literal $target:expr, $expected:literal, $answer:expr) => {{
        let exchange = $script.sends($method, $target);
        assert_eq!(has(exchange.request()), $expected, "{} {}", $method, $target);
        exchange.answers($answer);
    }};
}
use sends;

fn given(script: Script<Login>, headers: GatewayHeaders) -> Script<Login> {
    Script::new(script.machine.with_gateway_headers(headers))
}

#[test]
fn every_request_of_a_sign_in_carries_them_and_its_session_has_them() {
    let mut script = given(password_login(SERVER), headers(SERVER));
    sends!(script, "GET" INFO, true, info());
    sends!(script, "POST" AUTHENTICATE, true, token());
    assert_eq!(script.ends().gateway_headers(), &headers(SERVER));

    let login = with_policy(quick_connect_login(SERVER), |policy| policy.verify_token = true);
    let mut script = given(login, headers(SERVER));
    sends!(script, "GET" INFO, true, info());
    sends!(script, "GET" ENABLED, true, on());
    sends!(script, "POST" INITIATE, true, pending());
    script.waits(5);
    sends!(script, "GET" POLL, true, approved());
    sends!(script, "POST" EXCHANGE, true, token());
    sends!(script, "GET" ME, true, answer::marked(200).with_json(&serde_json::json!({"Id": "u"})));
    assert_eq!(script.ends().gateway_headers(), &headers(SERVER));
}

#[test]
fn they_go_to_no_address_that_a_redirect_leads_to_unless_they_are_given_for_it_too() {
    let moved = "https://nas.example:8920";
    let both = {
        let mut both = headers("http://nas.example:8096");
        both.add(&url(moved), NAME, "s3cret").expect("a header");
        both
    };
    for (headers, at_home) in [(headers("http://nas.example:8096"), false), (both, true)] {
        let mut script = given(password_login("http://nas.example:8096"), headers);
        sends!(script, "GET" INFO, true, redirect(301, &format!("{moved}{INFO}")));
        let request = script.sends("GET", INFO);
        assert_eq!(has(request.request()), at_home);
        request.answers(info());
        let request = script.sends("POST", AUTHENTICATE);
        assert_eq!(has(request.request()), at_home);
        request.answers(token());
        let session = script.ends();
        assert_eq!(session.server().as_str(), moved);
        assert_eq!(has(&GetCurrentUser { session: &session }.request()), at_home);
    }
}

#[test]
fn a_search_sends_them_to_their_own_origin_alone() {
    let search = Discovery::new("nas.example", device()).expect("an address");
    let mut script = Script::new(search.with_gateway_headers(&headers("http://nas.example:8096")));
    let mut found = Vec::new();
    for _ in 0..4 {
        let request = script.sends("GET", INFO);
        let origin = request.request().uri().to_string().replace(INFO, "");
        found.push((origin, has(request.request())));
        request.fails(jellyfin_auth::Failure::Unreachable);
    }
    found.sort();
    let with_them = found.iter().filter(|(_, has)| *has).map(|(origin, _)| origin.as_str());
    assert_eq!(with_them.collect::<Vec<_>>(), ["http://nas.example:8096"], "{found:?}");
}

fn session_with(headers: GatewayHeaders) -> Session {
    session().with_gateway_headers(headers)
}

#[test]
fn what_is_done_with_a_session_carries_them_by_itself() {
    let session = session_with(headers(SERVER));
    let mut check = Script::new(SessionCheck::new(session.clone()));
    sends!(check, "GET" INFO, true, info());
    sends!(check, "GET" ME, true, answer::marked(200).with_json(&serde_json::json!({"Id": "u"})));
    let jellyfin_auth::SessionState::Valid(checked) = check.ends().state else { panic!("valid") };
    assert_eq!(checked.gateway_headers(), session.gateway_headers());

    let mut sign_out = Script::new(SignOut::new(session.clone()));
    sends!(sign_out, "GET" INFO, true, info());
    sends!(sign_out, "POST" "/Sessions/Logout", true, answer::marked(204));
    sign_out.ends();

    let approval = ApproveQuickConnect::new(session.clone(), "123456").expect("a code");
    let mut approval = Script::new(approval);
    sends!(approval, "GET" INFO, true, info());
    sends!(approval, "POST" "/QuickConnect/Authorize?code=123456", true, on());
    approval.ends();

    assert!(has(&GetCurrentUser { session: &session }.request()));
    assert!(has(&LogOut { session: &session }.request()));
    let authorize = AuthorizeQuickConnect::new(&session, "123456").expect("a code");
    assert!(has(&authorize.request()));
}

#[test]
fn of_several_addresses_only_theirs_gets_them() {
    let mut session = session_with(headers("https://outside.example"));
    session.add_address(url("https://outside.example"));
    let mut script = Script::new(SessionCheck::new(session));
    sends!(script, "GET" INFO, false, other_info());
    let me = answer::marked(200).with_json(&serde_json::json!({"Id": "u"}));
    sends!(script, "GET" INFO, true, info());
    sends!(script, "GET" ME, true, me);
    script.ends();
}

#[test]
fn a_request_of_the_programs_own_gets_them_at_their_origin_alone() {
    let session = session_with(headers(SERVER));
    for (uri, expected) in [
        ("https://nas.example/Items", true),
        ("https://nas.example:443/Items", true),
        ("wss://NAS.example/socket", true),
        ("http://nas.example/Items", false),
        ("ws://nas.example/socket", false),
        ("https://nas.example:8920/Items", false),
        ("https://nas.example.evil.example/", false),
        ("https://evil.example/nas.example", false),
        ("/Items", false),
    ] {
        let mut request = Request::get(uri).body(()).expect("a request");
        session.authorize(&mut request);
        session.authorize(&mut request);
        assert_eq!(has(&request), expected, "{uri}");
        assert!(request.headers().contains_key("authorization"));
    }
}

#[test]
fn a_single_endpoint_takes_them_by_an_adaptor() {
    let (server, device) = (url("https://nas.example/jf"), device());
    let (ours, theirs) = (headers(SERVER), headers("https://other.example"));
    let info_of = GetServerInfo { server: &server, device: &device };
    assert!(has(&info_of.with_gateway_headers(&ours).request()));
    assert!(!has(&info_of.with_gateway_headers(&theirs).request()));
    let twice = info_of.with_gateway_headers(&theirs).with_gateway_headers(&ours);
    assert!(has(&twice.request()));
    assert_eq!(twice.limits(), info_of.limits());
    assert_eq!(twice.read(&info()), info_of.read(&info()));
    assert_eq!(twice.read(&refusal(404)), info_of.read(&refusal(404)));
    let branding = GetBranding { server: &server, device: &device };
    assert!(has(&branding.with_gateway_headers(&ours).request()));
    let users = GetPublicUsers { server: &server, device: &device }.with_gateway_headers(&ours);
    assert_eq!(users.read(&answer::marked(401)), Ok(Vec::new()));
}
