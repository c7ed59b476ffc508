//! TLS that is good enough, and TLS that isn't.

use std::{net::Ipv6Addr, sync::Arc, time::Duration};

use jellyfin_auth::Failure;
use rustls::{
    RootCertStore, pki_types::pem::PemObject as _, server::WebPkiClientVerifier,
    server::danger::ClientCertVerifier, version,
};

use super::flows::signed_in;
use crate::{
    conformance::{
        bench::{Bench, Complaint, Finding, Plan, SOON, ensure},
        jellyfin::{AUTHENTICATE, Jellyfin, PROBE, answer, plainly},
    },
    raw_server::{Authority, Conduct, Identity, Move, RawServer, wire},
};

const HERE: &[&str] = &["127.0.0.1"];

fn jellyfin(bench: &Bench, identity: &Identity) -> RawServer {
    bench.serve(Jellyfin::new().conduct().tls(identity))
}

/// What it was, and what else is true for a stack that doesn't know.
type Failures<'f> = (Failure, &'f [Failure]);

const UNTRUSTED: Failures<'_> = (Failure::UntrustedCertificate, &[Failure::Tls]);

/// No TLS, and so no request.
fn refused(server: &RawServer, plan: Plan, failures: Failures<'_>) -> Finding {
    let end = plan.end()?;
    end.no_answer_but(failures.0, failures.1)?;
    end.within(SOON)?;
    let sent = server.traffic().requests().len();
    ensure!(sent == 0, "nothing was to be sent; {sent} requests were");
    Ok(())
}

pub(super) fn https_both_flows_with_a_given_authority(bench: &Bench) -> Finding {
    let authority = Authority::new();
    let server = jellyfin(bench, &authority.identity(HERE));
    signed_in(bench.password(&server.url()).trusting(authority.pem()).end()?)?;
    signed_in(bench.quick_connect(&server.url()).trusting(authority.pem()).end()?)
}

pub(super) fn https_with_several_authorities(bench: &Bench) -> Finding {
    let authorities = [(); 3].map(|()| Authority::new());
    let all: String = authorities.iter().map(Authority::pem).collect();
    for authority in &authorities {
        let server = jellyfin(bench, &authority.identity(HERE));
        signed_in(bench.password(&server.url()).trusting(&all).end()?)?;
    }
    Ok(())
}

pub(super) fn https_by_a_host_name(bench: &Bench) -> Finding {
    let authority = Authority::new();
    let server = jellyfin(bench, &authority.identity(&["localhost"]));
    signed_in(bench.password(&server.url_as("localhost")).trusting(authority.pem()).end()?)
}

pub(super) fn https_by_an_ipv6_address(bench: &Bench) -> Finding {
    let authority = Authority::new();
    let conduct = Jellyfin::new().conduct().tls(&authority.identity(&["::1"]));
    let Ok(server) = conduct.on(Ipv6Addr::LOCALHOST.into()).try_start() else {
        return Err(Complaint::Impossible("this machine has no IPv6"));
    };
    bench.watch(&server);
    signed_in(bench.password(&server.url()).trusting(authority.pem()).end()?)
}

pub(super) fn https_with_tls_1_2_only(bench: &Bench) -> Finding {
    let authority = Authority::new();
    let config = authority.identity(HERE).server_config_for(&[&version::TLS12]);
    let server = bench.serve(Jellyfin::new().conduct().tls_config(config));
    signed_in(bench.password(&server.url()).trusting(authority.pem()).end()?)
}

pub(super) fn https_where_http_2_is_offered_too(bench: &Bench) -> Finding {
    let authority = Authority::new();
    let mut config = authority.identity(HERE).server_config();
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    // A driver that takes the offer meets a server that says nothing it understands.
    let server = bench.serve(Jellyfin::new().conduct().tls_config(config));
    signed_in(bench.password(&server.url()).trusting(authority.pem()).end()?)
}

pub(super) fn https_with_a_given_self_signed_certificate(bench: &Bench) -> Finding {
    let identity = Identity::self_signed(HERE);
    let server = jellyfin(bench, &identity);
    signed_in(bench.password(&server.url()).trusting(identity.pem()).end()?)
}

pub(super) fn https_with_another_self_signed_certificate_is_refused(bench: &Bench) -> Finding {
    let server = jellyfin(bench, &Identity::self_signed(HERE));
    let plan = bench.password(&server.url()).trusting(Identity::self_signed(HERE).pem());
    refused(&server, plan, UNTRUSTED)
}

pub(super) fn https_with_a_self_signed_certificate_for_another_name_is_refused(
    bench: &Bench,
) -> Finding {
    let identity = Identity::self_signed(&["nas.invalid", "127.0.0.2"]);
    let server = jellyfin(bench, &identity);
    let plan = bench.password(&server.url()).trusting(identity.pem());
    refused(&server, plan, UNTRUSTED)
}

