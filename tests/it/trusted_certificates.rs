//! Fingerprints, and the certificates that a session's user trusts.

use jellyfin_auth::{
    CertificateFingerprint, Login, LoginRecord, RecordError, Session, SessionCheck, SessionRecord,
    SessionState,
};
use jellyfin_auth_testkit::{Script, answer, answer::ResponseExt as _};
use serde_json::{Value, json};

use crate::given::*;

const PLAIN: &str = "5e4ac92f001f78481db46e8434303ddd76a131d102492165a6a5657ff4428eb9";
const COLONS: &str = "5E:4A:C9:2F:00:1F:78:48:1D:B4:6E:84:34:30:3D:DD:\
                      76:A1:31:D1:02:49:21:65:A6:A5:65:7F:F4:42:8E:B9";

#[test]
fn a_fingerprint_is_read_in_every_usual_form_and_shown_in_one() {
    for text in
        [PLAIN, &PLAIN.to_uppercase(), COLONS, &COLONS.to_lowercase(), &format!(" {COLONS}\n")]
    {
        let fingerprint: CertificateFingerprint = text.parse().expect(text);
        assert_eq!(fingerprint.to_string(), COLONS);
        assert_eq!(CertificateFingerprint::try_from(text), Ok(fingerprint));
        assert_eq!(CertificateFingerprint::from_sha256(*fingerprint.as_bytes()), fingerprint);
        assert_eq!(serde_json::to_value(fingerprint).expect("JSON"), json!(COLONS));
        assert_eq!(serde_json::from_value(json!(text)).ok(), Some(fingerprint));
        assert!(format!("{fingerprint:?}").contains(COLONS));
    }
    assert_eq!(fingerprint(1).as_bytes()[..2], [1, 0xAB]);
}

#[test]
fn anything_else_is_refused_with_a_sentence() {
    let dashes = COLONS.replace(':', "-");
    let half = COLONS.replacen(':', "", 1);
    let umlaut = format!("{}ä", &PLAIN[..62]);
    let sign = PLAIN.replacen("5e", "+5", 1);
    for text in [
        "",
        "5E:4A",
        &PLAIN[1..],
        &PLAIN[2..],
        &format!("{PLAIN}00"),
        &dashes,
        &half,
        &umlaut,
        &sign,
        &PLAIN.replace('5', "g"),
    ] {
        let refused = text.parse::<CertificateFingerprint>().expect_err(text);
        assert!(refused.to_string().contains("64 hex digits"));
    }
    assert!(serde_json::from_value::<CertificateFingerprint>(json!("5E:4A")).is_err());
}

fn trusted(session: &Session) -> Vec<(&str, CertificateFingerprint)> {
    let trusted = session.trusted_certificates().iter();
    trusted.map(|one| (one.origin().as_str(), one.fingerprint())).collect()
}

#[test]
fn one_certificate_is_trusted_at_an_origin() {
    let mut session = session();
    assert_eq!(trusted(&session), []);

    session.trust_certificate(&url("https://nas.example/jellyfin"), fingerprint(1));
    session.trust_certificate(&url("https://nas.example:8920"), fingerprint(2));
    assert_eq!(
        trusted(&session),
        [("https://nas.example", fingerprint(1)), ("https://nas.example:8920", fingerprint(2))]
    );

    session.trust_certificate(&url("https://NAS.example:443/other"), fingerprint(3));
    assert_eq!(
        trusted(&session),
        [("https://nas.example:8920", fingerprint(2)), ("https://nas.example", fingerprint(3))]
    );

    session.trust_certificate(&url("http://nas.example:8096"), fingerprint(4));
    assert_eq!(trusted(&session).len(), 2, "http has no certificate");

    assert!(session.distrust_certificate(&url("https://nas.example/jf")));
    assert!(!session.distrust_certificate(&url("https://nas.example")));
    assert_eq!(trusted(&session), [("https://nas.example:8920", fingerprint(2))]);
    assert!(session.distrust_certificate(&url("https://nas.example:8920")));
    assert_eq!(session, crate::given::session(), "as if it had never trusted any");
}

