//! Other people's programs that run beside the tests.

use std::{
    ffi::OsStr,
    fs::File,
    net::{Ipv4Addr, TcpListener},
    path::Path,
    process::{Child, Command, ExitStatus, Stdio},
};

/// A program that runs until this is dropped, and for half an hour at most.
#[derive(Debug)]
pub(crate) struct Daemon(Child);

const LONGEST_LIFE: &str = "1800";

impl Daemon {
    /// Runs a program; what it prints goes to the end of the file `log`.
    pub(crate) fn start<A: AsRef<OsStr>>(
        program: &Path,
        arguments: impl IntoIterator<Item = A>,
        log: &Path,
    ) -> Self {
        let log = File::options().append(true).create(true).open(log);
        let log = log.expect("a log can be written");
        // A test that is killed can't stop what it started.
        let child = Command::new("timeout")
            .arg(LONGEST_LIFE)
            .arg(program)
            .args(arguments)
            .stdin(Stdio::null())
            .stdout(log.try_clone().expect("a file can be shared"))
            .stderr(log)
            .spawn();
        Self(child.expect("the program can be started"))
    }

    /// What it ended with, if it did.
    pub(crate) fn ended(&mut self) -> Option<ExitStatus> {
        self.0.try_wait().ok().flatten()
    }
}

impl Drop for Daemon {
    /// Stops it as an administrator does, and waits for its end.
    fn drop(&mut self) {
        // The standard library can only kill, which loses what was not written yet.
        let asked = Command::new("kill").arg(self.0.id().to_string()).status();
        if !asked.is_ok_and(|status| status.success()) {
            drop(self.0.kill());
        }
        drop(self.0.wait());
    }
}

/// A port that nobody listens on now.
pub(crate) fn free_port() -> u16 {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0));
    let address = listener.and_then(|listener| listener.local_addr());
    address.expect("loopback can be listened on").port()
}
