//! Which server is meant, and whether a secret may go there.

mod local_network;
mod looking;
mod shown_to_all;

pub(crate) use shown_to_all::{info, nobody, users};

use clap::Args;
use jellyfin_auth::{Device, NoHttps, Server, ServerUrl, Unencrypted};
use serde_json::json;

use crate::{
    Program,
    connection::Connection,
    failed::{Exit, Failed},
    prompts,
};

/// What the user agrees to without being asked.
#[derive(Args, Debug)]
pub(crate) struct Consent {
    /// Signs in over http, too, where no https was found; without it a terminal is asked. An address
    /// that begins with `http://` needs no consent
    #[arg(long)]
    pub(crate) allow_http: bool,
    /// Signs in to the server that the local network shows, if it is the only one; without it a
    /// terminal is asked
    #[arg(long)]
    pub(crate) yes: bool,
}

/// Finds the server for a sign-in, and asks before anything secret goes where the user didn't send it.
pub(crate) fn find_to_sign_in(
    program: &mut Program,
    address: Option<&str>,
    connection: &Connection,
    device: &Device,
    consent: &Consent,
) -> Result<(Server, ServerUrl), Failed> {
    let server = find(program, address, connection, device)?;
    let (url, was_asked) = match server.url() {
        Err(unencrypted) => (accept_http(program, consent, unencrypted)?, !consent.allow_http),
        Ok(url) => {
            if !url.is_encrypted() {
                program.messages.report(
                    "unencrypted",
                    json!({}),
                    "Warning: the connection isn't encrypted: others on the network can read what is sent.",
                );
            }
            (url, false)
        }
    };
    // Who agreed to http there has seen which server it is.
    if address.is_none() && !was_asked {
        accept_found(program, consent, &server)?;
    }
    Ok((server, url))
}

fn accept_http(
    program: &Program,
    consent: &Consent,
    unencrypted: Unencrypted,
) -> Result<ServerUrl, Failed> {
    let facts = json!({ "reason": variant_name(&unencrypted), "url": unencrypted.address() });
    program.messages.report("unencrypted", facts, &format!("Warning: {unencrypted}."));
    if consent.allow_http {
        return Ok(unencrypted.accept());
    }
    // Whoever has replaced the certificate would like it to be yes.
    let may_be_asked = unencrypted.reason() != NoHttps::CertificateChanged;
    if !may_be_asked || !can_ask(program) {
        let message = format!("{unencrypted}; nothing was sent");
        return Err(Failed::new(Exit::Address, message).with_advice(
            "To sign in all the same, give --allow-http, or the address with http://.",
        ));
    }
    let question = if unencrypted.reason().https_answered() {
        "https did answer, so this may be an attempt to read your password. Sign in over http all the same?"
    } else {
        "Sign in over http all the same?"
    };
    if prompts::yes(&program.interrupts, question)? {
        Ok(unencrypted.accept())
    } else {
        Err(not_wanted())
    }
}

fn accept_found(program: &Program, consent: &Consent, server: &Server) -> Result<(), Failed> {
    if consent.yes {
        return Ok(());
    }
    if !can_ask(program) {
        let message =
            format!("{} was found on the local network; nothing was sent", server.address());
        return Err(Failed::new(Exit::Address, message)
            .with_advice("To sign in there, give its address, or --yes."));
    }
    let question = format!("Sign in to {}?", server.address());
    if prompts::yes(&program.interrupts, &question)? { Ok(()) } else { Err(not_wanted()) }
}

fn not_wanted() -> Failed {
    Failed::new(Exit::Cancelled, "cancelled: nothing was sent")
}

/// Whether somebody reads questions and answers them.
pub(crate) fn can_ask(program: &Program) -> bool {
    prompts::is_somebody_there() && !program.messages.are_json()
}

fn variant_name(unencrypted: &Unencrypted) -> String {
    format!("{:?}", unencrypted.reason())
}

/// Finds the server, at the address that was typed or on the local network, and shows it.
fn find(
    program: &mut Program,
    address: Option<&str>,
    connection: &Connection,
    device: &Device,
) -> Result<Server, Failed> {
    let server = match address {
        Some(typed) => looking::typed(program, typed, device)?,
        None => looking::announced(program, connection, device)?,
    };
    if let Ok(url) = ServerUrl::from_exact(server.address()) {
        program.report_unused_headers(connection, &url);
    }
    let info = server.info();
    program.messages.report(
        "server",
        json!({
            "url": server.address(), "name": info.name, "product": product(&server),
            "version": info.version, "response_ms": milliseconds(&server),
        }),
        &format!(
            "Server: {}, {} {}, {}",
            server.address(),
            product(&server),
            info.version,
            name(&server)
        ),
    );
    Ok(server)
}

fn name(server: &Server) -> &str {
    server.info().name.as_deref().unwrap_or("without a name")
}

/// Servers of other makes speak the same interface.
fn product(server: &Server) -> &str {
    server.info().product.as_deref().unwrap_or("Jellyfin")
}

fn milliseconds(server: &Server) -> u64 {
    u64::try_from(server.response_time().as_millis()).unwrap_or(u64::MAX)
}
