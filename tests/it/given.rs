//! Where the tests begin.

use std::time::Duration;

use http::Response;
use jellyfin_auth::{
    CertificateFingerprint, Device, DeviceFields, DeviceId, Failure, Login, Machine, Policy,
    ServerUrl, Session,
};
use jellyfin_auth_testkit::{Exchange, Script, answer, answer::ResponseExt as _};

pub const SERVER: &str = "https://nas.example";

pub const INFO: &str = "/System/Info/Public";
pub const AUTHENTICATE: &str = "/Users/AuthenticateByName";
pub const ENABLED: &str = "/QuickConnect/Enabled";
pub const INITIATE: &str = "/QuickConnect/Initiate";
pub const POLL: &str = "/QuickConnect/Connect?secret=5EC4E7";
pub const EXCHANGE: &str = "/Users/AuthenticateWithQuickConnect";
pub const ME: &str = "/Users/Me";

pub const SERVER_ID: &str = "713dc3fe952b438fa70ed35e4ef0525a";

/// A certificate's fingerprint; another first byte makes another one.
pub fn fingerprint(first: u8) -> CertificateFingerprint {
    let mut hash = [0xAB; 32];
    hash[0] = first;
    CertificateFingerprint::from_sha256(hash)
}

/// What nginx says in place of a failed handshake.
pub fn no_client_certificate() -> Response<Vec<u8>> {
    answer::unmarked(400).with_html(
        "<head><title>400 No required SSL certificate was sent</title></head><hr><center>nginx</center>",
    )
}

pub fn seconds(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

pub fn minutes(minutes: u64) -> Duration {
    Duration::from_secs(60 * minutes)
}

pub fn device() -> Device {
    let id = DeviceId::new("d-1").expect("an id");
    Device::new(DeviceFields { client: "Example", version: "1.0", name: "Test", id })
        .expect("a device")
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

pub fn without_probe(script: Script<Login>) -> Script<Login> {
    with_policy(script, |policy| policy.probe = false)
}

/// The probe was answered by the server itself, which sets the marker.
pub fn probed(mut script: Script<Login>) -> Script<Login> {
    script.sends("GET", INFO).answers(info());
    script
}

/// The same by a server that sets no marker, or whose marker doesn't arrive.
pub fn probed_unmarked(mut script: Script<Login>) -> Script<Login> {
    script.sends("GET", INFO).answers(without_marker(info()));
    script
}

/// The password is due.
pub fn asked_for_password() -> Script<Login> {
    probed(password_login(SERVER))
}

/// `GetQuickConnectEnabled` is due.
pub fn asked_for_a_code() -> Script<Login> {
    probed(quick_connect_login(SERVER))
}

/// A code is shown.
pub fn showing_a_code(script: Script<Login>) -> Script<Login> {
    let mut script = probed(script);
    script.sends("GET", ENABLED).answers(on());
    script.sends("POST", INITIATE).answers(pending());
    script
}

/// A code is shown, and the first poll is due, 5 s after it came.
pub fn polling() -> Script<Login> {
    polling_with(|_| ())
}

pub fn polling_with(change: impl FnOnce(&mut Policy)) -> Script<Login> {
    let mut script = showing_a_code(with_policy(quick_connect_login(SERVER), change));
    assert_eq!(script.waits(5).code(), Some("123456"));
    script
}

pub fn polling_unmarked() -> Script<Login> {
    let mut script = probed_unmarked(quick_connect_login(SERVER));
    script.sends("GET", ENABLED).answers(without_marker(on()));
    script.sends("POST", INITIATE).answers(without_marker(pending()));
    script.waits(5);
    script
}

pub fn session() -> Session {
    let mut script = asked_for_password();
    script.sends("POST", AUTHENTICATE).answers(token());
    script.ends()
}

pub fn without_marker(mut response: Response<Vec<u8>>) -> Response<Vec<u8>> {
    response.headers_mut().remove("x-response-time-ms");
    response
}

pub fn info() -> Response<Vec<u8>> {
    answer::server_info(SERVER_ID, "12.0.0")
}

/// Another server at the same address.
pub fn other_info() -> Response<Vec<u8>> {
    answer::server_info("0ther", "12.0.0")
}

pub fn on() -> Response<Vec<u8>> {
    answer::marked(200).with_json(&true.into())
}

pub fn off() -> Response<Vec<u8>> {
    answer::marked(200).with_json(&false.into())
}

pub fn pending() -> Response<Vec<u8>> {
    answer::quick_connect("123456", "5EC4E7", false)
}

pub fn approved() -> Response<Vec<u8>> {
    answer::quick_connect("123456", "5EC4E7", true)
}

pub fn token() -> Response<Vec<u8>> {
    answer::authentication("0123456789abcdef", "6eec632a", SERVER_ID)
}

/// The server's own refusals have this text.
pub fn refusal(status: u16) -> Response<Vec<u8>> {
    answer::marked(status)
        .with_body(b"Error processing request.")
        .with_header("content-type", "text/plain")
}

pub fn loading() -> Response<Vec<u8>> {
    answer::marked(503).with_html("Jellyfin Server is loading. Please try again shortly.")
}

/// What the set-up server of a starting Jellyfin answers.
pub fn set_up_server() -> Response<Vec<u8>> {
    answer::unmarked(503).with_header("retry-after", "005")
}

pub fn redirect(status: u16, to: &str) -> Response<Vec<u8>> {
    answer::unmarked(status).with_header("location", to)
}

pub fn portal() -> Response<Vec<u8>> {
    answer::unmarked(200).with_html("<h1>Accept our terms</h1>")
}

pub fn challenge() -> Response<Vec<u8>> {
    answer::unmarked(401).with_header("www-authenticate", "Basic realm=\"private\"")
}

/// What comes of a request.
pub type Happening = Result<Response<Vec<u8>>, Failure>;

pub fn happens<M: Machine>(exchange: Exchange<'_, M>, happening: &Happening) {
    match happening {
        Ok(response) => exchange.answers(response.clone()),
        Err(failure) => exchange.fails(*failure),
    }
}
