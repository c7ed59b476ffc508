//! A connection that an app's driver keeps from one request to the next, and from one run to the next.

use std::{
    io::{self, Read as _, Write as _},
    net::{Shutdown, TcpListener, TcpStream},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering::SeqCst},
        mpsc,
    },
    thread,
    time::Duration,
};

use jellyfin_auth::{Failure, Login, ServerUrl, WaitReason};

use crate::{
    answer::ResponseExt as _,
    conformance::{
        app::{App, address, came_on, controls},
        bench::{Bench, Complaint, Finding, SOON, device, ensure},
        jellyfin::{Jellyfin, POLL, PROBE, USERS, answer, plainly},
        kept::Call,
    },
    raw_server::{Authority, CLOSE_NOTIFY_LENGTH, Conduct, Move, RawRequest, RawServer, wire},
};

const STRAY_408: &str = "HTTP/1.1 408 Request Timeout\r\nContent-Length: 0\r\n\r\n";
const STRAY_200: &str = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}";

/// Makes these moves after the first answer on its first connection, and reads on.
fn after_the_first_answer(moves: Vec<Move>) -> Conduct {
    let first = move |request: &RawRequest, _| {
        let mut answered = plainly(&answer(PROBE, true));
        answered.extend(moves.clone());
        (request.connection() == 0 && request.earlier() == 0).then_some(answered)
    };
    Jellyfin::new().but_when(PROBE, first).conduct()
}

/// Makes these moves in place of every answer on its first connection but the first.
fn in_place_of_the_second_answer(moves: Vec<Move>) -> Jellyfin {
    Jellyfin::new()
        .but_when(USERS, move |request, _| (request.connection() == 0).then(|| moves.clone()))
}

pub(super) fn kept_connection_serves_the_next_request_and_the_next_run(bench: &Bench) -> Finding {
    let server = bench.serve(Jellyfin::new().conduct());
    let mut app = App::new(bench, &server)?;
    for _ in 0..2 {
        app.answered(Call::ServerInfo)?;
    }
    let mut login =
        Login::password(address(&server), device(), "alice", "pw").expect("the name isn't blank");
    let ended = app.driver.sign_in(&mut login, &controls());
    ensure!(ended.is_ok(), "the login was to succeed: {ended:?}");
    app.answered(Call::Users)?;
    // The password goes on a connection of its own, and what follows on the same.
    came_on(&server, &[0, 0, 0, 1, 1])?;
    let first_closed = server.traffic().wait_until(SOON, |all| all[0].closed.is_some());
    ensure!(first_closed, "one connection was to be kept, no more");
    drop(app);
    let closed = server.traffic().wait_until_all_are_closed(SOON);
    ensure!(closed, "a driver that is gone was to leave no connection");
    Ok(())
}

/// The connection can't be used after its first answer, and nothing is sent on it.
fn replaced(bench: &Bench, moves: Vec<Move>, authority: Option<&Authority>) -> Finding {
    let ends = matches!(moves.last(), Some(Move::Close | Move::Cut | Move::Reset));
    let length = |one: &Move| match one {
        Move::Send(bytes) => bytes.len(),
        Move::CloseNotify => CLOSE_NOTIFY_LENGTH,
        _ => 0,
    };
    let sent: usize = moves.iter().map(length).sum();
    let conduct = after_the_first_answer(moves);
    let server = bench.serve(match authority {
        Some(authority) => conduct.tls(&authority.identity(&["127.0.0.1"])),
        None => conduct,
    });
    let mut app = App::trusting(bench, &server, authority)?;
    app.answered(Call::ServerInfo)?;
    let first = wire::with_length(&answer(PROBE, true)).len();
    let all = (first + sent) as u64;
    let arrived = server.traffic().wait_until(SOON, |connections| {
        connections[0].sent == all && (!ends || connections[0].closed.is_some())
    });
    ensure!(arrived, "the server was to do what it does while nothing is asked");
    app.answered(Call::ServerInfo)?;
    came_on(&server, &[0, 1])
}

fn each_is_replaced(bench: &Bench, each: &[&[Move]], authority: Option<&Authority>) -> Finding {
    each.iter().try_for_each(|moves| replaced(bench, moves.to_vec(), authority))
}

pub(super) fn kept_connection_that_ended_is_replaced_unused(bench: &Bench) -> Finding {
    each_is_replaced(bench, &[&[Move::Close], &[Move::Reset]], None)
}

