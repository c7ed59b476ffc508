//! What a machine must do next by the table: neither give up too early nor too late. Pressing "next"
//! doesn't come up here, since it changes neither.

mod live;

use std::time::Duration;

use jellyfin_auth::{Policy, RequestName, Step};

use super::{
    agenda::Outcome,
    client::Output,
    plan::Goal,
    reply::{Meaning, Reply, is_marked, request_name},
};
use live::Live;

/// What must come next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Expectation {
    /// A wait, before the same request again or the next poll.
    Wait,
    /// This request, at once.
    Send(RequestName),
    /// The end, with an error.
    End,
    /// It depends on what the oracle doesn't look at.
    Anything,
}

/// What is left to a machine, kept beside it.
#[derive(Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each is a fact that was seen")]
pub(super) struct Oracle {
    goal: Goal,
    policy: Policy,
    /// A response from this origin was marked.
    sets_marker: bool,
    origin: String,
    path: String,
    /// A response came before: the server exists.
    answered_before: bool,
    retries_used: u32,
    patience_since: Option<Duration>,
    /// A Jellyfin said that this isn't its path.
    looks_for_parents: bool,
    /// The server that a token or a kept code belongs to.
    expected_id: Option<String>,
    initiates_by_get: bool,
    live: Option<Live>,
    renewals_used: u32,
    disabled_since: Option<Duration>,
    sent_at: Duration,
    reply: Option<Reply>,
}

impl Oracle {
    pub(super) fn new(goal: Goal, policy: &Policy) -> Self {
        Self {
            goal,
            policy: policy.clone(),
            sets_marker: false,
            origin: String::new(),
            path: String::new(),
            answered_before: goal.needs_session(),
            retries_used: 0,
            patience_since: None,
            looks_for_parents: false,
            expected_id: None,
            initiates_by_get: false,
            live: None,
            renewals_used: 0,
            disabled_since: None,
            sent_at: Duration::ZERO,
            reply: None,
        }
    }

    /// What is secret belongs to this server.
    pub(super) fn expect_server(&mut self, id: Option<&str>) {
        self.expected_id = id.map(str::to_owned);
    }

    /// Goes on with a code that is `age` old.
    pub(super) fn resume(&mut self, age: Option<Duration>, renewals_used: u32) {
        self.live = Some(Live::resumed(age));
        (self.answered_before, self.renewals_used) = (true, renewals_used);
    }

    /// The server that what is secret belongs to.
    pub(super) fn expected_id(&self) -> Option<&str> {
        self.expected_id.as_deref()
    }

    pub(super) fn sets_marker(&self) -> bool {
        self.sets_marker
    }

    pub(super) fn renewals_used(&self) -> u32 {
        self.renewals_used
    }

    /// How old the code is, as far as the program can know.
    pub(super) fn code_age(&self, now: Duration) -> Option<Duration> {
        self.live.as_ref().and_then(|live| live.age(now))
    }

    /// A request is sent when the machine has seen `now` pass.
    pub(super) fn sends(&mut self, request: &http::Request<Vec<u8>>, now: Duration) {
        let uri = request.uri();
        let origin = format!("{:?} {:?}", uri.scheme_str(), uri.authority());
        // Another address, or another request.
        if origin != self.origin || uri.path() != self.path {
            uri.path().clone_into(&mut self.path);
            self.forget_failures();
        }
        if origin != self.origin {
            (self.origin, self.sets_marker) = (origin, false);
        }
        self.sent_at = now;
        let name = request_name(uri.path());
        if name == Some(RequestName::InitiateQuickConnect)
            && self.live.as_ref().is_some_and(Live::has_code)
        {
            self.renewals_used += 1;
            self.live = Some(Live::renewal(now));
        }
    }

    /// The driver reports what came of the last request.
    pub(super) fn take_reply(&mut self, request: RequestName, outcome: &Outcome) {
        if let Outcome::Response { response, .. } = outcome {
            self.answered_before = true;
            self.sets_marker |= is_marked(response);
        }
        self.reply = Some(Reply::read(request, outcome, self.sets_marker));
    }

    /// What the machine must do now that it has seen `now` pass, if something was reported.
    pub(super) fn expects(&mut self, now: Duration) -> Option<Expectation> {
        let reply = self.reply.take()?;
        let expectation = match &self.live {
            Some(_) => self.with_live_code(&reply, now),
            None => self.without_live_code(&reply, now),
        };
        // How often a parent is asked before the next one is not looked at here.
        let of_parent = self.looks_for_parents && reply.request == RequestName::GetServerInfo;
        let is_free = of_parent && !is_known_of_parents(reply.meaning);
        Some(if is_free { Expectation::Anything } else { expectation })
    }

