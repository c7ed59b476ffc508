//! The addresses of a session's server: the one at home, the one from outside.

use jellyfin_auth::{ServerUrl, Session};
use serde_json::json;

use crate::{
    Program,
    connection::Connection,
    failed::{Exit, Failed},
    messages::Messages,
    place::Place,
    server::{self, Consent},
};

/// Lists them in the order in which they are preferred.
pub(crate) fn list(program: &Program, place: &Place) -> Result<(), Failed> {
    show(&place.read(&program.interrupts)?.session, program.messages)
}

/// Adds an address, once it is sure that no other server is there.
pub(crate) fn add(
    program: &mut Program,
    place: &Place,
    typed: &str,
    (is_preferred, allow_http): (bool, bool),
    connection: &Connection,
) -> Result<(), Failed> {
    let consent = Consent { allow_http, yes: true };
    let kept = place.read(&program.interrupts)?;
    let session = kept.session.clone();
    program.connect_for(&session)?;
    let candidates = ServerUrl::candidates(typed)
        .map_err(|error| Failed::new(Exit::Address, error.to_string()))?;
    program.gateway_headers = session.gateway_headers().clone();
    program.take_headers(connection, Some(typed))?;
    let device = session.device().clone();
    let found = server::find_to_sign_in(program, Some(typed), connection, &device, &consent);
    let address = match (found, &candidates[..]) {
        (Ok((server, url)), _) => {
            let found = server.info();
            if session.server_id().is_some_and(|id| id != found.id) {
                let message = format!(
                    "another server answers at {url} ({}, id {}): the session's token must not go there",
                    found.name.as_deref().unwrap_or("without a name"),
                    found.id
                );
                return Err(Failed::new(Exit::Address, message));
            }
            url
        }
        // Away from home, the address at home can't be reached. The token will go to no other server.
        (Err(failed), [complete]) if failed.is_silence() => {
            let sentence = format!("Not checked: {}", failed.text());
            program.messages.report("not_checked", json!({ "url": complete.as_str() }), &sentence);
            complete.clone()
        }
        (Err(failed), _) => return Err(failed),
    };
    let mut session = session.with_gateway_headers(program.gateway_headers.clone());
    session.add_address(address.clone());
    if let Some(fingerprint) = program.connecting.trusted_at(&address) {
        session.trust_certificate(&address, fingerprint);
    }
    if is_preferred {
        session.prefer_address(&address);
    }
    kept.replace(&session)?;
    show(&session, program.messages)
}

/// Removes one.
pub(crate) fn remove(program: &Program, place: &Place, typed: &str) -> Result<(), Failed> {
    let kept = place.read(&program.interrupts)?;
    let mut session = kept.session.clone();
    let candidates = ServerUrl::candidates(typed)
        .map_err(|error| Failed::new(Exit::Address, error.to_string()))?;
    let known = candidates.into_iter().find(|one| session.addresses().contains(one));
    let Some(known) = known else {
        return Err(Failed::new(
            Exit::Usage,
            format!("the session has no address {typed}: `jellyfin-login address list` lists them"),
        ));
    };
    if !session.remove_address(&known) {
        return Err(Failed::new(
            Exit::Usage,
            format!("{known} is the session's only address: add another one first"),
        ));
    }
    kept.replace(&session)?;
    show(&session, program.messages)
}

fn show(session: &Session, messages: Messages) -> Result<(), Failed> {
    let addresses: Vec<_> = session.addresses().iter().map(ServerUrl::as_str).collect();
    messages.data(&json!(addresses), &addresses.join("\n"))
}
