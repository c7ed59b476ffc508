//! Both flows, from the address to the session.

use std::{net::Ipv6Addr, time::Duration};

use jellyfin_auth::Error;

use crate::{
    answer::marked,
    conformance::{
        bench::{Bench, Complaint, Finding, SOON, ensure},
        end::End,
        jellyfin::{
            AUTHENTICATE, CODE, INITIATE, Jellyfin, POLL, SERVER_ID, TOKEN, USER_ID, plainly,
        },
    },
    raw_server::{Move, wire},
};

/// The session is the one that the server gave.
pub(super) fn signed_in(end: End) -> Finding {
    let session = end.session()?;
    ensure!(session.access_token().expose() == TOKEN, "the token is not the server's");
    ensure!(session.user().id == USER_ID, "the user is not the server's: {:?}", session.user());
    let id = session.server_id();
    ensure!(id == Some(SERVER_ID), "the session's server id is {id:?}");
    Ok(())
}

pub(super) fn a_password_login_ends_signed_in(bench: &Bench) -> Finding {
    let server = bench.serve(Jellyfin::new().conduct());
    signed_in(bench.password(&server.url()).end()?)
}

pub(super) fn a_quick_connect_login_ends_signed_in(bench: &Bench) -> Finding {
    let server = bench.serve(Jellyfin::new().conduct());
    signed_in(bench.quick_connect(&server.url()).end()?)
}

pub(super) fn a_code_is_shown_with_every_wait(bench: &Bench) -> Finding {
    let server = bench.serve(Jellyfin::new().approving_at_poll(2).conduct());
    let end = bench.quick_connect(&server.url()).end()?;
    let codes: Vec<_> = end.waits.iter().map(|wait| wait.code().map(str::to_owned)).collect();
    signed_in(end)?;
    let wanted = [Some(CODE.to_owned()), Some(CODE.to_owned())];
    ensure!(codes == wanted, "two waits were to show {CODE}; these were shown: {codes:?}");
    Ok(())
}

pub(super) fn a_wrong_password_arrives_as_an_answer(bench: &Bench) -> Finding {
    let server = bench.serve(Jellyfin::new().but(AUTHENTICATE, plainly(&marked(401))).conduct());
    bench
        .password(&server.url())
        .end()?
        .error("bad credentials (401)", |error| matches!(error, Error::BadCredentials { .. }))
}

pub(super) fn a_refusal_arrives_as_an_answer(bench: &Bench) -> Finding {
    let server = bench.serve(Jellyfin::new().but(AUTHENTICATE, plainly(&marked(403))).conduct());
    bench
        .password(&server.url())
        .end()?
        .error("a refused login (403)", |error| matches!(error, Error::LoginRefused { .. }))
}

pub(super) fn quick_connect_initiated_by_get_on_old_servers(bench: &Bench) -> Finding {
    let refusal = vec![Move::Send(wire::head(&marked(405), "Allow: GET\r\nContent-Length: 0\r\n"))];
    let server = bench.serve(Jellyfin::new().but_first(INITIATE, refusal).conduct());
    signed_in(bench.quick_connect(&server.url()).end()?)?;
    let requests = server.traffic().requests_for(INITIATE);
    let methods: Vec<_> = requests.iter().map(|request| request.method().to_owned()).collect();
    ensure!(methods == ["POST", "GET"], "a POST, then a GET was to arrive, not {methods:?}");
    Ok(())
}

pub(super) fn next_shortens_a_wait(bench: &Bench) -> Finding {
    let server = bench.serve(Jellyfin::new().conduct());
    let patient =
        |policy: &mut jellyfin_auth::Policy| policy.poll_interval = Duration::from_secs(15);
    let mut login = bench.quick_connect(&server.url()).policy(patient).start();
    login.next_wait()?;
    login.check_now();
    let end = login.end()?;
    end.within(SOON)?;
    signed_in(end)
}

pub(super) fn next_never_asks_twice_within_a_second(bench: &Bench) -> Finding {
    let server = bench.serve(Jellyfin::new().approving_at_poll(2).conduct());
    let patient =
        |policy: &mut jellyfin_auth::Policy| policy.poll_interval = Duration::from_secs(15);
    let mut login = bench.quick_connect(&server.url()).policy(patient).start();
    login.next_wait()?;
    while !login.has_ended(Duration::from_millis(10))? {
        login.check_now();
    }
    signed_in(login.end()?)?;
    let polls = server.traffic().requests_for(POLL);
    ensure!(polls.len() == 2, "two polls were to arrive, not {}", polls.len());
    let apart = polls[1].arrived() - polls[0].arrived();
    // A second lies between them where they are sent; where they arrive, the first one may be late.
    ensure!(apart > Duration::from_millis(500), "two polls came within {apart:?}");
    Ok(())
}

pub(super) fn an_ipv6_address_is_reached(bench: &Bench) -> Finding {
    let Ok(server) = Jellyfin::new().conduct().on(Ipv6Addr::LOCALHOST.into()).try_start() else {
        return Err(Complaint::Impossible("this machine has no IPv6"));
    };
    bench.watch(&server);
    signed_in(bench.password(&server.url()).end()?)?;
    let host = format!("[::1]:{}", server.address().port());
    for request in server.traffic().requests() {
        let found = request.header("host").join(", ");
        ensure!(found == host, "Host was to be {host}, not {found}");
    }
    Ok(())
}

pub(super) fn localhost_is_reached_where_only_ipv4_listens(bench: &Bench) -> Finding {
    let server = bench.serve(Jellyfin::new().conduct());
    signed_in(bench.password(&server.url_as("localhost")).end()?)
}

pub(super) fn a_hundred_logins_run_side_by_side(bench: &Bench) -> Finding {
    let server = bench.serve(Jellyfin::new().conduct());
    let running: Vec<_> = (0..100)
        .map(|index| {
            let url = server.url();
            if index % 2 == 0 { bench.password(&url) } else { bench.quick_connect(&url) }.start()
        })
        .collect();
    running.into_iter().try_for_each(|login| signed_in(login.end()?))
}
