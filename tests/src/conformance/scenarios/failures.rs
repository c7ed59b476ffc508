//! No answer comes, and the driver reports why.

use std::time::Duration;

use jellyfin_auth::{Failure, Login};

use super::flows::signed_in;
use crate::{
    conformance::{
        bench::{Bench, Complaint, Finding, SOON, ensure},
        jellyfin::{AUTHENTICATE, Jellyfin, PROBE, answer, plainly},
    },
    raw_server::{Authority, Conduct, FullBacklog, Move, refused_port, wire},
};

const TIMEOUT: Duration = Duration::from_secs(1);
/// How late a driver may notice that the time is over: less than it takes to come to any other end.
const LATE: Duration = Duration::from_secs(6);

/// A login against this server ends in time, with a timeout.
fn times_out(bench: &Bench, conduct: Conduct) -> Finding {
    let server = bench.serve(conduct);
    let end = bench.password(&server.url()).timeout(TIMEOUT).end()?;
    end.no_answer(&[Failure::Timeout])?;
    end.within(TIMEOUT + LATE)?;
    ensure!(end.took + Duration::from_millis(50) >= TIMEOUT, "the timeout was {TIMEOUT:?}; {end}");
    let closed = server.traffic().wait_until_all_are_closed(SOON);
    ensure!(closed, "the connection was to be closed after the timeout");
    Ok(())
}

/// A login whose probe meets this ends with one of these failures, long before the timeout.
fn fails(bench: &Bench, conduct: Conduct, failures: &[Failure]) -> Finding {
    let server = bench.serve(conduct);
    let end = bench.password(&server.url()).end()?;
    end.no_answer(failures)?;
    end.within(SOON)
}

fn probe_meets(moves: Vec<Move>) -> Conduct {
    Jellyfin::new().but(PROBE, moves).conduct()
}

/// The first bytes of a good answer to the probe.
fn beginning(chunked: bool, of_body: usize) -> Vec<u8> {
    let response = answer(PROBE, true);
    let mut bytes = if chunked { wire::chunked(&response) } else { wire::with_length(&response) };
    let head = bytes.windows(4).position(|four| four == b"\r\n\r\n").unwrap_or_default() + 4;
    bytes.truncate(head + of_body);
    bytes
}

pub(super) fn a_refused_port_is_unreachable(bench: &Bench) -> Finding {
    let end = bench.password(&format!("http://{}", refused_port())).end()?;
    end.no_answer(&[Failure::Unreachable])?;
    end.within(SOON)
}

pub(super) fn an_unknown_host_is_unreachable(bench: &Bench) -> Finding {
    // Reserved for this: no name server may know it (RFC 6761).
    let end = bench.password("http://nobody.invalid").end()?;
    end.no_answer_but(Failure::HostNotFound, &[Failure::Unreachable])
}

pub(super) fn a_full_backlog_times_out(bench: &Bench) -> Finding {
    let Some(full) = FullBacklog::start() else {
        return Err(Complaint::Impossible("a full queue of connections refuses here"));
    };
    let end = bench.password(&format!("http://{}", full.address())).timeout(TIMEOUT).end()?;
    // Nothing was sent, and the time is over: both are true, and the first says more.
    end.no_answer_but(Failure::Unreachable, &[Failure::Timeout])?;
    end.within(TIMEOUT + LATE)
}

pub(super) fn a_black_hole_times_out(bench: &Bench) -> Finding {
    times_out(bench, probe_meets(vec![Move::Hold]))
}

pub(super) fn a_head_in_drips_times_out(bench: &Bench) -> Finding {
    let bytes = wire::with_length(&answer(PROBE, true));
    let every = Duration::from_millis(200);
    times_out(bench, probe_meets(vec![Move::Drip { bytes, every }]))
}

pub(super) fn a_body_in_drips_times_out(bench: &Bench) -> Finding {
    let response = answer(PROBE, true);
    let head = wire::head(&response, &format!("Content-Length: {}\r\n", response.body().len()));
    let every = Duration::from_millis(200);
    let drip = Move::Drip { bytes: response.into_body(), every };
    times_out(bench, probe_meets(vec![Move::Send(head), drip]))
}

pub(super) fn the_timeout_covers_the_whole_exchange(bench: &Bench) -> Finding {
    // Each part alone would be in time.
    let most = TIMEOUT * 7 / 10;
    let moves = vec![
        Move::Pause(most),
        Move::Send(beginning(false, 5)),
        Move::Pause(most),
        Move::Send(answer(PROBE, true).into_body()[5..].to_vec()),
        Move::Hold,
    ];
    times_out(bench, probe_meets(moves))
}

pub(super) fn a_slow_answer_within_the_timeout_is_waited_for(bench: &Bench) -> Finding {
    let mut moves = vec![Move::Pause(Duration::from_millis(1500))];
    moves.extend(plainly(&answer(PROBE, true)));
    let server = bench.serve(probe_meets(moves));
    signed_in(bench.password(&server.url()).end()?)
}

