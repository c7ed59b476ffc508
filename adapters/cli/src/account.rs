//! What can be done with a session.

use std::sync::Arc;

use jellyfin_auth::{
    ApproveQuickConnect, Error, Machine, Session, SessionCheck, SessionState, SignOut,
};
use serde_json::json;

use crate::{
    Program,
    failed::Failed,
    place::{KeptSession, Place},
    waiting::Waiting,
};

/// Checks whether the session still works.
pub(crate) fn check(program: &mut Program, place: &Place) -> Result<(), Failed> {
    let kept = place.read(&program.interrupts)?;
    program.connect_for(&kept.session)?;
    let check = SessionCheck::new(kept.session.clone()).with_policy(Arc::clone(&program.policy));
    let checked = run(program, check)?;
    for attempt in &checked.tried {
        let facts = json!({ "url": attempt.url.as_str(), "error": attempt.error.to_string() });
        program.messages.report("not_there", facts, &attempt.to_string());
    }
    // What the server says counts, whether or not it can be kept.
    if let Err(failed) = kept.apply(&checked.state) {
        let sentence = format!("Warning: the account stays as it was: {}", failed.text());
        program.messages.report("not_kept", failed.to_json(), &sentence);
    }
    let session = match checked.state {
        SessionState::Valid(session) => keep_trust(program, &kept, *session)?,
        SessionState::Revoked => {
            program.messages.data(&json!({ "state": "revoked" }), "revoked")?;
            return Err(Error::TokenRevoked.into());
        }
        _ => {
            program.messages.data(&json!({ "state": "not_allowed_now" }), "not allowed now")?;
            return Err(Error::NotAllowedNow.into());
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

/// The server was there with the certificate of `--trust`: from now on the session trusts it.
fn keep_trust(
    program: &Program,
    kept: &KeptSession,
    mut session: Session,
) -> Result<Session, Failed> {
    let before = session.trusted_certificates().to_vec();
    let server = session.server().clone();
    if let Some(fingerprint) = program.connecting.trusted_at(&server) {
        session.trust_certificate(&server, fingerprint);
    }
    if session.trusted_certificates() != before && kept.is_kept() {
        kept.replace(&session)?;
    }
    Ok(session)
}

/// Lets another device in.
pub(crate) fn approve(program: &mut Program, place: &Place, code: &str) -> Result<(), Failed> {
    let session = place.read(&program.interrupts)?.session;
    program.connect_for(&session)?;
    let approval = ApproveQuickConnect::new(session, code)?;
    run(program, approval.with_policy(Arc::clone(&program.policy)))?;
    program.messages.report(
        "approved",
        json!({}),
        "Approved: the other device signs in by itself.",
    );
    Ok(())
}

/// Signs out, then deletes what was kept.
pub(crate) fn log_out(program: &mut Program, place: &Place) -> Result<(), Failed> {
    let kept = place.read(&program.interrupts)?;
    program.connect_for(&kept.session)?;
    let sign_out = SignOut::new(kept.session.clone()).with_policy(Arc::clone(&program.policy));
    let is_valid = match run(program, sign_out) {
        Ok(()) => false,
        Err(error) if error.login() == Some(&Error::SignOutUnsupported) => true,
        Err(error) => return Err(error.into()),
    };
    kept.forget()?;
    let sentence = if is_valid {
        "Forgotten. This server can't sign out: the token stays valid there."
    } else {
        "Signed out."
    };
    program.messages.report("signed_out", json!({ "token_stays_valid": is_valid }), sentence);
    Ok(())
}

/// Runs a machine, showing what it waits for.
fn run<M: Machine>(
    program: &mut Program,
    machine: M,
) -> Result<M::Output, jellyfin_auth_ureq::Error> {
    let mut waiting = Waiting::without_code(program.messages);
    program.run(machine, |wait| waiting.show(wait))
}

/// Prints the `Authorization` header.
pub(crate) fn header(program: &Program, place: &Place, line: bool) -> Result<(), Failed> {
    let session = place.read(&program.interrupts)?.session;
    let value = session.authorization();
    let value = value.to_str().map_err(|error| Failed::here(error.to_string()))?;
    let text = if line { format!("Authorization: {value}") } else { value.to_owned() };
    program.messages.data(&json!({ "authorization": value }), &text)
}
