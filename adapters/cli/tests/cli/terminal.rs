//! The program at a pseudo-terminal, its standard output going to a file.

use std::{fs, process::Command};

use rexpect::session::{PtySession, spawn_command};
use serde_json::Value;
use tempfile::NamedTempFile;

use crate::run::without_surroundings;

/// Runs the program, then prints how it ended and how it left the terminal. `trap` keeps the shell alive
/// through Ctrl-C.
const SCRIPT: &str = r#"
    trap : INT
    echo "shell=$$;"
    stty cols "$1" rows 50 echo
    out="$2"
    shift 2
    "$@" >"$out"
    echo "status=$?;"
    stty -a
"#;

pub(crate) struct Terminal {
    pty: PtySession,
    /// The number of the shell's process.
    shell: String,
    out: NamedTempFile,
}

impl Terminal {
    pub(crate) fn new(arguments: &[&str]) -> Self {
        Self::with_columns(100, arguments)
    }

    pub(crate) fn with_columns(columns: u16, arguments: &[&str]) -> Self {
        Self::with(columns, &[], arguments)
    }

    pub(crate) fn with(columns: u16, environment: &[(&str, &str)], arguments: &[&str]) -> Self {
        let out = NamedTempFile::new().expect("a file");
        let mut command = Command::new("sh");
        without_surroundings(&mut command);
        command
            .args(["-c", SCRIPT, "sh", &columns.to_string()])
            .arg(out.path())
            .arg(env!("CARGO_BIN_EXE_jellyfin-login"))
            .args(arguments)
            .env("LC_ALL", "C.UTF-8")
            .env("TERM", "xterm")
            .envs(environment.iter().copied());
        let mut pty = spawn_command(command, Some(20_000)).expect("a terminal");
        pty.exp_string("shell=").expect("the shell starts");
        let (shell, _) = pty.exp_regex(";").expect("a number");
        Self { pty, shell, out }
    }

    /// Waits until this is on the screen; what came before it is returned.
    pub(crate) fn expect(&mut self, text: &str) -> String {
        let before = self.pty.exp_string(text).unwrap_or_else(|error| panic!("{text}: {error}"));
        // Each byte comes as a character of its own.
        let bytes = before.chars().map(|byte| u8::try_from(byte).expect("a byte")).collect();
        String::from_utf8(bytes).expect("UTF-8")
    }

    /// Waits for a code.
    pub(crate) fn code(&mut self) -> String {
        self.expect("Quick Connect code: ");
        let (_, code) = self.pty.exp_regex("[0-9]{6}").expect("a code");
        code
    }

    pub(crate) fn type_line(&mut self, line: &str) {
        self.pty.send_line(line).expect("the terminal is open");
    }

    /// Without Enter.
    pub(crate) fn type_text(&mut self, text: &str) {
        self.pty.send(text).and_then(|_| self.pty.flush()).expect("the terminal is open");
    }

    /// Ends the program from outside.
    pub(crate) fn terminate(&mut self) {
        let done = Command::new("pkill").args(["-TERM", "-P", &self.shell]).status();
        assert!(done.expect("pkill").success());
    }

    pub(crate) fn press_ctrl(&mut self, key: char) {
        self.pty.send_control(key).expect("the terminal is open");
    }

    /// How the program ended.
    pub(crate) fn status(&mut self) -> Ended {
        let last_words = self.expect("status=");
        let (number, _) = self.pty.exp_regex(";").expect("a number");
        let settings = self.pty.exp_eof().expect("the shell ends");
        Ended {
            status: number.parse().expect("a number"),
            last_words,
            has_echo: settings.split_ascii_whitespace().any(|setting| setting == "echo"),
        }
    }

    /// What it wrote to standard output.
    pub(crate) fn out(&self) -> String {
        fs::read_to_string(self.out.path()).expect("a file")
    }

    pub(crate) fn session(&self) -> Value {
        serde_json::from_str(&self.out()).expect("a session")
    }
}

#[derive(Debug)]
pub(crate) struct Ended {
    pub(crate) status: i32,
    pub(crate) last_words: String,
    pub(crate) has_echo: bool,
}
