use std::{sync::Arc, time::Duration};

use jellyfin_auth::Error;
use stateright::Property;

use crate::{
    SignIn, State, Way,
    client::{Client, Input, Next},
    state::Phase,
};

/// A code's life.
const CODE_LIFE: Duration = Duration::from_secs(600);

pub(crate) fn all() -> Vec<Property<SignIn>> {
    vec![
        Property::always(
            "a wait can be kept, and nothing is waited for that can't come",
            |_, state: &State| state.violation.is_none(),
        ),
        Property::always("the server looks at a password once", |_, state: &State| {
            state.passwords <= 1
        }),
        Property::always("a sign-in is true", |model: &SignIn, state: &State| match &state.phase {
            Phase::Done(session) => {
                state.server.is_token_valid(session.access_token().expose())
                    && session.user().name.as_deref() == Some("alice")
                    && (model.way == Way::Password || !state.approved.is_empty())
            }
            _ => true,
        }),
        Property::always("an error names what happened", |model: &SignIn, state: &State| {
            match &state.phase {
                Phase::Failed(error) => is_honest(model, state, error),
                _ => true,
            }
        }),
        Property::always("it can always still finish", |model: &SignIn, state: &State| {
            finishes(model, state, true)
        }),
        Property::always("an approved code is redeemed", |model: &SignIn, state: &State| {
            state.approved.is_empty() || state.code_gone || finishes(model, state, false)
        }),
        Property::sometimes("it signs in", |_, state: &State| {
            matches!(state.phase, Phase::Done(_))
        }),
    ]
}

/// Whether that error is the truth, all bounds considered.
fn is_honest(model: &SignIn, state: &State, error: &Error) -> bool {
    let asked_password = state.asked.ends_with("/AuthenticateByName");
    match error {
        // Only the password is given up at the first failure.
        Error::NoAnswer { .. } => state.failures > 3 || asked_password && state.failures > 0,
        Error::CodeLost { .. } => model.way == Way::QuickConnect && state.code_gone,
        Error::CodeExpired { .. } => {
            model.way == Way::QuickConnect && state.code_gone && state.now >= CODE_LIFE
        }
        _ => false,
    }
}

/// When nothing goes wrong from here on, and the user approves (again), it signs in, unless its code was
/// lost and no renewal is left.
fn finishes(model: &SignIn, state: &State, approves: bool) -> bool {
    if matches!(state.phase, Phase::Done(_) | Phase::Failed(_)) || state.violation.is_some() {
        return true;
    }
    let mut client = Client::replay(model.way, model.bounds, &state.inputs);
    let (mut server, mut now) = (state.server.clone(), state.now);
    if client.is_waiting_for_an_answer() {
        // What is under way arrives, or its answer does.
        let reply = state.replies.iter().find(|reply| reply.exchange == state.exchange);
        let letter = state.letters.iter().find(|letter| letter.exchange == state.exchange);
        let input = match (reply, letter) {
            (Some(reply), _) => Input::Answer(Arc::clone(&reply.response)),
            (None, Some(letter)) => Input::Answer(Arc::new(server.handle(now, &letter.request))),
            (None, None) => Input::Failure(jellyfin_auth::Failure::Timeout),
        };
        client.take(&input);
    }
    for _ in 0..60 {
        match client.take(&Input::Poll(now)).expect("a poll says something") {
            Next::Send(request, _) => {
                let answer = Arc::new(server.handle(now, &request));
                client.take(&Input::Answer(answer));
            }
            Next::Wait { delay, code } => {
                if let Some(code) = code.filter(|_| approves) {
                    // It may have been approved before, or be gone.
                    let _ = server.approve(now, &code, "alice");
                }
                now += delay;
            }
            Next::Pending => return false,
            Next::Done(session) => {
                return server.is_token_valid(session.access_token().expose());
            }
            Next::Failed(error) => {
                let renewals_are_used_up = renewals(state) >= model.bounds.renewals;
                let is_password = state.asked.ends_with("/AuthenticateByName");
                return match error {
                    Error::CodeLost { .. } | Error::CodeExpired { .. } => {
                        state.code_gone && renewals_are_used_up
                    }
                    // The password's answer is lost already.
                    Error::NoAnswer { .. } => is_password && state.phase == Phase::InFlight,
                    _ => false,
                };
            }
        }
    }
    false
}

/// How many codes were replaced so far.
fn renewals(state: &State) -> u8 {
    let initiated = state.inputs.iter().filter(|input| match input {
        Input::Answer(response) => response.status() == 404,
        _ => false,
    });
    u8::try_from(initiated.count()).unwrap_or(u8::MAX)
}
