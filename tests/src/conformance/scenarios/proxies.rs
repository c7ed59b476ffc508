//! A proxy on the client's side.

use std::net::SocketAddr;

use jellyfin_auth::Failure;

use super::flows::signed_in;
use crate::{
    answer::{ResponseExt as _, unmarked},
    conformance::{
        bench::{Bench, Finding, SOON, ensure, gateway_headers},
        jellyfin::{Jellyfin, answer},
    },
    raw_server::{Conduct, Move, RawServer, refused_port, wire},
};

/// A name that only the proxy knows.
const HIDDEN: &str = "nas.invalid";

/// A proxy that reaches `target` under every name.
fn proxy_to(bench: &Bench, target: SocketAddr) -> RawServer {
    bench.serve(Conduct::new(move |request| {
        if request.method() == "CONNECT" {
            vec![Move::send("HTTP/1.1 200 Connection established\r\n\r\n"), Move::Tunnel(target)]
        } else {
            forward(request.path())
        }
    }))
}

/// A proxy that is asked for a plain address answers in its server's place.
fn forward(path: &str) -> Vec<Move> {
    vec![Move::Send(wire::with_length(&answer(path, true)))]
}

pub(super) fn a_proxy_carries_plain_http(bench: &Bench) -> Finding {
    let target = bench.serve(Jellyfin::new().conduct());
    let proxy = proxy_to(bench, target.address());
    let url = format!("http://{HIDDEN}:8096");
    signed_in(bench.password(&url).through(&proxy.url()).end()?)?;
    let host = format!("{HIDDEN}:8096");
    for request in proxy.traffic().requests() {
        let target = request.target();
        let through = target == host || target.starts_with(&format!("http://{host}/"));
        ensure!(through, "the proxy was to be asked for {host}, not for {target}");
        let hosts = request.header("host");
        ensure!(hosts == [host.as_str()], "Host was to be {host}, not {hosts:?}");
    }
    Ok(())
}

pub(super) fn a_proxy_gets_its_credentials_with_plain_http(bench: &Bench) -> Finding {
    let target = bench.serve(Jellyfin::new().conduct());
    let proxy = proxy_to(bench, target.address());
    let with_credentials = proxy.url().replace("://", "://user:p%40ss@");
    let url = format!("http://{HIDDEN}:8096");
    signed_in(bench.quick_connect(&url).through(&with_credentials).end()?)?;
    for request in proxy.traffic().requests() {
        let (target, found) = (request.target(), request.header("proxy-authorization"));
        ensure!(found == ["Basic dXNlcjpwQHNz"], "the proxy was to get its credentials: {found:?}");
        let is_whole = target.starts_with(&url) || request.method() == "CONNECT";
        ensure!(is_whole, "the proxy was to be asked for a whole address, not for {target}");
    }
    Ok(())
}

pub(super) fn a_proxy_that_is_not_there_is_no_answer(bench: &Bench) -> Finding {
    let plan = bench.password(&format!("http://{HIDDEN}"));
    let end = plan.through(&format!("http://{}", refused_port())).end()?;
    end.no_answer_but(Failure::Unreachable, &[Failure::Proxy])
}

pub(super) fn a_proxy_that_nobody_knows_is_no_answer(bench: &Bench) -> Finding {
    // It isn't the server's name that can't be found.
    let plan = bench.password(&format!("http://{HIDDEN}")).through("http://proxy.invalid:3128");
    plan.end()?.no_answer_but(Failure::Unreachable, &[Failure::Proxy, Failure::HostNotFound])
}

pub(super) fn https_a_proxy_carries_a_tunnel(bench: &Bench) -> Finding {
    let authority = bench.authority()?;
    let target = bench.serve(Jellyfin::new().conduct().tls(&authority.identity(&[HIDDEN])));
    let proxy = proxy_to(bench, target.address());
    let server = format!("https://{HIDDEN}");
    let gateway = [("X-Access", "open sesame"), ("Proxy-Authorization", "Basic Z2F0ZQ==")];
    let plan = bench.quick_connect(&server).trusting(authority.pem());
    let plan = plan.through(&proxy.url()).with_gateway_headers(gateway_headers(&server, &gateway));
    signed_in(plan.end()?)?;
    let asked = proxy.traffic().requests();
    ensure!(!asked.is_empty(), "the proxy was to be asked");
    for request in asked {
        let (method, target) = (request.method(), request.target());
        let right = method == "CONNECT" && target == format!("{HIDDEN}:443");
        ensure!(right, "a CONNECT to {HIDDEN}:443 was to arrive, not {method} {target}");
        for secret in ["authorization", "x-access", "proxy-authorization"] {
            let found = request.header(secret);
            ensure!(found.is_empty(), "the proxy was not to see {secret}");
        }
    }
    for request in target.traffic().requests() {
        let host = request.header("host");
        ensure!(host == [HIDDEN], "Host was to be {HIDDEN} without the usual port: {host:?}");
        for (name, value) in gateway {
            let found = request.header(&name.to_ascii_lowercase());
            ensure!(found == [value], "the server's gateway was to get {name}: {found:?}");
        }
    }
    Ok(())
}

