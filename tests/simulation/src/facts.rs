use std::time::Duration;

use jellyfin_auth::{Failure, RequestName};

use super::{
    agenda::{Outcome, Source},
    front::Portal,
    incident::Reach,
    reply::{Meaning, Reply},
};

/// The truth about the world, and what the program got to know of it.
#[derive(Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own")]
pub(super) struct Facts {
    pub(super) reach: Reach,
    pub(super) portal: Option<Portal>,
    /// Restarts that are not over yet.
    pub(super) starts: u32,
    pub(super) healed: bool,
    pub(super) restarted_at: Option<Duration>,
    pub(super) quick_connect_was_off: bool,
    pub(super) address_was_blocked: bool,
    pub(super) was_replaced: bool,
    /// A server said that it is starting.
    pub(super) was_starting: bool,
    pub(super) cancelled: bool,
    /// For a code that was kept: a record is made as of the last poll.
    pub(super) kept_age_is_short_by: Option<Duration>,
    pub(super) last: Option<LastReply>,
    /// Since the last success.
    pub(super) row: Row,
    /// The code that the login holds, or held until it was redeemed.
    pub(super) code: Option<Code>,
    /// When the server drew a code last.
    pub(super) code_drawn: Duration,
    /// Codes that the user typed in, and the server took.
    pub(super) approved: Vec<String>,
    /// Since the program's last request was sent.
    pub(super) approved_meanwhile: bool,
    /// The server said that Quick Connect is off before it was asked for a code.
    pub(super) reported_off: bool,
    /// A Jellyfin said that the address has another path.
    pub(super) found_wrong_path: bool,
}

/// What the program got last.
#[derive(Clone, Copy, Debug)]
pub(super) struct LastReply {
    pub(super) request: RequestName,
    pub(super) received: Received,
    /// No response shows whether the server sent it, or something in front of it.
    pub(super) sets_no_marker: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Received {
    Response { status: u16, source: Source, meaning: Meaning },
    Nothing(Failure),
}

/// The failures since the last success.
#[derive(Debug, Default)]
pub(super) struct Row {
    pub(super) busy: Vec<u16>,
    pub(super) starting: bool,
}

#[derive(Debug)]
pub(super) struct Code {
    pub(super) text: String,
    /// When the server drew it.
    pub(super) drawn: Duration,
}

impl Default for Facts {
    fn default() -> Self {
        Self {
            reach: Reach::Up,
            portal: None,
            starts: 0,
            healed: false,
            restarted_at: None,
            quick_connect_was_off: false,
            address_was_blocked: false,
            was_replaced: false,
            was_starting: false,
            cancelled: false,
            kept_age_is_short_by: None,
            last: None,
            row: Row::default(),
            code: None,
            code_drawn: Duration::ZERO,
            approved: Vec::new(),
            approved_meanwhile: false,
            reported_off: false,
            found_wrong_path: false,
        }
    }
}

impl Facts {
    /// Takes in what the driver reports.
    pub(super) fn take_reply(
        &mut self,
        request: RequestName,
        outcome: &Outcome,
        sets_marker: bool,
    ) {
        let reply = Reply::read(request, outcome, sets_marker);
        let Reply { status, meaning, .. } = reply;
        let received = match outcome {
            Outcome::None(failure) => Received::Nothing(*failure),
            Outcome::Response { source, .. } => {
                Received::Response { status, source: *source, meaning }
            }
        };
        self.last = Some(LastReply { request, received, sets_no_marker: !sets_marker });
        match meaning {
            Meaning::Success => self.row = Row::default(),
            Meaning::Starting => (self.row.starting, self.was_starting) = (true, true),
            Meaning::TooManyRequests | Meaning::Busy => self.row.busy.push(status),
            Meaning::WrongPath => self.found_wrong_path = true,
            _ => {}
        }
        if request == RequestName::GetQuickConnectEnabled {
            self.reported_off =
                meaning == Meaning::Unauthorized || reply.body == serde_json::Value::Bool(false);
        }
    }

    /// Whether that is the code that the login holds, or held until it was redeemed.
    pub(super) fn holds(&self, code: &str) -> bool {
        self.code.as_ref().is_some_and(|held| held.text == code)
    }

    /// A machine begins, another one or the same in another program.
    pub(super) fn begin(&mut self) {
        (self.last, self.row) = (None, Row::default());
        (self.reported_off, self.found_wrong_path) = (false, false);
    }
}

impl LastReply {
    pub(super) fn status(&self) -> Option<u16> {
        match self.received {
            Received::Response { status, .. } => Some(status),
            Received::Nothing(_) => None,
        }
    }

    pub(super) fn failure(&self) -> Option<Failure> {
        match self.received {
            Received::Nothing(failure) => Some(failure),
            Received::Response { .. } => None,
        }
    }

    pub(super) fn meaning(&self) -> Option<Meaning> {
        match self.received {
            Received::Response { meaning, .. } => Some(meaning),
            Received::Nothing(_) => None,
        }
    }

    pub(super) fn source(&self) -> Option<Source> {
        match self.received {
            Received::Response { source, .. } => Some(source),
            Received::Nothing(_) => None,
        }
    }

    /// Which server answered, if one did.
    pub(super) fn server(&self) -> Option<usize> {
        match self.source()? {
            Source::Server(number) => Some(number),
            Source::Front => None,
        }
    }

    /// Whether the server answered, or something that looks like it.
    pub(super) fn may_be_the_server(&self) -> bool {
        self.server().is_some() || self.sets_no_marker
    }

    /// Whether it is that status of that request.
    pub(super) fn is(&self, request: RequestName, status: u16) -> bool {
        self.request == request && self.status() == Some(status)
    }
}
