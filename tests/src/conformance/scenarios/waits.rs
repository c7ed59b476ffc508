//! What the user sees and can do while a login waits.

use std::{
    sync::{Arc, Mutex, PoisonError},
    thread,
    time::{Duration, Instant},
};

use jellyfin_auth::Policy;

use super::flows::signed_in;
use crate::{
    answer::{ResponseExt as _, unmarked},
    conformance::{
        bench::{Bench, Finding, Plan, ensure},
        driver::Command,
        jellyfin::{INITIATE, Jellyfin, POLL, PROBE, answer, plainly},
    },
    raw_server::{Move, RawServer},
};

const INTERVAL: Duration = Duration::from_secs(3);

fn polling(bench: &Bench, server: &RawServer, interval: Duration) -> Plan {
    bench.quick_connect(&server.url()).policy(|policy| policy.poll_interval = interval)
}

pub(super) fn next_pressed_while_a_wait_is_shown_counts(bench: &Bench) -> Finding {
    let interval = INTERVAL * 5;
    let server = bench.serve(Jellyfin::new().conduct());
    let login = polling(bench, &server, interval).on_wait(|on| on.give(Command::CheckNow));
    let end = login.end()?;
    end.within(interval)?;
    signed_in(end)
}

pub(super) fn next_pressed_before_a_wait_is_forgotten(bench: &Bench) -> Finding {
    let mut late = vec![Move::Pause(Duration::from_millis(500))];
    late.extend(plainly(&answer(INITIATE, false)));
    let server = bench.serve(Jellyfin::new().but(INITIATE, late).conduct());
    let mut login = polling(bench, &server, INTERVAL).start();
    login.until(server.traffic(), "Initiate", |connections| {
        connections.iter().flat_map(|one| &one.requests).any(|one| one.path() == INITIATE)
    })?;
    login.check_now();
    signed_in(login.end()?)?;
    let arrived = |path| server.traffic().requests_for(path)[0].arrived();
    let apart = arrived(POLL) - arrived(INITIATE);
    ensure!(apart >= INTERVAL, "nobody pressed \"next\" in the wait, which ended after {apart:?}");
    Ok(())
}

pub(super) fn next_that_comes_too_early_shows_no_new_wait(bench: &Bench) -> Finding {
    let busy = unmarked(503).with_header("retry-after", "2");
    let server = bench.serve(Jellyfin::new().but_first(PROBE, plainly(&busy)).conduct());
    let patient = |policy: &mut Policy| policy.patience = Duration::from_secs(60);
    let mut login = bench.password(&server.url()).policy(patient).start();
    login.next_wait()?;
    for _ in 0..5 {
        login.check_now();
        thread::sleep(Duration::from_millis(100));
    }
    let end = login.end()?;
    let more = end.waits.len();
    signed_in(end)?;
    ensure!(more == 0, "the same wait was shown {more} times more");
    let probes = server.traffic().requests_for(PROBE);
    let apart = probes[1].arrived() - probes[0].arrived();
    ensure!(apart >= Duration::from_secs(2), "the server was asked again after {apart:?}");
    Ok(())
}

pub(super) fn a_wait_is_counted_from_before_it_is_shown(bench: &Bench) -> Finding {
    let shown = Arc::new(Mutex::new(None));
    let first = Arc::clone(&shown);
    let server = bench.serve(Jellyfin::new().conduct());
    let login = polling(bench, &server, INTERVAL).on_wait(move |_| {
        first.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert_with(Instant::now);
        thread::sleep(INTERVAL);
    });
    signed_in(login.end()?)?;
    let polled = server.traffic().requests_for(POLL)[0].arrived();
    let shown = shown.lock().unwrap_or_else(PoisonError::into_inner).unwrap_or(polled);
    let apart = polled - shown;
    let both = INTERVAL * 2;
    ensure!(apart < both, "a wait of {INTERVAL:?}, shown for as long, took {apart:?}");
    Ok(())
}

pub(super) fn cancelled_while_a_wait_is_shown_is_cancelled(bench: &Bench) -> Finding {
    let server = bench.serve(Jellyfin::new().conduct());
    let login = polling(bench, &server, INTERVAL).on_wait(|on| on.give(Command::Cancel));
    login.end()?.cancelled()?;
    let polls = server.traffic().requests_for(POLL).len();
    ensure!(polls == 0, "nothing more was to be asked; {polls} polls came");
    Ok(())
}