pub(super) fn https_a_proxys_credentials_go_to_the_proxy_alone(bench: &Bench) -> Finding {
    let authority = bench.authority()?;
    let target = bench.serve(Jellyfin::new().conduct().tls(&authority.identity(&[HIDDEN])));
    let proxy = proxy_to(bench, target.address());
    let plan = bench.password(&format!("https://{HIDDEN}")).trusting(authority.pem());
    let with_credentials = proxy.url().replace("://", "://user:p%40ss@");
    signed_in(plan.through(&with_credentials).end()?)?;
    for request in proxy.traffic().requests() {
        let found = request.header("proxy-authorization");
        ensure!(found == ["Basic dXNlcjpwQHNz"], "the proxy was to get its credentials: {found:?}");
    }
    for request in target.traffic().requests() {
        let found = request.header("proxy-authorization");
        ensure!(found.is_empty(), "the server was not to see the proxy's credentials");
    }
    Ok(())
}

/// A proxy that answers `CONNECT` like this.
fn tunnel_meets(bench: &Bench, moves: Vec<Move>, others: &[Failure]) -> Finding {
    let proxy = bench.serve(Conduct::new(move |_| moves.clone()));
    let plan = bench.password(&format!("https://{HIDDEN}")).through(&proxy.url());
    let end = plan.end()?;
    end.no_answer_but(Failure::Proxy, others)?;
    end.within(SOON)?;
    let sent = proxy.traffic().requests();
    let all = sent.iter().all(|request| request.method() == "CONNECT");
    ensure!(all, "nothing but a CONNECT was to be sent to the proxy");
    Ok(())
}

pub(super) fn https_a_connect_refused_is_the_proxys_failure(bench: &Bench) -> Finding {
    [301, 302, 304, 403, 407, 502, 503].into_iter().try_for_each(|status| {
        let refusal = unmarked(status).with_header("location", "http://elsewhere.invalid/");
        tunnel_meets(bench, vec![Move::Send(wire::with_length(&refusal))], &[])
    })
}

pub(super) fn https_a_connect_answered_by_garbage_is_no_answer(bench: &Bench) -> Finding {
    let moves = vec![Move::send("SSH-2.0-OpenSSH_9.6\r\n\r\n"), Move::Hold];
    tunnel_meets(bench, moves, &[Failure::Other, Failure::Unreachable])
}

pub(super) fn https_a_connect_with_bytes_behind_its_answer_is_refused(bench: &Bench) -> Finding {
    let moves = vec![Move::send("HTTP/1.1 200 OK\r\n\r\n\x16\x03\x03"), Move::Hold];
    tunnel_meets(bench, moves, &[])
}

pub(super) fn https_a_connect_cut_off_is_no_answer(bench: &Bench) -> Finding {
    let others = [Failure::Interrupted, Failure::Unreachable];
    tunnel_meets(bench, vec![Move::Close], &others)?;
    tunnel_meets(bench, vec![Move::send("HTTP/1.1 2"), Move::Close], &others)
}

pub(super) fn https_a_silent_proxy_times_out(bench: &Bench) -> Finding {
    let timeout = std::time::Duration::from_secs(1);
    let proxy = bench.serve(Conduct::new(|_| vec![Move::Hold]));
    let plan = bench.password(&format!("https://{HIDDEN}")).through(&proxy.url());
    let end = plan.timeout(timeout).end()?;
    // The time is over, and nothing was sent to the server: both are true, and the first says more.
    end.no_answer_but(Failure::Unreachable, &[Failure::Timeout])?;
    end.within(timeout + SOON)
}

pub(super) fn https_a_proxy_that_is_not_there_is_no_answer(bench: &Bench) -> Finding {
    let plan = bench.password(&format!("https://{HIDDEN}"));
    let end = plan.through(&format!("http://{}", refused_port())).end()?;
    end.no_answer_but(Failure::Unreachable, &[Failure::Proxy])?;
    end.within(SOON)
}
