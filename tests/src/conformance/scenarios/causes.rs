//! What the error of a driver says beyond the core's.

use jellyfin_auth::{Error, Policy};

use crate::{
    answer::marked,
    conformance::{
        app::App,
        bench::{Bench, Finding, ensure},
        driver::Ended,
        jellyfin::{AUTHENTICATE, Jellyfin, POLL, PROBE, SECRET, TOKEN, plainly},
        kept::Call,
    },
    raw_server::{Move, refused_port},
};

pub(super) fn the_cause_is_the_systems_reason(bench: &Bench) -> Finding {
    let end = bench.password(&format!("http://{}", refused_port())).end()?;
    let (cause, _) = end.shown()?;
    let named = cause.is_some_and(|cause| cause.contains("refused"));
    ensure!(named, "the cause was to be that the port refuses, not {cause:?}");
    Ok(())
}

pub(super) fn the_cause_is_the_reason_of_tls(bench: &Bench) -> Finding {
    let authority = bench.authority()?;
    let expired = authority.expired(&["127.0.0.1"]);
    let server = bench.serve(Jellyfin::new().conduct().tls(&expired));
    let end = bench.password(&server.url()).trusting(authority.pem()).end()?;
    let (cause, _) = end.shown()?;
    let named = cause.is_some_and(|cause| cause.contains("expired"));
    ensure!(named, "the cause was to be that the certificate has expired, not {cause:?}");
    Ok(())
}

pub(super) fn the_cause_is_never_an_older_failure(bench: &Bench) -> Finding {
    let refusing = Jellyfin::new().but(AUTHENTICATE, plainly(&marked(401)));
    let server = bench.serve(refusing.but_first(PROBE, vec![Move::Close]).conduct());
    let twice = |policy: &mut Policy| policy.retries = 1;
    let end = bench.password(&server.url()).policy(twice).end()?;
    end.error("a wrong password", |error| matches!(error, Error::BadCredentials { .. }))?;
    let (cause, _) = end.shown()?;
    ensure!(cause.is_none(), "the password is wrong, and that has no cause such as {cause:?}");
    Ok(())
}

/// Ways of getting no answer.
fn failing() -> [Vec<Move>; 3] {
    [vec![Move::Close], vec![Move::Reset], vec![Move::send("secret garbage\r\n\r\n"), Move::Close]]
}

fn hides(shown: &str, secrets: &[&str]) -> Finding {
    let found = secrets.iter().find(|secret| shown.contains(**secret));
    ensure!(found.is_none(), "a secret is shown, {found:?}: {shown}");
    Ok(())
}

pub(super) fn no_error_shows_a_password(bench: &Bench) -> Finding {
    for moves in failing() {
        let server = bench.serve(Jellyfin::new().but(AUTHENTICATE, moves).conduct());
        let end = bench.password(&server.url()).end()?;
        hides(end.shown()?.1, &["wonderland", TOKEN, "MediaBrowser"])?;
    }
    Ok(())
}

pub(super) fn no_error_shows_a_secret_in_an_address(bench: &Bench) -> Finding {
    for moves in failing() {
        let server = bench.serve(Jellyfin::new().but(POLL, moves).conduct());
        let ended = App::new(bench, &server)?.call(Call::Poll);
        let Err(Ended::Login { shown, .. }) = &ended else {
            ensure!(false, "the request was to fail: {ended:?}");
            return Ok(());
        };
        hides(shown, &[SECRET, "s%2Be%2Fc", "secret="])?;
    }
    Ok(())
}

pub(super) fn https_no_error_shows_a_proxys_password(bench: &Bench) -> Finding {
    let proxy = format!("http://user:p%40ss@{}", refused_port());
    let end = bench.password("https://nas.invalid").through(&proxy).end()?;
    hides(end.shown()?.1, &["p@ss", "p%40ss", "dXNlcjpwQHNz"])
}
