//! Cancelling, or dropping the future, at every point where a driver waits: it ends at once, and so
//! does the connection.

use std::{
    thread,
    time::{Duration, Instant},
};

use jellyfin_auth::Login;

use super::failures::huge_name;
use crate::{
    answer::unmarked,
    conformance::{
        bench::{Bench, Complaint, Finding, Plan, Running, SOON, ensure},
        jellyfin::{
            AUTHENTICATE, ENABLED, EXCHANGE, INITIATE, Jellyfin, POLL, PROBE, answer, plainly,
        },
        yardstick::Yardstick,
    },
    raw_server::{Conduct, FullBacklog, Move, RawServer, Traffic, wire},
};

/// How long a driver may take to notice, and a socket to close, on a machine that is never late.
const AT_ONCE: Duration = Duration::from_millis(200);
/// Until a driver has come to where it waits.
const SETTLED: Duration = Duration::from_millis(50);

/// Cancels a login that waits. Its end, and the end of its connections, are not to be late.
fn cancel(login: Running, traffic: Option<&Traffic>) -> Finding {
    thread::sleep(SETTLED);
    let yardstick = Yardstick::start();
    let cancelled = Instant::now();
    login.cancel();
    let end = login.end()?;
    end.cancelled()?;
    let ended = end.at.saturating_duration_since(cancelled);
    let mut closed = Duration::ZERO;
    if let Some(traffic) = traffic {
        ensure!(traffic.wait_until_all_are_closed(SOON), "cancelling left a connection open");
        let ends = traffic.connections().into_iter().filter_map(|one| one.closed);
        let last = ends.map(|closed| closed.at()).max().unwrap_or(cancelled);
        closed = last.saturating_duration_since(cancelled);
    }
    let allowed = yardstick.allowance(AT_ONCE);
    ensure!(ended <= allowed, "cancelling was to end the login in {allowed:?}; it took {ended:?}");
    ensure!(
        closed <= allowed,
        "the server was to see its end {allowed:?} after it was cancelled, not {closed:?}"
    );
    Ok(())
}

/// Cancels a login whose request for `path` is answered like this.
fn cancel_at(bench: &Bench, path: &'static str, moves: Vec<Move>) -> Finding {
    let server = bench.serve(Jellyfin::new().but(path, moves).conduct());
    let plan = if [PROBE, AUTHENTICATE].contains(&path) {
        bench.password(&server.url())
    } else {
        bench.quick_connect(&server.url())
    };
    cancel_asking(plan, &server, path)
}

fn cancel_asking(plan: Plan, server: &RawServer, path: &str) -> Finding {
    let mut login = plan.start();
    login.until(server.traffic(), path, |connections| {
        connections.iter().flat_map(|one| &one.requests).any(|request| request.path() == path)
    })?;
    cancel(login, Some(server.traffic()))
}

/// The same over TLS.
fn cancel_secure(bench: &Bench, path: &'static str, moves: Vec<Move>) -> Finding {
    let authority = bench.authority()?;
    let conduct: Conduct = Jellyfin::new().but(path, moves).conduct();
    let server = bench.serve(conduct.tls(&authority.identity(&["127.0.0.1"])));
    let plan = bench.password(&server.url()).trusting(authority.pem());
    cancel_asking(plan, &server, path)
}

fn part_of_a_head() -> Vec<Move> {
    vec![Move::send("HTTP/1.1 200 OK\r\nContent-Ty"), Move::Hold]
}

fn part_of_a_body() -> Vec<Move> {
    let mut bytes = wire::with_length(&answer(PROBE, true));
    bytes.truncate(bytes.len() - 20);
    vec![Move::Send(bytes), Move::Hold]
}

pub(super) fn cancelling_ends_a_connect(bench: &Bench) -> Finding {
    let Some(full) = FullBacklog::start() else {
        return Err(Complaint::Impossible("a full queue of connections refuses here"));
    };
    cancel(bench.password(&format!("http://{}", full.address())).start(), None)
}

