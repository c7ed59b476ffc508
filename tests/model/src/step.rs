//! What an action does to the world.

use std::{sync::Arc, time::Duration};

use jellyfin_auth::Failure;

use crate::{
    Action, State,
    client::{Client, Input, Next},
    network::{Letter, Reply},
    state::Phase,
};

/// More than a code's life.
const EXPIRY: Duration = Duration::from_secs(601);
/// More than a code and the result of its approval live.
const SLEEP: Duration = Duration::from_secs(1800);
/// How long a request may take.
const TIMEOUT: Duration = Duration::from_secs(30);

/// Lets that happen. `None` when nothing comes of it.
pub(crate) fn step(state: &mut State, client: &mut Client, action: &Action) -> Option<()> {
    match action {
        Action::Arrive(index) => {
            let letter = state.letters.remove(*index);
            arrive(state, &letter);
            return Some(());
        }
        Action::ArriveTwice(index) => {
            state.left.duplicates -= 1;
            let letter = state.letters[*index].clone();
            arrive(state, &letter);
            return Some(());
        }
        Action::LoseRequest(index) => {
            state.left.losses -= 1;
            state.letters.remove(*index);
            return Some(());
        }
        Action::LoseAnswer(index) => {
            state.left.losses -= 1;
            state.replies.remove(*index);
            return Some(());
        }
        Action::Restart => {
            state.left.restarts -= 1;
            lose_codes(state);
            state.server.restart();
            return Some(());
        }
        Action::Return(index) => {
            let reply = state.replies.remove(*index);
            if reply.exchange != state.exchange || !client.is_waiting_for_an_answer() {
                return Some(());
            }
            state.facts.records_response(reply.response.status().is_success(), state.now);
            input(state, client, Input::Answer(reply.response));
        }
        Action::TimeOut => {
            if is_under_way(state) {
                state.left.losses -= 1;
            }
            state.now += TIMEOUT;
            fail(state, client, Failure::Timeout);
        }
        Action::Interrupt => {
            state.left.losses -= 1;
            fail(state, client, Failure::Interrupted);
        }
        Action::Refuse => {
            state.left.losses -= 1;
            let exchange = state.exchange;
            state.letters.retain(|letter| letter.exchange != exchange);
            fail(state, client, Failure::Unreachable);
        }
        Action::WaitEnds => {
            let Phase::Waiting { delay, .. } = state.phase else { return None };
            state.left.waits -= 1;
            state.now += delay;
        }
        Action::Press => {
            state.left.presses -= 1;
            input(state, client, Input::Press);
        }
        Action::Approve => {
            let code = state.facts.code.as_mut()?;
            state.server.approve(state.now, &code.text, "alice").ok()?;
            code.is_approved = true;
            return Some(());
        }
        Action::Expire => {
            state.left.expiries -= 1;
            lose_codes(state);
            state.now += EXPIRY;
        }
        Action::Sleep => {
            state.left.sleeps -= 1;
            lose_codes(state);
            state.now += SLEEP;
        }
        Action::Resume => {
            state.left.resumes -= 1;
            state.facts.seen_alive = state.now;
            input(state, client, Input::Resume);
        }
    }
    poll(state, client);
    Some(())
}

/// Whether an answer can still come to what the client waits for.
pub(crate) fn is_under_way(state: &State) -> bool {
    let State { letters, replies, exchange, .. } = state;
    letters.iter().any(|letter| letter.exchange == *exchange)
        || replies.iter().any(|reply| reply.exchange == *exchange)
}

/// Asks the login what is next, and takes a request on its way.
pub(crate) fn poll(state: &mut State, client: &mut Client) {
    let input = Input::Poll(state.now);
    let next = client.take(&input).expect("a poll yields something");
    state.inputs.push(input);
    match next {
        Next::Send(request, replayable) => {
            state.exchange += 1;
            state.violation = state.facts.sends(request.uri().path(), state.now).err();
            let request = Arc::new(request);
            state.letters.push(Letter { exchange: state.exchange, request, replayable });
            state.phase = Phase::InFlight;
        }
        Next::Wait { delay, code } => {
            if delay.is_zero() || delay > Duration::from_secs(60) {
                state.violation = Some(format!("a wait of {delay:?}"));
            }
            if let Some(code) = &code {
                state.facts.shows(code);
            }
            state.phase = Phase::Waiting { delay, code };
        }
        Next::Pending if client.is_waiting_for_an_answer() => state.phase = Phase::InFlight,
        Next::Pending => state.violation = Some("it waits for nothing".to_owned()),
        Next::Done(session) => state.phase = Phase::Done(Box::new(session)),
        Next::Failed(error) => state.phase = Phase::Failed(error),
    }
    state.keeps_code = client.login.to_record().is_some();
    state.login = format!("{:?}", client.login);
}

fn input(state: &mut State, client: &mut Client, input: Input) {
    client.take(&input);
    state.inputs.push(input);
}

fn fail(state: &mut State, client: &mut Client, failure: Failure) {
    state.facts.fails(failure);
    input(state, client, Input::Failure(failure));
}

/// The server forgets every code that it has drawn, approved ones too.
fn lose_codes(state: &mut State) {
    let pending = state.server.pending_codes().map(str::to_owned);
    let shown = state.facts.code.iter().map(|code| code.text.clone());
    let mut lost: Vec<_> = pending.chain(shown).collect();
    lost.retain(|code| !state.facts.lost_codes.contains(code));
    state.facts.lost_codes.extend(lost);
}

/// The server acts, and its answer is on its way.
fn arrive(state: &mut State, letter: &Letter) {
    let response = state.server.handle(state.now, &letter.request);
    if letter.request.uri().path().ends_with("/AuthenticateByName") {
        state.facts.passwords += 1;
    }
    let reply = Reply { exchange: letter.exchange, response: Arc::new(response) };
    if reply.exchange == state.exchange {
        state.replies.push(reply);
    }
}
