//! What a test needs of its machine.

use std::{
    env,
    net::{Ipv6Addr, TcpListener},
    path::PathBuf,
    sync::OnceLock,
};

use crate::raw_server::FullBacklog;

/// What is absent on purpose.
const WITHOUT: &str = "JELLYFIN_AUTH_WITHOUT";

/// Something that a test needs and that not every machine has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Need {
    name: &'static str,
    is_met: bool,
}

/// What becomes of a test.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Fate {
    Runs,
    Ignored(String),
    Fails(String),
}

impl Need {
    /// Anything that has a name, without blanks, and is there or not.
    #[must_use]
    pub const fn new(name: &'static str, is_met: bool) -> Self {
        Self { name, is_met }
    }

    /// A program that is installed: in a folder of `PATH`, or where only administrators look.
    #[must_use]
    pub fn program(name: &'static str) -> Self {
        Self::new(name, find_program(name).is_some())
    }

    /// IPv6 on the loopback interface: `ipv6`.
    #[must_use]
    pub fn ipv6() -> Self {
        Self::new("ipv6", TcpListener::bind((Ipv6Addr::LOCALHOST, 0)).is_ok())
    }

    /// A system that keeps a connection waiting while a listener's queue is full: `full-backlog`.
    #[must_use]
    pub fn full_backlog() -> Self {
        static IS_MET: OnceLock<bool> = OnceLock::new();
        Self::new("full-backlog", *IS_MET.get_or_init(|| FullBacklog::start().is_some()))
    }

    /// What it is called in `JELLYFIN_AUTH_WITHOUT`.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        self.name
    }

    /// Whether the machine has it.
    #[must_use]
    pub const fn is_met(&self) -> bool {
        self.is_met
    }

    pub(crate) fn fate(&self) -> Fate {
        let without = env::var(WITHOUT).unwrap_or_default();
        self.fate_where(&without, env::var_os("CI").is_some_and(|value| value == "true"))
    }

    fn fate_where(&self, without: &str, must_be_there: bool) -> Fate {
        let name = self.name;
        if without.split_whitespace().any(|absent| absent == name) {
            return Fate::Ignored(format!("without {name}"));
        }
        match (self.is_met, must_be_there) {
            (true, _) => Fate::Runs,
            (false, false) => Fate::Ignored(format!("no {name} here")),
            (false, true) => Fate::Fails(format!(
                "no {name} here, though CI=true: install it, or name it in {WITHOUT} if that is intended"
            )),
        }
    }
}

impl Fate {
    /// What becomes of a test with several needs: what is absent on purpose comes first.
    pub(crate) fn of_all(fates: impl Iterator<Item = Self>) -> Self {
        fates.fold(Self::Runs, |all, one| match (&all, &one) {
            (Self::Runs, _) | (Self::Fails(_), Self::Ignored(_)) => one,
            _ => all,
        })
    }
}

/// Where a program is installed: in a folder of `PATH`, or where only administrators look.
#[must_use]
pub fn find_program(name: &str) -> Option<PathBuf> {
    let path = env::var_os("PATH")?;
    let more = ["/usr/sbin", "/usr/local/sbin"].map(PathBuf::from);
    let mut folders = env::split_paths(&path).chain(more);
    folders.find_map(|folder| Some(folder.join(name)).filter(|file| file.is_file()))
}

#[cfg(test)]
mod tests {
    use super::*;

    const THERE: Need = Need::new("nginx", true);
    const MISSING: Need = Need::new("nginx", false);

    #[test]
    fn what_is_there_is_tested_unless_it_is_absent_on_purpose() {
        for must_be_there in [false, true] {
            assert_eq!(THERE.fate_where("caddy servers", must_be_there), Fate::Runs);
            for need in [THERE, MISSING] {
                let fate = need.fate_where("caddy nginx", must_be_there);
                assert_eq!(fate, Fate::Ignored("without nginx".to_owned()));
            }
        }
    }

    #[test]
    fn what_is_missing_is_ignored_and_fails_where_it_must_be_there() {
        for without in ["", "nginx-light", "caddy servers"] {
            let ignored = MISSING.fate_where(without, false);
            assert_eq!(ignored, Fate::Ignored("no nginx here".to_owned()));
            let Fate::Fails(reason) = MISSING.fate_where(without, true) else { panic!("it runs") };
            assert!(reason.contains("nginx") && reason.contains(WITHOUT), "{reason}");
        }
    }

    #[test]
    fn one_thing_that_is_absent_on_purpose_is_enough_to_ignore_a_test() {
        let ignored = || Fate::Ignored("without servers".to_owned());
        let fails = || Fate::Fails("there is no nginx".to_owned());
        assert_eq!(Fate::of_all([Fate::Runs, fails(), ignored()].into_iter()), ignored());
        assert_eq!(Fate::of_all([ignored(), fails()].into_iter()), ignored());
        assert_eq!(Fate::of_all([Fate::Runs, fails(), Fate::Runs].into_iter()), fails());
        assert_eq!(Fate::of_all([].into_iter()), Fate::Runs);
    }

    #[test]
    fn a_program_is_found_where_it_is_installed() {
        assert!(!Need::program("no-program-has-this-name").is_met());
        assert!(cfg!(windows) || Need::program("sh").is_met());
    }
}
