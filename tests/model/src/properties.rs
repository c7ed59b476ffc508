use stateright::Property;

use crate::{Action, SignIn, State, Way, client::Client, state::Phase, step::step};

pub(crate) fn all() -> Vec<Property<SignIn>> {
    vec![
        Property::always(
            "a wait can be kept, nothing is waited for that can't come, no live code is replaced",
            |_, state: &State| state.violation.is_none(),
        ),
        Property::always("the server looks at a password once", |_, state: &State| {
            state.facts.passwords <= 1
        }),
        Property::always("a sign-in is true", |model: &SignIn, state: &State| match &state.phase {
            Phase::Done(session) => {
                state.server.is_token_valid(session.access_token().expose())
                    && session.user().name.as_deref() == Some("alice")
                    && (model.way == Way::Password
                        || state.facts.code.as_ref().is_some_and(|code| code.is_approved))
            }
            _ => true,
        }),
        Property::always("an end has one of the reasons", |model: &SignIn, state: &State| {
            match &state.phase {
                Phase::Failed(error) => state.facts.allow(model, error, state.now),
                _ => true,
            }
        }),
        Property::always("it can always still finish", |model: &SignIn, state: &State| {
            finishes(model, state, true)
        }),
        Property::always("an approved code is redeemed", |model: &SignIn, state: &State| {
            !state.facts.code_can_be_redeemed() || signs_in(model, state)
        }),
        Property::sometimes("it signs in", |_, state: &State| {
            matches!(state.phase, Phase::Done(_))
        }),
    ]
}

/// When nothing goes wrong from here on, and the user approves every code that is shown, it signs in, or
/// it ends for one of the reasons.
fn finishes(model: &SignIn, state: &State, approves: bool) -> bool {
    let end = run_on(model, state, approves);
    match &end.phase {
        Phase::Done(session) => end.server.is_token_valid(session.access_token().expose()),
        Phase::Failed(error) => end.facts.allow(model, error, end.now),
        Phase::InFlight | Phase::Waiting { .. } => end.violation.is_some(),
    }
}

/// The same, but signed in it must be.
fn signs_in(model: &SignIn, state: &State) -> bool {
    let end = run_on(model, state, false);
    matches!(end.phase, Phase::Done(_)) || end.violation.is_some()
}

/// Lets nothing more go wrong: what is under way arrives, and so does its answer, unless it was lost.
fn run_on(model: &SignIn, state: &State, approves: bool) -> State {
    let mut state = state.clone();
    let mut client = Client::replay(model.way, model.bounds, &state.inputs);
    for _ in 0..150 {
        state.left.waits = 1;
        let action = match &state.phase {
            Phase::Done(_) | Phase::Failed(_) => break,
            _ if state.violation.is_some() => break,
            Phase::InFlight => under_way(&state),
            Phase::Waiting { code, .. } => {
                if approves && code.is_some() {
                    // It may have been approved before, or be gone.
                    let _ = step(&mut state, &mut client, &Action::Approve);
                }
                Action::WaitEnds
            }
        };
        step(&mut state, &mut client, &action).expect("it can happen");
    }
    state
}

fn under_way(state: &State) -> Action {
    let reply = state.replies.iter().position(|reply| reply.exchange == state.exchange);
    let letter = state.letters.iter().position(|letter| letter.exchange == state.exchange);
    match (reply, letter) {
        (Some(reply), _) => Action::Return(reply),
        (None, Some(letter)) => Action::Arrive(letter),
        (None, None) => Action::TimeOut,
    }
}
