//! What every machine with a token does: it asks who the server is before it sends the token.

use http::{Response, header};
use jellyfin_auth::{
    ApproveQuickConnect, Error, Failure, HttpResponse, Machine, Policy, Session, SessionCheck,
    SignOut, Step, Ticket, Timestamp, WaitReason,
};
use jellyfin_auth_testkit::{Script, answer, answer::ResponseExt as _};
use serde_json::json;

use crate::given::*;

/// A machine whose output doesn't matter.
struct Unit<M>(M);

impl<M: Machine> Machine for Unit<M> {
    type Output = ();

    fn handle(&mut self, ticket: Ticket, result: Result<&dyn HttpResponse, Failure>) -> bool {
        self.0.handle(ticket, result)
    }

    fn check_now(&mut self) -> bool {
        self.0.check_now()
    }

    fn cancel(&mut self) {
        self.0.cancel();
    }

    fn poll(&mut self, now: Timestamp) -> Result<Step<()>, Error> {
        Ok(match self.0.poll(now)? {
            Step::Send(request) => Step::Send(request),
            Step::Wait(wait) => Step::Wait(wait),
            Step::Pending => Step::Pending,
            Step::Done(_) => Step::Done(()),
        })
    }
}

/// A machine, its request with the token, and the answer that ends it well.
struct Case {
    script: Script<&'static mut dyn Machine<Output = ()>>,
    method: &'static str,
    target: &'static str,
    success: Response<Vec<u8>>,
}

fn case(
    machine: impl Machine + 'static,
    (method, target): (&'static str, &'static str),
    success: Response<Vec<u8>>,
) -> Case {
    let machine: &mut dyn Machine<Output = ()> = Box::leak(Box::new(Unit(machine)));
    Case { script: Script::new(machine), method, target, success }
}

fn each_with(session: &Session, policy: &Policy) -> [Case; 3] {
    let check = SessionCheck::new(session.clone()).with_policy(policy.clone());
    let sign_out = SignOut::new(session.clone()).with_policy(policy.clone());
    let approve = ApproveQuickConnect::new(session.clone(), "123 456").expect("a code");
    let approve = approve.with_policy(policy.clone());
    let user = answer::marked(200).with_json(&json!({"Id": "6eec632a"}));
    [
        case(check, ("GET", ME), user),
        case(sign_out, ("POST", "/Sessions/Logout"), answer::marked(204)),
        case(approve, ("POST", "/QuickConnect/Authorize?code=123456"), on()),
    ]
}

fn each() -> [Case; 3] {
    each_with(&session(), &Policy::default())
}

/// The token is due.
fn each_identified() -> [Case; 3] {
    each().map(|mut case| {
        case.script.sends("GET", INFO).answers(info());
        case
    })
}

#[test]
fn the_token_is_sent_when_the_server_is_known_and_not_before() {
    for Case { mut script, method, target, success } in each() {
        let exchange = script.sends("GET", INFO);
        assert!(!exchange.request().headers().contains_key(header::AUTHORIZATION));
        assert!(exchange.request().body().is_empty());
        exchange.answers(info());
        let exchange = script.sends(method, target);
        let sent = &exchange.request().headers()[header::AUTHORIZATION];
        assert_eq!(sent, session().authorization());
        assert!(sent.is_sensitive());
        exchange.answers(success);
        script.ends();
    }
}

#[test]
fn another_server_never_sees_the_token() {
    let upper_case = answer::server_info(&SERVER_ID.to_uppercase(), "12.0.0");
    let longer = answer::server_info(&format!("{SERVER_ID}0"), "12.0.0");
    for answer in [other_info(), without_marker(other_info()), upper_case, longer] {
        for Case { mut script, .. } in each() {
            script.sends("GET", INFO).answers(answer.clone());
            match script.fails() {
                Error::DifferentServer { found, .. } => {
                    assert_ne!(found.id, SERVER_ID);
                    assert_eq!(found.name.as_deref(), Some("nas"));
                }
                other => panic!("{other:?}"),
            }
        }
    }
}

#[test]
fn who_is_no_server_never_sees_the_token() {
    let not_set_up = json!({"Id": SERVER_ID, "Version": "1", "StartupWizardCompleted": false});
    for (answer, error) in [
        (portal(), "NotJellyfin"),
        (answer::unmarked(404), "NotJellyfin"),
        (answer::marked(404), "WrongBasePath"),
        (answer::unmarked(401), "Intercepted { request: GetServerInfo, status: 401 }"),
        (answer::unmarked(403), "Intercepted { request: GetServerInfo, status: 403 }"),
        (challenge(), "ProxyAuthentication { scheme: \"Basic\" }"),
        (
            redirect(302, "https://sso.example/?x=y"),
            "Redirected { to: Some(\"https://sso.example/\") }",
        ),
        (answer::marked(200).with_json(&not_set_up), "ServerNotSetUp"),
        (answer::marked(503), "AddressBlocked"),
    ] {
        for Case { mut script, .. } in each() {
            script.sends("GET", INFO).answers(answer.clone());
            assert_eq!(format!("{:?}", script.fails()), error);
        }
    }
}

#[test]
fn a_session_that_doesnt_know_its_server_belongs_to_the_first_one_that_answers() {
    let known = session();
    let session = Session::from_parts(
        known.server().clone(),
        None,
        known.user().clone(),
        known.access_token().clone(),
        known.device().clone(),
    );
    for Case { mut script, method, target, success } in each_with(&session, &Policy::default()) {
        script.sends("GET", INFO).answers(other_info());
        script.sends(method, target).answers(success);
        script.ends();
    }
}

