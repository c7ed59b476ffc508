//! Whether the end is the right one: a success is true, and an error names what really happened.

use std::time::Duration;

use jellyfin_auth::{Error, Failure, Session};

use super::{
    facts::{Asked, Code, News, Told},
    plan::{Account, Way},
    witness::Check,
    world::World,
};
use crate::fake_server::Version;

const CODE_LIFE: Duration = Duration::from_secs(600);
const CODE_AND_RESULT_LIFE: Duration = Duration::from_secs(1200);

pub(super) fn of_success(world: &World, session: &Session) -> Check {
    let World { plan, server, facts, .. } = world;
    let token = session.access_token().expose();
    let issued = server.tokens().find(|known| known.token() == token);
    let Some(issued) = issued else {
        // Two codes of one device were approved: the later token replaced the other one, and a login
        // that doesn't verify can't know.
        let is_replaced = !plan.policy.verify && facts.approved.len() > 1;
        return if is_replaced { Ok(()) } else { Err("the token is none of the server's".into()) };
    };
    if server.user_id("alice") != Some(issued.user_id()) {
        return Err("somebody else was signed in".to_owned());
    }
    if session.server_id() != server.server_id() {
        return Err("the server's id is wrong".to_owned());
    }
    match plan.way {
        Way::Password if plan.account == Account::WrongPassword => {
            Err("the password is wrong".into())
        }
        Way::Password if plan.account == Account::Disabled => Err("the user is disabled".into()),
        _ if plan.account == Account::ServerNotSetUp && plan.policy.probe => {
            Err("the server isn't set up".into())
        }
        Way::QuickConnect if !facts.approved.iter().any(|code| facts.holds(code)) => {
            Err("it signed in with a code that nobody approved".to_owned())
        }
        _ => Ok(()),
    }
}

/// An error, and the truth that it must name.
pub(super) fn of_error(world: &World, error: &Error) -> Check {
    let World { plan, facts, .. } = world;
    if matches!(error, Error::Cancelled { .. }) {
        return say(facts.cancelled, error, world);
    }
    let Some(told) = facts.last else { return Err(format!("{error:?} before any answer")) };
    let status = match told.news {
        News::Server { status, .. } | News::Front { status } => Some(status),
        News::Nothing(_) => None,
    };
    let by_server = matches!(told.news, News::Server { .. });
    // A server whose signature is hidden can't be told from what stands in front of it.
    let may_mistake = !facts.signs && matches!(told.news, News::Front { .. });
    let spoke = by_server || may_mistake;
    let holds = match error {
        Error::BadCredentials { .. } => {
            status == Some(401)
                && told.stage == Asked::Authenticate
                && spoke
                && (may_mistake || plan.account == Account::WrongPassword)
        }
        Error::LoginRefused { .. } => {
            status == Some(403)
                && told.stage == Asked::Authenticate
                && spoke
                && (may_mistake || plan.account == Account::Disabled)
        }
        Error::TokenRevoked { .. } => told.stage == Asked::Me && status == Some(401) && by_server,
        Error::NotAllowedNow { .. } => {
            told.stage == Asked::Me && status == Some(403) && may_mistake
        }
        Error::ServerNotSetUp { .. } => plan.account == Account::ServerNotSetUp,
        Error::NotJellyfin { .. } => {
            told.stage == Asked::Probe
                && (matches!(told.news, News::Front { status: 200 | 404 })
                    || !facts.signs && facts.address_was_blocked)
        }
        Error::Redirected { .. } => {
            status.is_some_and(|status| (300..400).contains(&status)) && outlasted(world, told)
        }
        Error::ProxyAuthentication { .. } => {
            told.news == News::Front { status: 401 } && outlasted(world, told)
        }
        Error::Intercepted { status, .. } => {
            told.news == News::Front { status: *status } && (at_once(told) || spent(world, told))
        }
        Error::NoAnswer { failure, .. } => {
            told.news == News::Nothing(*failure)
                && (spent(world, told)
                    || hopeless(*failure) && outlasted(world, told)
                    || told.stage == Asked::Authenticate && *failure != Failure::Unreachable)
        }
        Error::ServerStarting { .. } => facts.row.starting && waited(world, told),
        Error::ServerBusy { status, .. } => facts.row.busy.contains(status) && waited(world, told),
        Error::ServerFault { status: fault, .. } => {
            may_mistake
                && status == Some(*fault)
                && *fault >= 500
                && (spent(world, told) || at_once(told))
        }
        Error::AddressBlocked { .. } => facts.address_was_blocked && outlasted(world, told),
        Error::QuickConnectUnsupported { .. } => {
            told.stage == Asked::Enabled
                && (plan.version == Version::V10_7 && by_server || may_mistake)
                && status == Some(404)
        }
        Error::QuickConnectDisabled { .. } => disabled(world, told) && spoke,
        Error::CodeExpired { .. } => gone(world, told, spoke)
            .is_some_and(|code| world.now().saturating_sub(code.initiated) >= CODE_LIFE),
        Error::CodeLost { .. } => gone(world, told, spoke).is_some_and(|code| {
            may_mistake
                || facts.restarted_at.is_some_and(|at| at >= code.created)
                || world.now().saturating_sub(code.created) >= CODE_LIFE
                    && (facts.resumed || !facts.clock_lost.is_zero())
        }),
        // A success that can't be read, by something that looks like a server that never signs.
        Error::Malformed { .. } | Error::Unexpected { .. } => {
            (may_mistake || !facts.signs && facts.address_was_blocked) && outlasted(world, told)
        }
        _ => false,
    };
    say(holds, error, world)
}

