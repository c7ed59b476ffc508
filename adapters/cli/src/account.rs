//! What can be done with a session.

use std::sync::Arc;

use http::header;
use jellyfin_auth::{
    ApproveQuickConnect, Error, Machine, Session, SessionCheck, SessionState, SignOut,
};
use serde_json::json;

use crate::{
    Program,
    connection::Connection,
    failed::Failed,
    place::{KeptSession, Place},
    waiting::Waiting,
};

/// Checks whether the session still works.
pub(crate) fn check(
    program: &mut Program,
    place: &Place,
    connection: &Connection,
) -> Result<(), Failed> {
    let kept = place.read(&program.interrupts)?;
    let session = program.with_headers(connection, kept.session.clone())?;
    program.connect_for(&session)?;
    let check = SessionCheck::new(session).with_policy(Arc::clone(&program.policy));
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
        SessionState::Valid(session) => keep_changes(program, &kept, *session)?,
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

/// The server was there with the certificate of `--trust` and the lines of `--header-file`: from now on they
/// are the session's.
fn keep_changes(
    program: &Program,
    kept: &KeptSession,
    mut session: Session,
) -> Result<Session, Failed> {
    let server = session.server().clone();
    if let Some(fingerprint) = program.connecting.trusted_at(&server) {
        session.trust_certificate(&server, fingerprint);
    }
    let is_new = session.trusted_certificates() != kept.session.trusted_certificates()
        || session.gateway_headers() != kept.session.gateway_headers();
    if is_new && kept.is_kept() {
        kept.replace(&session)?;
    }
    Ok(session)
}

/// Lets another device in.
pub(crate) fn approve(
    program: &mut Program,
    place: &Place,
    code: &str,
    connection: &Connection,
) -> Result<(), Failed> {
    let session = place.read(&program.interrupts)?.session;
    let session = program.with_headers(connection, session)?;
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
pub(crate) fn log_out(
    program: &mut Program,
    place: &Place,
    connection: &Connection,
) -> Result<(), Failed> {
    let kept = place.read(&program.interrupts)?;
    let session = program.with_headers(connection, kept.session.clone())?;
    program.connect_for(&session)?;
    let sign_out = SignOut::new(session).with_policy(Arc::clone(&program.policy));
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

/// Prints the `Authorization` header, and as lines also those of a gateway in front of the server.
pub(crate) fn header(program: &Program, place: &Place, line: bool) -> Result<(), Failed> {
    let session = place.read(&program.interrupts)?.session;
    let mut request = http::Request::get(session.server().as_str())
        .body(())
        .map_err(|error| Failed::here(error.to_string()))?;
    session.authorize(&mut request);
    let mut lines = Vec::new();
    let mut authorization = "";
    for (name, value) in request.headers() {
        let value = value.to_str().map_err(|error| Failed::here(error.to_string()))?;
        if name == header::AUTHORIZATION {
            authorization = value;
            lines.insert(0, format!("Authorization: {value}"));
        } else {
            lines.push(format!("{name}: {value}"));
        }
    }
    let text = if line { lines.join("\n") } else { authorization.to_owned() };
    program.messages.data(&json!({ "authorization": authorization, "lines": lines }), &text)
}
