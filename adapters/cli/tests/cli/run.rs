//! The program without a terminal.

use std::{
    io::Write as _,
    path::Path,
    process::{Command, Stdio},
};

use serde_json::Value;

/// What came of a run.
pub(crate) struct Ran {
    pub(crate) status: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

pub(crate) fn program() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_jellyfin-login"));
    without_surroundings(&mut command);
    command
}

/// What the machine that tests run on has set changes nothing.
pub(crate) fn without_surroundings(command: &mut Command) {
    for name in ["http_proxy", "https_proxy", "all_proxy", "no_proxy"] {
        command.env_remove(name).env_remove(name.to_uppercase());
    }
    command.env_remove("NO_COLOR").env_remove("CLICOLOR_FORCE").env_remove("JELLYFIN_SESSION");
}

/// Runs it with `input` piped in.
pub(crate) fn run(arguments: &[&str], input: &str) -> Ran {
    run_command(program().args(arguments), input)
}

/// Runs it with the accounts that are kept in `home`.
pub(crate) fn run_at(home: &Path, arguments: &[&str], input: &str) -> Ran {
    run_command(program().env("XDG_DATA_HOME", home).args(arguments), input)
}

pub(crate) fn run_command(command: &mut Command, input: &str) -> Ran {
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    // It may have ended before it read anything.
    let _ = child.stdin.take().expect("a pipe").write_all(input.as_bytes());
    let output = child.wait_with_output().expect("the program ends");
    Ran {
        status: output.status.code().expect("it wasn't killed"),
        out: String::from_utf8(output.stdout).expect("text"),
        err: String::from_utf8(output.stderr).expect("text"),
    }
}

impl Ran {
    /// The last line of standard error as JSON.
    pub(crate) fn error(&self) -> Value {
        let line = self.err.lines().last().expect("something was shown");
        serde_json::from_str::<Value>(line).expect("JSON")["error"].clone()
    }
}

/// Signs `alice` in and keeps her session.
pub(crate) fn signed_in(url: &str, file: &Path) {
    let ran = run(&["--user", "alice", "--save", path(file), url], "wonderland\n");
    assert_eq!(ran.status, 0, "{}", ran.err);
}

pub(crate) fn path(file: &Path) -> &str {
    file.to_str().expect("a path of plain characters")
}
