//! Kept-alive connections, alive and dead.

use std::time::{Duration, Instant};

use jellyfin_auth::{Failure, WaitReason};

use super::flows::signed_in;
use crate::{
    answer::ResponseExt as _,
    conformance::{
        bench::{Bench, Finding, SOON, ensure},
        end::End,
        jellyfin::{AUTHENTICATE, ENABLED, Jellyfin, POLL, PROBE, answer, plainly},
    },
    raw_server::{Closed, Move, wire},
};

/// Every wait was for the code and for nothing else.
fn undisturbed(end: End) -> Finding {
    let reasons: Vec<_> = end.waits.iter().map(jellyfin_auth::Wait::reason).collect();
    signed_in(end)?;
    let fine = reasons.iter().all(|reason| *reason == WaitReason::Approval);
    ensure!(fine, "no poll was to fail; the waits were for {reasons:?}");
    Ok(())
}

pub(super) fn a_login_keeps_its_connection_between_polls(bench: &Bench) -> Finding {
    let server = bench.serve(Jellyfin::new().approving_at_poll(3).conduct());
    undisturbed(bench.quick_connect(&server.url()).end()?)?;
    let used = server.traffic().connections().len();
    ensure!(used == 1, "one connection was to be enough; {used} were made");
    Ok(())
}

pub(super) fn https_a_login_keeps_its_connection_between_polls(bench: &Bench) -> Finding {
    let authority = bench.authority()?;
    let conduct = Jellyfin::new().approving_at_poll(3).conduct();
    let server = bench.serve(conduct.tls(&authority.identity(&["127.0.0.1"])));
    undisturbed(bench.quick_connect(&server.url()).trusting(authority.pem()).end()?)?;
    let used = server.traffic().connections().len();
    ensure!(used == 1, "one connection was to be enough; {used} were made");
    Ok(())
}

pub(super) fn https_each_request_on_a_connection_has_its_own_time(bench: &Bench) -> Finding {
    let authority = bench.authority()?;
    let conduct = Jellyfin::new().approving_at_poll(5).conduct();
    let server = bench.serve(conduct.tls(&authority.identity(&["127.0.0.1"])));
    let login = bench.quick_connect(&server.url()).trusting(authority.pem());
    // All polls together take longer.
    undisturbed(login.timeout(Duration::from_secs(4)).end()?)
}

pub(super) fn a_finished_login_leaves_no_connection(bench: &Bench) -> Finding {
    let server = bench.serve(Jellyfin::new().conduct());
    signed_in(bench.password(&server.url()).end()?)?;
    let closed = server.traffic().wait_until_all_are_closed(Duration::from_secs(5));
    ensure!(closed, "a connection was left open");
    Ok(())
}

/// Between two polls, while a connection is idle: much more than it takes to end it.
const IDLE: Duration = Duration::from_secs(2);

/// Ends the connection like this while it is idle, after each poll that isn't the last.
fn idle_end(bench: &Bench, ending: Vec<Move>) -> Finding {
    let server = bench.serve(dying_idle(ending).conduct());
    let login = bench.quick_connect(&server.url()).policy(|policy| policy.poll_interval = IDLE);
    undisturbed(login.end()?)
}

fn dying_idle(ending: Vec<Move>) -> Jellyfin {
    Jellyfin::new().approving_at_poll(3).but_when(POLL, move |_, count| {
        let mut moves = plainly(&answer(POLL, false));
        moves.push(Move::Pause(Duration::from_millis(200)));
        moves.extend(ending.clone());
        (count < 3).then_some(moves)
    })
}

pub(super) fn a_connection_that_ended_idle_is_replaced(bench: &Bench) -> Finding {
    idle_end(bench, vec![Move::Close])
}

pub(super) fn a_connection_that_was_reset_idle_is_replaced(bench: &Bench) -> Finding {
    idle_end(bench, vec![Move::Reset])
}

/// What a server says to a connection on which nothing was asked for too long.
const STRAY: &str =
    "HTTP/1.1 408 Request Timeout\r\nConnection: close\r\nContent-Length: 0\r\n\r\n";

