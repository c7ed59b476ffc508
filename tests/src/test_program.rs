//! Test programs of their own (`harness = false`), whose tests say `ignored`, and why, where they can't run.
//!
//! A test can't run where its machine lacks something: a [`Need`]. It is ignored there, but fails where
//! the environment has `CI=true`: a machine that is there to test has what the tests need. The variable
//! `JELLYFIN_AUTH_WITHOUT` names, between blanks, what is absent on purpose: `nginx servers`, say. Tests
//! that need it are ignored, whether it is there or not.

use std::process::ExitCode;

use libtest_mimic::{Arguments, Completion, Failed, Trial};

use crate::need::Fate;
pub use crate::need::{Need, find_program};

/// The tests of one program, which takes the arguments of any test program.
///
/// ```no_run
/// use jellyfin_auth_testkit::test_program::{Need, TestProgram};
///
/// let mut program = TestProgram::from_arguments();
/// program.test("nginx_answers", &[Need::program("nginx")], || assert_eq!(2 + 2, 4));
/// program.run();
/// ```
#[must_use = "nothing is tested until it is run"]
#[derive(Debug)]
pub struct TestProgram {
    arguments: Arguments,
    trials: Vec<Trial>,
}

impl TestProgram {
    /// With the arguments that this process was started with; ends it where they can't be read.
    pub fn from_arguments() -> Self {
        Self { arguments: Arguments::from_args(), trials: Vec::new() }
    }

    /// How many tests run at a time, unless an argument says otherwise: more than there are cores,
    /// where they mostly wait.
    pub fn side_by_side(mut self, tests: usize) -> Self {
        self.arguments.test_threads.get_or_insert(tests);
        self
    }

    /// Whether the tests are only listed.
    #[must_use]
    pub fn only_lists(&self) -> bool {
        self.arguments.list
    }

    /// Adds a test, which fails when it panics.
    pub fn test(&mut self, name: &str, needs: &[Need], test: impl FnOnce() + Send + 'static) {
        self.add(name, needs, move || {
            test();
            Ok(Completion::Completed)
        });
    }

    /// Adds a test that says why it fails, or what it lacks.
    pub(crate) fn add(
        &mut self,
        name: &str,
        needs: &[Need],
        test: impl FnOnce() -> Result<Completion, String> + Send + 'static,
    ) {
        let fates = needs.iter().map(Need::fate);
        self.trials.push(match Fate::of_all(fates) {
            Fate::Runs => Trial::ignorable_test(name, || test().map_err(Failed::from)),
            Fate::Ignored(reason) => {
                // Who insists on it gets it run.
                let name = format!("{name} ({reason})");
                Trial::ignorable_test(name, || test().map_err(Failed::from)).with_ignored_flag(true)
            }
            Fate::Fails(reason) => Trial::test(name, || Err(Failed::from(reason))),
        });
    }

    /// Adds a test that is never run, and says why.
    pub(crate) fn ignore(&mut self, name: &str, reason: &str) {
        let test = Trial::test(format!("{name} ({reason})"), || Ok(()));
        self.trials.push(test.with_ignored_flag(true));
    }

    /// Runs the tests, and reports as any test program does.
    #[must_use = "a program ends with it"]
    pub fn run(self) -> ExitCode {
        libtest_mimic::run(&self.arguments, self.trials).exit_code()
    }
}