fn say(holds: bool, error: &Error, world: &World) -> Check {
    if holds {
        return Ok(());
    }
    let World { facts, plan, .. } = world;
    Err(format!(
        "{error:?} is not what happened: last {:?}, {:?}, signs {}, healed {}, {:?}",
        facts.last, facts.row, facts.signs, facts.healed, plan.account,
    ))
}

/// Whether a code was alive when that was told; then only its silence for twenty minutes counts.
fn live(world: &World, told: Told) -> Option<&Code> {
    world.facts.code.as_ref().filter(|_| matches!(told.stage, Asked::Poll | Asked::Exchange))
}

/// Without a live code it ends at once, with one after twenty minutes without a sign of its life.
fn outlasted(world: &World, told: Told) -> bool {
    live(world, told)
        .is_none_or(|code| told.at.saturating_sub(code.heard_alive) >= CODE_AND_RESULT_LIFE)
        || world.facts.resumed && outlasted_since_start(world, told)
}

/// A resumed login counts from its own start.
fn outlasted_since_start(world: &World, told: Told) -> bool {
    let since = world.facts.row.began;
    since.is_some_and(|since| told.at.saturating_sub(since) >= CODE_AND_RESULT_LIFE)
}

/// Enough tries failed, or enough time passed.
fn spent(world: &World, told: Told) -> bool {
    if live(world, told).is_some() {
        return outlasted(world, told);
    }
    world.facts.row.failures > world.plan.policy.retries || waited(world, told)
}

fn waited(world: &World, told: Told) -> bool {
    if live(world, told).is_some() {
        return outlasted(world, told);
    }
    let since = world.facts.row.began;
    since.is_some_and(|since| world.now().saturating_sub(since) >= world.plan.policy.patience)
}

/// What isn't tried again when no code is alive.
fn hopeless(failure: Failure) -> bool {
    matches!(failure, Failure::Tls | Failure::TooLarge | Failure::Proxy | Failure::Redirected)
}

/// A password is not sent again to find out, and a firewall at the probe is not waited for.
fn at_once(told: Told) -> bool {
    matches!(told.stage, Asked::Authenticate | Asked::Probe)
}

fn disabled(world: &World, told: Told) -> bool {
    let World { facts, plan, .. } = world;
    if live(world, told).is_none() {
        return matches!(told.stage, Asked::Enabled | Asked::Initiate)
            && facts.quick_connect_was_off;
    }
    facts.quick_connect_was_off
        && facts
            .disabled_since
            .is_some_and(|since| world.now().saturating_sub(since) >= plan.policy.patience)
}

/// The code of which the server said that it doesn't know it, when no renewal is left.
fn gone(world: &World, told: Told, spoke: bool) -> Option<&Code> {
    let is_404 =
        matches!(told.news, News::Server { status: 404, .. } | News::Front { status: 404 });
    let asked = matches!(told.stage, Asked::Poll | Asked::Exchange);
    let code = world.facts.code.as_ref()?;
    (is_404 && asked && spoke && !world.may_renew()).then_some(code)
}
