//! What can be read of a run: one span, and in it an event for each request, each wait and the end.

use futures_lite::future::{block_on, poll_once};
use jellyfin_auth::{SessionCheck, endpoint::LogOut};
use jellyfin_auth_both_drivers::{Adapter, BOTH};
use jellyfin_auth_ureq::{Options, Proxy};
use tracing::{Level, Span};

use crate::{
    recorder::{Event, Recorder},
    server::{Fault, by_password, by_quick_connect, server},
};

const INFO: &str = "/System/Info/Public";
const BY_NAME: &str = "/Users/AuthenticateByName";

/// The span of a test, by which it finds its own events among those of the others.
fn scene(adapter: Adapter) -> Span {
    tracing::info_span!("scene", ?adapter)
}

/// An event as one line: what happened, and these fields of it.
fn line(event: &Event, fields: &[&str]) -> String {
    let fields = fields.iter().map(|name| event.field(name));
    [event.message.as_str()].into_iter().chain(fields).filter(|text| !text.is_empty()).fold(
        event.level.to_string(),
        |mut line, text| {
            line.push(' ');
            line.push_str(text);
            line
        },
    )
}

/// All events of `scene`, without what depends on the moment.
fn lines(recorder: &Recorder, scene: &Span) -> Vec<String> {
    let fields =
        ["method", "path", "status", "failure", "attempt", "reused", "reason", "by", "kind"];
    recorder.events_in(scene).iter().map(|event| line(event, &fields)).collect()
}

#[test]
fn a_sign_in_is_a_span_and_each_request_an_event() {
    let recorder = Recorder::start();
    for adapter in BOTH {
        let (server, scene) = (server(&[]), scene(adapter));

        let mut driver = adapter.driver();
        scene.in_scope(|| driver.run(by_password(&server.url()))).expect("signed in");

        assert_eq!(
            lines(&recorder, &scene),
            [
                "DEBUG request answered GET /System/Info/Public 200 1 false",
                "DEBUG request answered POST /Users/AuthenticateByName 200 1 false",
                "INFO done",
            ]
        );
        for event in recorder.events_in(&scene) {
            let [run, around] = &event.spans[..] else { panic!("{adapter:?}: {event:?}") };
            assert_eq!((run.name, run.target, run.level), ("run", "jellyfin_auth", Level::INFO));
            assert_eq!(run.fields["machine"], "Login");
            assert_eq!(around.name, "scene", "the span of who began the run is around it");
            event.field("duration_ms").parse::<u64>().expect("a number of milliseconds");
            if event.message != "done" {
                assert_eq!(event.field("server"), server.url());
            }
        }
    }
}

#[test]
fn a_failure_is_a_warning_with_the_errors_kind_and_sentence() {
    let recorder = Recorder::start();
    for adapter in BOTH {
        let (server, scene) = (server(&[(BY_NAME, Fault::Refused)]), scene(adapter));

        let mut driver = adapter.driver();
        let error = scene.in_scope(|| driver.run(by_password(&server.url()))).expect_err("refused");

        let events = lines(&recorder, &scene);
        assert_eq!(events[1], "DEBUG request answered POST /Users/AuthenticateByName 401 1 false");
        assert_eq!(events[2..], ["WARN failed BadCredentials"]);
        let events = recorder.events_in(&scene);
        assert_eq!(events.last().expect("the end").field("error"), error.to_string());
    }
}

#[test]
fn what_the_network_said_is_the_failures_cause() {
    let recorder = Recorder::start();
    for adapter in BOTH {
        let (server, scene) = (server(&[(BY_NAME, Fault::Lost)]), scene(adapter));

        let mut driver = adapter.driver();
        let error = scene.in_scope(|| driver.run(by_password(&server.url()))).expect_err("lost");

        let events = lines(&recorder, &scene);
        let lost = "DEBUG request failed POST /Users/AuthenticateByName Interrupted 1 false";
        assert_eq!(events[1..], [lost, "WARN failed NoAnswer"]);
        let events = recorder.events_in(&scene);
        let cause = std::error::Error::source(&error).expect("a cause").to_string();
        assert_eq!([events[1].field("error"), events[2].field("cause")], [&cause, &cause]);
    }
}

