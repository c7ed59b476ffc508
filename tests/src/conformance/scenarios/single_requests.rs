//! A single request, outside of a login, keeps the same limits.

use std::thread;

use jellyfin_auth::Error;

use crate::{
    answer::unmarked,
    conformance::{
        app::{App, came_on, controls, is_cancelled},
        bench::{Bench, Finding, SOON, ensure},
        driver::{Command, Ended},
        jellyfin::{AUTHENTICATE, Jellyfin, PIN, PROBE, USERS, plainly},
        kept::Call,
    },
    raw_server::Move,
};

const SECRETS: [(Call, &str); 2] = [(Call::Password, AUTHENTICATE), (Call::Pin, PIN)];

pub(super) fn single_request_with_a_password_goes_on_a_new_connection(bench: &Bench) -> Finding {
    for (call, _) in SECRETS {
        let server = bench.serve(Jellyfin::new().conduct());
        let mut app = App::new(bench, &server)?;
        app.answered(Call::ServerInfo)?;
        let ended = app.call(call);
        let refused = matches!(&ended, Err(Ended::Login { error: Error::PinRefused, .. }));
        ensure!(ended.is_ok() || call == Call::Pin && refused, "{call:?} ended with {ended:?}");
        came_on(&server, &[0, 1])?;
    }
    Ok(())
}

pub(super) fn single_request_with_a_password_is_never_sent_again(bench: &Bench) -> Finding {
    let mut closing = plainly(&unmarked(408));
    closing.push(Move::Close);
    for (call, path) in SECRETS {
        for moves in [vec![Move::Close], vec![Move::Reset], closing.clone()] {
            let server = bench.serve(Jellyfin::new().but(path, moves).conduct());
            let mut app = App::new(bench, &server)?;
            app.answered(Call::ServerInfo)?;
            let ended = app.call(call);
            ensure!(ended.is_err(), "{call:?} got no good answer, and succeeded");
            let sent = server.traffic().requests_for(path).len();
            ensure!(sent == 1, "{call:?} was to be sent once; it was sent {sent} times");
        }
    }
    Ok(())
}

pub(super) fn single_request_answered_with_408_on_a_new_connection_has_its_answer(
    bench: &Bench,
) -> Finding {
    let server = bench.serve(Jellyfin::new().but(USERS, plainly(&unmarked(408))).conduct());
    let ended = App::new(bench, &server)?.call(Call::Users);
    let right =
        matches!(&ended, Err(Ended::Login { error: Error::Unexpected { status: 408, .. }, .. }));
    ensure!(right, "the 408 was to be the answer: {ended:?}");
    came_on(&server, &[0])
}

pub(super) fn single_request_under_way_is_cancelled(bench: &Bench) -> Finding {
    let server = bench.serve(Jellyfin::new().but(PROBE, vec![Move::Hold]).conduct());
    let mut app = App::new(bench, &server)?;
    let controls = controls();
    let ended = thread::scope(|scope| {
        scope.spawn(|| {
            server.traffic().wait_for_request(SOON, PROBE);
            controls.give(Command::Cancel);
        });
        app.call_with(Call::ServerInfo, &controls)
    });
    ensure!(is_cancelled(&ended), "the request was to end as cancelled: {ended:?}");
    ensure!(server.traffic().wait_until_all_are_closed(SOON), "it left its connection open");
    Ok(())
}

pub(super) fn single_request_cancelled_beforehand_sends_nothing(bench: &Bench) -> Finding {
    let server = bench.serve(Jellyfin::new().conduct());
    let mut app = App::new(bench, &server)?;
    let controls = controls();
    controls.give(Command::Cancel);
    let ended = app.call_with(Call::ServerInfo, &controls);
    ensure!(is_cancelled(&ended), "the request was to end as cancelled: {ended:?}");
    app.answered(Call::ServerInfo)?;
    came_on(&server, &[0])
}
