use jellyfin_auth::{
    ApproveQuickConnect, Discovery, Error, Found, Login, LoginRecord, Machine, ServerUrl, Session,
    SessionCheck, SessionState, SignOut, Step, Ticket, Timestamp,
};

use super::agenda::Outcome;

/// The machine that a program runs.
#[derive(Debug)]
pub(super) enum Client {
    Login(Box<Login>),
    Discovery(Box<Discovery>),
    SessionCheck(Box<SessionCheck>),
    SignOut(Box<SignOut>),
    Approval(Box<ApproveQuickConnect>),
}

/// What a machine ends with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Output {
    Session(Box<Session>),
    Found(Box<Found>),
    State(Box<SessionState>),
    SignedOut,
    Approved,
}

impl Output {
    pub(super) fn name(&self) -> &'static str {
        match self {
            Self::Session(_) => "signed in",
            Self::Found(_) => "found",
            Self::State(state) => match **state {
                SessionState::Valid(_) => "still signed in",
                SessionState::Revoked => "revoked",
                _ => "not allowed now",
            },
            Self::SignedOut => "signed out",
            Self::Approved => "approved",
        }
    }
}

/// Does the same with whichever machine it is.
macro_rules! each {
    ($client:expr, $machine:ident => $does:expr) => {
        match $client {
            Client::Login($machine) => $does,
            Client::Discovery($machine) => $does,
            Client::SessionCheck($machine) => $does,
            Client::SignOut($machine) => $does,
            Client::Approval($machine) => $does,
        }
    };
}

impl Client {
    pub(super) fn poll(&mut self, now: Timestamp) -> Result<Step<Output>, Error> {
        match self {
            Self::Login(login) => {
                step(&mut **login, now, |session| Output::Session(session.into()))
            }
            Self::Discovery(search) => {
                step(&mut **search, now, |found| Output::Found(found.into()))
            }
            Self::SessionCheck(check) => {
                step(&mut **check, now, |checked| Output::State(checked.state.into()))
            }
            Self::SignOut(machine) => step(&mut **machine, now, |()| Output::SignedOut),
            Self::Approval(machine) => step(&mut **machine, now, |()| Output::Approved),
        }
    }

    pub(super) fn handle(&mut self, ticket: Ticket, outcome: &Outcome) -> bool {
        each!(self, machine => match outcome {
            Outcome::Response { response, .. } => machine.handle(ticket, Ok(response)),
            Outcome::None(failure) => machine.handle(ticket, Err(*failure)),
        })
    }

    pub(super) fn check_now(&mut self) -> bool {
        each!(self, machine => machine.check_now())
    }

    pub(super) fn cancel(&mut self) {
        each!(self, machine => machine.cancel());
    }

    pub(super) fn code(&self) -> Option<&str> {
        if let Self::Login(login) = self { login.code() } else { None }
    }

    pub(super) fn to_record(&self) -> Option<LoginRecord> {
        if let Self::Login(login) = self { login.to_record() } else { None }
    }

    /// Where its requests go, if that is known.
    pub(super) fn server_url(&self) -> Option<&ServerUrl> {
        match self {
            Self::Login(login) => Some(login.server_url()),
            Self::SessionCheck(check) => Some(check.server_url()),
            _ => None,
        }
    }
}

fn step<M: Machine>(
    machine: &mut M,
    now: Timestamp,
    output: impl FnOnce(M::Output) -> Output,
) -> Result<Step<Output>, Error> {
    Ok(match machine.poll(now)? {
        Step::Send(request) => Step::Send(request),
        Step::Wait(wait) => Step::Wait(wait),
        Step::Pending => Step::Pending,
        Step::Done(done) => Step::Done(output(done)),
    })
}
