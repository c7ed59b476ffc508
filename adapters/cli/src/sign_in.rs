//! Signing in, and keeping what comes of it.

use std::sync::Arc;

use jellyfin_auth::{Device, DeviceFields, DeviceId, Login, ServerUrl, Session, SignOut};
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
    let place = request.place();
    let earlier = place.earlier();
    let place = place.prepare()?;
    let device = device(request, earlier.as_ref())?;
    let (address, consent) = (request.address.as_deref(), &request.consent);
    let server = server::find_to_sign_in(program, address, connection, &device, consent)?;
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
    place.keep(&session, program.messages).inspect_err(|_| {
        // Nobody will ever have the token: the server needn't know it. The user sees why it couldn't
        // be kept.
        let driver = connection.options().map(Driver::with_options);
        let _ = driver.map(|mut driver| driver.run(SignOut::new(session.clone())));
    })
}

fn by_password(
    program: &mut Program,
    server: ServerUrl,
    device: Device,
    user: &str,
) -> Result<Session, Failed> {
    let password = prompts::password(&program.interrupts, user)?;
    let login =
        Login::password(server, device, user, password)?.with_policy(Arc::clone(&program.policy));
    let mut waiting = Waiting::without_code(program.messages);
    Ok(program.driver.run_with(login, |wait| waiting.show(wait))?)
}

fn by_quick_connect(
    program: &mut Program,
    server: ServerUrl,
    device: Device,
) -> Result<Session, Failed> {
    let enter_checks = prompts::check_on_enter(program.driver.handle());
    let mut waiting = Waiting::for_code(program.messages, &server, enter_checks);
    let login = Login::quick_connect(server, device).with_policy(Arc::clone(&program.policy));
    Ok(program.driver.run_with(login, |wait| waiting.show(wait))?)
}

/// The device to sign in as. A session that is replaced keeps its id, so that the server forgets the
/// old token; any other gets one of its own, so that none ends another.
fn device(request: &SignIn, earlier: Option<&Session>) -> Result<Device, Failed> {
    let id = match (&request.device_id, earlier) {
        (Some(id), _) => DeviceId::new(id.as_str()).map_err(|error| unusable(&error))?,
        (None, Some(session)) => session.device().id().clone(),
        (None, None) => {
            let mut random = [0; 16];
            getrandom::fill(&mut random).map_err(|error| {
                Failed::here(format!("the system gives no random numbers: {error}"))
            })?;
            DeviceId::from_random(random)
        }
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