#[test]
fn every_wait_retry_and_second_sending_is_an_event() {
    let faults = [
        (INFO, Fault::Lost),
        (INFO, Fault::Busy),
        // On the connection that answered the probe.
        ("/QuickConnect/Enabled", Fault::Lost),
        ("/QuickConnect/Connect", Fault::Pending),
    ];
    let recorder = Recorder::start();
    for adapter in BOTH {
        let (server, scene) = (server(&faults), scene(adapter));

        let mut driver = adapter.driver();
        let handle = driver.handle();
        let login = by_quick_connect(&server.url());
        // "Next" cuts a wait down to a second after the last request, for which there is another wait.
        let ended = scene.in_scope(|| driver.run_with(login, |_| handle.check_now()));

        ended.expect("approved");
        let mut events = lines(&recorder, &scene);
        let waits = events.iter().filter(|event| event.starts_with("DEBUG waiting")).count();
        let over = ["DEBUG wait over next", "DEBUG wait over time"];
        let overs = events.iter().filter(|event| over.contains(&event.as_str())).count();
        assert_eq!(waits, overs, "{adapter:?}: {events:?}");
        events.retain(|event| !over.contains(&event.as_str()));
        events.dedup();
        assert_eq!(
            events,
            [
                "DEBUG request failed GET /System/Info/Public Interrupted 1 false",
                "DEBUG waiting the connection broke before the answer was complete",
                "DEBUG request answered GET /System/Info/Public 503 2 false",
                "DEBUG waiting the server is busy",
                "DEBUG request answered GET /System/Info/Public 200 3 true",
                "DEBUG sent once more: the kept connection was dead GET /QuickConnect/Enabled",
                "DEBUG request answered GET /QuickConnect/Enabled 200 1 false",
                "DEBUG request answered POST /QuickConnect/Initiate 200 1 true",
                "DEBUG waiting waiting for the code to be entered",
                "DEBUG request answered GET /QuickConnect/Connect 200 1 true",
                "DEBUG waiting waiting for the code to be entered",
                "DEBUG request answered GET /QuickConnect/Connect 200 1 true",
                "DEBUG request answered POST /Users/AuthenticateWithQuickConnect 200 1 true",
                "INFO done",
            ],
            "{adapter:?}"
        );
        for wait in recorder.events_in(&scene).iter().filter(|event| event.message == "waiting") {
            let delay: u64 = wait.field("delay_ms").parse().expect("a number");
            assert!(delay <= 5_000, "{adapter:?}: {wait:?}");
        }
    }
}

#[test]
fn a_redirect_that_is_not_followed_ends_the_run_after_its_answer() {
    let recorder = Recorder::start();
    for adapter in BOTH {
        let (server, scene) = (server(&[(INFO, Fault::Redirect)]), scene(adapter));

        let mut driver = adapter.driver();
        scene.in_scope(|| driver.run(by_password(&server.url()))).expect_err("elsewhere");

        let answered = "DEBUG request answered GET /System/Info/Public 302 1 false";
        assert_eq!(lines(&recorder, &scene), [answered, "WARN failed Redirected"]);
    }
}

#[test]
fn a_single_request_and_another_machine_are_spans_of_their_own() {
    let recorder = Recorder::start();
    for adapter in BOTH {
        let (server, scene) = (server(&[]), scene(adapter));
        let mut driver = adapter.driver();
        let session = driver.run(by_password(&server.url())).expect("signed in");

        scene.in_scope(|| {
            driver.run(SessionCheck::new(session.clone())).expect("valid");
            driver.call(&LogOut { session: &session }).expect("signed out");
        });

        let events = recorder.events_in(&scene);
        let ends: Vec<_> = events.iter().filter(|event| event.message == "done").collect();
        let [check, logout] = &ends[..] else { panic!("{adapter:?}: {events:?}") };
        assert_eq!(check.spans[0].name, "run");
        assert_eq!(check.spans[0].fields["machine"], "SessionCheck");
        assert_eq!(logout.spans[0].name, "call");
        assert_eq!(logout.spans[0].fields["endpoint"], "LogOut");
        let last = lines(&recorder, &scene);
        assert!(last[last.len() - 2].contains("POST /Sessions/Logout 204 1"), "{last:?}");
    }
}

#[test]
fn giving_up_is_recorded_without_a_warning() {
    let recorder = Recorder::start();
    for adapter in BOTH {
        let (server, scene) =
            (server(&[("/QuickConnect/Connect", Fault::Pending)]), scene(adapter));
        let mut driver = adapter.driver();
        let handle = driver.handle();

        let login = by_quick_connect(&server.url());
        scene.in_scope(|| driver.run_with(login, |_| handle.cancel())).expect_err("given up");

        let events = lines(&recorder, &scene);
        assert_eq!(events[events.len() - 2..], ["DEBUG wait over cancel", "INFO failed Cancelled"]);
    }
}

#[test]
fn a_request_whose_future_is_dropped_is_recorded_as_given_up() {
    let (recorder, scene) = (Recorder::start(), scene(Adapter::AsyncStd));
    let server = server(&[]);
    let options = Options::new().proxy(Proxy::none());
    let mut driver = jellyfin_auth_async_std::Driver::with_options(options);

    // The first poll begins to connect, which takes another one to end.
    let polled = scene.in_scope(|| block_on(poll_once(driver.run(by_password(&server.url())))));

    assert!(polled.is_none(), "a connection takes more than one poll");
    let given_up = "DEBUG request given up GET /System/Info/Public 1 false";
    assert_eq!(lines(&recorder, &scene), [given_up]);
}
