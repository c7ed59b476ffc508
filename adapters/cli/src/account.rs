//! What can be done with a session.

use jellyfin_auth::{
    SessionCheck, SessionState,
    endpoint::{AuthorizeQuickConnect, Logout},
};
use serde_json::json;

use crate::{
    Program,
    failed::{Exit, Failed},
    session_store::Place,
    waiting::Waiting,
};

/// Says whether the session still works.
pub(crate) fn check(program: &mut Program, place: &Place) -> Result<(), Failed> {
    let session = place.read(&program.interrupts)?;
    let mut waiting = Waiting::without_code(program.messages);
    let state = program.driver.run_with(SessionCheck::new(session), |wait| waiting.show(wait))?;
    drop(waiting);
    match state {
        SessionState::Valid(session) => program.messages.data(
            &json!({
                "state": "valid",
                "server": session.server().as_str(),
                "user_id": session.user().id,
                "user_name": session.user().name,
            }),
            "valid",
        ),
        SessionState::Revoked => {
            program.messages.data(&json!({ "state": "revoked" }), "revoked")?;
            Err(Failed::new(
                Exit::Credentials,
                "the server doesn't accept this session any more: sign in again",
            )
            .named("TokenRevoked"))
        }
        _ => {
            program.messages.data(&json!({ "state": "not_allowed_now" }), "not allowed now")?;
            Err(Failed::new(
                Exit::Administrator,
                "still signed in, but the server doesn't let this user in now or from here",
            )
            .named("NotAllowedNow"))
        }
    }
}

/// Lets another device in.
pub(crate) fn approve(program: &mut Program, place: &Place, code: &str) -> Result<(), Failed> {
    let session = place.read(&program.interrupts)?;
    program.driver.call(&AuthorizeQuickConnect::new(&session, code)?)?;
    program.messages.say("approved", json!({}), "Approved: the other device signs in by itself.");
    Ok(())
}

/// Signs out, then deletes what was kept.
pub(crate) fn log_out(program: &mut Program, place: &Place) -> Result<(), Failed> {
    let session = place.read(&program.interrupts)?;
    program.driver.call(&Logout::new(&session))?;
    place.forget()?;
    program.messages.say("signed_out", json!({}), "Signed out.");
    Ok(())
}

/// Prints the `Authorization` header.
pub(crate) fn header(program: &Program, place: &Place, line: bool) -> Result<(), Failed> {
    let session = place.read(&program.interrupts)?;
    let value = session.authorization();
    let value = value.to_str().map_err(|error| Failed::here(error.to_string()))?;
    let text = if line { format!("Authorization: {value}") } else { value.to_owned() };
    program.messages.data(&json!({ "authorization": value }), &text)
}