pub(super) fn a_stray_408_is_no_answer_to_the_next_request(bench: &Bench) -> Finding {
    idle_end(bench, vec![Move::send(STRAY), Move::Close])
}

pub(super) fn a_stray_408_on_an_open_connection_is_no_answer(bench: &Bench) -> Finding {
    idle_end(bench, vec![Move::send(STRAY), Move::Hold])
}

/// The same over TLS.
fn secure_idle_end(bench: &Bench, ending: Vec<Move>) -> Finding {
    let authority = bench.authority()?;
    let conduct = dying_idle(ending).conduct();
    let server = bench.serve(conduct.tls(&authority.identity(&["127.0.0.1"])));
    let login = bench.quick_connect(&server.url()).policy(|policy| policy.poll_interval = IDLE);
    undisturbed(login.trusting(authority.pem()).end()?)
}

pub(super) fn https_a_connection_that_ended_idle_is_replaced(bench: &Bench) -> Finding {
    secure_idle_end(bench, vec![Move::Close])
}

pub(super) fn https_a_connection_that_was_cut_idle_is_replaced(bench: &Bench) -> Finding {
    secure_idle_end(bench, vec![Move::Cut])
}

pub(super) fn https_a_connection_that_said_goodbye_idle_is_replaced(bench: &Bench) -> Finding {
    secure_idle_end(bench, vec![Move::CloseNotify, Move::Hold])
}

/// A poll that was never asked for, and would end the login with an error.
const STRAY_200: &str = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n[]";

pub(super) fn a_stray_200_is_no_answer_to_the_next_request(bench: &Bench) -> Finding {
    idle_end(bench, vec![Move::send(STRAY_200), Move::Hold])
}

pub(super) fn https_a_stray_200_is_no_answer_to_the_next_request(bench: &Bench) -> Finding {
    secure_idle_end(bench, vec![Move::send(STRAY_200), Move::Hold])
}

pub(super) fn https_session_tickets_without_end_hold_nothing_up(bench: &Bench) -> Finding {
    let began = Instant::now();
    secure_idle_end(bench, vec![Move::SessionTickets])?;
    let took = began.elapsed();
    ensure!(took < IDLE * 3 + SOON, "three polls, {IDLE:?} apart, took {took:?}");
    Ok(())
}

pub(super) fn bytes_behind_an_answer_are_no_answer(bench: &Bench) -> Finding {
    let mut both = wire::with_length(&answer(ENABLED, true));
    both.extend(b"HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n");
    let server = bench.serve(Jellyfin::new().but(ENABLED, vec![Move::Send(both)]).conduct());
    undisturbed(bench.quick_connect(&server.url()).end()?)
}

pub(super) fn connection_close_is_obeyed(bench: &Bench) -> Finding {
    let framed = Jellyfin::new().framed(|response| {
        let response = response.clone().with_header("connection", "close");
        vec![Move::Send(wire::with_length(&response)), Move::Hold]
    });
    let server = bench.serve(framed.conduct());
    undisturbed(bench.quick_connect(&server.url()).end()?)
}

pub(super) fn http_1_0_closes_unless_it_says_otherwise(bench: &Bench) -> Finding {
    let framed = Jellyfin::new().framed(|response| {
        let mut bytes = wire::with_length(response);
        bytes[..8].copy_from_slice(b"HTTP/1.0");
        vec![Move::Send(bytes), Move::Hold]
    });
    let server = bench.serve(framed.conduct());
    undisturbed(bench.quick_connect(&server.url()).end()?)
}

