//! The search for a server, again and again while its user trusts one certificate more.

use std::sync::Arc;

use jellyfin_auth::{
    Device, Discovery, Found, NoHttps, Server, ServerUrl, endpoint::GetServerInfo,
};

use super::local_network;
use crate::{
    Program,
    certificates::{Decision, decide},
    connection::Connection,
    failed::{Exit, Failed},
    waiting::Waiting,
};

/// Looks where the user typed.
pub(super) fn typed(program: &mut Program, typed: &str, device: &Device) -> Result<Server, Failed> {
    let unusable =
        |error: jellyfin_auth::ServerUrlError| Failed::new(Exit::Address, error.to_string());
    program.connect_at(&ServerUrl::candidates(typed).map_err(unusable)?)?;
    look(program, device, || Discovery::new(typed, device.clone()).map_err(unusable))
}

/// Looks where a server of the local network says that it is.
pub(super) fn announced(
    program: &mut Program,
    connection: &Connection,
    device: &Device,
) -> Result<Server, Failed> {
    let candidates = local_network::search(program, connection)?;
    program.connect_at(&candidates)?;
    look(program, device, || Ok(Discovery::among(candidates.clone(), device.clone())))
}

fn look(
    program: &mut Program,
    device: &Device,
    discovery: impl Fn() -> Result<Discovery, Failed>,
) -> Result<Server, Failed> {
    loop {
        let discovery = discovery()?
            .with_gateway_headers(&program.gateway_headers)
            .with_policy(Arc::clone(&program.policy));
        let mut waiting = Waiting::without_code(program.messages);
        let found = program.run(discovery, |wait| waiting.show(wait));
        drop(waiting);
        match found {
            Ok(found) => {
                if !offers_https(program, &found, device)? {
                    return Ok(found.into_best());
                }
            }
            Err(error) => {
                let shown = error.certificate().cloned();
                let decision =
                    shown.map_or(Ok(Decision::NotAsked), |shown| decide(program, &shown))?;
                match decision {
                    Decision::Trusted => {}
                    Decision::Declined => return Err(super::not_wanted()),
                    Decision::NotAsked => return Err(error.into()),
                }
            }
        }
    }
}

/// Where https answers with a certificate that isn't trusted, trusting it is better than http: `true` when
/// the user does.
fn offers_https(program: &mut Program, found: &Found, device: &Device) -> Result<bool, Failed> {
    let Some(Err(unencrypted)) = found.servers().first().map(Server::url) else { return Ok(false) };
    if unencrypted.reason() != NoHttps::UntrustedCertificate {
        return Ok(false);
    }
    for attempt in found.tried().iter().filter(|attempt| attempt.url.is_encrypted()) {
        let shown = program.call(GetServerInfo { server: &attempt.url, device });
        let shown = shown.err().and_then(|error| error.certificate().cloned());
        if let Some(shown) = shown {
            return Ok(decide(program, &shown)? == Decision::Trusted);
        }
    }
    Ok(false)
}
