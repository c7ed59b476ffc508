//! A driver follows no redirect: where to go is the login's business.

use jellyfin_auth::Error;

use super::flows::signed_in;
use crate::{
    answer::{ResponseExt as _, unmarked},
    conformance::{
        bench::{Bench, Finding, ensure},
        jellyfin::{AUTHENTICATE, INITIATE, Jellyfin, POLL, PROBE, answer, plainly},
    },
    raw_server::{Conduct, Move, wire},
};

const KINDS: [u16; 5] = [301, 302, 303, 307, 308];

fn redirect(status: u16, to: &str) -> Vec<Move> {
    plainly(&unmarked(status).with_header("location", to))
}

fn redirected(error: &Error) -> bool {
    matches!(error, Error::Redirected { .. })
}

/// A password that is answered with this redirect goes nowhere else.
fn password_stays(bench: &Bench, status: u16) -> Finding {
    let elsewhere = bench.serve(Jellyfin::new().conduct());
    let places = [format!("{}{AUTHENTICATE}", elsewhere.url()), AUTHENTICATE.to_owned()];
    for to in places {
        let server =
            bench.serve(Jellyfin::new().but(AUTHENTICATE, redirect(status, &to)).conduct());
        let end = bench.password(&server.url()).end()?;
        end.error(&format!("a redirect that isn't followed ({status} to {to})"), redirected)?;
        let sent = server.traffic().requests_for(AUTHENTICATE).len();
        ensure!(sent == 1, "the password was to be sent once; it was sent {sent} times");
    }
    let found = elsewhere.traffic().connections().len();
    ensure!(found == 0, "the other server was to be left alone; {found} connections were made");
    Ok(())
}

pub(super) fn a_301_takes_no_password_elsewhere(bench: &Bench) -> Finding {
    password_stays(bench, 301)
}

pub(super) fn a_302_takes_no_password_elsewhere(bench: &Bench) -> Finding {
    password_stays(bench, 302)
}

pub(super) fn a_303_takes_no_password_elsewhere(bench: &Bench) -> Finding {
    password_stays(bench, 303)
}

pub(super) fn a_307_takes_no_password_elsewhere(bench: &Bench) -> Finding {
    password_stays(bench, 307)
}

pub(super) fn a_308_takes_no_password_elsewhere(bench: &Bench) -> Finding {
    password_stays(bench, 308)
}

pub(super) fn a_redirected_initiate_is_not_followed(bench: &Bench) -> Finding {
    for status in KINDS {
        let server =
            bench.serve(Jellyfin::new().but_first(INITIATE, redirect(status, INITIATE)).conduct());
        let end = bench.quick_connect(&server.url()).end()?;
        end.error(&format!("a redirect that isn't followed ({status})"), redirected)?;
    }
    Ok(())
}

pub(super) fn a_redirected_poll_takes_no_secret_elsewhere(bench: &Bench) -> Finding {
    let elsewhere = bench.serve(Jellyfin::new().conduct());
    let moves = redirect(302, &format!("{}{POLL}?secret=x", elsewhere.url()));
    let server = bench.serve(Jellyfin::new().but_first(POLL, moves).conduct());
    // The next poll goes through: a code outlives what stands in its way.
    signed_in(bench.quick_connect(&server.url()).end()?)?;
    let found = elsewhere.traffic().connections().len();
    ensure!(found == 0, "the other server was to be left alone; {found} connections were made");
    Ok(())
}

pub(super) fn a_probe_redirected_to_another_origin_stays(bench: &Bench) -> Finding {
    let elsewhere = bench.serve(Jellyfin::new().conduct());
    for status in KINDS {
        let moves = redirect(status, &format!("{}{PROBE}", elsewhere.url()));
        let server = bench.serve(Jellyfin::new().but(PROBE, moves).conduct());
        let end = bench.password(&server.url()).end()?;
        end.error(&format!("a redirect that isn't followed ({status})"), redirected)?;
    }
    let found = elsewhere.traffic().connections().len();
    ensure!(found == 0, "the other server was to be left alone; {found} connections were made");
    Ok(())
}

pub(super) fn a_probe_redirected_to_the_base_path_is_the_logins_to_follow(
    bench: &Bench,
) -> Finding {
    for (index, status) in KINDS.into_iter().enumerate() {
        let server =
            bench.serve(Conduct::new(move |request| match request.path().strip_prefix("/jf") {
                Some(path) => vec![Move::Send(wire::with_length(&answer(path, true)))],
                None => redirect(status, "/jf/System/Info/Public"),
            }));
        let absolute = index % 2 == 0;
        let url = if absolute { server.url() } else { format!("{}/", server.url()) };
        signed_in(bench.password(&url).end()?)?;
        let paths: Vec<_> =
            server.traffic().requests().iter().map(|one| one.path().to_owned()).collect();
        let wanted = [PROBE, "/jf/System/Info/Public", "/jf/Users/AuthenticateByName"];
        ensure!(paths == wanted, "{status}: these were to be asked: {wanted:?}, not {paths:?}");
    }
    Ok(())
}

pub(super) fn redirects_in_a_circle_end(bench: &Bench) -> Finding {
    let server = bench.serve(Jellyfin::new().but(PROBE, redirect(302, PROBE)).conduct());
    let end = bench.password(&server.url()).end()?;
    end.error("too many redirects", |error| matches!(error, Error::TooManyRedirects))?;
    let asked = server.traffic().requests_for(PROBE).len();
    ensure!(asked == 6, "the login asks six times; {asked} requests arrived");
    Ok(())
}

pub(super) fn https_a_redirect_up_to_https_is_the_logins_to_follow(bench: &Bench) -> Finding {
    let authority = bench.authority()?;
    let secure = bench.serve(Jellyfin::new().conduct().tls(&authority.identity(&["127.0.0.1"])));
    let moves = redirect(308, &format!("{}{PROBE}", secure.url()));
    let server = bench.serve(Jellyfin::new().but(PROBE, moves).conduct());
    signed_in(bench.password(&server.url()).trusting(authority.pem()).end()?)?;
    let plain = server.traffic().requests().len();
    ensure!(plain == 1, "only the probe was to go unencrypted; {plain} requests went");
    Ok(())
}

pub(super) fn https_a_redirect_down_to_http_is_not_followed(bench: &Bench) -> Finding {
    let plain = bench.serve(Jellyfin::new().conduct());
    let authority = bench.authority()?;
    let moves = redirect(302, &format!("{}{PROBE}", plain.url()));
    let conduct = Jellyfin::new().but(PROBE, moves).conduct();
    let server = bench.serve(conduct.tls(&authority.identity(&["127.0.0.1"])));
    let end = bench.password(&server.url()).trusting(authority.pem()).end()?;
    end.error("a redirect that isn't followed", redirected)?;
    let found = plain.traffic().connections().len();
    ensure!(found == 0, "nothing was to go unencrypted; {found} connections were made");
    Ok(())
}
