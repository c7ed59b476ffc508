//! How many round trips a sign-in by password takes over https: with a server that is far away, they are
//! what a user waits for.

use std::{
    io::{Read, Write},
    net::{Ipv4Addr, Shutdown, SocketAddr, TcpListener, TcpStream},
    sync::mpsc,
    thread,
    time::{Duration, Instant},
};

use jellyfin_auth::{Login, ServerUrl};
use jellyfin_auth_testkit::{
    fake_server::{FakeServer, Version},
    raw_server::Authority,
};
use reqwest::Certificate;
use side_by_side::{PASSWORD, USER, device};
use tokio::runtime;

/// From here to the server and back: so long that what else the machine does hardly counts.
const ROUND_TRIP: Duration = Duration::from_millis(200);

/// Prints the time of one sign-in by each driver, in round trips.
pub(crate) fn count() {
    let authority = Authority::new();
    let mut server = FakeServer::new(Version::V12);
    server.add_user(USER, PASSWORD);
    let server = server.listen_tls(&authority.identity(&["127.0.0.1"])).expect("a port");
    let url = ServerUrl::parse(&far_away(server.port())).expect("an address");
    let login = || Login::password(url.clone(), device(), USER, PASSWORD).expect("a user name");

    println!("round trips of a sign-in by password over https, each of {ROUND_TRIP:?}\n");
    let pem = authority.pem().as_bytes();
    let options = jellyfin_auth_ureq::Options::new().proxy(jellyfin_auth_ureq::Proxy::none());
    let options = options.root_certificate_pem(pem).expect("a certificate");
    measure("ureq adapter", || {
        let mut driver = jellyfin_auth_ureq::Driver::with_options(options.clone());
        driver.run(login()).expect("a session");
    });
    measure("async-std adapter", || {
        let mut driver = jellyfin_auth_async_std::Driver::with_options(options.clone());
        async_std::task::block_on(driver.run(login())).expect("a session");
    });
    let runtime = runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    measure("reqwest adapter", || {
        let root = Certificate::from_pem(pem).expect("a certificate");
        let client = reqwest::Client::builder().no_proxy().tls_certs_only([root]);
        let mut driver = jellyfin_auth_reqwest::Driver::new(client).expect("a client");
        runtime.block_on(driver.run(login())).expect("a session");
    });
}

fn measure(name: &str, mut sign_in: impl FnMut()) {
    let fastest = (0..5).map(|_| {
        let begun = Instant::now();
        sign_in();
        begun.elapsed()
    });
    let fastest = fastest.min().unwrap_or_default();
    println!("{name:<24} {:>8.2}", fastest.div_duration_f64(ROUND_TRIP));
}

/// The address of a server that is as far away as [`ROUND_TRIP`] says.
fn far_away(port: u16) -> String {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a port");
    let url = format!("https://{}", listener.local_addr().expect("an address"));
    thread::spawn(move || {
        for near in listener.incoming().flatten() {
            let far = TcpStream::connect(SocketAddr::from((Ipv4Addr::LOCALHOST, port)));
            let far = far.expect("the server listens");
            // The system has answered for the server already: one round trip that is owed.
            let open = Instant::now() + ROUND_TRIP;
            delay(near.try_clone().expect("a socket"), far.try_clone().expect("a socket"), open);
            delay(far, near, open);
        }
    });
    url
}

/// Passes on what arrives, half a round trip later, and not before half a round trip after `open`.
fn delay(mut from: TcpStream, mut to: TcpStream, open: Instant) {
    let (sender, receiver) = mpsc::channel::<(Instant, Vec<u8>)>();
    to.set_nodelay(true).expect("a socket");
    thread::spawn(move || {
        let mut buffer = [0; 16 * 1024];
        while let Ok(length @ 1..) = from.read(&mut buffer) {
            let due = Instant::now().max(open) + ROUND_TRIP / 2;
            if sender.send((due, buffer[..length].to_vec())).is_err() {
                return;
            }
        }
    });
    thread::spawn(move || {
        for (due, bytes) in receiver {
            thread::sleep(due.saturating_duration_since(Instant::now()));
            if to.write_all(&bytes).is_err() {
                break;
            }
        }
        // Its other side may be gone already.
        let _ = to.shutdown(Shutdown::Write);
    });
}