pub(super) fn https_kept_connection_that_ended_is_replaced_unused(bench: &Bench) -> Finding {
    let ends: &[&[Move]] = &[&[Move::Close], &[Move::Cut], &[Move::Reset], &[Move::CloseNotify]];
    each_is_replaced(bench, ends, Some(&bench.authority()?))
}

pub(super) fn kept_connection_with_stray_bytes_is_replaced_unused(bench: &Bench) -> Finding {
    let stray = Move::send;
    let strays: &[&[Move]] =
        &[&[stray(STRAY_408)], &[stray(STRAY_408), Move::Close], &[stray(STRAY_200)]];
    each_is_replaced(bench, strays, None)
}

pub(super) fn https_kept_connection_with_stray_bytes_is_replaced_unused(bench: &Bench) -> Finding {
    let strays: &[&[Move]] = &[&[Move::send(STRAY_408)], &[Move::send(STRAY_200)]];
    each_is_replaced(bench, strays, Some(&bench.authority()?))
}

pub(super) fn kept_connection_with_bytes_behind_its_answer_is_replaced_unused(
    bench: &Bench,
) -> Finding {
    for stray in [STRAY_408, STRAY_200] {
        let server = bench.serve(
            Jellyfin::new()
                .but_when(PROBE, move |request, _| {
                    let mut both = wire::with_length(&answer(PROBE, true));
                    both.extend(stray.as_bytes());
                    (request.connection() == 0).then(|| vec![Move::Send(both)])
                })
                .conduct(),
        );
        let mut app = App::new(bench, &server)?;
        app.answered(Call::ServerInfo)?;
        app.answered(Call::ServerInfo)?;
        came_on(&server, &[0, 1])?;
    }
    Ok(())
}

/// The app's first request is answered, and so it has a connection.
fn with_a_connection(bench: &Bench, server: &RawServer) -> Result<App, Complaint> {
    let mut app = App::new(bench, server)?;
    app.answered(Call::ServerInfo)?;
    Ok(app)
}

pub(super) fn kept_connection_that_loses_a_request_is_replaced(bench: &Bench) -> Finding {
    for moves in [vec![Move::Close], vec![Move::Reset], vec![Move::send(STRAY_408), Move::Close]] {
        let server = bench.serve(in_place_of_the_second_answer(moves).conduct());
        with_a_connection(bench, &server)?.answered(Call::Users)?;
        came_on(&server, &[0, 0, 1])?;
    }
    Ok(())
}

pub(super) fn kept_connection_is_replaced_once_for_a_request(bench: &Bench) -> Finding {
    let server = bench.serve(Jellyfin::new().but(USERS, vec![Move::Close]).conduct());
    with_a_connection(bench, &server)?.interrupted(Call::Users)?;
    came_on(&server, &[0, 0, 1])
}

pub(super) fn kept_connection_that_answered_a_byte_is_not_replaced(bench: &Bench) -> Finding {
    let moves = vec![Move::send("H"), Move::Close];
    let server = bench.serve(in_place_of_the_second_answer(moves).conduct());
    with_a_connection(bench, &server)?.interrupted(Call::Users)?;
    came_on(&server, &[0, 0])
}

pub(super) fn kept_connection_lost_for_good_may_have_carried_the_request(bench: &Bench) -> Finding {
    // "Unreachable" alone would promise that the request never arrived.
    let conduct = in_place_of_the_second_answer(vec![Move::Close]).conduct();
    let conduct = conduct.greeting(|number| if number == 0 { vec![] } else { vec![Move::Reset] });
    let server = bench.serve(conduct);
    let mut app = with_a_connection(bench, &server)?;
    app.interrupted(Call::Users)?;
    app.server = gone_after_the_first_answer();
    app.answered(Call::ServerInfo)?;
    app.interrupted(Call::Users)
}

/// A server that reads two requests, answers the first, and is no longer there.
fn gone_after_the_first_answer() -> ServerUrl {
    let (listener, url) = listen();
    thread::spawn(move || {
        let mut socket = answer_once(&listener)?;
        let _ = socket.read(&mut [0; 4096])?;
        drop(listener);
        io::Result::Ok(())
    });
    url
}

fn listen() -> (TcpListener, ServerUrl) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("loopback has a free port");
    let address = listener.local_addr().expect("a listener has an address");
    (listener, ServerUrl::parse(&format!("http://{address}")).expect("it is an address"))
}

