//! A driver that an app keeps: each run goes its own way.

use std::{
    sync::{Arc, mpsc},
    thread,
    time::Duration,
};

use jellyfin_auth::{Discovery, Error, Failure, Login, Policy};

use crate::conformance::{
    app::{App, came_on, controls, is_cancelled},
    bench::{Bench, Complaint, Finding, SOON, device, ensure},
    driver::{Command, Controls, Ended, OnWait},
    jellyfin::{INITIATE, Jellyfin, PROBE},
    kept::Call,
};
use crate::raw_server::{FullBacklog, Move, refused_port};

/// Cancels as soon as a wait is shown.
fn cancelling() -> Controls {
    let cancel: OnWait = Arc::new(|controls: &Controls| controls.give(Command::Cancel));
    Controls::new(mpsc::channel().0, Some(cancel))
}

fn by_quick_connect(app: &App) -> Login {
    let mut policy = Policy::default();
    policy.poll_interval = Duration::from_secs(1);
    Login::quick_connect(app.server.clone(), device()).with_policy(policy)
}

pub(super) fn kept_driver_signs_in_by_password_after_a_cancel(bench: &Bench) -> Finding {
    let server = bench.serve(Jellyfin::new().conduct());
    let mut app = App::new(bench, &server)?;
    let ended = app.driver.sign_in(&mut by_quick_connect(&app), &cancelling());
    ensure!(is_cancelled(&ended), "the login was to end as cancelled: {ended:?}");
    ensure!(server.traffic().wait_until_all_are_closed(SOON), "it left a connection open");
    let mut login = Login::password(app.server.clone(), device(), "alice", "wonderland")
        .expect("the name isn't blank");
    let ended = app.driver.sign_in(&mut login, &controls());
    ensure!(ended.is_ok(), "the next login was to succeed: {ended:?}");
    Ok(())
}

pub(super) fn kept_driver_asks_anew_after_a_request_that_was_cut(bench: &Bench) -> Finding {
    let server = bench.serve(
        Jellyfin::new()
            .but_when(PROBE, |request, _| (request.connection() == 0).then(|| vec![Move::Hold]))
            .conduct(),
    );
    let mut app = App::new(bench, &server)?;
    let controls = controls();
    let mut login = by_quick_connect(&app);
    let ended = thread::scope(|scope| {
        scope.spawn(|| {
            server.traffic().wait_for_request(SOON, PROBE);
            controls.give(Command::Cancel);
        });
        app.driver.sign_in(&mut login, &controls)
    });
    ensure!(is_cancelled(&ended), "the login was to end as cancelled: {ended:?}");
    if !matches!(ended, Err(Ended::Dropped)) {
        let again = app.driver.sign_in(&mut login, &self::controls());
        ensure!(is_cancelled(&again), "a login that was cancelled went on: {again:?}");
    }
    app.answered(Call::ServerInfo)?;
    let requests = server.traffic().requests().len();
    ensure!(requests == 2, "two requests were to arrive, not {requests}");
    Ok(())
}

pub(super) fn kept_driver_hears_no_command_of_an_ended_run(bench: &Bench) -> Finding {
    let server = bench.serve(Jellyfin::new().conduct());
    let mut app = App::new(bench, &server)?;
    let old = controls();
    let ended = app.call_with(Call::ServerInfo, &old);
    ensure!(ended.is_ok(), "the request was to be answered: {ended:?}");
    old.give(Command::Cancel);
    app.answered(Call::ServerInfo)
}

pub(super) fn kept_driver_cancelled_before_its_run_sends_nothing(bench: &Bench) -> Finding {
    let server = bench.serve(Jellyfin::new().conduct());
    let mut app = App::new(bench, &server)?;
    let controls = controls();
    controls.give(Command::Cancel);
    let ended = app.driver.sign_in(&mut by_quick_connect(&app), &controls);
    ensure!(is_cancelled(&ended), "the login was to end as cancelled: {ended:?}");
    came_on(&server, &[])?;
    app.answered(Call::ServerInfo)
}

/// Dropping the future leaves the login as it is; cancelling ends it, and it stays so.
pub(super) fn kept_driver_goes_on_with_a_login_that_was_lent(bench: &Bench) -> Finding {
    let server = bench.serve(Jellyfin::new().conduct());
    let mut app = App::new(bench, &server)?;
    let mut login = by_quick_connect(&app);
    let first = app.driver.sign_in(&mut login, &cancelling());
    ensure!(is_cancelled(&first), "the login was to end as cancelled: {first:?}");
    let again = app.driver.sign_in(&mut login, &controls());
    let is_dropped = matches!(first, Err(Ended::Dropped));
    let right = if is_dropped { again.is_ok() } else { is_cancelled(&again) };
    ensure!(right, "after {first:?} the same login ended with {again:?}");
    let codes = server.traffic().requests_for(INITIATE).len();
    ensure!(codes == 1, "the login was to have one code, not {codes}");
    Ok(())
}

pub(super) fn kept_driver_runs_a_search(bench: &Bench) -> Finding {
    let server = bench.serve(Jellyfin::new().conduct());
    let mut app = App::new(bench, &server)?;
    let refused = format!("https://{}", refused_port()).parse().expect("it is an address");
    let search = Discovery::among(vec![refused, app.server.clone()], device());
    let found = app.driver.search(search, &controls());
    let found = found.map(|found| found.into_best().address().to_owned());
    let right = found.as_ref().is_ok_and(|found| *found == server.url());
    ensure!(right, "the server was to be found: {found:?}");
    Ok(())
}

pub(super) fn kept_driver_tells_the_failures_of_a_search_apart(bench: &Bench) -> Finding {
    let Some(full) = FullBacklog::start() else {
        return Err(Complaint::Impossible("a full queue of connections refuses here"));
    };
    let silent = bench.serve(Jellyfin::new().but(PROBE, vec![Move::Hold]).conduct());
    let mut app = App::new(bench, &silent)?;
    let unsent = format!("http://{}", full.address()).parse().expect("it is an address");
    let search = Discovery::among(vec![unsent, app.server.clone()], device());
    let ended = app.driver.search(search, &controls());
    let Err(Ended::Login { error: Error::NoServer { tried, .. }, .. }) = &ended else {
        return Err(Complaint::Broken(format!("no server was to be found: {ended:?}")));
    };
    for attempt in tried {
        let is_silent = attempt.url.port() == silent.address().port();
        let exact = if is_silent { Failure::Timeout } else { Failure::Unreachable };
        let right = attempt.error == Error::from(exact) || !bench.driver().is_exact(exact);
        ensure!(right, "{} was to end with {exact:?}: {tried:?}", attempt.url);
    }
    Ok(())
}
