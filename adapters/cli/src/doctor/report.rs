//! The facts, judged: a line for each, with a severity and what to do.

use jellyfin_auth::ServerUrl;

use crate::failed::{Exit, Failed};

#[derive(Debug)]
pub(super) struct Report {
    /// What concerns all candidates.
    pub(super) general: Vec<Line>,
    pub(super) candidates: Vec<Section>,
    /// The address to use.
    pub(super) best: Option<ServerUrl>,
}

/// What concerns one candidate.
#[derive(Debug)]
pub(super) struct Section {
    pub(super) url: ServerUrl,
    pub(super) lines: Vec<Line>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Line {
    pub(super) subject: &'static str,
    pub(super) severity: Severity,
    pub(super) text: String,
    /// What to do.
    pub(super) advice: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Severity {
    Ok,
    Warning,
    /// Nobody can sign in like that; what the program ends with.
    Problem(Exit),
}

impl Severity {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Warning => "warning",
            Self::Problem(_) => "problem",
        }
    }
}

impl Line {
    pub(super) fn ok(subject: &'static str, text: impl Into<String>) -> Self {
        Self { subject, severity: Severity::Ok, text: text.into(), advice: None }
    }

    pub(super) fn warning(
        subject: &'static str,
        text: impl Into<String>,
        advice: impl Into<String>,
    ) -> Self {
        Self { severity: Severity::Warning, advice: Some(advice.into()), ..Self::ok(subject, text) }
    }

    pub(super) fn problem(
        subject: &'static str,
        exit: Exit,
        text: impl Into<String>,
        advice: impl Into<String>,
    ) -> Self {
        let severity = Severity::Problem(exit);
        Self { severity, advice: Some(advice.into()), ..Self::ok(subject, text) }
    }

    /// A failure. The library's sentences end with what to do, after a colon.
    pub(super) fn failed(subject: &'static str, failed: &Failed) -> Self {
        let (sentence, detail, advice) = failed.parts();
        let (what, to_do) = sentence.split_once(": ").unwrap_or((sentence, "report this"));
        let detail = detail.map(|detail| format!(" ({detail})")).unwrap_or_default();
        let advice = advice.unwrap_or(to_do);
        Self::problem(subject, failed.exit(), format!("{what}{detail}"), advice)
    }

    pub(super) fn is_problem(&self) -> bool {
        matches!(self.severity, Severity::Problem(_))
    }
}

impl Report {
    pub(super) fn lines(&self) -> impl Iterator<Item = (Option<&ServerUrl>, &Line)> {
        let general = self.general.iter().map(|line| (None, line));
        let of_candidates = self
            .candidates
            .iter()
            .flat_map(|section| section.lines.iter().map(|line| (Some(&section.url), line)));
        general.chain(of_candidates)
    }

    /// What the program ends with: the most telling of the problems.
    pub(super) fn exit(&self) -> Option<Exit> {
        let problems = self.lines().filter_map(|(_, line)| match line.severity {
            Severity::Problem(exit) => Some(exit),
            Severity::Ok | Severity::Warning => None,
        });
        problems.max_by_key(|exit| how_telling(*exit))
    }
}

/// A server that is there but can't be used tells more than an address where nothing is.
fn how_telling(exit: Exit) -> u8 {
    match exit {
        Exit::Address => 0,
        Exit::System => 1,
        Exit::Bug => 2,
        Exit::Proxy => 3,
        Exit::Later => 4,
        Exit::Administrator => 5,
        Exit::Usage | Exit::Credentials | Exit::NoQuickConnect | Exit::Cancelled => 6,
    }
}