fn trusting() -> Session {
    let mut session = session();
    session.add_address(url("https://nas.home:8920"));
    session.trust_certificate(&url("https://nas.home:8920"), fingerprint(1));
    session
}

fn through_a_record(session: &Session) -> Session {
    let text = serde_json::to_string(&session.to_record()).expect("JSON");
    let record: SessionRecord = serde_json::from_str(&text).expect("a record");
    Session::try_from(record).expect("a session")
}

#[test]
fn they_are_kept_with_the_session() {
    let session = trusting();
    assert_eq!(through_a_record(&session), session);
    let kept = serde_json::to_value(session.to_record()).expect("JSON");
    assert_eq!(kept["version"], json!(2));
    assert_eq!(
        kept["trusted_certificates"],
        json!([{ "origin": "https://nas.home:8920", "sha256": fingerprint(1).to_string() }])
    );
}

#[test]
fn a_session_without_any_is_kept_as_before_and_an_older_record_is_read() {
    let mut kept = serde_json::to_value(session().to_record()).expect("JSON");
    assert_eq!(kept.get("trusted_certificates"), None);
    kept["version"] = json!(1);
    let record: SessionRecord = serde_json::from_value(kept).expect("a record");
    assert_eq!(trusted(&Session::try_from(record).expect("a session")), []);
}

fn with(certificates: Value) -> Result<Session, RecordError> {
    let mut kept = serde_json::to_value(session().to_record()).expect("JSON");
    kept["trusted_certificates"] = certificates;
    Session::try_from(serde_json::from_value::<SessionRecord>(kept).expect("a record"))
}

#[test]
fn what_is_damaged_in_a_record_is_named() {
    let here = "https://nas.example";
    let refused = with(json!([{ "origin": here, "sha256": "5E:4A" }]));
    assert!(
        matches!(refused, Err(RecordError::Missing { part: "trusted_certificates", .. })),
        "{refused:?}"
    );
    assert!(matches!(with(json!([{ "sha256": PLAIN }])), Err(RecordError::Server(_))));
    let later = json!([{ "origin": here, "sha256": PLAIN, "added": "2027-01-01" }]);
    assert_eq!(trusted(&with(later).expect("a session")).len(), 1);
}

#[test]
fn a_check_of_the_session_keeps_them() {
    let mut session = trusting();
    session.remove_address(&url("https://nas.home:8920"));
    let mut script = Script::new(SessionCheck::new(session.clone()));
    script.sends("GET", INFO).answers(info());
    let me = json!({ "Id": "6eec", "Name": "alice" });
    script.sends("GET", "/Users/Me").answers(answer::marked(200).with_json(&me));
    let SessionState::Valid(checked) = script.ends().state else { panic!("it is valid") };
    assert_eq!(trusted(&checked), trusted(&session));
}

#[test]
fn a_login_hands_them_on_to_its_session() {
    let login = Login::password(url(SERVER), device(), "alice", "pw").expect("a user name");
    let login = login.with_trusted_certificate(&url(SERVER), fingerprint(1));
    assert_eq!(login.trusted_certificates()[0].fingerprint(), fingerprint(1));
    let mut script = probed(Script::new(login));
    script.sends("POST", AUTHENTICATE).answers(token());
    assert_eq!(trusted(&script.ends()), [(SERVER, fingerprint(1))]);
}

#[test]
fn a_login_that_is_kept_and_resumed_hands_them_on_too() {
    let login = Login::quick_connect(url(SERVER), device());
    let login = login.with_trusted_certificate(&url(SERVER), fingerprint(1));
    let mut script = showing_a_code(Script::new(login));
    script.waits(5);
    let kept = script.machine.to_record().expect("a code is shown");
    let kept = serde_json::to_string(&kept).expect("JSON");
    let record: LoginRecord = serde_json::from_str(&kept).expect("a record");

    let login = Login::resume(record).expect("it can be used");

    assert_eq!(login.trusted_certificates()[0].fingerprint(), fingerprint(1));
    let mut script = Script::new(login);
    script.sends("GET", INFO).answers(info());
    script.sends("GET", POLL).answers(approved());
    script.sends("POST", EXCHANGE).answers(token());
    assert_eq!(trusted(&script.ends()), [(SERVER, fingerprint(1))]);
}
