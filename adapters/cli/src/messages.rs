//! What people read: on standard error, so that standard output holds data alone.

use std::io::{self, IsTerminal as _, Write as _};

use anstream::AutoStream;
use anstyle::{AnsiColor, Style};
use serde_json::{Value, json};

use crate::failed::Failed;

/// An error's first word.
const ALARM: Style = AnsiColor::Red.on_default().bold();
/// What the eye should find first.
pub(crate) const STRONG: Style = Style::new().bold();

/// Shows messages, as sentences or as lines of JSON. Colour is left out where there is no terminal, and
/// where `NO_COLOR` is set.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Messages {
    json: bool,
}

impl Messages {
    pub(crate) fn new(json: bool) -> Self {
        Self { json }
    }

    pub(crate) fn are_json(self) -> bool {
        self.json
    }

    /// Something happened.
    pub(crate) fn report(self, event: &str, facts: Value, sentence: &str) {
        if self.json {
            let mut line = json!({ "event": event });
            if let (Some(line), Value::Object(facts)) = (line.as_object_mut(), facts) {
                line.extend(facts);
            }
            show(&line.to_string());
        } else {
            show(sentence);
        }
    }

    pub(crate) fn failed(self, failed: &Failed) {
        if self.json {
            show(&failed.to_json().to_string());
        } else {
            show(&format!("{ALARM}error:{ALARM:#} {}", failed.text()));
        }
    }

    /// The data that was asked for.
    pub(crate) fn data(self, value: &Value, text: &str) -> Result<(), Failed> {
        if self.json { print(&value.to_string()) } else { print(text) }
    }
}

/// Whether there is a terminal that more than lines can be written to.
pub(crate) fn can_draw() -> bool {
    io::stderr().is_terminal() && !is_dumb()
}

/// Whether the terminal knows no control sequences.
fn is_dumb() -> bool {
    std::env::var_os("TERM").is_some_and(|name| name == "dumb")
}

/// Writes lines to standard error. Nobody may be there to read them.
pub(crate) fn show(text: &str) {
    let stderr = io::stderr().lock();
    // anstream takes a terminal for a colourful one where `CI` is set, even a dumb one.
    let mut stderr = if is_dumb() { AutoStream::never(stderr) } else { AutoStream::auto(stderr) };
    let _ = writeln!(stderr, "{text}");
}

/// Writes a line to standard output.
pub(crate) fn print(text: &str) -> Result<(), Failed> {
    let mut out = io::stdout().lock();
    writeln!(out, "{text}")
        .and_then(|()| out.flush())
        .map_err(|error| Failed::here(format!("standard output can't be written to: {error}")))
}
