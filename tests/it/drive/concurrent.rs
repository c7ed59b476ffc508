//! `drive_async`.

use std::{
    cell::RefCell,
    future::{Future, pending, ready},
    pin::Pin,
    time::Duration,
};

use futures_lite::future::{block_on, poll_once};
use jellyfin_auth::{
    Discovery, Error, Failure, Login, Machine, Step, Wait, WakeReason, drive_async,
};

use super::Log;
use crate::given::{self, *};

type Answer = Happening;
type Boxed<T> = Pin<Box<dyn Future<Output = T>>>;

/// Every answer is there at once; `wake` says why the wait with this number ended.
async fn drive_at_once<M: Machine>(
    machine: M,
    log: &Log,
    answers: &[Answer],
    wake: impl Fn(usize) -> WakeReason,
) -> Result<M::Output, Error> {
    let send = |request: http::Request<Vec<u8>>, limits| {
        let number = log.note(&request, limits);
        ready(answers[number.min(answers.len() - 1)].clone())
    };
    let wait = |wait: Wait| {
        log.note_wait(&wait);
        let reason = wake(log.waits.borrow().len() - 1);
        if reason == WakeReason::TimeOver {
            log.pass(wait.delay());
        }
        ready(reason)
    };
    drive_async(machine, send, wait, || log.now()).await
}

fn by_code() -> Login {
    quick_connect_login(SERVER).machine
}

#[test]
fn it_sends_waits_and_ends_with_the_output() {
    let log = Log::default();
    let answers = vec![
        Ok(info()),
        Ok(on()),
        Ok(given::pending()),
        Ok(given::pending()),
        Ok(approved()),
        Ok(token()),
    ];
    let session = block_on(drive_at_once(by_code(), &log, &answers, |_| WakeReason::TimeOver));
    assert_eq!(session.expect("signed in").user().id, "6eec632a");
    assert_eq!(log.delays(), [5, 5]);
    assert_eq!(log.waits.borrow()[0].code(), Some("123456"));
}

#[test]
fn it_ends_with_the_machines_error() {
    let log = Log::default();
    let login = password_login(SERVER).machine;
    let answers = vec![Ok(info()), Ok(refusal(403))];
    let end = block_on(drive_at_once(login, &log, &answers, |_| WakeReason::TimeOver));
    assert!(matches!(end.expect_err("refused"), Error::LoginRefused { .. }));
}

#[test]
fn next_shortens_the_wait_and_cancel_ends_it() {
    let log = Log::default();
    let answers = vec![Ok(info()), Ok(on()), Ok(given::pending())];
    let mut login = by_code();
    let wake = |wait| [WakeReason::CheckNow, WakeReason::TimeOver, WakeReason::Cancel][wait];
    let end = block_on(drive_at_once(&mut login, &log, &answers, wake));
    assert_eq!(end.expect_err("cancelled"), Error::Cancelled);
    assert_eq!(log.delays(), [5, 1, 5]);
    assert!(login.to_record().is_some());
}

#[test]
fn a_request_that_somebody_else_has_is_looked_for_once_a_second() {
    let log = Log::default();
    let mut login = by_code();
    let Ok(Step::Send(foreign)) = login.poll(log.now()) else { panic!("it sends") };
    let wake = |wait| if wait == 4 { WakeReason::Cancel } else { WakeReason::TimeOver };
    let end = block_on(drive_at_once(&mut login, &log, &[Ok(info())], wake));
    assert_eq!(end.expect_err("cancelled"), Error::Cancelled);
    assert_eq!(log.delays(), [1; 5], "it doesn't spin");
    drop(foreign);
}

/// Answers by address, when the test says so; waits end when the test says so.
#[derive(Default)]
struct Desk {
    log: Log,
    answers: RefCell<Vec<(String, Answer)>>,
    /// How many waits are to end.
    ticks: RefCell<usize>,
}

impl Desk {
    fn answer(&self, address: &str, answer: Answer) {
        self.answers.borrow_mut().push((format!("{address}{INFO}"), answer));
    }

    fn tick(&self, time: Duration) {
        self.log.pass(time);
        *self.ticks.borrow_mut() += 1;
    }