    fn without_live_code(&mut self, reply: &Reply, now: Duration) -> Expectation {
        let is_password = reply.request == RequestName::AuthenticateByName;
        match self.adapted(reply) {
            Meaning::Success => self.succeeds(reply, now),
            Meaning::Elsewhere => Expectation::Anything,
            Meaning::WrongPath => {
                self.looks_for_parents = true;
                Expectation::Anything
            }
            Meaning::Unreachable => self.spends_patience_if_it_answered(now),
            // A password is sent again only when the server said that it didn't look.
            Meaning::Starting | Meaning::TooManyRequests if is_password => self.spends_retry(),
            _ if is_password => Expectation::End,
            Meaning::Starting | Meaning::TooManyRequests | Meaning::Busy => {
                self.spends_patience(now)
            }
            Meaning::Interrupted if self.patience_since.is_some() => self.spends_patience(now),
            Meaning::Foreign | Meaning::Retry | Meaning::NotImplemented | Meaning::Interrupted => {
                self.spends_retry()
            }
            _ => Expectation::End,
        }
    }

    fn succeeds(&mut self, reply: &Reply, now: Duration) -> Expectation {
        self.forget_failures();
        match reply.request {
            RequestName::GetServerInfo => {
                self.looks_for_parents = false;
                let other = self.expected_id.as_deref().is_some_and(|id| reply.body["Id"] != id);
                if other { Expectation::End } else { Expectation::Anything }
            }
            RequestName::InitiateQuickConnect => {
                self.live = Some(Live::new(self.sent_at, now));
                Expectation::Wait
            }
            _ => Expectation::Anything,
        }
    }

    /// What this means to this request of this machine.
    fn adapted(&mut self, reply: &Reply) -> Meaning {
        use Meaning as M;
        use RequestName as R;
        match (reply.request, reply.meaning) {
            (R::GetServerInfo, M::NotSetUp)
            | (R::GetQuickConnectEnabled | R::LogOut, M::NotImplemented) => M::Hopeless,
            (R::GetQuickConnectEnabled | R::LogOut, M::Unauthorized)
            | (R::GetCurrentUser, M::Forbidden) => M::Success,
            (R::InitiateQuickConnect, M::MethodNotAllowed) if !self.initiates_by_get => {
                self.initiates_by_get = true;
                self.forget_failures();
                M::Elsewhere
            }
            // It was approved before, which servers don't say in another way.
            (R::AuthorizeQuickConnect, M::Retry) if reply.status == 500 => M::Hopeless,
            (R::GetCurrentUser, M::Unauthorized) if self.goal == Goal::CheckSession => M::Success,
            (_, meaning) => meaning,
        }
    }

    fn forget_failures(&mut self) {
        (self.retries_used, self.patience_since) = (0, None);
    }

    fn spends_retry(&mut self) -> Expectation {
        if self.retries_used >= self.policy.retries {
            return Expectation::End;
        }
        self.retries_used += 1;
        Expectation::Wait
    }

    fn spends_patience(&mut self, now: Duration) -> Expectation {
        let since = *self.patience_since.get_or_insert(now);
        if now.saturating_sub(since) >= self.policy.patience {
            Expectation::End
        } else {
            Expectation::Wait
        }
    }

    fn spends_patience_if_it_answered(&mut self, now: Duration) -> Expectation {
        if self.answered_before || self.patience_since.is_some() {
            self.spends_patience(now)
        } else {
            self.spends_retry()
        }
    }
}

/// What is waited out, and what ends it, at a parent of a path too.
fn is_known_of_parents(meaning: Meaning) -> bool {
    matches!(
        meaning,
        Meaning::NotSetUp | Meaning::Starting | Meaning::TooManyRequests | Meaning::Busy
    )
}

impl Expectation {
    /// Whether the machine does that.
    pub(super) fn is_met<E>(self, step: &Result<Step<Output>, E>) -> bool {
        match (self, step) {
            (Self::Anything, Ok(Step::Pending)) => false,
            (Self::Anything, _) | (Self::Wait, Ok(Step::Wait(_))) | (Self::End, Err(_)) => true,
            (Self::Send(name), Ok(Step::Send(request))) => {
                request_name(request.http().uri().path()) == Some(name)
            }
            _ => false,
        }
    }
}