#[test]
fn a_redirect_of_the_probe_is_followed_and_one_of_the_token_isnt() {
    for Case { mut script, method, target, success } in each() {
        script.sends("GET", INFO).answers(redirect(302, "../../jf/web/"));
        script.sends("GET", &format!("/jf{INFO}")).answers(info());
        script.sends(method, &format!("/jf{target}")).answers(success);
        script.ends();
    }
    for Case { mut script, method, target, .. } in each_identified() {
        script
            .sends(method, target)
            .answers(redirect(307, &format!("https://nas.example/jf{target}")));
        assert!(matches!(script.fails(), Error::Redirected { .. }));
    }
}

#[test]
fn a_known_server_that_cant_be_reached_is_waited_for_from_the_first_request_on() {
    let mut policy = Policy::default();
    policy.patience = seconds(10);
    for Case { mut script, .. } in each_with(&session(), &policy) {
        for seconds in [1, 2, 4, 5] {
            script.sends("GET", INFO).fails(Failure::Unreachable);
            assert_eq!(script.waits(seconds).reason(), WaitReason::NoAnswer(Failure::Unreachable));
        }
        script.sends("GET", INFO).fails(Failure::Unreachable);
        assert!(matches!(script.fails(), Error::NoAnswer { failure: Failure::Unreachable, .. }));
    }
}

#[test]
fn the_request_with_the_token_has_the_patience_and_the_retries_of_the_policy() {
    let mut policy = Policy::default();
    (policy.patience, policy.retries) = (seconds(10), 0);
    for failure in [Failure::Unreachable, Failure::Timeout] {
        for Case { mut script, method, target, .. } in each_with(&session(), &policy) {
            script.sends("GET", INFO).answers(info());
            let waits = if failure == Failure::Unreachable { &[1, 2, 4, 5][..] } else { &[] };
            for &seconds in waits {
                script.sends(method, target).fails(failure);
                script.waits(seconds);
            }
            script.sends(method, target).fails(failure);
            assert_eq!(script.fails(), failure.into());
        }
    }
}

#[test]
fn a_server_that_starts_is_waited_for() {
    for Case { mut script, method, target, success } in each() {
        script.sends("GET", INFO).fails(Failure::Unreachable);
        script.waits(1);
        script.sends("GET", INFO).answers(set_up_server());
        assert_eq!(script.waits(5).reason(), WaitReason::ServerStarting);
        script.sends("GET", INFO).fails(Failure::Interrupted);
        script.waits(4);
        script.sends("GET", INFO).answers(info());
        script.sends(method, target).answers(loading());
        assert_eq!(script.waits(1).reason(), WaitReason::ServerStarting);
        script.sends(method, target).answers(success);
        script.ends();
    }
}

#[test]
fn a_server_that_never_gets_ready_is_an_error_after_all_patience() {
    let mut policy = Policy::default();
    policy.patience = seconds(10);
    for Case { mut script, .. } in each_with(&session(), &policy) {
        for seconds in [1, 2, 4, 5] {
            script.sends("GET", INFO).answers(loading());
            script.waits(seconds);
        }
        script.sends("GET", INFO).answers(loading());
        assert_eq!(script.fails(), Error::ServerStarting);
    }
}

#[test]
fn failures_are_retried_and_then_an_error() {
    for failure in [Failure::Interrupted, Failure::Timeout, Failure::Other] {
        for Case { mut script, method, target, .. } in each_identified() {
            for seconds in [1, 2, 4] {
                script.sends(method, target).fails(failure);
                script.waits(seconds);
            }
            script.sends(method, target).fails(failure);
            assert!(matches!(script.fails(), Error::NoAnswer { failure: f, .. } if f == failure));
        }
    }
    for failure in [Failure::Tls, Failure::TooLarge, Failure::Proxy, Failure::Redirected] {
        for Case { mut script, method, target, .. } in each_identified() {
            script.sends(method, target).fails(failure);
            assert!(matches!(script.fails(), Error::NoAnswer { failure: f, .. } if f == failure));
        }
    }
}

#[test]
fn what_stands_in_front_of_a_server_that_sets_the_marker_decides_nothing() {
    for status in [401, 403, 404, 405, 500, 501, 200] {
        for Case { mut script, method, target, success } in each_identified() {
            for seconds in [1, 2] {
                script.sends(method, target).answers(answer::unmarked(status).with_html("portal"));
                let reason = script.waits(seconds).reason();
                assert!(matches!(reason, WaitReason::Intercepted { status: s, .. } if s == status));
            }
            script.sends(method, target).answers(success);
            script.ends();
        }
        for Case { mut script, method, target, .. } in each_identified() {
            for seconds in [1, 2, 4] {
                script.sends(method, target).answers(answer::unmarked(status).with_html("portal"));
                script.waits(seconds);
            }
            script.sends(method, target).answers(answer::unmarked(status).with_html("portal"));
            let error = script.fails();
            assert!(matches!(error, Error::Intercepted { status: s, .. } if s == status));
        }
    }
}

#[test]
fn both_requests_may_be_sent_twice_and_either_can_be_given_up() {
    for Case { mut script, success, .. } in each() {
        for answer in [info(), success] {
            let Ok(Step::Send(request)) = script.machine.poll(script.clock.now()) else {
                panic!("a request is due")
            };
            assert!(request.limits().replayable, "{request:?}");
            assert!(script.machine.handle(request.into_parts().1, Ok(&answer)));
        }
        script.ends();
    }
    for Case { mut script, method, target, success } in each_identified() {
        let ticket = script.sends(method, target).into_ticket();
        script.machine.cancel();
        assert!(!script.machine.handle(ticket, Ok(&success)), "too late");
        assert_eq!(script.fails(), Error::Cancelled);
    }
}
