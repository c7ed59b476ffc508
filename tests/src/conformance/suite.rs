//! Runs the scenarios and reports what came of them.

use std::{
    collections::BTreeMap,
    fmt::{self, Write as _},
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering},
        mpsc,
    },
    thread,
    time::{Duration, Instant},
};

use super::{
    bench::{Bench, Complaint, Finding},
    driver::Driver,
    scenarios::SCENARIOS,
};
use crate::need::Need;

/// How many scenarios run at a time. They mostly wait.
pub(super) const SIDE_BY_SIDE: usize = 32;
/// A scenario that takes longer hangs.
const LONGEST: Duration = Duration::from_secs(60);

/// One rule that a driver keeps.
pub(super) struct Scenario {
    pub(super) name: &'static str,
    pub(super) run: fn(&Bench) -> Finding,
    pub(super) needs: Option<fn() -> Need>,
    /// It makes much load, and runs while no other scenario does.
    pub(super) alone: bool,
}

/// All scenarios, and what is known of one driver.
///
/// ```no_run
/// # use jellyfin_auth_testkit::conformance::{Driver, Suite};
/// # fn test(my_driver: impl Driver) {
/// Suite::new(my_driver)
///     .except("cancelling_ends_a_connect", "the HTTP library can't be stopped in a connect")
///     .run()
///     .assert_clean();
/// # }
/// ```
#[must_use = "a suite does nothing until it is run"]
pub struct Suite {
    driver: Arc<dyn Driver>,
    exceptions: BTreeMap<&'static str, &'static str>,
    left_out: Vec<(&'static str, &'static str)>,
    part: String,
}

impl Suite {
    /// Every scenario for this driver, without exceptions.
    pub fn new(driver: impl Driver) -> Self {
        Self {
            driver: Arc::new(driver),
            exceptions: BTreeMap::new(),
            left_out: Vec::new(),
            part: String::new(),
        }
    }

    /// This driver is known to fail this scenario, and why.
    ///
    /// # Panics
    ///
    /// When there is no such scenario.
    pub fn except(mut self, name: &'static str, reason: &'static str) -> Self {
        assert!(SCENARIOS.iter().any(|known| known.name == name), "there is no scenario {name}");
        self.exceptions.insert(name, reason);
        self
    }

    /// This driver can't do at all what the scenarios are about whose names start so (`https_`), and
    /// why. They are not run.
    ///
    /// # Panics
    ///
    /// When there is no such scenario.
    pub fn leave_out(mut self, start: &'static str, reason: &'static str) -> Self {
        let known = SCENARIOS.iter().any(|known| known.name.starts_with(start));
        assert!(known, "there is no scenario that starts with {start}");
        self.left_out.push((start, reason));
        self
    }

    /// Runs only the scenarios whose names contain this.
    pub fn only(mut self, part: &str) -> Self {
        part.clone_into(&mut self.part);
        self
    }

    /// Runs the scenarios.
    #[must_use = "a report says whether the driver passed"]
    pub fn run(self) -> Report {
        let began = Instant::now();
        let shared: Vec<_> = self.chosen().filter(|one| !one.alone).collect();
        let next = AtomicUsize::new(0);
        let results = Mutex::new(Vec::new());
        let keep = |result| {
            results.lock().unwrap_or_else(PoisonError::into_inner).push(result);
        };
        thread::scope(|scope| {
            for _ in 0..SIDE_BY_SIDE.min(shared.len()) {
                scope.spawn(|| {
                    while let Some(one) = shared.get(next.fetch_add(1, Ordering::Relaxed)) {
                        keep(self.examine(one));
                    }
                });
            }
        });
        self.chosen().filter(|one| one.alone).for_each(|one| keep(self.examine(one)));
        let mut results = results.into_inner().unwrap_or_else(PoisonError::into_inner);
        let place = |name| SCENARIOS.iter().position(|one| one.name == name);
        results.sort_by_key(|result: &ScenarioResult| place(result.name));
        Report { driver: self.driver.name(), results, took: began.elapsed() }
    }

    #[cfg(feature = "test-program")]
    pub(super) fn driver_name(&self) -> String {
        self.driver.name()
    }

