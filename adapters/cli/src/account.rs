//! What can be done with a session.

use std::sync::Arc;

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
    let session = match state(program, place)? {
        SessionState::Valid(session) => session,
        SessionState::Revoked => {
            program.messages.data(&json!({ "state": "revoked" }), "revoked")?;
            return Err(revoked());
        }
        _ => {
            program.messages.data(&json!({ "state": "not_allowed_now" }), "not allowed now")?;
            return Err(not_allowed_now());
        }
    };
    program.messages.data(
        &json!({
            "state": "valid",
            "server": session.server().as_str(),
            "user_id": session.user().id,
            "user_name": session.user().name,
        }),
        "valid",
    )
}

/// Lets another device in.
pub(crate) fn approve(program: &mut Program, place: &Place, code: &str) -> Result<(), Failed> {
    let session = match state(program, place)? {
        SessionState::Valid(session) => session,
        SessionState::Revoked => return Err(revoked()),
        _ => return Err(not_allowed_now()),
    };
    program.driver.call(&AuthorizeQuickConnect::new(&session, code)?)?;
    program.messages.say("approved", json!({}), "Approved: the other device signs in by itself.");
    Ok(())
}

/// Signs out, then deletes what was kept.
pub(crate) fn log_out(program: &mut Program, place: &Place) -> Result<(), Failed> {
    match state(program, place)? {
        SessionState::Valid(session) => program.driver.call(&Logout::new(&session))?,
        SessionState::Revoked => {}
        _ => return Err(not_allowed_now()),
    }
    place.forget()?;
    program.messages.say("signed_out", json!({}), "Signed out.");
    Ok(())
}

/// What the server says of the session. If another one answers at its address, it isn't shown the
/// token; that is why everything that sends the token begins with this.
fn state(program: &mut Program, place: &Place) -> Result<SessionState, Failed> {
    let session = place.read(&program.interrupts)?;
    let mut waiting = Waiting::without_code(program.messages);
    let check = SessionCheck::new(session).with_policy(Arc::clone(&program.policy));
    Ok(program.driver.run_with(check, |wait| waiting.show(wait))?)
}

fn revoked() -> Failed {
    let sentence = "the server doesn't accept this session any more: sign in again";
    Failed::new(Exit::Credentials, sentence).named("TokenRevoked")
}

fn not_allowed_now() -> Failed {
    let sentence = "still signed in, but the server doesn't let this user in now or from here";
    Failed::new(Exit::Administrator, sentence).named("NotAllowedNow")
}

/// Prints the `Authorization` header.
pub(crate) fn header(program: &Program, place: &Place, line: bool) -> Result<(), Failed> {
    let session = place.read(&program.interrupts)?;
    let value = session.authorization();
    let value = value.to_str().map_err(|error| Failed::here(error.to_string()))?;
    let text = if line { format!("Authorization: {value}") } else { value.to_owned() };
    program.messages.data(&json!({ "authorization": value }), &text)
}
