use std::time::Duration;

use jellyfin_auth::Failure;
use proptest::{collection::vec, prelude::*, sample::select};

/// What can happen to a login.
#[derive(Clone, Debug)]
pub enum Operation {
    /// The server answers the request, as it really would.
    AnswerCorrectly,
    /// The server acts, and its answer is lost.
    LoseTheAnswer(Failure),
    /// The request doesn't reach the server.
    Fail(Failure),
    /// Anything at all answers.
    Answer(Lie),
    LetTimePass(Duration),
    GoBackInTime(Duration),
    PressNext,
    DropTheTicket,
    UseAForeignTicket,
    SaveAndResume,
    Approve,
    Cancel,
}

/// An answer that the server did not give.
#[derive(Clone, Debug)]
pub struct Lie {
    pub status: u16,
    pub marked: bool,
    pub body: Vec<u8>,
    pub header: Option<(&'static str, &'static str)>,
}

impl Lie {
    /// Whether a password that was answered so may be sent again.
    pub fn says_that_nobody_looked(&self) -> bool {
        let by_the_server = self.marked && !self.body.is_empty();
        let retry_after = matches!(self.header, Some(("retry-after", _)));
        self.status == 429 || self.status == 503 && (by_the_server || retry_after)
    }

    /// Whether the server can't have said so, and nothing may end for good by it. An unmarked 408 is
    /// Kestrel's own.
    pub fn is_noise(&self) -> bool {
        !self.marked && matches!(self.status, 425 | 429 | 500 | 502 | 503 | 504 | 520)
    }
}

pub fn operations() -> impl Strategy<Value = Vec<Operation>> {
    vec(operation(), 0..60)
}

fn operation() -> impl Strategy<Value = Operation> {
    prop_oneof![
        60 => Just(Operation::AnswerCorrectly),
        6 => failures().prop_map(Operation::LoseTheAnswer),
        6 => failures().prop_map(Operation::Fail),
        8 => noise().prop_map(Operation::Answer),
        3 => lies().prop_map(Operation::Answer),
        30 => (0_u64..12_000).prop_map(|ms| Operation::LetTimePass(Duration::from_millis(ms))),
        2 => (0_u64..1_500).prop_map(|s| Operation::LetTimePass(Duration::from_secs(s))),
        3 => (0_u64..100_000).prop_map(|ms| Operation::GoBackInTime(Duration::from_millis(ms))),
        8 => Just(Operation::PressNext),
        3 => Just(Operation::DropTheTicket),
        2 => Just(Operation::UseAForeignTicket),
        3 => Just(Operation::SaveAndResume),
        3 => Just(Operation::Approve),
        1 => Just(Operation::Cancel),
    ]
}

fn failures() -> impl Strategy<Value = Failure> {
    prop_oneof![
        4 => Just(Failure::Unreachable),
        4 => Just(Failure::Interrupted),
        4 => Just(Failure::Timeout),
        1 => Just(Failure::HostNotFound),
        1 => Just(Failure::Tls),
        1 => Just(Failure::NoTls),
        1 => Just(Failure::UntrustedCertificate),
        1 => Just(Failure::CertificateChanged),
        1 => Just(Failure::ClientCertificateRequired),
        1 => Just(Failure::TooLarge),
        1 => Just(Failure::Proxy),
        1 => Just(Failure::Redirected),
        2 => Just(Failure::Other),
    ]
}

fn noise() -> impl Strategy<Value = Lie> {
    (select(vec![429_u16, 502, 503, 504]), headers()).prop_map(|(status, header)| Lie {
        status,
        marked: false,
        body: b"<html>busy</html>".to_vec(),
        header,
    })
}

fn lies() -> impl Strategy<Value = Lie> {
    let status = prop_oneof![
        4 => select(vec![200_u16, 204, 301, 302, 307, 400, 401, 403, 404, 405, 407, 429, 500, 503]),
        1 => 100_u16..1000,
    ];
    (status, any::<bool>(), bodies(), headers()).prop_map(|(status, marked, body, header)| Lie {
        status,
        marked,
        body,
        header,
    })
}

fn headers() -> impl Strategy<Value = Option<(&'static str, &'static str)>> {
    select(vec![
        None,
        Some(("retry-after", "7")),
        Some(("retry-after", "9999999999999999999999")),
        Some(("retry-after", "tomorrow")),
        Some(("location", "https://evil.example/System/Info/Public")),
        Some(("location", "/web/index.html")),
        Some(("location", "/elsewhere/System/Info/Public")),
        Some(("location", "https://nas.example/System/Info/Public")),
        Some(("www-authenticate", "Basic realm=\"x\"")),
    ])
}

fn bodies() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        vec(any::<u8>(), 0..40),
        select(vec![
            &b""[..],
            b"true",
            b"false",
            b"{}",
            b"null",
            br#"{"Id":"evil","Version":"1","StartupWizardCompleted":true}"#,
            br#"{"id":null,"version":null,"startupWizardCompleted":false}"#,
            br#"{"Authenticated":true,"Code":"666666","Secret":"66"}"#,
            br#"{"Authenticated":false,"Code":"666666","Secret":"66"}"#,
            br#"{"AccessToken":"evil","User":{"Id":"u"},"ServerId":"evil"}"#,
        ])
        .prop_map(<[u8]>::to_vec),
    ]
}
