use std::time::Duration;

use http::Response;
use jellyfin_auth::Failure;
use jellyfin_auth_testkit::fake_server::Version;

use crate::text::response;

/// How a login begins.
#[derive(Clone, Copy, Debug)]
pub struct Start {
    /// By password or by Quick Connect.
    pub way: Way,
    /// The server's version.
    pub version: Version,
    /// Whether the server has a base path.
    pub base_path: bool,
    /// Whether the server is asked who it is.
    pub probe: bool,
    /// Whether the token is tried out.
    pub verify: bool,
}

/// By password or by Quick Connect.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// By password.
    Password,
    /// By Quick Connect.
    QuickConnect {
        /// Whether a code that expired is renewed, as often as it takes.
        renew: bool,
    },
}

impl Start {
    /// Finds these words anywhere: `password`, `renew`, `root` (no base path), `blind` (no probe), `verify`,
    /// `old` (10.8), `middle` (10.11).
    #[must_use]
    pub fn read(text: &[u8]) -> Self {
        let text = String::from_utf8_lossy(text);
        let has = |word| text.contains(word);
        let version = match (has("old"), has("middle")) {
            (true, _) => Version::V10_8,
            (_, true) => Version::V10_11,
            _ => Version::V12,
        };
        let way =
            if has("password") { Way::Password } else { Way::QuickConnect { renew: has("renew") } };
        Self { way, version, base_path: !has("root"), probe: !has("blind"), verify: has("verify") }
    }
}

/// What can happen to a login.
#[derive(Clone, Debug)]
pub enum Operation {
    /// The server answers the request, as it really would.
    AnswerCorrectly,
    /// The server acts, and its answer is lost.
    LoseTheAnswer(Failure),
    /// The request doesn't reach the server.
    Fail(Failure),
    /// Anything at all answers in the server's place.
    Answer(Response<Vec<u8>>),
    /// Time passes.
    LetTimePass(Duration),
    /// The clock is set back.
    GoBackInTime(Duration),
    /// The user wants the next try now.
    PressNext,
    /// What comes of the request is never reported.
    DropTheTicket,
    /// The ticket of another login is answered.
    UseAForeignTicket,
    /// The program stops, and goes on from its record after so long, if it knows the time.
    SaveAndResume(Option<Duration>),
    /// The user approves the code that is shown.
    Approve,
    /// The server restarts.
    Restart,
    /// The user gives up.
    Cancel,
}

impl Operation {
    /// `ok`; `lose` and `fail` with a number, the place in [`FAILURES`]; `wait` and `back` with milliseconds;
    /// `save`, with seconds or without; `next`, `drop`, `foreign`, `approve`, `restart`, `cancel`; all else
    /// is an answer: `503 marked`, header lines, an empty line, the body.
    #[must_use]
    pub fn read(text: &[u8]) -> Self {
        let words = String::from_utf8_lossy(text);
        let mut words = words.split(' ');
        let word = words.next().unwrap_or_default();
        let number = words.next().map(|number| number.parse().unwrap_or(0_u64));
        let count = number.unwrap_or_default();
        let failure = || FAILURES[usize::try_from(count).unwrap_or_default() % FAILURES.len()];
        match word {
            "ok" => Self::AnswerCorrectly,
            "lose" => Self::LoseTheAnswer(failure()),
            "fail" => Self::Fail(failure()),
            "wait" => Self::LetTimePass(Duration::from_millis(count.min(100_000_000))),
            "back" => Self::GoBackInTime(Duration::from_millis(count)),
            "save" => Self::SaveAndResume(number.map(Duration::from_secs)),
            "next" => Self::PressNext,
            "drop" => Self::DropTheTicket,
            "foreign" => Self::UseAForeignTicket,
            "approve" => Self::Approve,
            "restart" => Self::Restart,
            "cancel" => Self::Cancel,
            _ => Self::Answer(response(text)),
        }
    }
}

/// Every way in which a request gets no answer.
pub const FAILURES: [Failure; 13] = [
    Failure::Unreachable,
    Failure::Interrupted,
    Failure::Timeout,
    Failure::Tls,
    Failure::TooLarge,
    Failure::Proxy,
    Failure::Redirected,
    Failure::Other,
    Failure::HostNotFound,
    Failure::NoTls,
    Failure::UntrustedCertificate,
    Failure::CertificateChanged,
    Failure::ClientCertificateRequired,
];

/// Headers that mean something on their own, and nothing more for what they come with.
pub const HEADERS: [(&str, &str); 8] = [
    ("retry-after", "7"),
    ("retry-after", "9999999999999999999999"),
    ("retry-after", "tomorrow"),
    ("location", "https://evil.example/System/Info/Public"),
    ("location", "/web/index.html"),
    ("location", "/elsewhere/System/Info/Public"),
    ("location", "https://nas.example/System/Info/Public"),
    ("www-authenticate", "Basic realm=\"x\""),
];

/// Bodies of the server, and of something that is busy.
pub const BODIES: [&[u8]; 11] = [
    b"",
    b"true",
    b"false",
    b"{}",
    b"null",
    b"<html>busy</html>",
    br#"{"Id":"evil","Version":"1","StartupWizardCompleted":true}"#,
    br#"{"id":null,"version":null,"startupWizardCompleted":false}"#,
    br#"{"Authenticated":true,"Code":"666666","Secret":"66"}"#,
    br#"{"Authenticated":false,"Code":"666666","Secret":"66"}"#,
    br#"{"AccessToken":"evil","User":{"Id":"u"},"ServerId":"evil"}"#,
];
