use std::time::Duration;

use http::StatusCode;
use jellyfin_auth::Failure;

use super::{
    agenda::Outcome,
    incident::{Portal, Reach},
};

/// The truth about the world, and what the login has been told of it.
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
    pub(super) cancelled: bool,
    pub(super) resumed: bool,
    /// How much the computer's clock was set back, all in all.
    pub(super) clock_lost: Duration,
    /// An answer with the server's signature was told to this login.
    pub(super) signs: bool,
    pub(super) last: Option<Told>,
    pub(super) row: Row,
    pub(super) initiated: Duration,
    pub(super) code_created: Duration,
    pub(super) code: Option<Code>,
    /// When the row of answers began that say that Quick Connect is off.
    pub(super) disabled_since: Option<Duration>,
    /// Codes that the user typed in, and the server took.
    pub(super) approved: Vec<String>,
    /// Codes that were replaced by new ones.
    pub(super) renewals: u32,
}

/// What was told last.
#[derive(Clone, Copy, Debug)]
pub(super) struct Told {
    pub(super) stage: Asked,
    pub(super) news: News,
    pub(super) at: Duration,
}

/// What was asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Asked {
    Probe,
    Authenticate,
    Enabled,
    Initiate,
    Poll,
    Exchange,
    Me,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum News {
    Server { status: u16, signed: bool },
    Front { status: u16 },
    Nothing(Failure),
}

/// The failures since the last success.
#[derive(Debug, Default)]
pub(super) struct Row {
    pub(super) began: Option<Duration>,
    pub(super) failures: u32,
    pub(super) busy: Vec<u16>,
    pub(super) starting: bool,
}

/// The code that the login holds.
#[derive(Debug)]
pub(super) struct Code {
    pub(super) text: String,
    /// When it was asked for: the login takes it for that old.
    pub(super) initiated: Duration,
    /// When the server drew it.
    pub(super) created: Duration,
    pub(super) heard_alive: Duration,
}

impl Asked {
    pub(super) fn of(path: &str) -> Option<Self> {
        Some(match path.rsplit('/').next()? {
            "Public" => Self::Probe,
            "AuthenticateByName" => Self::Authenticate,
            "Enabled" => Self::Enabled,
            "Initiate" => Self::Initiate,
            "Connect" => Self::Poll,
            "AuthenticateWithQuickConnect" => Self::Exchange,
            "Me" => Self::Me,
            _ => return None,
        })
    }
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
            cancelled: false,
            resumed: false,
            clock_lost: Duration::ZERO,
            signs: false,
            last: None,
            row: Row::default(),
            initiated: Duration::ZERO,
            code_created: Duration::ZERO,
            code: None,
            disabled_since: None,
            approved: Vec::new(),
            renewals: 0,
        }
    }
}

impl Facts {
    /// Takes in what is told to the login, before the login does.
    pub(super) fn told(&mut self, stage: Asked, outcome: &Outcome, now: Duration) {
        let news = match outcome {
            Outcome::None(failure) => News::Nothing(*failure),
            Outcome::FromFront(response) => News::Front { status: response.status().as_u16() },
            Outcome::FromServer(response) => {
                let signed = response.headers().contains_key("x-response-time-ms");
                self.signs |= signed;
                News::Server { status: response.status().as_u16(), signed }
            }
        };
        self.last = Some(Told { stage, news, at: now });
        let unsigned = matches!(news, News::Server { signed: false, .. });
        let body = match outcome {
            Outcome::FromServer(response) | Outcome::FromFront(response) => response.body(),
            Outcome::None(_) => &Vec::new(),
        };
        let looks_like_start_up = stage == Asked::Probe && contains(body, "startupWizardCompleted");
        if is_success(news) && !body.is_empty() && !looks_like_start_up {
            self.row = Row::default();
            if let Some(code) = &mut self.code {
                code.heard_alive = now;
            }
            self.disabled_since = None;
            return;
        }
        self.row.began.get_or_insert(now);
        self.row.failures += 1;
        let has_retry_after = match outcome {
            Outcome::FromServer(response) | Outcome::FromFront(response) => {
                response.headers().contains_key("retry-after")
            }
            Outcome::None(_) => false,
        };
        match news {
            News::Server { status: 503, .. } if !unsigned || has_retry_after => {
                self.row.starting = true;
            }
            News::Front { status: 503 } if has_retry_after => self.row.starting = true,
            News::Server { status, .. } | News::Front { status } => self.row.busy.push(status),
            News::Nothing(_) => {}
        }
        self.row.starting |= looks_like_start_up;
        match news {
            News::Server { status: 401, .. } => {
                self.disabled_since.get_or_insert(now);
            }
            News::Nothing(_) => {}
            _ => self.disabled_since = None,
        }
    }

    /// Whether that is the code that the login holds, or held until it was redeemed.
    pub(super) fn holds(&self, code: &str) -> bool {
        self.code.as_ref().is_some_and(|held| held.text == code)
    }

    /// A login begins, another one or the same in another program.
    pub(super) fn begin(&mut self, resumed: bool) {
        self.signs = false;
        self.last = None;
        self.row = Row::default();
        self.disabled_since = None;
        self.resumed = resumed;
    }
}

fn is_success(news: News) -> bool {
    matches!(news, News::Server { status, .. }
        if StatusCode::from_u16(status).is_ok_and(|status| status.is_success()))
}

fn contains(body: &[u8], text: &str) -> bool {
    body.windows(text.len()).any(|window| window == text.as_bytes())
}