pub(super) fn https_with_an_expired_self_signed_certificate_is_refused(bench: &Bench) -> Finding {
    let identity = Identity::self_signed_and_expired(HERE);
    let server = jellyfin(bench, &identity);
    let plan = bench.password(&server.url()).trusting(identity.pem());
    refused(&server, plan, UNTRUSTED)
}

pub(super) fn https_with_an_unknown_authority_is_refused(bench: &Bench) -> Finding {
    let server = jellyfin(bench, &Authority::new().identity(HERE));
    let plan = bench.password(&server.url()).trusting(Authority::new().pem());
    refused(&server, plan, UNTRUSTED)
}

pub(super) fn https_with_another_name_is_refused(bench: &Bench) -> Finding {
    let authority = Authority::new();
    let server = jellyfin(bench, &authority.identity(&["nas.invalid", "127.0.0.2"]));
    let plan = bench.password(&server.url()).trusting(authority.pem());
    refused(&server, plan, UNTRUSTED)
}

pub(super) fn https_with_an_expired_certificate_is_refused(bench: &Bench) -> Finding {
    let authority = Authority::new();
    let server = jellyfin(bench, &authority.expired(HERE));
    let plan = bench.password(&server.url()).trusting(authority.pem());
    refused(&server, plan, UNTRUSTED)
}

pub(super) fn https_with_a_certificate_of_the_future_is_refused(bench: &Bench) -> Finding {
    let authority = Authority::new();
    let server = jellyfin(bench, &authority.not_yet_valid(HERE));
    let plan = bench.password(&server.url()).trusting(authority.pem());
    refused(&server, plan, UNTRUSTED)
}

/// What a server does in place of a handshake, and what the driver makes of it.
fn no_handshake(bench: &Bench, moves: Vec<Move>, failures: Failures<'_>) -> Finding {
    let authority = Authority::new();
    let conduct = Jellyfin::new().conduct().greeting(move |_| moves.clone());
    let server = bench.serve(conduct.tls(&authority.identity(HERE)));
    refused(&server, bench.password(&server.url()).trusting(authority.pem()), failures)
}

const NO_TLS: Failures<'_> = (Failure::NoTls, &[Failure::Tls]);
/// Whether that is about TLS is a matter of taste.
const CUT: Failures<'_> = (Failure::Unreachable, &[Failure::Tls, Failure::Interrupted]);

pub(super) fn https_where_plain_http_is_spoken_is_no_tls(bench: &Bench) -> Finding {
    let answer = "HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n";
    no_handshake(bench, vec![Move::send(answer), Move::Hold], NO_TLS)
}

pub(super) fn https_where_garbage_is_spoken_is_no_tls(bench: &Bench) -> Finding {
    no_handshake(bench, vec![Move::send("SSH-2.0-OpenSSH_9.6\r\n"), Move::Hold], NO_TLS)
}

pub(super) fn https_a_reset_in_the_handshake_is_no_answer(bench: &Bench) -> Finding {
    let moves = vec![Move::Pause(Duration::from_millis(100)), Move::Reset];
    no_handshake(bench, moves, CUT)
}

pub(super) fn https_an_end_in_the_handshake_is_no_answer(bench: &Bench) -> Finding {
    let moves = vec![Move::Pause(Duration::from_millis(100)), Move::Close];
    no_handshake(bench, moves, CUT)
}

fn clients_of(authority: &Authority, is_wanted: bool) -> Arc<dyn ClientCertVerifier> {
    let mut roots = RootCertStore::empty();
    let root = rustls::pki_types::CertificateDer::from_pem_slice(authority.pem().as_bytes());
    roots.add(root.expect("the authority is one")).expect("the authority is one");
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let verifier = WebPkiClientVerifier::builder_with_provider(roots.into(), provider);
    let verifier = if is_wanted { verifier } else { verifier.allow_unauthenticated() };
    verifier.build().expect("there is a root")
}

pub(super) fn https_a_client_certificate_that_is_wanted_is_no_answer(bench: &Bench) -> Finding {
    let authority = Authority::new();
    let wanting = authority.identity(HERE).server_config_with(clients_of(&authority, true));
    let server = bench.serve(Jellyfin::new().conduct().tls_config(wanting));
    // In TLS 1.3 the server's word comes when the client has long begun to speak.
    let plan = bench.password(&server.url()).trusting(authority.pem());
    let others: &[_] = &[Failure::Tls, Failure::Interrupted];
    refused(&server, plan, (Failure::ClientCertificateRequired, others))
}

/// A server that asks who the client is, does without, and breaks off in the middle of its answer.
pub(super) fn https_an_answer_broken_off_is_no_refusal_of_the_client(bench: &Bench) -> Finding {
    let authority = Authority::new();
    let broken = vec![Move::send("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{"), Move::Reset];
    let asking = authority.identity(HERE).server_config_with(clients_of(&authority, false));
    let conduct = Jellyfin::new().but(PROBE, broken).conduct();
    let server = bench.serve(conduct.tls_config(asking));
    let end = bench.password(&server.url()).trusting(authority.pem()).end()?;
    end.no_answer(&[Failure::Interrupted])
}

