use std::time::Duration;

use jellyfin_auth::{Error, RequestName as R};

use super::World;
use crate::{
    agenda::Source,
    facts::{LastReply, Received},
    plan::{Account, Goal, OtherCode},
    recorder::{Check, check},
    reply::Meaning,
};
use jellyfin_auth_testkit::fake_server::Version;

const CODE_LIFE: Duration = Duration::from_secs(600);

/// An error, and the truth that it must name.
pub(super) fn of_error(world: &World, error: &Error) -> Check {
    let World { plan, facts, .. } = world;
    if *error == Error::Cancelled {
        return check(facts.cancelled, || "nobody cancelled".to_owned());
    }
    let Some(last) = facts.last else { return Err(format!("{error:?} before any response")) };
    check(is_true(world, error, last), || {
        format!(
            "{error:?} is not what happened: last {last:?}, {:?}, healed {}, {:?}",
            facts.row, facts.healed, plan.account,
        )
    })
}

fn is_true(world: &World, error: &Error, last: LastReply) -> bool {
    let World { plan, facts, .. } = world;
    let request = last.request;
    let status = last.status();
    // What the user's own server answers is true; something that looks like it may answer anything.
    let spoke = last.may_be_the_server();
    let by_own = last.server() == Some(0);
    match error {
        Error::BadCredentials { .. } => {
            let is_wrong = plan.account == Account::WrongPassword;
            last.is(R::AuthenticateByName, 401) && spoke && (!by_own || is_wrong)
        }
        Error::LoginRefused { .. } => {
            let is_refused = match request {
                R::AuthenticateByName => {
                    matches!(plan.account, Account::Disabled | Account::OutsideSchedule)
                }
                R::AuthorizeQuickConnect => {
                    plan.other_code == OtherCode::OnDeviceNotAllowed
                        || plan.account == Account::OutsideSchedule
                }
                _ => false,
            };
            status == Some(403) && spoke && (!by_own || is_refused)
        }
        Error::PasswordTimeout => {
            request == R::AuthenticateByName
                && last.failure() == Some(jellyfin_auth::Failure::Timeout)
        }
        Error::NotAllowedNow => last.is(R::LogOut, 403) && spoke,
        Error::TokenRevoked => {
            matches!(request, R::GetCurrentUser | R::AuthorizeQuickConnect)
                && status == Some(401)
                && spoke
                && (!by_own || token_is_gone(world))
        }
        Error::ServerNotSetUp => plan.account == Account::ServerNotSetUp,
        Error::NotJellyfin => {
            request == R::GetServerInfo && matches!(status, Some(200 | 404)) && spoke
        }
        Error::WrongBasePath => facts.found_wrong_path,
        Error::Redirected { .. } => status.is_some_and(|status| (300..400).contains(&status)),
        Error::TooManyRedirects => {
            request == R::GetServerInfo && last.meaning() == Some(Meaning::Elsewhere)
        }
        Error::DifferentServer { found, .. } => {
            request == R::GetServerInfo
                && last.server().is_some_and(|number| {
                    found.id == world.servers.get(number).server_id()
                        && world.oracle.expected_id().is_some_and(|id| id != found.id)
                })
        }
        Error::ProxyAuthentication { .. } => {
            status == Some(401) && last.source() == Some(Source::Front)
        }
        Error::Intercepted { status: seen, .. } => {
            let is_foreign = last.meaning() == Some(Meaning::Foreign);
            let of_several = plan.goal.is_search();
            status == Some(*seen) && (is_foreign || request == R::GetServerInfo || of_several)
        }
        Error::NoAnswer { failure, .. } => last.received == Received::Nothing(*failure),
        Error::ServerStarting => facts.row.starting,
        Error::ServerBusy { status, .. } => facts.row.busy.contains(status),
        Error::ServerFault { status: seen, .. } => status == Some(*seen) && *seen >= 500 && spoke,
        Error::AddressBlocked => facts.address_was_blocked && last.server().is_some(),
        Error::QuickConnectUnsupported => {
            request == R::GetQuickConnectEnabled && spoke && matches!(status, Some(404 | 405 | 501))
        }
        Error::QuickConnectDisabled if request == R::InitiateQuickConnect && facts.reported_off => {
            true
        }
        Error::QuickConnectDisabled => {
            let was_off = facts.quick_connect_was_off || plan.version == Version::V10_7;
            status == Some(401) && spoke && (!by_own || was_off)
        }
        Error::CodeExpired => code_is_gone(last),
        Error::CodeLost => code_is_gone(last) && (!by_own || was_lost(world)),
        Error::CodeUnknown => last.is(R::AuthorizeQuickConnect, 404) && spoke,
        Error::CodeAlreadyApproved => last.is(R::AuthorizeQuickConnect, 500) && spoke,
        Error::SignOutUnsupported => {
            request == R::LogOut && matches!(status, Some(200 | 404 | 405 | 501)) && spoke
        }
        Error::Malformed { request: named, .. } => {
            request == *named && matches!(status, Some(200..300)) && spoke
        }
        Error::Unexpected { request: named, status: seen, .. } => {
            request == *named && status == Some(*seen)
        }
        _ => false,
    }
}

fn token_is_gone(world: &World) -> bool {
    match world.plan.goal {
        Goal::Password | Goal::QuickConnect => true,
        _ => !world.servers.own().is_token_valid(world.token()),
    }
}

fn code_is_gone(last: LastReply) -> bool {
    matches!(last.request, R::GetQuickConnectState | R::AuthenticateWithQuickConnect)
        && last.status() == Some(404)
        && last.may_be_the_server()
}

/// The server forgot the code, or the program's clock or record doesn't say how old it is.
fn was_lost(world: &World) -> bool {
    let World { facts, clock, plan, .. } = world;
    let Some(code) = &facts.code else { return false };
    let age = world.now().saturating_sub(code.drawn);
    let knows_age = facts
        .kept_age_is_short_by
        .is_none_or(|error| plan.knows_code_age && age >= CODE_LIFE + error);
    facts.was_replaced
        || facts.restarted_at.is_some_and(|at| at >= code.drawn)
        || age >= CODE_LIFE && (clock.is_wrong() || !knows_age)
}
