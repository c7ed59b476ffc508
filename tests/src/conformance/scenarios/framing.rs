//! Every framing that a server may use, and what is none.

use std::time::Duration;

use http::Response;
use jellyfin_auth::{Error, Failure};

use super::flows::signed_in;
use crate::{
    answer::{ResponseExt as _, unmarked},
    conformance::{
        bench::{Bench, Finding, SOON},
        jellyfin::{Jellyfin, PROBE, answer, plainly},
    },
    raw_server::{Move, wire},
};

/// Both flows end signed in although every answer comes like this.
fn both_flows(bench: &Bench, framing: fn(&Response<Vec<u8>>) -> Vec<Move>) -> Finding {
    let server = bench.serve(Jellyfin::new().framed(framing).conduct());
    signed_in(bench.password(&server.url()).end()?)?;
    signed_in(bench.quick_connect(&server.url()).end()?)
}

/// A login whose probe is answered like this doesn't take it for an answer, nor wait for more.
fn no_answer(bench: &Bench, bytes: impl Into<Vec<u8>>) -> Finding {
    let server =
        bench.serve(Jellyfin::new().but(PROBE, vec![Move::send(bytes), Move::Hold]).conduct());
    let end = bench.password(&server.url()).end()?;
    end.no_answer(&[Failure::Interrupted, Failure::Other])?;
    end.within(SOON)
}

pub(super) fn a_chunked_answer_is_read(bench: &Bench) -> Finding {
    both_flows(bench, |response| vec![Move::Send(wire::chunked(response))])
}

pub(super) fn chunk_extensions_and_trailers_are_no_body(bench: &Bench) -> Finding {
    both_flows(bench, |response| vec![Move::Send(wire::chunked_with_trailers(response))])
}

pub(super) fn an_answer_that_ends_with_the_connection_is_read(bench: &Bench) -> Finding {
    both_flows(bench, |response| vec![Move::Send(wire::until_close(response)), Move::Close])
}

pub(super) fn a_head_in_single_bytes_is_read(bench: &Bench) -> Finding {
    both_flows(bench, |response| {
        vec![Move::Drip { bytes: wire::chunked(response), every: Duration::ZERO }]
    })
}

pub(super) fn an_http_1_0_answer_is_read(bench: &Bench) -> Finding {
    both_flows(bench, |response| {
        let mut bytes = wire::until_close(response);
        bytes[..8].copy_from_slice(b"HTTP/1.0");
        vec![Move::Send(bytes), Move::Close]
    })
}

pub(super) fn bytes_beyond_ascii_in_a_header_do_no_harm(bench: &Bench) -> Finding {
    both_flows(bench, |response| {
        let length = response.body().len();
        let mut bytes = wire::head(response, "X-Name: ");
        bytes.truncate(bytes.len() - 2);
        bytes.extend(b"B\xfccher \xe2\x9c\x93\r\n");
        bytes.extend(format!("Content-Length: {length}\r\n\r\n").as_bytes());
        bytes.extend(response.body());
        vec![Move::Send(bytes)]
    })
}

pub(super) fn an_unasked_100_is_passed_over(bench: &Bench) -> Finding {
    both_flows(bench, |response| {
        vec![Move::send("HTTP/1.1 100 Continue\r\n\r\n"), Move::Send(wire::with_length(response))]
    })
}

pub(super) fn an_unasked_103_is_passed_over(bench: &Bench) -> Finding {
    both_flows(bench, |response| {
        let hints = "HTTP/1.1 103 Early Hints\r\nLink: </a.css>; rel=preload\r\n\r\n";
        vec![Move::send(hints.repeat(2)), Move::Send(wire::with_length(response))]
    })
}

/// A status that few have heard of, and what it means.
fn odd_status(bench: &Bench, status: u16, means: fn(&Error) -> Option<u16>) -> Finding {
    let moves = plainly(&unmarked(status));
    let server = bench.serve(Jellyfin::new().but(PROBE, moves).conduct());
    let end = bench.password(&server.url()).end()?;
    end.error(&format!("what status {status} means"), |error| means(error) == Some(status))
}

