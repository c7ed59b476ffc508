//! Where the tests begin.

use jellyfin_auth::{Device, DeviceId, Login, Policy, ServerUrl, Session};
use jellyfin_auth_testkit::{Script, answer};

pub const INFO: &str = "/System/Info/Public";
pub const AUTHENTICATE: &str = "/Users/AuthenticateByName";
pub const ENABLED: &str = "/QuickConnect/Enabled";
pub const INITIATE: &str = "/QuickConnect/Initiate";
pub const POLL: &str = "/QuickConnect/Connect?secret=5EC4E7";
pub const EXCHANGE: &str = "/Users/AuthenticateWithQuickConnect";
pub const ME: &str = "/Users/Me";

pub const SERVER_ID: &str = "713dc3fe952b438fa70ed35e4ef0525a";

pub fn device() -> Device {
    let id = DeviceId::new("d-1").expect("an id");
    Device::new("Example", "1.0", "Test", id).expect("a device")
}

pub fn url(text: &str) -> ServerUrl {
    ServerUrl::parse(text).expect("an address")
}

pub fn password_login(server: &str) -> Script<Login> {
    let login = Login::password(url(server), device(), "alice", "pw-alice-1");
    Script::new(login.expect("a user name"))
}

pub fn quick_connect_login(server: &str) -> Script<Login> {
    Script::new(Login::quick_connect(url(server), device()))
}

pub fn with_policy(script: Script<Login>, change: impl FnOnce(&mut Policy)) -> Script<Login> {
    let mut policy = Policy::default();
    change(&mut policy);
    Script::new(script.machine.with_policy(policy))
}

/// The probe was answered by the server itself, which signs.
pub fn probed(mut script: Script<Login>) -> Script<Login> {
    script.sends("GET", INFO).answers(answer::server_info(SERVER_ID, "12.0.0"));
    script
}

/// The same by a server whose signature doesn't arrive.
pub fn probed_unsigned(mut script: Script<Login>) -> Script<Login> {
    script.sends("GET", INFO).answers(without_signature(answer::server_info(SERVER_ID, "12.0.0")));
    script
}

pub fn without_signature(mut response: http::Response<Vec<u8>>) -> http::Response<Vec<u8>> {
    response.headers_mut().remove("x-response-time-ms");
    response
}

pub fn on() -> http::Response<Vec<u8>> {
    use jellyfin_auth_testkit::answer::ResponseExt as _;
    answer::signed(200).with_json(&true.into())
}

/// A code is shown.
pub fn showing_a_code(script: Script<Login>) -> Script<Login> {
    let mut script = probed(script);
    script.sends("GET", ENABLED).answers(on());
    script.sends("POST", INITIATE).answers(pending());
    script
}

pub fn pending() -> http::Response<Vec<u8>> {
    answer::quick_connect("123456", "5EC4E7", false)
}

pub fn approved() -> http::Response<Vec<u8>> {
    answer::quick_connect("123456", "5EC4E7", true)
}

pub fn token() -> http::Response<Vec<u8>> {
    answer::authentication("0123456789abcdef", "6eec632a", SERVER_ID)
}

/// The server's own refusals carry this text.
pub fn refusal(status: u16) -> http::Response<Vec<u8>> {
    use jellyfin_auth_testkit::answer::ResponseExt as _;
    answer::signed(status)
        .with_body(b"Error processing request.")
        .with_header("content-type", "text/plain")
}

pub fn session() -> Session {
    let mut script = probed(password_login("https://nas.example"));
    script.sends("POST", AUTHENTICATE).answers(token());
    script.ends()
}
