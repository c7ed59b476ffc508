//! What is shown while the server, or somebody with the code, is waited for.

mod big_code;
mod qr;

use std::{
    fmt::Write,
    io,
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressState, ProgressStyle};
use jellyfin_auth::{ServerUrl, Wait, WaitReason};
use serde_json::json;

use crate::messages::{Messages, STRONG, can_draw, show};

/// Shows each new code, and below it what is waited for, with the time that is left.
pub(crate) struct Waiting {
    messages: Messages,
    /// The server's Quick Connect page.
    page: String,
    enter_checks: bool,
    shown_code: Option<String>,
    shown_reason: Option<WaitReason>,
    /// The line that is drawn anew each second, where there is a terminal.
    line: ProgressBar,
    status: Arc<Mutex<Status>>,
}

/// What is on the line.
struct Status {
    sentence: String,
    until: Option<Instant>,
}

impl Waiting {
    /// For a sign-in by Quick Connect at `server`.
    pub(crate) fn for_code(messages: Messages, server: &ServerUrl, enter_checks: bool) -> Self {
        Self::new(messages, format!("{server}/web/#/quickconnect"), enter_checks)
    }

    /// For everything else.
    pub(crate) fn without_code(messages: Messages) -> Self {
        Self::new(messages, String::new(), false)
    }

    fn new(messages: Messages, page: String, enter_checks: bool) -> Self {
        let status = Arc::new(Mutex::new(Status { sentence: String::new(), until: None }));
        let target = if messages.are_json() || !can_draw() {
            ProgressDrawTarget::hidden()
        } else {
            ProgressDrawTarget::stderr()
        };
        let line = ProgressBar::with_draw_target(None, target);
        let shown = Arc::clone(&status);
        line.set_style(
            ProgressStyle::with_template("{status}")
                .expect("a template without mistakes")
                .with_key("status", move |_: &ProgressState, line: &mut dyn Write| {
                    let status = shown.lock().unwrap_or_else(PoisonError::into_inner);
                    let _ = status.write_to(line, Instant::now());
                }),
        );
        let (shown_code, shown_reason) = (None, None);
        Self { messages, page, enter_checks, shown_code, shown_reason, line, status }
    }

    /// A wait begins.
    pub(crate) fn show(&mut self, wait: &Wait) {
        if let Some(code) = wait.code() {
            if self.shown_code.as_deref() != Some(code) {
                self.show_code(code, wait.code_expires_in());
            }
        }
        let now = Instant::now();
        let sentence = match wait.reason() {
            WaitReason::Approval => "Waiting for the approval".to_owned(),
            WaitReason::Search => "Looking for the server".to_owned(),
            reason => format!("Trying again: {reason}"),
        };
        let is_new = self.shown_reason != Some(wait.reason());
        self.shown_reason = Some(wait.reason());
        if is_new && (self.messages.are_json() || self.line.is_hidden()) {
            let facts = json!({ "reason": wait.reason().to_string() });
            self.messages.report("waiting", facts, &sentence);
        }
        *self.status.lock().unwrap_or_else(PoisonError::into_inner) =
            Status { sentence, until: wait.code_expires_in().map(|left| now + left) };
        if !self.line.is_hidden() {
            self.line.enable_steady_tick(Duration::from_secs(1));
            self.line.tick();
        }
    }

    fn show_code(&mut self, code: &str, expires_in: Option<Duration>) {
        let page = format!("{}?code={code}", self.page);
        let is_renewed = self.shown_code.replace(code.to_owned()).is_some();
        if self.messages.are_json() {
            let expires_in = expires_in.map(|left| left.as_secs());
            let facts = json!({ "code": code, "page": page, "expires_in": expires_in });
            self.messages.report("code", facts, "");
            return;
        }
        let mut text = String::new();
        if is_renewed {
            text.push_str("That code has expired; here is a new one.\n");
        }
        if let Some(space) = Space::now() {
            text.extend(qr::draw(&page, &space));
            text.extend(big_code::draw(code, &space));
        }
        let _ = writeln!(text, "Quick Connect code: {STRONG}{code}{STRONG:#}");
        let _ = write!(
            text,
            "Type it into an app that is signed in (its user settings, Quick Connect), or open\n{page}"
        );
        if self.enter_checks {
            text.push_str("\nPress Enter to check now, Ctrl-C to give up.");
        }
        self.line.suspend(|| show(&text));
    }
}

impl Drop for Waiting {
    fn drop(&mut self) {
        self.line.finish_and_clear();
    }
}

impl Status {
    fn write_to(&self, line: &mut dyn Write, now: Instant) -> std::fmt::Result {
        line.write_str(&self.sentence)?;
        if let Some(until) = self.until {
            let left = until.saturating_duration_since(now).as_secs();
            write!(line, ", {}:{:02} left", left / 60, left % 60)?;
        }
        Ok(())
    }
}

/// The terminal that can be drawn on.
struct Space {
    columns: usize,
    /// Whether blocks and the like arrive as such.
    has_blocks: bool,
}

impl Space {
    /// `None` without a terminal.
    fn now() -> Option<Self> {
        if !can_draw() {
            return None;
        }
        let (terminal_size::Width(columns), _) = terminal_size::terminal_size_of(io::stderr())?;
        Some(Self { columns: columns.into(), has_blocks: cfg!(windows) || is_utf8() })
    }
}

/// Whether the locale's characters are UTF-8: the first of the three variables that is set decides.
fn is_utf8() -> bool {
    let locale = ["LC_ALL", "LC_CTYPE", "LANG"]
        .into_iter()
        .filter_map(std::env::var_os)
        .find(|value| !value.is_empty());
    let locale = locale.map(|value| value.to_string_lossy().to_ascii_lowercase());
    locale.is_some_and(|locale| locale.contains("utf-8") || locale.contains("utf8"))
}
