//! Where the futures run, and what the user sees and can do while they wait.

use std::{
    future::Future,
    thread,
    time::{Duration, Instant},
};

use futures_lite::future::block_on;
use jellyfin_auth::{
    Wait, WaitReason,
    endpoint::{GetPublicUsers, GetServerInfo},
};
use jellyfin_auth_async_std::{Driver, Error, LanSearch};
use jellyfin_auth_testkit::raw_server::Conduct;

use crate::scene::{
    TOKEN, approving, device, driver, password_login, quick_connect, url, well_behaved,
};

#[test]
fn every_future_can_be_sent_to_another_thread() {
    fn is_send<T: Send>(future: T) -> T {
        future
    }
    let (server, device) = (url("http://nas.invalid"), device());
    let mut driver = driver();
    let info = GetServerInfo { server: &server, device: &device };
    let users = GetPublicUsers { server: &server, device: &device };

    drop(is_send(driver.call(&info)));
    drop(is_send(driver.call(&users)));
    drop(is_send(driver.run(password_login("http://nas.invalid"))));
    drop(is_send(driver.run_with(quick_connect("http://nas.invalid"), |_| {})));
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

async fn sign_in(server: String) -> Result<String, Error> {
    let session = driver().run(password_login(&server)).await?;
    Ok(session.access_token().expose().to_owned())
}

#[test]
fn any_executor_will_do() {
    let server = Conduct::new(well_behaved).start();

    let here = block_on(sign_in(server.url()));
    let on_async_std = async_std::task::block_on(sign_in(server.url()));
    let spawned = async_std::task::block_on(async_std::task::spawn(sign_in(server.url())));

    for token in [here, on_async_std, spawned] {
        assert_eq!(token.expect("alice may"), TOKEN);
    }
}

#[test]
fn a_future_can_move_between_threads_while_it_runs() {
    let server = Conduct::new(well_behaved).start();
    let mut future = Box::pin(sign_in(server.url()));

    let token = loop {
        // One poll on each thread.
        future = match thread::spawn(move || {
            let once = block_on(futures_lite::future::poll_once(&mut future));
            once.ok_or(future)
        })
        .join()
        .expect("nothing panics")
        {
            Ok(token) => break token,
            Err(future) => future,
        };
        thread::sleep(Duration::from_millis(1));
    };

    assert_eq!(token.expect("alice may"), TOKEN);
}

#[test]
fn next_from_another_thread_ends_a_wait_and_the_code_is_redeemed() {
    let server = Conduct::new(approving).start();
    let mut driver = driver();
    let handle = driver.handle();
    let mut waits = Vec::new();
    let start = Instant::now();

    let session = thread::scope(|scope| {
        let on_wait = |wait: &Wait| {
            waits.push((wait.code().map(str::to_owned), wait.reason()));
            let handle = handle.clone();
            scope.spawn(move || {
                thread::sleep(Duration::from_millis(20));
                handle.check_now();
            });
        };
        block_on(driver.run_with(quick_connect(&server.url()), on_wait))
    })
    .expect("the code was approved");

    assert_eq!(session.access_token().expose(), TOKEN);
    assert_eq!(waits.first(), Some(&(Some("123456".to_owned()), WaitReason::Approval)));
    assert!(start.elapsed() < Duration::from_secs(3), "it didn't wait 5 s");
    let traffic = server.traffic();
    let initiated = traffic.requests_for("/QuickConnect/Initiate")[0].arrived();
    let polled = traffic.requests_for("/QuickConnect/Connect")[0].arrived();
    assert!(polled.duration_since(initiated) >= Duration::from_millis(950));
    assert_eq!(traffic.connections().len(), 1, "the connection is kept while waiting");
}

#[test]
fn next_pressed_before_anything_is_waited_for_does_nothing() {
    let server = Conduct::new(well_behaved).start();
    let mut driver = driver();
    driver.handle().check_now();

    let run = driver.run(quick_connect(&server.url()));
    let ended = block_on(within(Duration::from_millis(1300), run));

    assert!(ended.is_none(), "it waits for its 5 s");
    assert!(server.traffic().requests_for("/QuickConnect/Connect").is_empty());
}

async fn within<T>(time: Duration, future: impl Future<Output = T>) -> Option<T> {
    async_std::future::timeout(time, future).await.ok()
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
