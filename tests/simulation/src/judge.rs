//! Whether the end is the right one: a success is true, and an error names what really happened. Whether it
//! came too early or too late is judged by the [oracle](super::oracle).

mod discovery;
mod errors;

use jellyfin_auth::{Error, RequestName, Session, SessionState};

use super::{
    client::Output,
    plan::{Account, Goal},
    recorder::{Check, check},
    world::World,
};

pub(super) fn judge(world: &World, end: &Result<Output, Error>) -> Check {
    match end {
        Ok(Output::Session(session)) => of_session(world, session),
        Ok(Output::Found(found)) => discovery::of_found(world, found),
        Ok(Output::State(state)) => of_state(world, state),
        Ok(Output::SignedOut) => of_sign_out(world),
        Ok(Output::Approved) => of_approval(world),
        Err(Error::NoServer { tried, .. }) => discovery::of_failure(world, tried),
        Err(error) => errors::of_error(world, error),
    }
}

fn of_session(world: &World, session: &Session) -> Check {
    let World { plan, servers, facts, .. } = world;
    let token = session.access_token().expose();
    let issued = servers.own().tokens().find(|known| known.token() == token);
    let Some(issued) = issued else {
        // Two codes of one device were approved: the later token replaced the other one, and a login
        // that doesn't verify, or has just verified, can't know.
        let is_unknown = !plan.policy.verify_token || facts.approved_meanwhile;
        let is_replaced = is_unknown && facts.approved.len() > 1;
        return check(is_replaced, || "the token is none of the server's".to_owned());
    };
    check(servers.own().user_id("alice") == Some(issued.user_id()), || {
        "somebody else was signed in".to_owned()
    })?;
    let id = session.server_id();
    let is_own = id == Some(servers.own().server_id());
    check(is_own || facts.was_replaced, || format!("the server's id is {id:?}"))?;
    match plan.goal {
        Goal::Password => check(
            !matches!(
                plan.account,
                Account::WrongPassword | Account::Disabled | Account::OutsideSchedule
            ),
            || format!("the account is {:?}", plan.account),
        ),
        _ => check(facts.approved.iter().any(|code| facts.holds(code)), || {
            "it signed in with a code that nobody approved".to_owned()
        }),
    }?;
    let is_set_up = plan.account != Account::ServerNotSetUp;
    let is_set_up = is_set_up || !plan.policy.probe || facts.was_replaced;
    check(is_set_up, || "the server isn't set up".to_owned())
}

fn of_state(world: &World, state: &SessionState) -> Check {
    let World { plan, servers, facts, .. } = world;
    let last = facts.last.ok_or("a state before any response")?;
    let token = world.token();
    let by_server = last.server() == Some(0);
    let holds = match state {
        SessionState::Valid(session) => {
            by_server
                && servers.own().is_token_valid(token)
                && session.access_token().expose() == token
        }
        SessionState::Revoked => {
            last.is(RequestName::GetCurrentUser, 401)
                && last.may_be_the_server()
                && (!by_server || !servers.own().is_token_valid(token))
        }
        SessionState::NotAllowedNow => {
            last.is(RequestName::GetCurrentUser, 403) && last.may_be_the_server()
        }
        _ => false,
    };
    check(holds, || format!("{state:?} is not so: {last:?}"))?;
    match state {
        SessionState::Valid(session) if plan.goal == Goal::FindSession => {
            discovery::of_session(world, session)
        }
        _ => Ok(()),
    }
}

fn of_sign_out(world: &World) -> Check {
    let last = world.facts.last.ok_or("signed out before any response")?;
    let is_gone = !world.servers.own().is_token_valid(world.token());
    let may_mistake = last.server() != Some(0) && last.may_be_the_server();
    check(is_gone || may_mistake, || "the token is still good".to_owned())
}

fn of_approval(world: &World) -> Check {
    let is_pending = world.servers.own().pending_codes().any(|code| code == world.other_code());
    check(!is_pending, || "the code still waits to be approved".to_owned())
}
