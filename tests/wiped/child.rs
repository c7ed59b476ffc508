//! The program that signs in, and whose memory is looked at.

use std::{
    env,
    fs::File,
    io::{self, Read as _},
    os::fd::AsFd as _,
};

use jellyfin_auth::{
    Device, DeviceFields, DeviceId, Login, Password, ServerUrl,
    endpoint::{GetCurrentUser, GetPublicUsers},
};

use jellyfin_auth_both_drivers::{BOTH, options};

pub(crate) const ADAPTER: &str = "WIPED_ADAPTER";
pub(crate) const SERVER: &str = "WIPED_SERVER";
pub(crate) const CERTIFICATE: &str = "WIPED_CERTIFICATE";
/// What is asked for last, and never answered.
pub(crate) const LAST: &str = "/Users/Public";

/// One line, read as a program should read a password: without a buffer that keeps it.
fn password() -> Password {
    let stdin = io::stdin().as_fd().try_clone_to_owned().expect("a file descriptor is free");
    let mut stdin = File::from(stdin);
    let mut line = String::with_capacity(64);
    let mut byte = [0];
    loop {
        stdin.read_exact(&mut byte).expect("the line has an end");
        if byte == *b"\n" {
            return line.into();
        }
        line.push(char::from(byte[0]));
    }
}

/// Whether this is the child.
pub(crate) fn is_this() -> bool {
    env::var_os(ADAPTER).is_some()
}

pub(crate) fn sign_in() {
    let adapter = env::var(ADAPTER).expect("this is the child");
    let adapter = BOTH.into_iter().find(|known| known.name() == adapter).expect("it is known");
    let mut options = options();
    if let Ok(pem) = env::var(CERTIFICATE) {
        options = options.root_certificate_pem(pem.as_bytes()).expect("a certificate");
    }
    let server = ServerUrl::parse(&env::var(SERVER).expect("an address")).expect("an address");
    let id = DeviceId::new("d-1").expect("a device id");
    let fields = DeviceFields { client: "Example", version: "1.0", name: "Test", id };
    let device = Device::new(fields).expect("a device");

    let mut driver = adapter.driver_with(options);
    let handle = driver.handle();
    let by_code = Login::quick_connect(server.clone(), device.clone());
    driver.run_with(by_code, |_| handle.check_now()).expect("the code is approved");
    let login = Login::password(server.clone(), device.clone(), "alice", password());
    let session = driver.run(login.expect("a user name")).expect("alice may");
    driver.call(&GetCurrentUser { session: &session }).expect("the token is in its headers");
    driver.call(&GetPublicUsers { server: &server, device: &device }).expect_err("it hangs");
    drop(session);
}
