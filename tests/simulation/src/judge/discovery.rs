use std::time::Duration;

use jellyfin_auth::{Attempt, Error, Found, Server, ServerUrl, Session, Unencrypted};

use super::World;
use crate::{
    neighbourhood::Occupant,
    plan::Goal,
    recorder::{Check, check},
};

/// How long a search may take, unless a server is starting.
const LONGEST: Duration = Duration::from_secs(10);
/// A server that is starting is asked again after a minute at most, and has four seconds to answer.
const LAST_TRY: Duration = Duration::from_secs(64);

pub(super) fn of_found(world: &World, found: &Found) -> Check {
    let World { plan, servers, .. } = world;
    let known = [0, 1].map(|number| servers.get(number).server_id());
    let is_guess = candidates(world).len() > 1;
    for server in found.servers() {
        let id = &server.info().id;
        check(known.contains(&&**id), || format!("nobody is {id}"))?;
        let url = server.url();
        let is_consented = is_guess && url.as_ref().is_ok_and(|url| !url.is_encrypted());
        check(!is_consented, || format!("nobody agreed to {}", server.address()))?;
        let url = url.unwrap_or_else(Unencrypted::accept);
        check(is_jellyfin(world, &url), || format!("nobody is at {url}"))?;
    }
    let best = found.servers().first().map(Server::address);
    if plan.is_calm {
        let mut all = candidates(world);
        all.retain(|url| is_jellyfin(world, url));
        // Stable: among equals the better guess comes first.
        all.sort_by_key(|url| !url.is_encrypted());
        let expected = all.first().map(ServerUrl::as_str);
        check(best == expected, || format!("{expected:?} is better than {best:?}"))?;
    }
    in_time(world)
}

/// Where the server of a session was found: at the first address in its order.
pub(super) fn of_session(world: &World, session: &Session) -> Check {
    let server = session.server();
    check(is_jellyfin(world, server), || format!("nobody is at {server}"))?;
    let expected = candidates(world).into_iter().find(|url| is_jellyfin(world, url));
    check(!world.plan.is_calm || expected.as_ref() == Some(server), || {
        format!("{expected:?} is better than {server}")
    })
}

pub(super) fn of_failure(world: &World, tried: &[Attempt]) -> Check {
    let candidates = candidates(world);
    check(tried.len() == candidates.len(), || format!("{} addresses were tried", tried.len()))?;
    for url in &candidates {
        let attempt = tried.iter().find(|attempt| attempt.url == *url);
        let attempt = attempt.ok_or_else(|| format!("{url} was not tried"))?;
        if world.plan.is_calm {
            check(names_occupant(world, attempt), || format!("{attempt:?} is not so"))?;
        }
    }
    // A session's server is known to exist: it is waited for as any other.
    if world.plan.goal == Goal::FindServer { in_time(world) } else { Ok(()) }
}

fn names_occupant(world: &World, attempt: &Attempt) -> bool {
    use jellyfin_auth::Failure;
    let failure = match &attempt.error {
        Error::NoAnswer { failure, .. } => Some(*failure),
        _ => None,
    };
    match occupant(world, &attempt.url) {
        Occupant::Jellyfin => attempt.error == Error::ServerNotSetUp,
        Occupant::HomePage | Occupant::NotFound => attempt.error == Error::NotJellyfin,
        Occupant::Nobody => failure == Some(Failure::Unreachable),
        Occupant::Silence => failure == Some(Failure::Timeout),
        Occupant::BadTls => failure == Some(Failure::Tls),
    }
}

/// Time that the program's clock skipped or slept through doesn't count.
fn in_time(world: &World) -> Check {
    let World { plan, facts, clock, .. } = world;
    let most = if facts.was_starting { LONGEST + plan.policy.patience + LAST_TRY } else { LONGEST };
    let took = clock.elapsed().saturating_sub(clock.skipped());
    check(took <= most, || format!("the search took {took:?}"))
}

fn candidates(world: &World) -> Vec<ServerUrl> {
    world.plan.addresses()
}

fn occupant(world: &World, url: &ServerUrl) -> Occupant {
    let scheme = if url.is_encrypted() { "https" } else { "http" };
    world.plan.neighbourhood.at(scheme, url.port())
}

fn is_jellyfin(world: &World, url: &ServerUrl) -> bool {
    occupant(world, url) == Occupant::Jellyfin
}