    fn send(
        &'static self,
        request: &http::Request<Vec<u8>>,
        limits: jellyfin_auth::Limits,
    ) -> Boxed<Answer> {
        self.log.note(request, limits);
        let uri = request.uri().to_string();
        Box::pin(std::future::poll_fn(move |_| {
            let mut answers = self.answers.borrow_mut();
            match answers.iter().position(|(address, _)| *address == uri) {
                Some(at) => std::task::Poll::Ready(answers.remove(at).1),
                None => std::task::Poll::Pending,
            }
        }))
    }

    fn wait(&'static self, wait: &Wait) -> Boxed<WakeReason> {
        self.log.note_wait(wait);
        Box::pin(std::future::poll_fn(move |_| {
            let mut ticks = self.ticks.borrow_mut();
            if *ticks == 0 {
                return std::task::Poll::Pending;
            }
            *ticks -= 1;
            std::task::Poll::Ready(WakeReason::TimeOver)
        }))
    }
}

#[test]
fn requests_of_one_machine_are_under_way_at_the_same_time() {
    let desk: &'static Desk = Box::leak(Box::default());
    let search = Discovery::new("nas", device()).expect("an address");
    let mut run = Box::pin(drive_async(
        search,
        |request, limits| desk.send(&request, limits),
        |wait| desk.wait(&wait),
        || desk.log.now(),
    ));
    let mut go_on = move || block_on(poll_once(&mut run));
    for count in 1..=4 {
        assert!(go_on().is_none());
        assert_eq!(desk.log.sent().len(), count, "another one each 250 ms, with none answered");
        desk.tick(Duration::from_millis(250));
    }
    // A worse one answers first, and a better one later: all in their own time.
    desk.answer("http://nas", Ok(info()));
    assert!(go_on().is_none(), "the better ones have their grace");
    desk.answer("https://nas", Err(Failure::Tls));
    assert!(go_on().is_none());
    desk.answer("https://nas:8920", Err(Failure::Unreachable));
    assert!(go_on().is_none());
    desk.answer("http://nas:8096", Ok(info()));
    let found = go_on().expect("it is decided").expect("a server");
    assert_eq!(found.into_best().address(), "http://nas:8096");
    assert_eq!(desk.log.sent().len(), 4);
}

#[test]
fn a_wait_goes_on_while_a_request_is_under_way() {
    let desk: &'static Desk = Box::leak(Box::default());
    let search = Discovery::new("nas", device()).expect("an address");
    let mut run = Box::pin(drive_async(
        search,
        |request, limits| desk.send(&request, limits),
        |wait| desk.wait(&wait),
        || desk.log.now(),
    ));
    let mut go_on = move || block_on(poll_once(&mut run));
    assert!(go_on().is_none());
    desk.answer("https://nas", Err(Failure::Unreachable));
    assert!(go_on().is_none(), "the next one is sent at once, since nothing is under way");
    assert_eq!(desk.log.sent().len(), 2);
    // Nobody answers any more: the search ends by its timer.
    for _ in 0..4 {
        desk.tick(Duration::from_secs(5));
        if let Some(end) = go_on() {
            assert!(matches!(end, Err(Error::NoServer { .. })));
            return;
        }
    }
    panic!("it never ends");
}

#[test]
fn dropping_the_future_drops_the_requests_under_way() {
    struct Dropped<'l>(&'l Log);
    impl Drop for Dropped<'_> {
        fn drop(&mut self) {
            self.0.sent.borrow_mut().push("dropped".to_owned());
        }
    }
    let log = Log::default();
    let send = |request: http::Request<Vec<u8>>, limits| {
        log.note(&request, limits);
        let guard = Dropped(&log);
        async move {
            let _guard = guard;
            pending::<Answer>().await
        }
    };
    let wait = |_: Wait| pending::<()>();
    {
        let mut run = Box::pin(drive_async(by_code(), send, wait, || log.now()));
        assert!(block_on(poll_once(&mut run)).is_none());
    }
    assert_eq!(log.sent(), [format!("{SERVER}{INFO}"), "dropped".to_owned()]);
}
