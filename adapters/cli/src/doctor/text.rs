//! The report for people, ready to paste.

use std::fmt::Write as _;

use super::{
    facts::Facts,
    report::{Line, Report},
};

pub(super) fn report(facts: &Facts, report: &Report) -> String {
    let now = httpdate::fmt_http_date(facts.now);
    let mut text = format!("jellyfin-login {} doctor, {now}\n", env!("CARGO_PKG_VERSION"));
    for line in &report.general {
        add(&mut text, line);
    }
    for section in report.candidates.iter().filter(|section| !section.lines.is_empty()) {
        let _ = writeln!(text, "{}", section.url);
        for line in &section.lines {
            add(&mut text, line);
        }
    }
    let result = report.best.as_ref().map_or_else(
        || "nobody can sign in there now".to_owned(),
        |best| format!("the server can be used at {best}"),
    );
    let _ = write!(text, "Result: {result}");
    text
}

fn add(text: &mut String, line: &Line) {
    let Line { subject, severity, text: fact, advice } = line;
    let _ = writeln!(text, "{:<9}{subject:<15}{fact}", severity.name());
    if let Some(advice) = advice {
        let _ = writeln!(text, "{:<9}{:<15}-> {advice}", "", "");
    }
}
