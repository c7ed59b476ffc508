//! Whatever happens to a login, its promises hold: chance draws what happens, and the promises are those
//! of the fuzz target `operations`.

use std::time::Duration;

use http::Response;
use jellyfin_auth::Failure;
use jellyfin_auth_fuzzing::{BODIES, FAILURES, HEADERS, Operation, Start, Way, keep_promises};
use jellyfin_auth_testkit::{
    answer::{self, ResponseExt as _},
    fake_server::Version,
};
use proptest::{collection::vec, option, prelude::*, sample::select};

/// `PROPTEST_CASES` sets another number.
fn config() -> ProptestConfig {
    let cases = std::env::var("PROPTEST_CASES").ok().and_then(|cases| cases.parse().ok());
    ProptestConfig {
        cases: cases.unwrap_or(2_000),
        failure_persistence: None,
        max_shrink_iters: 20_000,
        ..ProptestConfig::default()
    }
}

proptest! {
    #![proptest_config(config())]

    /// Safety after every operation, and liveness after the last one.
    #[test]
    fn a_login_keeps_its_promises(start in starts(), operations in vec(operation(), 0..60)) {
        keep_promises(start, &operations);
    }
}

fn starts() -> impl Strategy<Value = Start> {
    let way = prop_oneof![
        2 => Just(Way::Password),
        3 => Just(Way::QuickConnect { renew: false }),
        3 => Just(Way::QuickConnect { renew: true }),
    ];
    let versions = select(vec![Version::V10_8, Version::V10_11, Version::V12]);
    (way, versions, any::<bool>(), prop::bool::weighted(0.8), prop::bool::weighted(0.2)).prop_map(
        |(way, version, base_path, probe, verify)| Start { way, version, base_path, probe, verify },
    )
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
        3 => option::of((0_u64..1_500).prop_map(Duration::from_secs))
            .prop_map(Operation::SaveAndResume),
        3 => Just(Operation::Approve),
        1 => Just(Operation::Restart),
        1 => Just(Operation::Cancel),
    ]
}

fn failures() -> impl Strategy<Value = Failure> {
    prop_oneof![
        12 => select(vec![Failure::Unreachable, Failure::Interrupted, Failure::Timeout]),
        9 => select(FAILURES.to_vec()),
    ]
}

fn noise() -> impl Strategy<Value = Response<Vec<u8>>> {
    let status = select(vec![429_u16, 502, 503, 504]);
    (status, headers())
        .prop_map(|(status, header)| response(status, false, b"<html>busy</html>", header))
}

fn lies() -> impl Strategy<Value = Response<Vec<u8>>> {
    let status = prop_oneof![
        4 => select(vec![200_u16, 204, 301, 302, 307, 400, 401, 403, 404, 405, 407, 429, 500, 503]),
        1 => 100_u16..1000,
    ];
    let bodies =
        prop_oneof![vec(any::<u8>(), 0..40), select(BODIES.to_vec()).prop_map(<[u8]>::to_vec)];
    (status, any::<bool>(), bodies, headers())
        .prop_map(|(status, marked, body, header)| response(status, marked, &body, header))
}

fn headers() -> impl Strategy<Value = Option<(&'static str, &'static str)>> {
    option::weighted(0.9, select(HEADERS.to_vec()))
}

fn response(
    status: u16,
    marked: bool,
    body: &[u8],
    header: Option<(&str, &str)>,
) -> Response<Vec<u8>> {
    let response = if marked { answer::marked(status) } else { answer::unmarked(status) };
    let response = response.with_body(body);
    match header {
        Some((name, value)) => response.with_header(name, value),
        None => response,
    }
}
