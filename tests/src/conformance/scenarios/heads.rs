//! The head of an answer: how long it may be, and what of it arrives.

use http::Response;
use jellyfin_auth::{Error, Failure, Gateway};

use super::flows::signed_in;
use crate::{
    answer::{ResponseExt as _, unmarked},
    conformance::{
        bench::{Bench, Finding, SOON, ensure},
        jellyfin::{AUTHENTICATE, Jellyfin, PROBE, answer, plainly},
    },
    raw_server::{Authority, Move},
};

fn probe_answered(bench: &Bench, moves: Vec<Move>) -> crate::raw_server::RawServer {
    bench.serve(Jellyfin::new().but(PROBE, moves).conduct())
}

fn with_long_header(length: usize) -> Response<Vec<u8>> {
    answer(PROBE, true).with_header("x-long", &"x".repeat(length))
}

pub(super) fn a_head_of_60_kib_is_read(bench: &Bench) -> Finding {
    let server = probe_answered(bench, plainly(&with_long_header(60 * 1024)));
    signed_in(bench.password(&server.url()).end()?)
}

pub(super) fn a_head_of_more_than_64_kib_is_refused(bench: &Bench) -> Finding {
    let server = probe_answered(bench, plainly(&with_long_header(66 * 1024)));
    bench.password(&server.url()).end()?.no_answer(&[Failure::TooLarge])
}

fn with_headers(count: usize) -> Response<Vec<u8>> {
    // The length is one more.
    let more = count - 1 - answer(PROBE, true).headers().len();
    (0..more).fold(answer(PROBE, true), |answer, _| answer.with_header("x-more", "x"))
}

pub(super) fn a_hundred_headers_are_read(bench: &Bench) -> Finding {
    let server = probe_answered(bench, plainly(&with_headers(100)));
    signed_in(bench.password(&server.url()).end()?)
}

pub(super) fn a_thousand_headers_are_refused(bench: &Bench) -> Finding {
    let server = probe_answered(bench, plainly(&with_headers(1000)));
    bench.password(&server.url()).end()?.no_answer(&[Failure::TooLarge, Failure::Other])
}

pub(super) fn every_header_of_one_name_arrives(bench: &Bench) -> Finding {
    for challenges in [["Cloudflare-Access", "Basic"], ["Basic", "Cloudflare-Access"]] {
        let refusal = challenges
            .iter()
            .fold(unmarked(401), |refusal, one| refusal.with_header("www-authenticate", one));
        let server = probe_answered(bench, plainly(&refusal));
        bench.password(&server.url()).end()?.error("what one of two headers says", |error| {
            matches!(error, Error::LoginGateway { gateway: Gateway::CloudflareAccess, .. })
        })?;
    }
    Ok(())
}

pub(super) fn a_redirect_without_a_location_is_an_answer(bench: &Bench) -> Finding {
    let moves = plainly(&unmarked(302));
    let server = bench.serve(Jellyfin::new().but(AUTHENTICATE, moves).conduct());
    bench
        .password(&server.url())
        .end()?
        .error("a redirect to nowhere", |error| matches!(error, Error::Redirected { to: None, .. }))
}

/// Whether the greeting or the password was first, nothing is claimed that isn't so: a password may be on
/// its way and not arrive, but none that arrived may count as never sent.
pub(super) fn a_password_that_meets_another_protocol_is_reported_as_it_is(
    bench: &Bench,
) -> Finding {
    let greeting = |_| vec![Move::send("SSH-2.0-x\r\n")];
    let server = bench.serve(Jellyfin::new().conduct().greeting(greeting));
    let end = bench.password(&server.url()).policy(|policy| policy.probe = false).end()?;
    let has_arrived = !server.traffic().requests_for(AUTHENTICATE).is_empty();
    let failures = [Failure::Other, Failure::Interrupted, Failure::Unreachable];
    end.no_answer(if has_arrived { &failures[..2] } else { &failures })
}

/// What can be read for ever without an answer or a body that grows.
fn ends(bench: &Bench, flood: Vec<u8>, authority: Option<&Authority>) -> Finding {
    let conduct = Jellyfin::new().but(PROBE, vec![Move::Forever(flood)]).conduct();
    let (server, login) = match authority {
        None => {
            let server = bench.serve(conduct);
            let login = bench.password(&server.url());
            (server, login)
        }
        Some(authority) => {
            let server = bench.serve(conduct.tls(&authority.identity(&["127.0.0.1"])));
            let login = bench.password(&server.url()).trusting(authority.pem());
            (server, login)
        }
    };
    let end = login.timeout(SOON / 4).end()?;
    end.no_answer(&[Failure::TooLarge, Failure::Other, Failure::Timeout])?;
    let closed = server.traffic().wait_until_all_are_closed(SOON);
    ensure!(closed, "the connection was to be closed");
    Ok(())
}

pub(super) fn endless_blank_lines_are_refused(bench: &Bench) -> Finding {
    ends(bench, b"\r\n".repeat(1000), None)
}

pub(super) fn https_endless_informational_answers_are_refused(bench: &Bench) -> Finding {
    let hints = b"HTTP/1.1 103 Early Hints\r\n\r\n".repeat(500);
    ends(bench, hints, Some(&bench.authority()?))
}
