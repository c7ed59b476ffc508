//! The drivers, each used again and again.

use jellyfin_auth::{Login, ServerUrl};
use side_by_side::{PASSWORD, USER, device};
use tokio::runtime;

pub(crate) fn ureq(url: &str) -> impl FnMut() + use<> {
    let mut driver = jellyfin_auth_ureq::Driver::new();
    let (server, device) = (ServerUrl::parse(url).expect("an address"), device());
    move || {
        let login = Login::password(server.clone(), device.clone(), USER, PASSWORD);
        driver.run(login.expect("a user name")).expect("a session");
    }
}

pub(crate) fn async_std(url: &str) -> impl FnMut() + use<> {
    let mut driver = jellyfin_auth_async_std::Driver::new();
    let (server, device) = (ServerUrl::parse(url).expect("an address"), device());
    move || {
        let login = Login::password(server.clone(), device.clone(), USER, PASSWORD);
        async_std::task::block_on(driver.run(login.expect("a user name"))).expect("a session");
    }
}

pub(crate) fn reqwest(url: &str) -> impl FnMut() + use<> {
    let runtime = runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let client = reqwest::Client::builder().no_proxy();
    let mut driver = jellyfin_auth_reqwest::Driver::new(client).expect("a client");
    let (server, device) = (ServerUrl::parse(url).expect("an address"), device());
    move || {
        let login = Login::password(server.clone(), device.clone(), USER, PASSWORD);
        runtime.block_on(driver.run(login.expect("a user name"))).expect("a session");
    }
}