pub(super) fn a_keep_alive_timeout_is_obeyed(bench: &Bench) -> Finding {
    let framed = Jellyfin::new().approving_at_poll(3).framed(|response| {
        let response = response.clone().with_header("keep-alive", "timeout=2");
        vec![Move::Send(wire::with_length(&response))]
    });
    let server = bench.serve(framed.conduct());
    let slow = |policy: &mut jellyfin_auth::Policy| {
        policy.poll_interval = Duration::from_millis(1300);
    };
    undisturbed(bench.quick_connect(&server.url()).policy(slow).end()?)?;
    // A server that closes after two seconds may do so while a request is on its way: after one
    // second it is safer to go without it. Each poll comes after a longer wait.
    let polls = server.traffic().requests_for(POLL);
    let kept = polls.iter().filter(|poll| poll.earlier() > 0).count();
    ensure!(kept == 0, "{kept} polls came on a connection that was idle for 1.3 s of at most 2 s");
    Ok(())
}

/// Polls on a connection that was used before get no answer.
fn lost_when_reused(bench: &Bench, ending: Move) -> Finding {
    let server = bench.serve(
        Jellyfin::new()
            .approving_at_poll(2)
            .but_when(POLL, move |request, _| (request.earlier() > 0).then(|| vec![ending.clone()]))
            .conduct(),
    );
    undisturbed(bench.quick_connect(&server.url()).end()?)
}

pub(super) fn a_poll_lost_on_a_kept_connection_is_sent_again(bench: &Bench) -> Finding {
    lost_when_reused(bench, Move::Close)
}

pub(super) fn a_poll_reset_on_a_kept_connection_is_sent_again(bench: &Bench) -> Finding {
    lost_when_reused(bench, Move::Reset)
}

pub(super) fn a_request_sent_again_has_what_is_left_of_its_time(bench: &Bench) -> Finding {
    const TIMEOUT: Duration = Duration::from_secs(3);
    let late = vec![Move::Pause(TIMEOUT * 7 / 10), Move::Close];
    let conduct = Jellyfin::new().approving_at_poll(3).but_when(POLL, move |request, count| {
        let moves = if request.earlier() > 0 { late.clone() } else { vec![Move::Hold] };
        (count <= 2).then_some(moves)
    });
    let server = bench.serve(conduct.conduct());
    let login = bench.quick_connect(&server.url()).timeout(TIMEOUT);
    signed_in(login.end()?)?;
    let polls = server.traffic().requests_for(POLL);
    let [first, second, ..] = polls.as_slice() else { return Ok(()) };
    if first.earlier() == 0 {
        // A driver that keeps no connection sends nothing again.
        return Ok(());
    }
    let connections = server.traffic().connections();
    let closed = connections[second.connection()].closed.as_ref().map(Closed::at);
    let took = closed.map(|at| at.saturating_duration_since(first.arrived()));
    let in_time = took.is_some_and(|took| took < TIMEOUT * 3 / 2);
    ensure!(in_time, "a poll and its second attempt were to take {TIMEOUT:?}, not {took:?}");
    Ok(())
}

pub(super) fn a_poll_lost_on_a_new_connection_is_the_logins_to_repeat(bench: &Bench) -> Finding {
    let framed = Jellyfin::new()
        .framed(|response| vec![Move::Send(wire::until_close(response)), Move::Close]);
    let server = bench.serve(framed.but_first(POLL, vec![Move::Close]).conduct());
    let end = bench.quick_connect(&server.url()).end()?;
    let reasons: Vec<_> = end.waits.iter().map(jellyfin_auth::Wait::reason).collect();
    signed_in(end)?;
    let wanted = [WaitReason::Approval, WaitReason::NoAnswer(Failure::Interrupted)];
    ensure!(reasons == wanted, "the waits were to be for {wanted:?}, not for {reasons:?}");
    Ok(())
}

pub(super) fn a_password_never_goes_on_a_dead_connection(bench: &Bench) -> Finding {
    let mut moves = plainly(&answer(PROBE, true));
    moves.push(Move::Close);
    for _ in 0..10 {
        let server = bench.serve(Jellyfin::new().but(PROBE, moves.clone()).conduct());
        signed_in(bench.password(&server.url()).end()?)?;
        let sent = server.traffic().requests_for(AUTHENTICATE).len();
        ensure!(sent == 1, "the password was to be sent once; it was sent {sent} times");
    }
    Ok(())
}
