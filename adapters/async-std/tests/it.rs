//! The futures: they can be sent and moved, and dropped wherever they are.

use std::{
    future::{Future, poll_fn},
    pin::pin,
    task::Poll,
    thread,
    time::Duration,
};

use futures_lite::future::{self, block_on};
use jellyfin_auth::{
    Device, DeviceFields, DeviceId, Login, ServerUrl,
    endpoint::{GetPublicUsers, GetServerInfo},
};
use jellyfin_auth_async_std::{Driver, Error, LanSearch, Options, Proxy};
use jellyfin_auth_testkit::{
    answer,
    raw_server::{Conduct, Identity, Move, RawRequest, RawServer, wire},
};

const SERVER: &str = "2e34ab940daf47feb56c64cd271dc628";
const TOKEN: &str = "b7a1c3d4e5f60718293a4b5c6d7e8f90";
/// How long a socket may take to close on a busy machine.
const SOON: Duration = Duration::from_secs(5);

fn options() -> Options {
    Options::new().proxy(Proxy::none())
}

fn driver() -> Driver {
    Driver::with_options(options())
}

fn device() -> Device {
    let id = DeviceId::new("d-1").expect("it is an id");
    Device::new(DeviceFields { client: "Example", version: "1.0", name: "Test", id })
        .expect("no field is blank")
}

fn url(address: &str) -> ServerUrl {
    ServerUrl::parse(address).expect("the test's address is one")
}

fn password_login(server: &str) -> Login {
    Login::password(url(server), device(), "alice", "correct horse").expect("it isn't blank")
}

fn answering(request: &RawRequest) -> Vec<Move> {
    let response = match request.path() {
        "/Users/AuthenticateByName" => answer::authentication(TOKEN, "u", SERVER),
        _ => answer::server_info(SERVER, "10.11.11"),
    };
    vec![Move::Send(wire::with_length(&response))]
}

/// Asks a server who it is.
fn ask(driver: &mut Driver, server: &RawServer) -> Result<String, Error> {
    let (server, device) = (url(&server.url()), device());
    block_on(driver.call(&GetServerInfo { server: &server, device: &device })).map(|info| info.id)
}

#[test]
fn every_future_can_be_sent_to_another_thread() {
    fn is_send<T: Send>(future: T) -> T {
        future
    }
    let (server, device) = (url("http://nas.invalid"), device());
    let mut driver = driver();
    let info = GetServerInfo { server: &server, device: &device };
    let users = GetPublicUsers { server: &server, device: &device };
    let quick_connect = Login::quick_connect(server.clone(), device.clone());

    drop(is_send(driver.call(&info)));
    drop(is_send(driver.call(&users)));
    drop(is_send(driver.run(password_login("http://nas.invalid"))));
    drop(is_send(driver.run_with(quick_connect, |_| {})));
    drop(is_send(driver.sign_in_with_password(server.clone(), device.clone(), "alice", "secret")));
    drop(is_send(driver.sign_in_with_quick_connect(server.clone(), device.clone(), |_| {})));
    drop(is_send(jellyfin_auth_async_std::sign_in_with_password(
        server.clone(),
        device.clone(),
        "alice",
        "secret",
    )));
    drop(is_send(jellyfin_auth_async_std::sign_in_with_quick_connect(server, device, |_| {})));
    drop(is_send(jellyfin_auth_async_std::find_servers(&LanSearch::new())));
    is_send(Driver::new());
}

#[test]
fn a_future_can_move_between_threads_while_it_runs() {
    let server = Conduct::new(answering).start();
    let login = password_login(&server.url());
    let mut future = Box::pin(async { driver().run(login).await });

    let session = loop {
        // One poll on each thread.
        let once = thread::spawn(move || {
            let ended = block_on(future::poll_once(&mut future));
            ended.ok_or(future)
        });
        match once.join().expect("nothing panics") {
            Ok(ended) => break ended,
            Err(pending) => future = pending,
        }
        thread::sleep(Duration::from_millis(1));
    };

    assert_eq!(session.expect("alice may").access_token().expose(), TOKEN);
}

/// Polls `future` at most so many times.
async fn only<F: Future>(polls: usize, future: F) -> Option<F::Output> {
    let mut future = pin!(future);
    let mut count = 0;
    poll_fn(|cx| {
        if count == polls {
            return Poll::Ready(None);
        }
        count += 1;
        future.as_mut().poll(cx).map(Some)
    })
    .await
}

#[test]
fn dropping_after_any_number_of_polls_closes_the_connection() {
    let identity = Identity::self_signed(&["127.0.0.1"]);
    // In small pieces, so that there are many points to be at.
    let in_pieces = |whole: Vec<Move>| {
        whole.into_iter().map(|one| match one {
            Move::Send(bytes) => Move::Drip { bytes, every: Duration::ZERO },
            other => other,
        })
    };
    let server = Conduct::new(move |request| in_pieces(answering(request)).collect());
    let server = server.tls(&identity).start();
    let trusting = options().root_certificate_pem(identity.pem().as_bytes());
    let mut driver = Driver::with_options(trusting.expect("it is a certificate"));

    let mut polls = 0;
    while block_on(only(polls, driver.run(password_login(&server.url())))).is_none() {
        let traffic = server.traffic();
        assert!(traffic.wait_until_all_are_closed(SOON), "after {polls} polls: {traffic}");
        polls += 1;
    }

    assert!(polls > 5, "a sign-in over TLS waits more than {polls} times");
    ask(&mut driver, &server).expect("a driver whose futures were dropped goes on");
}

#[test]
fn a_driver_whose_future_was_never_polled_goes_on() {
    let server = Conduct::new(answering).start();
    let mut driver = driver();
    ask(&mut driver, &server).expect("it answers");
    drop(driver.run(password_login(&server.url())));

    ask(&mut driver, &server).expect("it answers");

    assert_eq!(server.traffic().requests().len(), 2, "{}", server.traffic());
    assert_eq!(server.traffic().connections().len(), 1, "the connection is kept");
}

#[test]
fn a_cancel_during_a_future_that_is_dropped_ends_nothing_else() {
    let server = Conduct::new(|request| match request.connection() {
        0 => vec![Move::Hold],
        _ => answering(request),
    })
    .start();
    let mut driver = driver();
    let handle = driver.handle();
    let mut run = Box::pin(driver.run(password_login(&server.url())));
    block_on(async {
        assert!(future::poll_once(&mut run).await.is_none(), "it connects");
    });
    handle.cancel();
    drop(run);

    assert_eq!(ask(&mut driver, &server).expect("it answers"), SERVER);
}

/// Only one folder knows the runtimes, so that one can take the other's place.
#[test]
fn one_folder_names_the_runtimes() {
    let sources = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut naming = Vec::new();
    let mut folders = vec![sources];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).expect("the sources are there") {
            let path = entry.expect("the sources can be listed").path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let source = std::fs::read_to_string(&path).expect("it is text");
            let mut code = source.lines().filter(|line| !line.trim_start().starts_with("//"));
            let runtimes = ["async_std::", "async_net::", "async_io::"];
            if code.any(|line| runtimes.iter().any(|runtime| line.contains(runtime))) {
                naming.extend(path.file_name().map(std::ffi::OsStr::to_owned));
            }
        }
    }
    naming.sort();
    assert_eq!(naming, ["async_std.rs", "runtime.rs", "smol.rs"]);
}
