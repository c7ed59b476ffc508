//! Why it doesn't work: everything on the way to a server, each with a severity and what to do.

mod facts;
mod gather;
mod json;
mod judge;
mod probe;
mod redirect;
mod report;
mod text;
mod visit;

use jellyfin_auth::ServerUrl;

use crate::{
    Program,
    connection::Connection,
    failed::{Exit, Failed},
    server::nobody,
};

/// Prints the report. The error is the worst severity.
pub(crate) fn doctor(
    program: &mut Program,
    typed: &str,
    connection: &Connection,
) -> Result<(), Failed> {
    let candidates = ServerUrl::candidates(typed)
        .map_err(|error| Failed::new(Exit::Address, error.to_string()))?;
    program.take_headers(connection, Some(typed))?;
    program.connect_at(&candidates)?;
    let (device, typed) = (nobody()?, typed.to_owned());
    let way = gather::Way {
        options: program.connecting.options().clone(),
        gateway_headers: program.gateway_headers.clone(),
        device,
    };
    let gathered = move || gather::gather(&typed, candidates, &way);
    let facts = program.interrupts.wait_for(gathered)?;
    let report = judge::judge(&facts);
    program.messages.data(&json::report(&facts, &report), &text::report(&facts, &report))?;
    match report.exit() {
        None => Ok(()),
        Some(exit) => {
            let message = "nobody can sign in there now: see what the report calls a problem";
            Err(Failed::new(exit, message))
        }
    }
}
