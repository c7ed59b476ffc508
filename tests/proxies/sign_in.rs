//! Signing in through a proxy.

use std::time::Duration;

use jellyfin_auth::{Device, Error, GatewayHeaders, Login, Policy, Session, Wait};
pub(crate) use jellyfin_auth_both_drivers::address;
use jellyfin_auth_both_drivers::{Adapter, options};
use jellyfin_auth_testkit::listen::Listening;
use jellyfin_auth_ureq::Options;

use crate::backend::{PASSWORD, USER};

pub(crate) fn device(adapter: Adapter) -> Device {
    jellyfin_auth_both_drivers::device(adapter.name())
}

pub(crate) fn password_login(url: &str, adapter: Adapter) -> Login {
    Login::password(address(url), device(adapter), USER, PASSWORD).unwrap()
}

pub(crate) fn quick_connect(url: &str, adapter: Adapter) -> Login {
    let mut policy = Policy::default();
    policy.poll_interval = Duration::from_secs(1);
    Login::quick_connect(address(url), device(adapter)).with_policy(policy)
}

/// Waits two seconds for a server that is busy, not two minutes.
pub(crate) fn impatient() -> Policy {
    let mut policy = Policy::default();
    policy.patience = Duration::from_secs(2);
    policy.retries = 1;
    policy
}

/// By password and by Quick Connect, and the token must work.
pub(crate) fn expect_both_flows(
    adapter: Adapter,
    options: &Options,
    url: &str,
    backend: &Listening,
) -> [Session; 2] {
    expect_both_flows_past(&GatewayHeaders::default(), adapter, options, url, backend)
}

/// The same past a gateway that wants these headers.
pub(crate) fn expect_both_flows_past(
    headers: &GatewayHeaders,
    adapter: Adapter,
    options: &Options,
    url: &str,
    backend: &Listening,
) -> [Session; 2] {
    let login = password_login(url, adapter).with_gateway_headers(headers.clone());
    let by_password = adapter.run_by(options.clone(), login, |_, _| {}).unwrap();
    expect_works(&by_password, backend);
    let login = quick_connect(url, adapter).with_gateway_headers(headers.clone());
    let by_code = expect_approved(login, adapter, options, backend, 1);
    [by_password, by_code]
}

/// By Quick Connect; the code is approved at the `polls`th wait that shows one.
pub(crate) fn expect_quick_connect(
    adapter: Adapter,
    options: &Options,
    url: &str,
    backend: &Listening,
    polls: usize,
) -> Session {
    expect_approved(quick_connect(url, adapter), adapter, options, backend, polls)
}

fn expect_approved(
    login: Login,
    adapter: Adapter,
    options: &Options,
    backend: &Listening,
    polls: usize,
) -> Session {
    let mut shown = 0;
    let show = |wait: &Wait| {
        if let Some(code) = wait.code() {
            shown += 1;
            if shown == polls {
                backend.approve(code, USER).expect("the code is right");
            }
        }
    };
    let mut show = show;
    let session = adapter.run_by(options.clone(), login, |wait, _| show(wait)).unwrap();
    expect_works(&session, backend);
    session
}

pub(crate) fn expect_works(session: &Session, backend: &Listening) {
    let server = backend.server();
    let owner = server.token_owner(session.access_token().expose());
    assert_eq!(owner, Some(USER));
    assert_eq!(Some(session.user().id.as_str()), server.user_id(USER));
}

/// What a password login ends with that can't succeed.
pub(crate) fn refused(adapter: Adapter, url: &str) -> Error {
    let login = password_login(url, adapter).with_policy(impatient());
    adapter.run_by(options(), login, |_, _| {}).expect_err("this sign-in can't succeed")
}

/// What a Quick Connect ends with that can't succeed.
pub(crate) fn refused_code(adapter: Adapter, url: &str) -> Error {
    let login = quick_connect(url, adapter).with_policy(impatient());
    adapter.run_by(options(), login, |_, _| {}).expect_err("this sign-in can't succeed")
}
