//! Signing in, and keeping what comes of it.

use std::{sync::Arc, time::Duration};

use jellyfin_auth::{Device, DeviceFields, DeviceId, Login, Policy, ServerUrl, Session, SignOut};
use jellyfin_auth_ureq::Driver;
use serde_json::json;

use crate::{
    Program, arguments::SignIn, connection::Connection, failed::Failed, prompts, server,
    waiting::Waiting,
};

pub(crate) fn sign_in(
    program: &mut Program,
    request: &SignIn,
    connection: &Connection,
) -> Result<(), Failed> {
    let place = request.place().prepare()?;
    let device = device(request, place.device_id.clone())?;
    program.connecting.trust_all(&place.trusted);
    let address = request.address.clone().or_else(|| place.address.clone());
    program.gateway_headers = place.gateway_headers.clone();
    let (address, consent) = (address.as_deref(), &request.consent);
    program.take_headers(connection, address)?;
    let (_, server) = server::find_to_sign_in(program, address, connection, &device, consent)?;
    let session = match &request.user {
        Some(user) => by_password(program, server, device, user)?,
        None => by_quick_connect(program, server, device)?,
    };
    let user = session.user();
    program.messages.report(
        "signed_in",
        json!({ "user_id": user.id, "user_name": user.name }),
        &format!("Signed in as {}", user.name.as_deref().unwrap_or(&user.id)),
    );
    let replaced = place.keep(&session, program.messages).inspect_err(|_| {
        // Nobody will ever have the token: the server needn't know it. The user sees why it couldn't
        // be kept.
        let _ = sign_out(session.clone(), program);
    })?;
    if let Some(Err(failed)) = replaced.map(|replaced| sign_out(replaced, program)) {
        program.messages.report(
            "not_signed_out",
            failed.to_json(),
            &format!("Warning: the session that was replaced is still valid: {}", failed.text()),
        );
    }
    Ok(())
}

/// Signs out a session that nobody has any more. It isn't waited for.
fn sign_out(session: Session, program: &Program) -> Result<(), Failed> {
    let mut policy = Policy::default();
    policy.retries = 0;
    policy.patience = Duration::ZERO;
    let options = program.connecting.options().clone();
    let options = options.trust_all(session.trusted_certificates());
    let machine = SignOut::new(session).with_policy(policy);
    Ok(Driver::with_options(options).run(machine)?)
}

fn by_password(
    program: &mut Program,
    server: ServerUrl,
    device: Device,
    user: &str,
) -> Result<Session, Failed> {
    let password = prompts::password(&program.interrupts, user)?;
    let login = Login::password(server, device, user, password)?;
    let login = trusting(program, login)
        .with_gateway_headers(program.gateway_headers.clone())
        .with_policy(Arc::clone(&program.policy));
    let mut waiting = Waiting::without_code(program.messages);
    Ok(program.run(login, |wait| waiting.show(wait))?)
}

fn by_quick_connect(
    program: &mut Program,
    server: ServerUrl,
    device: Device,
) -> Result<Session, Failed> {
    let enter_checks = prompts::check_on_enter(program.driver.handle());
    let mut waiting = Waiting::for_code(program.messages, &server, enter_checks);
    let login = trusting(program, Login::quick_connect(server, device))
        .with_gateway_headers(program.gateway_headers.clone())
        .with_policy(Arc::clone(&program.policy));
    Ok(program.run(login, |wait| waiting.show(wait))?)
}

/// The session keeps the certificate that is trusted at its server.
fn trusting(program: &Program, login: Login) -> Login {
    match program.connecting.trusted_at(login.server_url()) {
        Some(fingerprint) => {
            let server = login.server_url().clone();
            login.with_trusted_certificate(&server, fingerprint)
        }
        None => login,
    }
}

/// The device to sign in as. A session that is replaced keeps its id, so that the server forgets the
/// old token; any other gets one of its own, so that none ends another.
fn device(request: &SignIn, prepared: DeviceId) -> Result<Device, Failed> {
    let id = match &request.device_id {
        Some(id) => DeviceId::new(id.as_str()).map_err(|error| unusable(&error))?,
        None => prepared,
    };
    let client = request.client.as_deref().unwrap_or("jellyfin-login");
    let version = env!("CARGO_PKG_VERSION");
    if let Some(name) = &request.device_name {
        return Device::new(DeviceFields { client, version, name, id })
            .map_err(|error| unusable(&error));
    }
    let host = gethostname::gethostname().to_string_lossy().into_owned();
    // A machine's name may be one that no device can have.
    Device::new(DeviceFields { client, version, name: &host, id: id.clone() })
        .or_else(|_| Device::new(DeviceFields { client, version, name: "jellyfin-login", id }))
        .map_err(|error| unusable(&error))
}

fn unusable(error: &jellyfin_auth::DeviceError) -> Failed {
    Failed::new(crate::failed::Exit::Usage, error.to_string())
}
