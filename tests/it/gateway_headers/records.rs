//! What is kept, and what is given anew.

use jellyfin_auth::{GatewayHeaders, Login, LoginRecord, Session, SessionRecord, WaitReason};
use jellyfin_auth_testkit::{Script, answer, answer::ResponseExt as _};

use super::{NAME, given, has, headers, sends, session_with, with_lines};
use crate::given::*;

#[test]
fn a_session_record_keeps_them() {
    let lines = [("X-Door", "1"), ("X-Door", "2"), ("Cookie", "a=1")];
    let session = session_with(with_lines("https://nas.example/jf", &lines));
    let text = serde_json::to_string(&session.to_record()).expect("JSON");
    let record: SessionRecord = serde_json::from_str(&text).expect("a record");
    assert!(!format!("{record:?}").contains("a=1"), "{record:?}");
    assert_eq!(Session::try_from(record), Ok(session));
    let mut json: serde_json::Value = serde_json::from_str(&text).expect("JSON");
    assert_eq!(
        json["gateway_headers"][0],
        serde_json::json!({"origin": "https://nas.example", "name": "x-door", "value": "1"})
    );
    for (part, bad) in [("value", ""), ("name", "Authorization"), ("origin", "nas example")] {
        let good = json["gateway_headers"][0][part].take();
        json["gateway_headers"][0][part] = bad.into();
        let record: SessionRecord = serde_json::from_value(json.clone()).expect("a record");
        let error = Session::try_from(record).expect_err("no use").to_string();
        assert!(error.contains("gateway_headers") || error.contains("server address"), "{error}");
        json["gateway_headers"][0][part] = good;
    }
    let without = serde_json::to_value(session_with(GatewayHeaders::default()).to_record());
    assert!(without.expect("JSON").get("gateway_headers").is_none());
}

#[test]
fn a_pending_quick_connect_keeps_them_and_can_be_given_new_ones() {
    let mut script = given(quick_connect_login(SERVER), headers(SERVER));
    sends!(script, "GET" INFO, true, info());
    sends!(script, "GET" ENABLED, true, on());
    sends!(script, "POST" INITIATE, true, pending());
    script.waits(5);
    let kept = script.machine.to_record().expect("a code is alive");
    let text = serde_json::to_string(&kept).expect("JSON");
    let kept: LoginRecord = serde_json::from_str(&text).expect("a record");
    let mut script = Script::new(Login::resume(kept.clone()).expect("a login"));
    sends!(script, "GET" INFO, true, info());
    sends!(script, "GET" POLL, true, approved());
    sends!(script, "POST" EXCHANGE, true, token());
    assert_eq!(script.ends().gateway_headers(), &headers(SERVER));

    let renewed = with_lines(SERVER, &[("Cookie", "session=new")]);
    let login = Login::resume(kept).expect("a login").with_gateway_headers(renewed.clone());
    let mut script = Script::new(login);
    let request = script.sends("GET", INFO);
    assert_eq!(request.request().headers()["cookie"], "session=new");
    assert!(!request.request().headers().contains_key(NAME));
    request.answers(info());
    assert_eq!(
        script.machine.to_record().map(|record| record.server().to_owned()),
        Some(SERVER.into())
    );
}

#[test]
fn a_login_that_waits_for_a_gateway_takes_new_ones() {
    let mut script = given(quick_connect_login(SERVER), headers(SERVER));
    sends!(script, "GET" INFO, true, info());
    sends!(script, "GET" ENABLED, true, on());
    sends!(script, "POST" INITIATE, true, pending());
    script.waits(5);
    let gone = answer::unmarked(401).with_json(&serde_json::json!({}));
    sends!(script, "GET" POLL, true, gone);
    assert_eq!(script.waits(5).reason(), WaitReason::Gateway);
    let renewed = with_lines(SERVER, &[("Cookie", "_oauth2_proxy=new")]);
    script.machine = script.machine.with_gateway_headers(renewed.clone());
    let request = script.sends("GET", POLL);
    assert_eq!(request.request().headers()["cookie"], "_oauth2_proxy=new");
    request.answers(approved());
    script.sends("POST", EXCHANGE).answers(token());
    assert_eq!(script.ends().gateway_headers(), &renewed);
}
