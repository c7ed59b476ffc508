//! Signing in to a real server.

use jellyfin_auth::{
    ApproveQuickConnect, Device, Discovery, Error, Login, Policy, ServerUrl, Session, SignOut,
    endpoint::{GetCurrentUser, GetServerInfo},
};
use jellyfin_auth_async_std::Driver;

use crate::{
    Failed, arguments::Request, screen, screen::Waits, setup, terminal, terminal::Terminal,
};

pub(crate) async fn sign_in(request: &Request) -> Result<(), Failed> {
    let mut driver = Driver::with_options(setup::options(request)?);
    let terminal = Terminal::new()?;
    let device = setup::device("this terminal")?;

    let server = find(&mut driver, &terminal, request, &device).await?;
    let (login, enter_checks) = if let Some(user) = &request.user {
        let password = terminal.password(user)?;
        let login = Login::password(server, device.clone(), user, password);
        (login.map_err(|error| Failed(error.to_string()))?, false)
    } else {
        let enter_checks = terminal::check_on_enter(driver.handle());
        (Login::quick_connect(server, device.clone()), enter_checks)
    };
    let mut policy = Policy::default();
    // 15 s, for a server that is started at the same time; who sits here sees each try.
    policy.retries = 4;
    let mut waits = Waits::new(enter_checks);
    terminal.watch(driver.handle());
    let session = driver.run_with(login.with_policy(policy), |wait| waits.show(wait)).await?;

    terminal.watch(driver.handle());
    let info = driver.call(&GetServerInfo { server: session.server(), device: &device }).await?;
    terminal.watch(driver.handle());
    let user = driver.call(&GetCurrentUser { session: &session }).await?;
    screen::show_session(&session, &info, &user);

    let approved = match &request.approve {
        Some(code) => approve(&mut driver, &terminal, &session, code).await,
        None => Ok(()),
    };

    // A program that goes on would keep `session.to_record()`. This one ends here, and leaves no
    // token behind that nobody knows.
    sign_out(&mut driver, &terminal, session).await?;
    approved
}

async fn sign_out(
    driver: &mut Driver,
    terminal: &Terminal,
    session: Session,
) -> Result<(), Failed> {
    terminal.watch(driver.handle());
    match driver.run(SignOut::new(session)).await {
        Ok(()) => {
            println!("The server knew the token; it was signed out, since nothing is kept.");
            Ok(())
        }
        Err(error) if error.login() == Some(&Error::SignOutUnsupported) => {
            println!("This server can't sign out: the token stays valid there.");
            Ok(())
        }
        Err(error) => Err(error.into()),
    }
}

async fn approve(
    driver: &mut Driver,
    terminal: &Terminal,
    session: &Session,
    code: &str,
) -> Result<(), Failed> {
    let approval = ApproveQuickConnect::new(session.clone(), code)
        .map_err(|error| Failed(error.to_string()))?;
    terminal.watch(driver.handle());
    driver.run(approval).await?;
    println!("Approved {code}: the device that shows it is signed in.");
    Ok(())
}

/// Where the server is. An address that is typed in full is taken as it is: the sign-in itself waits
/// for a server that isn't up yet.
async fn find(
    driver: &mut Driver,
    terminal: &Terminal,
    request: &Request,
    device: &Device,
) -> Result<ServerUrl, Failed> {
    let failed = |error: jellyfin_auth::ServerUrlError| Failed(error.to_string());
    let mut candidates = ServerUrl::candidates(&request.address).map_err(failed)?;
    if candidates.len() == 1 {
        let url = candidates.remove(0);
        if !url.is_encrypted() {
            eprintln!("Others on the network can read what is sent to {url}.");
        }
        return Ok(url);
    }
    let discovery = Discovery::new(&request.address, device.clone()).map_err(failed)?;
    let mut waits = Waits::new(false);
    terminal.watch(driver.handle());
    let found = driver.run_with(discovery, |wait| waits.show(wait)).await?;
    let server = found.into_best();
    eprintln!("Found {}", server.address());
    match server.url() {
        Ok(url) => Ok(url),
        Err(unencrypted) if request.allow_http => Ok(unencrypted.accept()),
        Err(unencrypted) if terminal.agrees(&unencrypted)? => Ok(unencrypted.accept()),
        Err(unencrypted) => Err(Failed(format!("{unencrypted}: give --allow-http to accept that"))),
    }
}
