mod drawn;

use jellyfin_auth::{Login, LoginRecord, Machine, Session, SessionRecord, Step, Timestamp};

use crate::assert_fit_to_be_shown;

/// Any JSON where a program keeps a session or a pending Quick Connect, as lines such as
/// `user_name=alice`.
///
/// Past the first check: it is read as a record, whatever comes of it.
pub fn records(input: &[u8]) -> bool {
    let json = drawn::record(input);
    let record = serde_json::from_slice::<SessionRecord>(&json).map(session);
    let saved = serde_json::from_slice::<LoginRecord>(&json).map(pending);
    record.is_ok() || saved.is_ok()
}

fn session(record: SessionRecord) {
    let session = match Session::try_from(record) {
        Ok(session) => session,
        Err(error) => return assert_fit_to_be_shown(&error.to_string()),
    };
    let token = session.access_token().expose();
    session.user().name.as_deref().into_iter().for_each(assert_fit_to_be_shown);
    assert!(session.authorization().to_str().is_ok());

    let kept = serde_json::to_string(&session.to_record()).expect("a record is JSON");
    let again = serde_json::from_str::<SessionRecord>(&kept).expect("it was just written");
    assert_eq!(Session::try_from(again).as_ref(), Ok(&session), "a session is kept as it is");

    let without_token = SessionRecord::clone(&session.to_record());
    let shown = format!("{session:?} {without_token:?}");
    let is_telling = token.len() > 16 && !others_hold(&session, token);
    assert!(!is_telling || !shown.contains(token), "the token is shown");
}

fn others_hold(session: &Session, token: &str) -> bool {
    let others = serde_json::to_value(session.to_record()).expect("a record is JSON");
    let others = others.as_object().expect("an object").iter();
    let mut others = others.filter(|(name, _)| *name != "access_token");
    others.any(|(_, value)| value.to_string().contains(token))
}

fn pending(saved: LoginRecord) {
    let code = saved.code().to_owned();
    let mut login = match Login::resume(saved) {
        Ok(login) => login,
        Err(error) => return assert_fit_to_be_shown(&error.to_string()),
    };
    assert_fit_to_be_shown(&code);
    assert_eq!(login.code(), Some(&*code));
    // Whatever the record holds, the first request carries nothing secret.
    match login.poll(Timestamp::ORIGIN) {
        Ok(Step::Send(request)) => {
            let (request, ..) = request.into_parts();
            assert!(request.uri().path().ends_with("/System/Info/Public"));
            assert!(request.body().is_empty() && request.uri().query().is_none());
            assert!(!request.headers().contains_key("authorization"));
        }
        other => panic!("a resumed login asks who the server is: {other:?}"),
    }
    let kept = login.to_record().expect("a code waits");
    let text = serde_json::to_string(&kept).expect("a record is JSON");
    let again: LoginRecord = serde_json::from_str(&text).expect("it was just written");
    assert!(again == kept, "it is kept as it is");
}
