//! The suite itself: it can fail, and reports that.

use jellyfin_auth::{Login, Session};

use super::{
    Outcome, Suite,
    driver::{Controls, Driver, Ended, Environment},
    scenarios::SCENARIOS,
};

/// Ends every login before it begins.
struct Idle;

impl Driver for Idle {
    fn name(&self) -> String {
        "idle".to_owned()
    }

    fn run(&self, _: Login, _: &Environment, _: &Controls) -> Result<Session, Ended> {
        Err(Ended::SetUp("it does nothing".to_owned()))
    }
}

#[test]
fn a_driver_that_does_nothing_passes_nothing() {
    let report = Suite::new(Idle).run();
    assert_eq!(report.results.len(), SCENARIOS.len());
    for result in &report.results {
        let right = !matches!(result.outcome, Outcome::Passed);
        assert!(right, "{}: {:?}", result.name, result.outcome);
    }
    assert!(!report.is_clean());
}

#[test]
fn a_complaint_says_what_was_done_and_what_should_have_been() {
    let report = Suite::new(Idle).only("a_password_login_ends_signed_in").run();
    let shown = report.to_string();
    assert!(shown.contains("the login was to succeed"), "{shown}");
    assert!(shown.contains("it does nothing"), "{shown}");
    assert!(shown.contains("no connection came"), "{shown}");
}

#[test]
fn a_known_exception_is_no_failure() {
    let suite = Suite::new(Idle).only("a_password_login_ends_signed_in");
    let report = suite.except("a_password_login_ends_signed_in", "it does nothing").run();
    assert!(report.is_clean(), "{report}");
    assert!(matches!(report.results[0].outcome, Outcome::Excepted { reason: "it does nothing" }));
}

#[test]
fn what_is_left_out_is_not_run() {
    let report = Suite::new(Idle).leave_out("https_", "no TLS").only("https_").run();
    let left_out = |outcome: &Outcome| matches!(outcome, Outcome::LeftOut { reason: "no TLS" });
    assert!(report.results.iter().all(|result| left_out(&result.outcome)), "{report}");
    assert!(report.is_clean());
}

#[test]
#[should_panic(expected = "there is no scenario")]
fn an_exception_from_a_rule_that_does_not_exist_is_a_mistake() {
    let _ = Suite::new(Idle).except("tea_is_served", "no kettle");
}

#[test]
fn the_docs_list_every_rule() {
    let listed: Vec<_> = include_str!("scenarios.md")
        .lines()
        .filter_map(|line| line.strip_prefix("* `")?.strip_suffix('`'))
        .collect();
    let names: Vec<_> = SCENARIOS.iter().map(|scenario| scenario.name).collect();
    assert_eq!(listed, names);
    assert!(names.len() >= 60, "{} rules", names.len());
}
