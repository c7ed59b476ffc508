//! The two things that are measured against each other: a sign-in by this crate, and the least that
//! a program would write by hand for the same requests and the same answers.

pub mod hand_written;
pub mod ours;

use http::Response;
use jellyfin_auth::{Device, DeviceFields, DeviceId, ServerUrl};

/// 30 bytes.
pub(crate) const SERVER: &str = "https://jellyfin.example.media";
pub(crate) const CLIENT: &str = "Example Play";
pub(crate) const VERSION: &str = "1.4.0-beta.1";
pub(crate) const DEVICE: &str = "Recorder";
pub(crate) const DEVICE_ID: &str = "6f1c0e52-9c1b-4d0a-8a53-2f5b0a9d7c11";
/// Who is signed in.
pub const USER: &str = "alice";
/// And how.
pub const PASSWORD: &str = "correct horse";
pub(crate) const SECRET: &str = "AF87A55ED59C07B59D9EC0D6CD6EDDB1F1D3A3B1B5E2E0D6CD6EDDB1F1D3A3B1";

/// What drivers hand in: head and body as a server of version 12 sends them.
pub type Answer = Response<&'static [u8]>;

pub(crate) fn server() -> ServerUrl {
    ServerUrl::parse(SERVER).expect("an address")
}

/// Who signs in: strings of 12, 12, 8 and 36 bytes.
#[must_use]
pub fn device() -> Device {
    let id = DeviceId::new(DEVICE_ID).expect("an id");
    let fields = DeviceFields { client: CLIENT, version: VERSION, name: DEVICE, id };
    Device::new(fields).expect("a device")
}

/// To the probe: 207 bytes.
#[must_use]
pub fn server_info() -> Answer {
    answer(include_bytes!("../answers/server_info.json"))
}

/// To the password: 2,983 bytes.
#[must_use]
pub fn authentication() -> Answer {
    answer(include_bytes!("../answers/authentication.json"))
}

pub(crate) fn enabled() -> Answer {
    answer(b"true")
}

/// To Initiate, and to every poll until the code is approved: 238 bytes.
#[must_use]
pub fn pending() -> Answer {
    answer(include_bytes!("../answers/pending.json"))
}

fn answer(body: &'static [u8]) -> Answer {
    Response::builder()
        .header("content-type", "application/json; charset=utf-8")
        .header("server", "Kestrel")
        .header("content-language", "en-US")
        .header("transfer-encoding", "chunked")
        .header("x-response-time-ms", "1.2345")
        .body(body)
        .expect("an answer")
}
