use std::{sync::Arc, time::Duration};

use jellyfin_auth::Failure;
use jellyfin_auth_testkit::fake_server::{FakeServer, Version};
use stateright::{Model, Property};

use crate::{
    Bounds, State, Way,
    client::{Client, Input, Next, PASSWORD},
    network::{Letter, Reply},
    properties,
    state::Phase,
};

/// More than a code's life.
const EXPIRY: Duration = Duration::from_secs(601);

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
    /// The program stops, and goes on from what it kept.
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
            asked: String::new(),
            approved: Vec::new(),
            failures: 0,
            passwords: 0,
            code_gone: false,
            violation: None,
        };
        let mut client = Client::new(self.way, self.bounds);
        poll(&mut state, &mut client);
        vec![state]
    }

    fn actions(&self, state: &State, actions: &mut Vec<Action>) {
        let State { letters, replies, left, phase, .. } = state;
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
                if let Some(code) = code {
                    if !state.approved.contains(code) {
                        actions.push(Action::Approve);
                    }
                    if left.expiries > 0 {
                        actions.push(Action::Expire);
                    }
                    if left.resumes > 0 {
                        actions.push(Action::Resume);
                    }
                }
            }
            Phase::Done(_) | Phase::Failed(_) => {}
        }
    }

    fn next_state(&self, last: &State, action: Action) -> Option<State> {
        let mut state = last.clone();
        let mut client = Client::replay(self.way, self.bounds, &state.inputs);
        match action {
            Action::Arrive(index) => {
                let letter = state.letters.remove(index);
                arrive(&mut state, &letter);
                return Some(state);
            }
            Action::ArriveTwice(index) => {
                state.left.duplicates -= 1;
                let letter = state.letters[index].clone();
                arrive(&mut state, &letter);
                return Some(state);
            }
            Action::LoseRequest(index) => {
                state.left.losses -= 1;
                state.letters.remove(index);
                return Some(state);
            }
            Action::LoseAnswer(index) => {
                state.left.losses -= 1;
                state.replies.remove(index);
                return Some(state);
            }
            Action::Restart => {
                state.left.restarts -= 1;
                state.server.restart();
                state.code_gone = true;
                return Some(state);
            }
            Action::Return(index) => {
                let reply = state.replies.remove(index);
                if reply.exchange != state.exchange || !client.is_waiting_for_an_answer() {
                    return Some(state);
                }
                state.failures = 0;
                tell(&mut state, &mut client, Input::Answer(reply.response));
            }
            Action::TimeOut => {
                if is_under_way(&state) {
                    state.left.losses -= 1;
                }
                state.now += Duration::from_secs(30);
                fail(&mut state, &mut client, Failure::Timeout);
            }
            Action::Interrupt => {
                state.left.losses -= 1;
                fail(&mut state, &mut client, Failure::Interrupted);
            }
            Action::Refuse => {
                state.left.losses -= 1;
                let exchange = state.exchange;
                state.letters.retain(|letter| letter.exchange != exchange);
                fail(&mut state, &mut client, Failure::Unreachable);
            }
            Action::WaitEnds => {
                let Phase::Waiting { delay, .. } = state.phase else { return None };
                state.left.waits -= 1;
                state.now += delay;
            }
            Action::Press => {
                state.left.presses -= 1;
                tell(&mut state, &mut client, Input::Press);
            }
            Action::Approve => {
                let Phase::Waiting { code: Some(code), .. } = state.phase.clone() else {
                    return None;
                };
                if state.server.approve(state.now, &code, "alice").is_ok() {
                    state.approved.push(code);
                    return Some(state);
                }
                return None;
            }
            Action::Expire => {
                state.left.expiries -= 1;
                state.now += EXPIRY;
                state.code_gone = true;
            }
            Action::Resume => {
                state.left.resumes -= 1;
                tell(&mut state, &mut client, Input::Resume);
            }
        }
        poll(&mut state, &mut client);
        Some(state)
    }

    fn properties(&self) -> Vec<Property<Self>> {
        properties::all()
    }
}

/// Whether an answer can still come to what the client waits for.
fn is_under_way(state: &State) -> bool {
    let State { letters, replies, exchange, .. } = state;
    letters.iter().any(|letter| letter.exchange == *exchange)
        || replies.iter().any(|reply| reply.exchange == *exchange)
}

/// Asks the login what is next, and takes a request on its way.
fn poll(state: &mut State, client: &mut Client) {
    let input = Input::Poll(state.now);
    let next = client.take(&input).expect("a poll says something");
    state.inputs.push(input);
    match next {
        Next::Send(request, replayable) => {
            state.exchange += 1;
            request.uri().path().clone_into(&mut state.asked);
            state.letters.push(Letter {
                exchange: state.exchange,
                request: Arc::new(request),
                replayable,
            });
            state.phase = Phase::InFlight;
        }
        Next::Wait { delay, code } => {
            if delay.is_zero() || delay > Duration::from_secs(60) {
                state.violation = Some(format!("a wait of {delay:?}"));
            }
            state.phase = Phase::Waiting { delay, code };
        }
        Next::Pending if client.is_waiting_for_an_answer() => state.phase = Phase::InFlight,
        Next::Pending => state.violation = Some("it waits for nothing".to_owned()),
        Next::Done(session) => state.phase = Phase::Done(Box::new(session)),
        Next::Failed(error) => state.phase = Phase::Failed(error),
    }
    state.login = format!("{:?}", client.login);
}

fn tell(state: &mut State, client: &mut Client, input: Input) {
    client.take(&input);
    state.inputs.push(input);
}

fn fail(state: &mut State, client: &mut Client, failure: Failure) {
    state.failures += 1;
    tell(state, client, Input::Failure(failure));
}

/// The server acts, and its answer is on its way.
fn arrive(state: &mut State, letter: &Letter) {
    let response = state.server.handle(state.now, &letter.request);
    if letter.request.uri().path().ends_with("/AuthenticateByName") {
        state.passwords += 1;
    }
    let reply = Reply { exchange: letter.exchange, response: Arc::new(response) };
    if reply.exchange == state.exchange {
        state.replies.push(reply);
    }
}