fn answer_once(listener: &TcpListener) -> io::Result<TcpStream> {
    let (mut socket, _) = listener.accept()?;
    let _ = socket.read(&mut [0; 4096])?;
    socket.write_all(&wire::with_length(&answer(PROBE, true)))?;
    Ok(socket)
}

/// The server says no more and listens still: what is sent there is lost.
pub(super) fn kept_connection_ended_on_one_side_is_replaced_unused(bench: &Bench) -> Finding {
    let (listener, url) = listen();
    let (ended, has_ended) = mpsc::channel();
    let server = thread::spawn(move || {
        let mut first = answer_once(&listener)?;
        first.shutdown(Shutdown::Write)?;
        // The rule may be broken and over.
        let _ = ended.send(());
        let second = answer_once(&listener)?;
        let more = first.read(&mut [0; 4096])?;
        drop(second);
        io::Result::Ok(more)
    });
    let mut app = App::new(bench, &bench.serve(Jellyfin::new().conduct()))?;
    app.server = url;
    app.answered(Call::ServerInfo)?;
    ensure!(has_ended.recv_timeout(SOON).is_ok(), "the server was to end its side");
    app.answered(Call::ServerInfo)?;
    drop(app);
    let more = server.join().ok().and_then(Result::ok);
    ensure!(more == Some(0), "nothing was to be sent there: {more:?}");
    Ok(())
}

pub(super) fn kept_connection_lasts_as_long_as_the_server_says(bench: &Bench) -> Finding {
    for (keep_alive, pause, wanted) in [
        ("timeout=1", 0, [0, 1]),
        ("timeout=2, max=100", 1050, [0, 1]),
        ("timeout=60, max=100", 1050, [0, 0]),
    ] {
        let info = answer(PROBE, true).with_header("keep-alive", keep_alive);
        let server = bench.serve(Jellyfin::new().but(PROBE, plainly(&info)).conduct());
        let mut app = with_a_connection(bench, &server)?;
        thread::sleep(Duration::from_millis(pause));
        app.answered(Call::ServerInfo)?;
        came_on(&server, &wanted)?;
    }
    Ok(())
}

pub(super) fn kept_connection_is_for_one_server(bench: &Bench) -> Finding {
    let (one, other) =
        (bench.serve(Jellyfin::new().conduct()), bench.serve(Jellyfin::new().conduct()));
    let mut app = with_a_connection(bench, &one)?;
    app.server = address(&other);
    app.answered(Call::ServerInfo)?;
    came_on(&other, &[0])?;
    ensure!(
        one.traffic().wait_until_all_are_closed(SOON),
        "one connection was to be kept, no more"
    );
    Ok(())
}

pub(super) fn kept_connection_carries_a_large_answer(bench: &Bench) -> Finding {
    let large = answer(USERS, true).with_body(format!("[{}]", " ".repeat(512 * 1024)).as_bytes());
    let server = bench.serve(Jellyfin::new().but(USERS, plainly(&large)).conduct());
    with_a_connection(bench, &server)?.answered(Call::Users)?;
    came_on(&server, &[0, 0])
}

/// A poll that is lost on a kept connection may have arrived, however long its second attempt takes.
pub(super) fn https_kept_connection_replaced_too_slowly_may_have_carried_the_request(
    bench: &Bench,
) -> Finding {
    let lost = Arc::new(AtomicBool::new(false));
    let losing = Arc::clone(&lost);
    let jellyfin = Jellyfin::new()
        .but_when(POLL, move |_, _| (!losing.swap(true, SeqCst)).then(|| vec![Move::Close]));
    let stalling = move |_| if lost.swap(false, SeqCst) { vec![Move::Hold] } else { Vec::new() };
    let authority = bench.authority()?;
    let conduct = jellyfin.conduct().greeting(stalling);
    let server = bench.serve(conduct.tls(&authority.identity(&["127.0.0.1"])));
    let login = bench.quick_connect(&server.url()).trusting(authority.pem());
    let mut login = login.timeout(Duration::from_secs(2)).start();
    let first = login.next_wait()?;
    let second = login.next_wait()?;
    login.cancel();
    ensure!(first.reason() == WaitReason::Approval, "the first wait was for {first:?}");
    let reason = second.reason();
    let wanted = [Failure::Timeout, Failure::Interrupted].map(WaitReason::NoAnswer);
    ensure!(
        wanted.contains(&reason),
        "the second wait was to be for one of {wanted:?}: {reason:?}"
    );
    Ok(())
}
