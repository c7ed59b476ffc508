//! The drivers, each used again and again.

use jellyfin_auth::{Login, ServerUrl};
use side_by_side::{PASSWORD, USER, device};

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