    pub(super) fn chosen(&self) -> impl Iterator<Item = &'static Scenario> {
        SCENARIOS.iter().filter(|one| one.name.contains(&self.part))
    }

    pub(super) fn reason_to_leave_out(&self, scenario: &Scenario) -> Option<&'static str> {
        let left_out = self.left_out.iter().find(|(start, _)| scenario.name.starts_with(start));
        left_out.map(|(_, reason)| *reason)
    }

    pub(super) fn examine(&self, scenario: &'static Scenario) -> ScenarioResult {
        let began = Instant::now();
        if let Some(reason) = self.reason_to_leave_out(scenario) {
            let outcome = Outcome::LeftOut { reason };
            return ScenarioResult { name: scenario.name, outcome, took: Duration::ZERO };
        }
        if let Some(lack) = scenario.needs.map(|need| need()).filter(|need| !need.is_met()) {
            let outcome = Outcome::Impossible { why: lack.name() };
            return ScenarioResult { name: scenario.name, outcome, took: Duration::ZERO };
        }
        let exception = self.exceptions.get(scenario.name).copied();
        let bench = Arc::new(Bench::new(Arc::clone(&self.driver)));
        let outcome = match (attempt(scenario, &bench), exception) {
            (Ok(()), None) => Outcome::Passed,
            (Ok(()), Some(reason)) => Outcome::PassedAnyway { reason },
            (Err(Complaint::Impossible(why)), _) => Outcome::Impossible { why },
            (Err(Complaint::LeftOut(reason)), _) => Outcome::LeftOut { reason },
            (Err(Complaint::Broken(_)), Some(reason)) => Outcome::Excepted { reason },
            (Err(Complaint::Broken(mut complaint)), None) => {
                let _ = write!(complaint, "\n{}", bench.traffic());
                Outcome::Failed { complaint }
            }
        };
        ScenarioResult { name: scenario.name, outcome, took: began.elapsed() }
    }
}

fn attempt(scenario: &'static Scenario, bench: &Arc<Bench>) -> Finding {
    let (report, finding) = mpsc::channel();
    let bench = Arc::clone(bench);
    thread::spawn(move || {
        // Nobody listens any more after `LONGEST`.
        let _ = report.send((scenario.run)(&bench));
    });
    finding.recv_timeout(LONGEST).unwrap_or_else(|error| {
        Err(Complaint::Broken(match error {
            mpsc::RecvTimeoutError::Timeout => format!("still runs after {LONGEST:?}"),
            mpsc::RecvTimeoutError::Disconnected => "the scenario panicked".to_owned(),
        }))
    })
}

impl fmt::Debug for Suite {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Suite").field("driver", &self.driver.name()).finish_non_exhaustive()
    }
}

/// What came of one scenario.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct ScenarioResult {
    /// The scenario's name: the rule.
    pub name: &'static str,
    /// What came of it.
    pub outcome: Outcome,
    /// How long it took.
    pub took: Duration,
}

/// What came of one scenario.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Outcome {
    /// The driver keeps the rule.
    Passed,
    /// The driver breaks the rule.
    Failed {
        /// What it did, and what it should have done.
        complaint: String,
    },
    /// The driver is known to break the rule, and does.
    Excepted {
        /// Why.
        reason: &'static str,
    },
    /// The driver is known to break the rule, and doesn't: the exception is out of date.
    PassedAnyway {
        /// Why it was thought to break it.
        reason: &'static str,
    },
    /// The driver can't do at all what the rule is about.
    LeftOut {
        /// Why.
        reason: &'static str,
    },
    /// It can't be found out on this machine.
    Impossible {
        /// What it lacks.
        why: &'static str,
    },
}

/// What came of all scenarios; `Display` is for people.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Report {
    /// The driver's name.
    pub driver: String,
    /// Every scenario that was run, in the order of the list.
    pub results: Vec<ScenarioResult>,
    /// How long all of it took.
    pub took: Duration,
}

impl Report {
    /// Whether the driver keeps every rule but for its exceptions, and breaks each of those.
    #[must_use]
    pub fn is_clean(&self) -> bool {
        self.results.iter().all(|result| {
            !matches!(result.outcome, Outcome::Failed { .. } | Outcome::PassedAnyway { .. })
        })
    }

    /// Prints the report.
    ///
    /// # Panics
    ///
    /// When it isn't [clean](Self::is_clean).
    pub fn assert_clean(&self) {
        println!("{self}");
        assert!(self.is_clean(), "{} doesn't conform: see the report above", self.driver);
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (driver, count, took) = (&self.driver, self.results.len(), self.took.as_millis());
        writeln!(f, "{driver}: {count} scenarios in {took} ms")?;
        for ScenarioResult { name, outcome, took } in &self.results {
            let took = took.as_millis();
            match outcome {
                Outcome::Passed => writeln!(f, "  passed      {name} ({took} ms)")?,
                Outcome::Excepted { reason } => writeln!(f, "  exception   {name}: {reason}")?,
                Outcome::LeftOut { reason } => writeln!(f, "  left out    {name}: {reason}")?,
                Outcome::Impossible { why } => writeln!(f, "  impossible  {name}: {why}")?,
                Outcome::PassedAnyway { reason } => {
                    writeln!(f, "  NO LONGER AN EXCEPTION  {name}: {reason}")?;
                }
                Outcome::Failed { complaint } => {
                    writeln!(f, "  FAILED      {name} ({took} ms)")?;
                    for line in complaint.lines() {
                        writeln!(f, "      {line}")?;
                    }
                }
            }
        }
        Ok(())
    }
}