pub(super) fn cancelling_ends_a_sending(bench: &Bench) -> Finding {
    let conduct = Jellyfin::new().conduct().receive_buffer(4096);
    let held = conduct.greeting(|_| vec![Move::Ignore(SOON), Move::Reset]);
    let server = bench.serve(held);
    let login = bench.plan(&server.url(), |server, device| {
        Login::password(server, device, huge_name(), "wonderland").expect("the name isn't blank")
    });
    let mut login = login.policy(|policy| policy.probe = false).start();
    login.until(server.traffic(), "a connection", |connections| !connections.is_empty())?;
    // A server that doesn't read can't see the end.
    cancel(login, None)
}

pub(super) fn cancelling_ends_the_wait_for_an_answer(bench: &Bench) -> Finding {
    cancel_at(bench, PROBE, vec![Move::Hold])
}

pub(super) fn cancelling_ends_a_password_under_way(bench: &Bench) -> Finding {
    cancel_at(bench, AUTHENTICATE, vec![Move::Hold])
}

pub(super) fn cancelling_ends_each_request_of_quick_connect(bench: &Bench) -> Finding {
    [ENABLED, INITIATE, POLL, EXCHANGE]
        .into_iter()
        .try_for_each(|path| cancel_at(bench, path, vec![Move::Hold]))
}

pub(super) fn cancelling_ends_an_answer_in_its_head(bench: &Bench) -> Finding {
    cancel_at(bench, PROBE, part_of_a_head())
}

pub(super) fn cancelling_ends_an_answer_in_its_body(bench: &Bench) -> Finding {
    cancel_at(bench, PROBE, part_of_a_body())
}

pub(super) fn cancelling_ends_an_endless_drip(bench: &Bench) -> Finding {
    let bytes = wire::with_length(&answer(PROBE, true));
    cancel_at(bench, PROBE, vec![Move::Drip { bytes, every: Duration::from_millis(20) }])
}

pub(super) fn cancelling_ends_a_wait(bench: &Bench) -> Finding {
    let server = bench.serve(Jellyfin::new().conduct());
    let patient =
        |policy: &mut jellyfin_auth::Policy| policy.poll_interval = Duration::from_secs(15);
    let mut login = bench.quick_connect(&server.url()).policy(patient).start();
    login.next_wait()?;
    cancel(login, Some(server.traffic()))
}

pub(super) fn cancelling_ends_a_pause_after_a_failure(bench: &Bench) -> Finding {
    let busy = plainly(&unmarked(503));
    let server = bench.serve(Jellyfin::new().but(PROBE, busy).conduct());
    let patient = |policy: &mut jellyfin_auth::Policy| policy.patience = Duration::from_secs(60);
    let mut login = bench.password(&server.url()).policy(patient).start();
    login.next_wait()?;
    cancel(login, Some(server.traffic()))
}

pub(super) fn https_cancelling_ends_a_handshake(bench: &Bench) -> Finding {
    let authority = bench.authority()?;
    let conduct = Jellyfin::new().conduct().greeting(|_| vec![Move::Hold]);
    let server = bench.serve(conduct.tls(&authority.identity(&["127.0.0.1"])));
    let mut login = bench.password(&server.url()).trusting(authority.pem()).start();
    login.until(server.traffic(), "a connection", |connections| !connections.is_empty())?;
    cancel(login, Some(server.traffic()))
}

pub(super) fn https_cancelling_ends_the_wait_for_an_answer(bench: &Bench) -> Finding {
    cancel_secure(bench, PROBE, vec![Move::Hold])
}

pub(super) fn https_cancelling_ends_an_answer_in_its_body(bench: &Bench) -> Finding {
    cancel_secure(bench, PROBE, part_of_a_body())
}

pub(super) fn https_cancelling_ends_a_flood_of_session_tickets(bench: &Bench) -> Finding {
    cancel_secure(bench, PROBE, vec![Move::SessionTickets])
}

pub(super) fn https_cancelling_ends_a_wait(bench: &Bench) -> Finding {
    let authority = bench.authority()?;
    let conduct = Jellyfin::new().conduct();
    let server = bench.serve(conduct.tls(&authority.identity(&["127.0.0.1"])));
    let patient =
        |policy: &mut jellyfin_auth::Policy| policy.poll_interval = Duration::from_secs(15);
    let login = bench.quick_connect(&server.url()).trusting(authority.pem());
    let mut login = login.policy(patient).start();
    login.next_wait()?;
    cancel(login, Some(server.traffic()))
}
