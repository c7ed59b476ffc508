use std::{
    fmt,
    time::{Duration, Instant},
};

use stateright::{Checker as _, Expectation, Model as _};

use crate::{Action, SignIn, Way};

/// What an exploration found.
#[derive(Clone, Debug)]
pub struct Report {
    way: Way,
    /// How many states were reached, each counted once.
    pub states: usize,
    /// The longest way to one that was new.
    pub depth: usize,
    time: Duration,
    /// The properties that don't hold, and what leads there.
    pub broken: Vec<(&'static str, Vec<Action>)>,
}

impl Report {
    /// Explores all that can happen.
    #[must_use]
    pub fn of(model: SignIn, threads: usize) -> Self {
        let begin = Instant::now();
        let way = model.way;
        let checker = model.checker().threads(threads).spawn_bfs().join();
        let mut broken = Vec::new();
        for property in checker.model().properties() {
            let found = checker.discovery(property.name);
            if found.is_some() != (property.expectation == Expectation::Sometimes) {
                let actions = found.map(stateright::Path::into_actions).unwrap_or_default();
                broken.push((property.name, actions));
            }
        }
        Self {
            way,
            states: checker.unique_state_count(),
            depth: checker.max_depth(),
            time: begin.elapsed(),
            broken,
        }
    }

    /// Whether every property holds.
    #[must_use]
    pub fn holds(&self) -> bool {
        self.broken.is_empty()
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { way, states, depth, time, broken } = self;
        write!(f, "  {way:?}: {states} states, depth {depth}, {:.1} s", time.as_secs_f64())?;
        for (name, actions) in broken {
            write!(f, "\n  BROKEN: {name}")?;
            for action in actions {
                write!(f, "\n    {action:?}")?;
            }
        }
        Ok(())
    }
}
