//! Signing in to a real server.

use std::fs;

use jellyfin_auth::{
    Device, DeviceId, Discovery, Login, Policy, ServerUrl, Session,
    endpoint::{AuthorizeQuickConnect, CurrentUser, GetServerInfo, Logout},
};
use jellyfin_auth_async_std::{Driver, Options, Proxy, SetUpError};

use crate::{Failed, arguments::Request, screen, screen::Waits, terminal, terminal::Terminal};

pub(crate) async fn sign_in(request: &Request) -> Result<(), Failed> {
    let mut driver = Driver::with_options(options(request)?);
    let terminal = Terminal::new(driver.handle())?;
    let device = device("this terminal")?;

    let server = find(&mut driver, &request.address, &device).await?;
    let (login, hears_enter) = if let Some(user) = &request.user {
        let password = terminal.password(user).await?;
        let login = Login::password(server, device.clone(), user, password);
        (login.map_err(|error| Failed(error.to_string()))?, false)
    } else {
        let hears_enter = terminal::listen_for_enter(driver.handle());
        (Login::quick_connect(server, device.clone()), hears_enter)
    };
    let mut policy = Policy::default();
    // 15 s, for a server that is started at the same time; who sits here sees each try.
    policy.retries = 4;
    let mut waits = Waits::new(hears_enter);
    let session = driver.run_with(login.with_policy(policy), |wait| waits.show(wait)).await?;

    let info = driver.call(&GetServerInfo::new(session.server(), &device)).await?;
    let user = driver.call(&CurrentUser::new(&session)).await?;
    screen::show_session(&session, &info, &user);

    let approved = match &request.approve {
        Some(code) => approve(&mut driver, &session, code).await,
        None => Ok(()),
    };

    // A program that goes on would keep `session.to_record()`. This one ends here, and leaves no
    // token behind that nobody knows.
    driver.call(&Logout::new(&session)).await?;
    println!("The server knows the token; it was signed out again, since nothing is kept.");
    approved
}

async fn approve(driver: &mut Driver, session: &Session, code: &str) -> Result<(), Failed> {
    let endpoint =
        AuthorizeQuickConnect::new(session, code).map_err(|error| Failed(error.to_string()))?;
    driver.call(&endpoint).await?;
    println!("Approved {code}: the device that shows it is signed in.");
    Ok(())
}

/// Where the server is. An address that is typed in full is taken as it is: the sign-in itself waits
/// for a server that isn't up yet.
async fn find(driver: &mut Driver, address: &str, device: &Device) -> Result<ServerUrl, Failed> {
    let said = |error: jellyfin_auth::ServerUrlError| Failed(error.to_string());
    let mut candidates = ServerUrl::candidates(address).map_err(said)?;
    if candidates.len() == 1 {
        return Ok(candidates.remove(0));
    }
    let discovery = Discovery::new(address, device.clone()).map_err(said)?;
    let mut waits = Waits::new(false);
    let server = driver.run_with(discovery, |wait| waits.show(wait)).await?;
    eprintln!("Found {}", server.url);
    Ok(server.url)
}

fn options(request: &Request) -> Result<Options, Failed> {
    let said = |error: SetUpError| Failed(error.to_string());
    let mut options = Options::new();
    if let Some(file) = &request.certificates {
        let pem = fs::read(file)
            .map_err(|error| Failed(format!("{} can't be read: {error}", file.display())))?;
        options = options
            .root_certificate_pem(&pem)
            .map_err(|error| Failed(format!("{}: {error}", file.display())))?;
    }
    if let Some(proxy) = &request.proxy {
        options = options.proxy(Proxy::parse(proxy).map_err(said)?);
    }
    Ok(options)
}

/// The device to sign in as. A program that keeps its session keeps this id too, one per
/// installation and user; signing in again with it replaces the old token.
pub(crate) fn device(name: &str) -> Result<Device, Failed> {
    let mut random = [0; 16];
    getrandom::fill(&mut random)
        .map_err(|error| Failed(format!("the system gives no random numbers: {error}")))?;
    Device::new("sign_in example", env!("CARGO_PKG_VERSION"), name, DeviceId::from_random(random))
        .map_err(|error| Failed(error.to_string()))
}
