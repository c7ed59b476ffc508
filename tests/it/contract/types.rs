//! Rules 6, 7 and 10: what a program can rely on when it compiles.

use jellyfin_auth::{
    Advice, ApproveQuickConnect, Discovery, Error, Failure, Limits, Login, LoginRecord,
    Machine as _, Request, Session, SessionCheck, SessionRecord, SignOut, Step, Ticket, Wait,
    WakeReason,
};

use crate::given::*;

#[test]
fn everything_can_be_sent_to_another_thread() {
    fn sendable<T: Send + 'static>() {}
    fn shareable<T: Send + Sync + 'static>() {}
    sendable::<Step<Session>>();
    sendable::<Wait>();
    sendable::<Request>();
    sendable::<Limits>();
    sendable::<Ticket>();
    sendable::<Failure>();
    sendable::<Error>();
    sendable::<Session>();
    sendable::<SessionRecord>();
    sendable::<LoginRecord>();
    sendable::<WakeReason>();
    shareable::<Login>();
    shareable::<SessionCheck>();
    shareable::<SignOut>();
    shareable::<ApproveQuickConnect>();
    shareable::<Discovery>();
}

#[test]
fn a_step_is_matched_without_a_wildcard() {
    fn name(step: &Step<()>) -> &'static str {
        match step {
            Step::Send(_) => "send",
            Step::Wait(_) => "wait",
            Step::Pending => "pending",
            Step::Done(()) => "done",
        }
    }
    assert_eq!(name(&Step::Done(())), "done");
    assert_eq!(name(&Step::Pending), "pending");
}

#[test]
fn unit_variants_of_errors_are_matched_built_and_compared_by_their_names() {
    let error = Error::CodeExpired;
    let advice = match error {
        Error::CodeExpired | Error::CodeLost => "get a new code",
        Error::BadCredentials { .. } => "type it again",
        _ => "something else",
    };
    assert_eq!(advice, "get a new code");
    assert_eq!(error, Error::CodeExpired);
    assert_ne!(error, Error::CodeLost);
    for (unit, advice) in [
        (Error::BlankUserName, Advice::AskPassword),
        (Error::PasswordTimeout, Advice::TryAgain),
        (Error::NotAllowedNow, Advice::AskAdministrator),
        (Error::TokenRevoked, Advice::SignInAgain),
        (Error::NotJellyfin, Advice::AskAddress),
        (Error::WrongBasePath, Advice::AskAddress),
        (Error::TooManyRedirects, Advice::AskAddress),
        (Error::ServerStarting, Advice::TryAgain),
        (Error::CodeUnknown, Advice::AskCode),
        (Error::CodeAlreadyApproved, Advice::TryAgain),
        (Error::InvalidCode, Advice::AskCode),
        (Error::InvalidUserId, Advice::ReportBug),
        (Error::PinRefused, Advice::AskCode),
        (Error::QuickConnectDisabled, Advice::OfferPassword),
        (Error::QuickConnectUnsupported, Advice::OfferPassword),
        (Error::SignOutUnsupported, Advice::AskAdministrator),
        (Error::ServerNotSetUp, Advice::AskAdministrator),
        (Error::AddressBlocked, Advice::AskAdministrator),
        (Error::Cancelled, Advice::TryAgain),
    ] {
        assert_eq!(unit.advice(), advice, "{unit:?}");
    }
    assert_eq!(Error::from(Failure::UntrustedCertificate).advice(), Advice::TrustCertificate);
}

#[test]
fn requests_have_their_limits() {
    let script = with_policy(quick_connect_login(SERVER), |policy| {
        policy.request_timeout = seconds(7);
        policy.password_timeout = seconds(70);
        policy.max_body = 4711;
        policy.verify_token = true;
    });
    let mut login = script.machine;
    let mut clock = jellyfin_auth_testkit::Clock::default();
    for answer in [info(), on(), pending(), approved(), token()] {
        let request = loop {
            match login.poll(clock.now()).expect("it goes on") {
                Step::Send(request) => break request,
                Step::Wait(wait) => clock.advance(wait.delay()),
                other => panic!("it sends: {other:?}"),
            }
        };
        let Limits { timeout, max_body, replayable, .. } = request.limits();
        assert_eq!((timeout, max_body, replayable), (seconds(7), 4711, true), "{request:?}");
        let (_, ticket, limits) = request.into_parts();
        let copied = limits;
        assert_eq!(copied, limits);
        assert!(login.handle(ticket, Ok(&answer)));
    }
}

#[test]
fn the_password_has_a_timeout_of_its_own_and_isnt_replayable() {
    let of = |mut login: Login| {
        let Ok(Step::Send(request)) = login.poll(jellyfin_auth::Timestamp::ORIGIN) else {
            panic!("it sends")
        };
        request.limits()
    };
    let limits = of(without_probe(password_login(SERVER)).machine);
    assert_eq!((limits.timeout, limits.replayable), (seconds(90), false));
    let hasty = with_policy(password_login(SERVER), |policy| {
        policy.probe = false;
        policy.password_timeout = seconds(20);
    });
    assert_eq!(of(hasty.machine).timeout, seconds(20));
}

#[test]
fn the_debug_of_a_request_shows_method_and_path_alone() {
    let mut script = polling();
    let step = script.machine.poll(script.clock.now()).expect("a request is due");
    let shown = format!("{step:?} {step:#?}");
    assert!(shown.contains("/QuickConnect/Connect") && shown.contains("GET"));
    assert!(!shown.contains("5EC4E7") && !shown.contains("MediaBrowser"), "{shown}");
}

#[test]
fn nothing_but_quick_connect_shows_a_code() {
    use jellyfin_auth_testkit::Script;
    let mut login = password_login(SERVER);
    login.sends("GET", INFO).answers(loading());
    let mut check = Script::new(SessionCheck::new(session()));
    check.sends("GET", INFO).answers(loading());
    let mut search = Script::new(Discovery::at(url(SERVER), device()));
    search.sends("GET", INFO).answers(loading());
    for wait in [login.is_waiting(), check.is_waiting(), search.is_waiting()] {
        assert_eq!((wait.code(), wait.code_expires_in()), (None, None));
    }
}
