//! The scenarios as the tests of a test program.

use std::{
    process::ExitCode,
    sync::{Arc, PoisonError, RwLock},
};

use libtest_mimic::Completion;

use super::suite::{Outcome, SIDE_BY_SIDE, Scenario, Suite};
use crate::test_program::TestProgram;

/// Written by a scenario that runs while no other does.
static OTHERS: RwLock<()> = RwLock::new(());

/// Runs the suites as a test program (`harness = false`), in which each scenario is a test of its own. A
/// scenario that a driver leaves out is ignored. So is one that needs what the machine lacks: see
/// [`test_program`](crate::test_program).
///
/// ```no_run
/// # use std::process::ExitCode;
/// # use jellyfin_auth_testkit::conformance::{self, Driver, Suite};
/// # fn test(my_driver: impl Driver) -> ExitCode {
/// conformance::main([Suite::new(my_driver)])
/// # }
/// ```
#[must_use = "a program ends with it"]
pub fn main(suites: impl IntoIterator<Item = Suite>) -> ExitCode {
    let mut program = TestProgram::from_arguments().side_by_side(SIDE_BY_SIDE);
    let suites: Vec<_> = suites.into_iter().map(Arc::new).collect();
    // Those that run alone come last: none that could run beside others waits for them.
    for alone in [false, true] {
        for suite in &suites {
            for scenario in suite.chosen().filter(|scenario| scenario.alone == alone) {
                add(&mut program, suite, scenario);
            }
        }
    }
    program.run()
}

fn add(program: &mut TestProgram, suite: &Arc<Suite>, scenario: &'static Scenario) {
    let name = format!("{}::{}", suite.driver_name(), scenario.name);
    if let Some(reason) = suite.reason_to_leave_out(scenario) {
        return program.ignore(&name, reason);
    }
    let need = scenario.needs.map(|need| need());
    let suite = Arc::clone(suite);
    program.add(&name, need.as_slice(), move || {
        let _others =
            (!scenario.alone).then(|| OTHERS.read().unwrap_or_else(PoisonError::into_inner));
        let _alone = scenario.alone.then(|| OTHERS.write().unwrap_or_else(PoisonError::into_inner));
        match suite.examine(scenario).outcome {
            Outcome::Passed | Outcome::Excepted { .. } => Ok(Completion::Completed),
            // It shows only then that the driver has no part that the rule is about.
            Outcome::LeftOut { reason } => Ok(Completion::ignored_with(reason)),
            Outcome::Failed { complaint } => Err(complaint),
            Outcome::PassedAnyway { reason } => Err(format!("no longer an exception: {reason}")),
            Outcome::Impossible { why } => Err(format!("it can't be run: {why}")),
        }
    });
}
