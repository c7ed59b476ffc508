//! What is a blocking driver's alone: a closure that panics, a handle that outlives its driver.

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    time::Duration,
};

use jellyfin_auth::{
    Device, DeviceFields, DeviceId, Error, Login, ServerUrl, endpoint::GetServerInfo,
};
use jellyfin_auth_testkit::{
    answer,
    answer::ResponseExt as _,
    raw_server::{Conduct, Move, RawServer, wire},
};
use jellyfin_auth_ureq::{Driver, Options, Proxy};

fn server() -> RawServer {
    Conduct::new(|request| {
        let response = match request.path() {
            "/QuickConnect/Enabled" => answer::marked(200).with_json(&true.into()),
            "/QuickConnect/Initiate" => answer::quick_connect("123456", "s", false),
            _ => answer::server_info("2e34ab940daf47feb56c64cd271dc628", "10.11.11"),
        };
        vec![Move::Send(wire::with_length(&response))]
    })
    .start()
}

fn driver() -> Driver {
    Driver::with_options(Options::new().proxy(Proxy::none()))
}

fn device() -> Device {
    let id = DeviceId::new("d-1").expect("it is an id");
    Device::new(DeviceFields { client: "Example", version: "1.0", name: "Test", id })
        .expect("no field is blank")
}

fn ask(driver: &mut Driver, server: &RawServer) -> Result<(), jellyfin_auth_ureq::Error> {
    let (server, device) = (ServerUrl::parse(&server.url()).expect("an address"), device());
    driver.call(&GetServerInfo { server: &server, device: &device }).map(drop)
}

#[test]
fn a_callback_that_panics_leaves_the_driver_usable() {
    let server = server();
    let url = ServerUrl::parse(&server.url()).expect("an address");
    let mut driver = driver();

    let panicked = catch_unwind(AssertUnwindSafe(|| {
        let login = Login::quick_connect(url, device());
        driver.run_with(login, |_| panic!("the callback's own trouble"))
    }));

    assert!(panicked.is_err());
    ask(&mut driver, &server).expect("the driver still works");
    driver.handle().cancel();
    let ended = ask(&mut driver, &server).expect_err("it was cancelled");
    assert_eq!(ended.login(), Some(&Error::Cancelled));
}

#[test]
fn a_handle_that_outlives_its_driver_keeps_no_connection() {
    let server = server();
    let mut driver = driver();
    let handle = driver.handle();
    ask(&mut driver, &server).expect("it answers");

    drop(driver);

    let closed = server.traffic().wait_until_all_are_closed(Duration::from_secs(5));
    assert!(closed, "{}", server.traffic());
    handle.cancel();
    handle.check_now();
}
