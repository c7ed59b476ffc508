//! What is too large is refused, at the cap and not after it.

use jellyfin_auth::{Error, Failure, Policy};

use crate::{
    answer::{ResponseExt as _, unmarked},
    conformance::{
        bench::{Bench, Complaint, Finding, Plan, SOON, ensure},
        end::End,
        jellyfin::{Jellyfin, PROBE, plainly},
    },
    raw_server::{Move, RawServer, wire},
};

const CAP: usize = 64 * 1024;
/// What a server may get rid of before a client's refusal reaches it: what lies in buffers.
const BUFFERS: u64 = 16 * 1024 * 1024;

fn small(policy: &mut Policy) {
    policy.max_body = CAP;
}

fn refused(bench: &Bench, moves: Vec<Move>) -> Finding {
    let server = bench.serve(Jellyfin::new().but(PROBE, moves).conduct());
    cut_early(bench.password(&server.url()), &server)?.no_answer(&[Failure::TooLarge])
}

fn cut_early(login: Plan, server: &RawServer) -> Result<End, Complaint> {
    // A driver that goes on reading is given up after a while.
    let end = login.policy(small).timeout(SOON / 4).start().end_within(SOON)?;
    let traffic = server.traffic();
    ensure!(traffic.wait_until_all_are_closed(SOON), "the connection was to be closed");
    let sent: u64 = traffic.connections().iter().map(|one| one.sent).sum();
    ensure!(sent < BUFFERS, "the driver took {sent} bytes before it refused them");
    Ok(end)
}

pub(super) fn a_body_as_large_as_allowed_is_read(bench: &Bench) -> Finding {
    let largest = unmarked(200).with_body(&vec![b' '; CAP]);
    let server = bench.serve(Jellyfin::new().but(PROBE, plainly(&largest)).conduct());
    let end = bench.password(&server.url()).policy(small).end()?;
    end.error("no Jellyfin: blanks", |error| matches!(error, Error::NotJellyfin))
}

pub(super) fn a_body_one_byte_too_large_is_refused(bench: &Bench) -> Finding {
    let too_large = unmarked(200).with_body(&vec![b' '; CAP + 1]);
    refused(bench, plainly(&too_large))
}

pub(super) fn a_large_body_is_refused_when_it_is_announced(bench: &Bench) -> Finding {
    let head = wire::head(&unmarked(200), "Content-Length: 10485760\r\n");
    refused(bench, vec![Move::Send(head), Move::Hold])
}

pub(super) fn a_chunked_body_too_large_is_refused(bench: &Bench) -> Finding {
    let head = wire::head(&unmarked(200), "Transfer-Encoding: chunked\r\n");
    let mut chunk = b"4000\r\n".to_vec();
    chunk.extend([b' '; 0x4000]);
    chunk.extend(b"\r\n");
    refused(bench, vec![Move::Send(head), Move::Forever(chunk)])
}

pub(super) fn an_endless_body_is_refused(bench: &Bench) -> Finding {
    let head = wire::head(&unmarked(200), "Connection: close\r\n");
    refused(bench, vec![Move::Send(head), Move::Forever(vec![b' '; 0x4000])])
}

pub(super) fn endless_headers_are_refused(bench: &Bench) -> Finding {
    let header = b"X-Filler: 0123456789012345678901234567890123456789\r\n".repeat(64);
    refused(bench, vec![Move::send("HTTP/1.1 200 OK\r\n"), Move::Forever(header)])
}

pub(super) fn an_endless_header_is_refused(bench: &Bench) -> Finding {
    let moves =
        vec![Move::send("HTTP/1.1 200 OK\r\nX-Filler: "), Move::Forever(vec![b'x'; 0x1000])];
    refused(bench, moves)
}

pub(super) fn endless_trailers_are_refused(bench: &Bench) -> Finding {
    let head = wire::head(&unmarked(200), "Transfer-Encoding: chunked\r\n");
    let trailer = b"X-Filler: 0123456789012345678901234567890123456789\r\n".repeat(64);
    let moves = vec![Move::Send(head), Move::send("0\r\n"), Move::Forever(trailer)];
    let server = bench.serve(Jellyfin::new().but(PROBE, moves).conduct());
    // Too large, no HTTP, or an answer whose trailers nobody waited for.
    cut_early(bench.password(&server.url()), &server)?.error("an error", |_| true)
}

pub(super) fn endless_informational_answers_are_refused(bench: &Bench) -> Finding {
    let hints = b"HTTP/1.1 103 Early Hints\r\nLink: </a.css>; rel=preload\r\n\r\n".repeat(64);
    refused(bench, vec![Move::Forever(hints)])
}

pub(super) fn https_endless_session_tickets_are_refused(bench: &Bench) -> Finding {
    let authority = bench.authority()?;
    let conduct = Jellyfin::new().but(PROBE, vec![Move::SessionTickets]).conduct();
    let server = bench.serve(conduct.tls(&authority.identity(&["127.0.0.1"])));
    let login = bench.password(&server.url()).trusting(authority.pem());
    cut_early(login, &server)?.no_answer(&[Failure::TooLarge])
}