/// The time is over, and nothing was sent yet: both are true, and the first says more.
const NOTHING_SENT: Failures<'_> = (Failure::Unreachable, &[Failure::Timeout]);

/// Enough for a handshake on a machine that has much else to do.
const TIMEOUT: Duration = Duration::from_secs(3);

/// A timeout where each part would be in time.
fn times_out(bench: &Bench, moves: Vec<Move>, answering: Vec<Move>) -> Finding {
    let authority = Authority::new();
    let conduct = Jellyfin::new().but(PROBE, answering).conduct();
    let conduct = conduct.greeting(move |_| moves.clone());
    let server = bench.serve(conduct.tls(&authority.identity(HERE)));
    let plan = bench.password(&server.url()).trusting(authority.pem());
    let end = plan.timeout(TIMEOUT).end()?;
    let is_sent = !server.traffic().requests().is_empty();
    let (exact, others) = if is_sent { (Failure::Timeout, &[][..]) } else { NOTHING_SENT };
    end.no_answer_but(exact, others)?;
    ensure!(end.took + Duration::from_millis(50) >= TIMEOUT, "the timeout was {TIMEOUT:?}; {end}");
    end.within(TIMEOUT + SOON)?;
    ensure!(server.traffic().wait_until_all_are_closed(SOON), "the connection was to be closed");
    Ok(())
}

pub(super) fn https_a_stalled_handshake_times_out(bench: &Bench) -> Finding {
    times_out(bench, vec![Move::Hold], Vec::new())
}

pub(super) fn https_a_black_hole_behind_tls_times_out(bench: &Bench) -> Finding {
    times_out(bench, Vec::new(), vec![Move::Hold])
}

pub(super) fn https_the_timeout_covers_handshake_and_answer(bench: &Bench) -> Finding {
    let most = TIMEOUT * 7 / 10;
    // Who measures each part by itself gets an answer.
    let late = [vec![Move::Pause(most)], plainly(&answer(PROBE, true))].concat();
    times_out(bench, vec![Move::Ignore(most)], late)
}

/// An answer to the probe that is interrupted.
fn interrupted(bench: &Bench, moves: Vec<Move>) -> Finding {
    let authority = Authority::new();
    let conduct = Jellyfin::new().but(PROBE, moves).conduct();
    let server = bench.serve(conduct.tls(&authority.identity(HERE)));
    let end = bench.password(&server.url()).trusting(authority.pem()).end()?;
    end.no_answer(&[Failure::Interrupted])?;
    end.within(SOON)
}

pub(super) fn https_an_end_without_close_notify_ends_no_body(bench: &Bench) -> Finding {
    // Whoever can cut a connection could cut the body short.
    let bytes = wire::until_close(&answer(PROBE, true));
    interrupted(bench, vec![Move::Send(bytes), Move::Cut])
}

pub(super) fn https_a_close_notify_ends_a_body(bench: &Bench) -> Finding {
    let authority = Authority::new();
    let framed = Jellyfin::new()
        .framed(|response| vec![Move::Send(wire::until_close(response)), Move::Close]);
    let server = bench.serve(framed.conduct().tls(&authority.identity(HERE)));
    signed_in(bench.quick_connect(&server.url()).trusting(authority.pem()).end()?)
}

pub(super) fn https_a_cut_off_body_is_interrupted(bench: &Bench) -> Finding {
    let mut bytes = wire::with_length(&answer(PROBE, true));
    bytes.truncate(bytes.len() - 20);
    interrupted(bench, vec![Move::Send(bytes), Move::Close])
}

pub(super) fn https_an_endless_body_is_refused(bench: &Bench) -> Finding {
    let authority = Authority::new();
    let moves = vec![
        Move::send("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n"),
        Move::Forever(vec![b' '; 0x4000]),
    ];
    let conduct: Conduct = Jellyfin::new().but(PROBE, moves).conduct();
    let server = bench.serve(conduct.tls(&authority.identity(HERE)));
    let end = bench.password(&server.url()).trusting(authority.pem()).end()?;
    end.no_answer(&[Failure::TooLarge])
}

pub(super) fn https_a_password_cut_off_is_never_sent_again(bench: &Bench) -> Finding {
    let authority = Authority::new();
    let conduct = Jellyfin::new().but(AUTHENTICATE, vec![Move::Cut]).conduct();
    let server = bench.serve(conduct.tls(&authority.identity(HERE)));
    let end = bench.password(&server.url()).trusting(authority.pem()).end()?;
    end.no_answer(&[Failure::Interrupted])?;
    let sent = server.traffic().requests_for(AUTHENTICATE).len();
    ensure!(sent == 1, "the password was to be sent once; it was sent {sent} times");
    Ok(())
}