pub(super) fn status_520_is_an_answer(bench: &Bench) -> Finding {
    odd_status(bench, 520, |error| match error {
        Error::ServerBusy { status, .. } => Some(*status),
        _ => None,
    })
}

pub(super) fn status_599_is_an_answer(bench: &Bench) -> Finding {
    odd_status(bench, 599, |error| match error {
        Error::ServerFault { status, .. } => Some(*status),
        _ => None,
    })
}

pub(super) fn a_204_has_no_body_to_wait_for(bench: &Bench) -> Finding {
    let moves = vec![Move::Send(wire::head(&unmarked(204), "")), Move::Hold];
    let server = bench.serve(Jellyfin::new().but(PROBE, moves).conduct());
    let end = bench.password(&server.url()).end()?;
    end.error("what the answer means: it is one", |error| {
        !matches!(error, Error::NoAnswer { .. })
    })?;
    end.within(SOON)
}

pub(super) fn a_101_is_no_answer(bench: &Bench) -> Finding {
    no_answer(
        bench,
        "HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\n",
    )
}

pub(super) fn garbage_is_no_answer(bench: &Bench) -> Finding {
    no_answer(bench, "SSH-2.0-OpenSSH_9.6\r\n\r\n")
}

pub(super) fn two_lengths_are_no_answer(bench: &Bench) -> Finding {
    no_answer(bench, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 4\r\n\r\n{}{}")
}

pub(super) fn a_bad_chunk_is_no_answer(bench: &Bench) -> Finding {
    no_answer(bench, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n{}\r\n0\r\n\r\n")
}

pub(super) fn a_chunked_body_may_be_as_large_as_any_other(bench: &Bench) -> Finding {
    const CAP: usize = 64 * 1024;
    for (length, too_large) in [(CAP, false), (CAP + 1, true)] {
        let blanks = unmarked(200).with_body(&vec![b' '; length]);
        let moves = vec![Move::Send(wire::chunked(&blanks)), Move::Hold];
        let server = bench.serve(Jellyfin::new().but(PROBE, moves).conduct());
        let end = bench.password(&server.url()).policy(|policy| policy.max_body = CAP).end()?;
        end.error(&format!("what {length} blanks are"), |error| match error {
            Error::NoAnswer { failure, .. } => too_large && *failure == Failure::TooLarge,
            error => !too_large && matches!(error, Error::NotJellyfin),
        })?;
    }
    Ok(())
}

/// `{"ServerName":"nas",…}`: an answer that would do, if anyone had asked for gzip.
const GZIPPED: &[u8] =
    b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\x03\x0d\x8b\xb9\x0e\x83\x30\x10\x05\xff\x65\
    \x6b\x84\x6c\x6c\x8b\xa3\x4d\x95\x86\x06\x29\xd4\x1b\xfc\x2c\x21\x71\x69\x31\x29\
    \x12\xf1\xef\xd9\x72\x46\x33\x3f\x1a\x20\x1f\x48\xcf\x2b\xa8\xa3\x8d\x4f\x2a\xe8\
    \x05\x39\xe7\x7d\x53\xb6\xa6\xb4\xb6\x34\xea\x9e\x51\xb1\xb6\x2e\x4e\x2e\xa1\x0d\
    \xd5\xdb\xbb\x26\x71\x6d\x10\x5d\x80\x47\x32\xa1\x0a\xac\xdd\x90\x59\xf2\x75\x8c\
    \xf3\x97\x25\x3e\xf6\xf5\x58\x90\xa1\x6f\x96\x0b\xf7\x1f\xe5\xf6\x32\x19\x6e\x00\
    \x00\x00";

pub(super) fn a_compressed_answer_is_not_unpacked(bench: &Bench) -> Finding {
    let packed = answer(PROBE, true).with_body(GZIPPED).with_header("content-encoding", "gzip");
    let server = bench.serve(Jellyfin::new().but(PROBE, plainly(&packed)).conduct());
    let end = bench.password(&server.url()).end()?;
    end.error("no Jellyfin: nobody asked for gzip", |error| matches!(error, Error::NotJellyfin))
}
