//! Quick Connect.
//!
//! ```text
//! CheckEnabled ─► Initiate ─► Poll ─► Exchange ─► done
//!                    ▲        │ ▲ │     │ ▲ │
//!                    │        └─┘ │     └─┘ │ 404, and renewals left
//!                    └────────────┴─────────┘
//! ```
//!
//! Between Initiate's success and the end a code is alive: nothing but the server's own 404, its
//! approval or time ends it.

use http::Request;

use super::{Event, Persistence, Progress, verdict};
use crate::{
    Device, Error, Renewals, ServerUrl,
    endpoint::{
        AuthenticateWithQuickConnect, Authentication, Endpoint, InitiateMethod,
        InitiateQuickConnect, PendingQuickConnect, QuickConnectEnabled, QuickConnectState,
    },
    verdict::{Judged, Obstacle, Trouble, Verdict, judge},
};

/// How far a Quick Connect is.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct QuickConnect {
    state: State,
    method: InitiateMethod,
    renewals: Renewals,
    renewals_used: u32,
    resumed: bool,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum State {
    CheckEnabled,
    Initiate { renewal: bool },
    Poll(PendingQuickConnect),
    Exchange(PendingQuickConnect),
}

impl QuickConnect {
    pub(crate) fn new() -> Self {
        Self::in_state(State::CheckEnabled, 0, false)
    }

    /// A code that was shown before the program stopped.
    pub(crate) fn resumed(pending: PendingQuickConnect, renewals_used: u32) -> Self {
        Self::in_state(State::Poll(pending), renewals_used, true)
    }

    fn in_state(state: State, renewals_used: u32, resumed: bool) -> Self {
        Self {
            state,
            method: InitiateMethod::default(),
            renewals: Renewals::default(),
            renewals_used,
            resumed,
        }
    }

    pub(crate) fn set_renewals(&mut self, renewals: Renewals) {
        self.renewals = renewals;
    }

    pub(crate) fn pending(&self) -> Option<&PendingQuickConnect> {
        match &self.state {
            State::Poll(pending) | State::Exchange(pending) => Some(pending),
            State::CheckEnabled | State::Initiate { .. } => None,
        }
    }

    pub(crate) fn renewals_used(&self) -> u32 {
        self.renewals_used
    }

    pub(super) fn knows_code_age(&self) -> bool {
        !self.resumed
    }

    pub(super) fn persistence(&self) -> Persistence {
        match self.state {
            State::CheckEnabled | State::Initiate { renewal: false } => Persistence::Bounded,
            State::Initiate { renewal: true } => Persistence::Unlimited,
            State::Poll(_) | State::Exchange(_) => Persistence::WhileCodeLives,
        }
    }

    pub(super) fn request(&self, server: &ServerUrl, device: &Device) -> Request<Vec<u8>> {
        match &self.state {
            State::CheckEnabled => QuickConnectEnabled::new(server, device).request(),
            State::Initiate { .. } => {
                InitiateQuickConnect::new(server, device, self.method).request()
            }
            State::Poll(pending) => {
                QuickConnectState::new(server, device, &pending.secret).request()
            }
            State::Exchange(pending) => {
                AuthenticateWithQuickConnect::new(server, device, &pending.secret).request()
            }
        }
    }

    /// Takes in what came of the request.
    pub(super) fn handle(
        &mut self,
        event: Event<'_>,
        server: &ServerUrl,
        device: &Device,
        signs: bool,
    ) -> Verdict<Progress<Authentication>> {
        match std::mem::replace(&mut self.state, State::CheckEnabled) {
            State::CheckEnabled => {
                self.enabled(verdict(&QuickConnectEnabled::new(server, device), event, signs))
            }
            State::Initiate { renewal } => {
                let endpoint = InitiateQuickConnect::new(server, device, self.method);
                self.initiated(renewal, verdict(&endpoint, event, signs))
            }
            State::Poll(pending) => {
                let endpoint = QuickConnectState::new(server, device, &pending.secret);
                let verdict = live_verdict(&endpoint, event, signs);
                self.polled(pending, verdict)
            }
            State::Exchange(pending) => {
                let endpoint = AuthenticateWithQuickConnect::new(server, device, &pending.secret);
                let verdict = live_verdict(&endpoint, event, signs);
                self.exchanged(pending, verdict)
            }
        }
    }

    fn enabled(&mut self, verdict: Verdict<bool>) -> Verdict<Progress<Authentication>> {
        if !verdict? {
            return Err(Error::QuickConnectDisabled.into());
        }
        self.state = State::Initiate { renewal: false };
        Ok(Progress::Proceed)
    }

    fn initiated(
        &mut self,
        renewal: bool,
        verdict: Verdict<PendingQuickConnect>,
    ) -> Verdict<Progress<Authentication>> {
        self.state = State::Initiate { renewal };
        match verdict {
            Ok(pending) => {
                self.resumed = false;
                self.state = State::Poll(pending);
                Ok(Progress::Pause)
            }
            // 10.8 takes nothing but GET here.
            Err(Obstacle::Fail(Error::Unexpected { status: 405, .. }))
                if self.method == InitiateMethod::Post =>
            {
                self.method = InitiateMethod::Get;
                Ok(Progress::Proceed)
            }
            Err(obstacle) => Err(obstacle),
        }
    }

    fn polled(
        &mut self,
        pending: PendingQuickConnect,
        verdict: Result<bool, Trouble>,
    ) -> Verdict<Progress<Authentication>> {
        match verdict {
            Ok(true) => {
                self.state = State::Exchange(pending);
                Ok(Progress::Proceed)
            }
            Ok(false) => {
                self.state = State::Poll(pending);
                Ok(Progress::Pause)
            }
            Err(trouble) => self.live_trouble(State::Poll(pending), trouble),
        }
    }

    fn exchanged(
        &mut self,
        pending: PendingQuickConnect,
        verdict: Result<Authentication, Trouble>,
    ) -> Verdict<Progress<Authentication>> {
        match verdict {
            Ok(authentication) => Ok(Progress::Done(authentication)),
            // Polling again would spend on a known answer what a strict rate limit lets through.
            Err(trouble) => self.live_trouble(State::Exchange(pending), trouble),
        }
    }

    fn live_trouble(
        &mut self,
        asking: State,
        trouble: Trouble,
    ) -> Verdict<Progress<Authentication>> {
        if trouble == Trouble::CodeGone && self.renewals.allow(self.renewals_used) {
            self.renewals_used = self.renewals_used.saturating_add(1);
            self.state = State::Initiate { renewal: true };
            return Ok(Progress::Proceed);
        }
        self.state = asking;
        Err(Obstacle::Again(trouble))
    }
}

/// What came of a request while a code is alive: what would end another flow is outlasted.
fn live_verdict<E: Judged>(
    endpoint: &E,
    event: Event<'_>,
    signs: bool,
) -> Result<E::Output, Trouble> {
    let answer = match event {
        Event::Failure(failure) => return Err(Trouble::NoAnswer(failure)),
        Event::Answer(answer) => answer,
    };
    judge(endpoint, answer, signs).map_err(|obstacle| match obstacle {
        Obstacle::Again(trouble) => trouble,
        Obstacle::Fail(Error::CodeLost) => Trouble::CodeGone,
        Obstacle::Fail(Error::QuickConnectDisabled) => Trouble::Disabled,
        Obstacle::Fail(error) => Trouble::Outlasted { error, status: answer.status() },
    })
}