/// A user name (it needs no wiping) of more than the buffers between two programs on one machine hold while one of them doesn't read.
pub(super) fn huge_name() -> String {
    "x".repeat(3 * 1024 * 1024)
}

pub(super) fn a_server_that_reads_nothing_times_out(bench: &Bench) -> Finding {
    const IGNORED: Duration = Duration::from_secs(8);
    let server = bench.serve(
        Jellyfin::new()
            .conduct()
            .greeting(|_| vec![Move::Ignore(IGNORED), Move::Reset])
            .receive_buffer(4096),
    );
    let login = bench.plan(&server.url(), |server, device| {
        Login::password(server, device, huge_name(), "wonderland").expect("the name isn't blank")
    });
    let end = login.policy(|policy| policy.probe = false).timeout(TIMEOUT).end()?;
    end.no_answer(&[Failure::Timeout])?;
    // Writing megabytes down takes a busy machine seconds before the time of the request begins.
    end.within(IGNORED.saturating_sub(TIMEOUT))
}

pub(super) fn a_reset_before_the_request_is_no_answer(bench: &Bench) -> Finding {
    let conduct = Jellyfin::new().conduct().greeting(|_| vec![Move::Reset]);
    // Whether anything was sent is a matter of microseconds.
    fails(bench, conduct, &[Failure::Interrupted, Failure::Unreachable])
}

pub(super) fn a_reset_after_the_request_is_interrupted(bench: &Bench) -> Finding {
    fails(bench, probe_meets(vec![Move::Reset]), &[Failure::Interrupted])
}

pub(super) fn an_end_without_an_answer_is_interrupted(bench: &Bench) -> Finding {
    fails(bench, probe_meets(vec![Move::Close]), &[Failure::Interrupted])
}

pub(super) fn a_cut_off_head_is_interrupted(bench: &Bench) -> Finding {
    let moves = vec![Move::send("HTTP/1.1 200 OK\r\nContent-Ty"), Move::Close];
    fails(bench, probe_meets(moves), &[Failure::Interrupted])
}

pub(super) fn a_cut_off_body_is_interrupted(bench: &Bench) -> Finding {
    let moves = vec![Move::Send(beginning(false, 20)), Move::Close];
    fails(bench, probe_meets(moves), &[Failure::Interrupted])
}

pub(super) fn a_cut_off_chunked_body_is_interrupted(bench: &Bench) -> Finding {
    let moves = vec![Move::Send(beginning(true, 20)), Move::Close];
    fails(bench, probe_meets(moves), &[Failure::Interrupted])
}

pub(super) fn a_reset_in_the_body_is_interrupted(bench: &Bench) -> Finding {
    let moves = vec![
        Move::Send(beginning(false, 20)),
        Move::Pause(Duration::from_millis(100)),
        Move::Reset,
    ];
    fails(bench, probe_meets(moves), &[Failure::Interrupted])
}

/// A password that meets this is sent once, and the login ends.
fn sent_once(bench: &Bench, moves: Vec<Move>) -> Finding {
    let server = bench.serve(Jellyfin::new().but(AUTHENTICATE, moves).conduct());
    let generous = |policy: &mut jellyfin_auth::Policy| policy.retries = 3;
    let end = bench.password(&server.url()).policy(generous).end()?;
    end.no_answer(&[Failure::Interrupted])?;
    let sent = server.traffic().requests_for(AUTHENTICATE).len();
    ensure!(sent == 1, "the password was to be sent once; it was sent {sent} times");
    Ok(())
}

pub(super) fn a_password_cut_off_is_never_sent_again(bench: &Bench) -> Finding {
    sent_once(bench, vec![Move::Close])
}

pub(super) fn a_password_that_was_reset_is_never_sent_again(bench: &Bench) -> Finding {
    sent_once(bench, vec![Move::Reset])
}

/// A password whose sending breaks off half-way may have arrived.
fn half_sent(bench: &Bench, authority: Option<&Authority>) -> Finding {
    let conduct = Jellyfin::new().conduct().receive_buffer(4096).resetting_bodies_at(64 * 1024);
    let conduct = match authority {
        Some(authority) => conduct.tls(&authority.identity(&["127.0.0.1"])),
        None => conduct,
    };
    let server = bench.serve(conduct);
    let mut plan = bench.plan(&server.url(), |server, device| {
        Login::password(server, device, huge_name(), "wonderland").expect("the name isn't blank")
    });
    if let Some(authority) = authority {
        plan = plan.trusting(authority.pem());
    }
    let plan = plan.policy(|policy| {
        policy.probe = false;
        policy.retries = 3;
        policy.patience = Duration::from_secs(5);
    });
    plan.end()?.no_answer(&[Failure::Interrupted])?;
    let used = server.traffic().connections().len();
    ensure!(used == 1, "the password was to be sent once; {used} connections were made");
    Ok(())
}

pub(super) fn a_password_half_sent_is_never_sent_again(bench: &Bench) -> Finding {
    half_sent(bench, None)
}

pub(super) fn https_a_password_half_sent_is_never_sent_again(bench: &Bench) -> Finding {
    half_sent(bench, Some(&bench.authority()?))
}
