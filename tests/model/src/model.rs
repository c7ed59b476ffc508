use std::time::Duration;

use jellyfin_auth_testkit::fake_server::{FakeServer, Version};
use stateright::{Model, Property};

use crate::{
    Bounds, State, Way,
    client::{Client, PASSWORD},
    facts::Facts,
    properties,
    state::Phase,
    step::{is_under_way, poll, step},
};

/// One client that signs in.
#[derive(Clone, Debug)]
pub struct SignIn {
    /// How.
    pub way: Way,
    /// What may happen meanwhile.
    pub bounds: Bounds,
}

/// What can happen next.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Action {
    /// A request arrives, and the server acts.
    Arrive(usize),
    /// A request arrives, and stays on its way: it will arrive again.
    ArriveTwice(usize),
    /// A request is lost.
    LoseRequest(usize),
    /// An answer arrives.
    Return(usize),
    /// An answer is lost.
    LoseAnswer(usize),
    /// The client gives a request up; whatever is on its way goes on.
    TimeOut,
    /// The connection breaks.
    Interrupt,
    /// No connection is made.
    Refuse,
    /// A wait ends.
    WaitEnds,
    /// The user presses "next".
    Press,
    /// The user approves the code that is shown.
    Approve,
    /// The server restarts.
    Restart,
    /// More time passes than a code lives.
    Expire,
    /// The computer sleeps for half an hour.
    Sleep,
    /// The program stops with a live code, and goes on from what it kept.
    Resume,
}

impl Model for SignIn {
    type State = State;
    type Action = Action;

    fn init_states(&self) -> Vec<State> {
        let mut server = FakeServer::new(Version::V12);
        server.add_user("alice", PASSWORD);
        let mut state = State {
            inputs: Vec::new(),
            login: String::new(),
            server,
            letters: Vec::new(),
            replies: Vec::new(),
            now: Duration::ZERO,
            left: self.bounds,
            phase: Phase::InFlight,
            exchange: 0,
            facts: Facts::default(),
            keeps_code: false,
            violation: None,
        };
        let mut client = Client::new(self.way, self.bounds);
        poll(&mut state, &mut client);
        vec![state]
    }

    fn actions(&self, state: &State, actions: &mut Vec<Action>) {
        let State { letters, replies, left, phase, facts, keeps_code, .. } = state;
        if matches!(phase, Phase::Done(_) | Phase::Failed(_)) || state.violation.is_some() {
            return;
        }
        for (index, letter) in letters.iter().enumerate() {
            actions.push(Action::Arrive(index));
            if left.duplicates > 0 && letter.replayable {
                actions.push(Action::ArriveTwice(index));
            }
            if left.losses > 0 {
                actions.push(Action::LoseRequest(index));
            }
        }
        for index in 0..replies.len() {
            actions.push(Action::Return(index));
            if left.losses > 0 {
                actions.push(Action::LoseAnswer(index));
            }
        }
        if left.restarts > 0 {
            actions.push(Action::Restart);
        }
        if facts.code.is_some() && left.expiries > 0 {
            actions.push(Action::Expire);
        }
        if facts.code.is_some() && left.sleeps > 0 {
            actions.push(Action::Sleep);
        }
        if *keeps_code && left.resumes > 0 {
            actions.push(Action::Resume);
        }
        match phase {
            Phase::InFlight => {
                // A lost message has been paid for; giving up early costs a loss too.
                let is_lost = !is_under_way(state);
                if is_lost || left.losses > 0 {
                    actions.push(Action::TimeOut);
                }
                if left.losses > 0 {
                    actions.push(Action::Interrupt);
                    if letters.iter().any(|letter| letter.exchange == state.exchange) {
                        actions.push(Action::Refuse);
                    }
                }
            }
            Phase::Waiting { code, .. } => {
                if left.waits > 0 {
                    actions.push(Action::WaitEnds);
                }
                if left.presses > 0 {
                    actions.push(Action::Press);
                }
                if code.is_some() && facts.code.as_ref().is_some_and(|code| !code.is_approved) {
                    actions.push(Action::Approve);
                }
            }
            Phase::Done(_) | Phase::Failed(_) => {}
        }
    }

    fn next_state(&self, last: &State, action: Action) -> Option<State> {
        let mut state = last.clone();
        let mut client = Client::replay(self.way, self.bounds, &state.inputs);
        step(&mut state, &mut client, &action).map(|()| state)
    }

    fn properties(&self) -> Vec<Property<Self>> {
        properties::all()
    }
}
