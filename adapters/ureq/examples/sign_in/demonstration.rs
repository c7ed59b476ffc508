//! Signing in to a fake server in this process, both ways.

use std::thread;

use jellyfin_auth::{
    ApproveQuickConnect, Device, Login, Policy, ServerUrl, Session,
    endpoint::{GetCurrentUser, GetServerInfo},
};
use jellyfin_auth_testkit::fake_server::{FakeServer, Version};
use jellyfin_auth_ureq::{Driver, Options, Proxy};

use crate::{Failed, screen, screen::Waits, setup, terminal::Terminal};

const USER: &str = "alice";
const PASSWORD: &str = "wonderland";

pub(crate) fn run() -> Result<(), Failed> {
    let mut server = FakeServer::new(Version::V10_11);
    server.add_user(USER, PASSWORD);
    let server =
        server.listen().map_err(|error| Failed(format!("no server can listen: {error}")))?;
    let url = ServerUrl::parse(&server.url()).map_err(|error| Failed(error.to_string()))?;
    eprintln!("A fake Jellyfin server listens at {url}.");

    let mut driver = driver();
    let terminal = Terminal::new()?;

    eprintln!();
    eprintln!("By password");
    let device = setup::device("by password")?;
    terminal.watch(driver.handle());
    let session = driver.sign_in_with_password(url.clone(), device.clone(), USER, PASSWORD)?;
    prove(&mut driver, &terminal, &session, &device)?;

    eprintln!();
    eprintln!("By Quick Connect");
    let device = setup::device("by Quick Connect")?;
    terminal.watch(driver.handle());
    let session = by_quick_connect(&mut driver, &url, device.clone())?;
    prove(&mut driver, &terminal, &session, &device)
}

/// The environment's proxy can't reach this process.
fn driver() -> Driver {
    Driver::with_options(Options::new().proxy(Proxy::none()))
}

fn by_quick_connect(
    driver: &mut Driver,
    url: &ServerUrl,
    device: Device,
) -> Result<Session, Failed> {
    let mut policy = Policy::default();
    // As short as it may be, so that nobody waits for a demonstration.
    policy.poll_interval = std::time::Duration::from_secs(1);
    let login = Login::quick_connect(url.clone(), device).with_policy(policy);
    let mut waits = Waits::new(false);
    let mut second_device = None;
    let session = driver.run_with(login, |wait| {
        waits.show(wait);
        if let (Some(code), None) = (wait.code(), &second_device) {
            let (url, code) = (url.clone(), code.to_owned());
            second_device = Some(thread::spawn(move || approve(url, &code)));
        }
    });
    if let Some(second_device) = second_device {
        second_device.join().map_err(|_| Failed("the second device panicked".to_owned()))??;
    }
    Ok(session?)
}

/// The second device: signed in already, its user types the code.
fn approve(url: ServerUrl, code: &str) -> Result<(), Failed> {
    let mut driver = driver();
    let device = setup::device("second device")?;
    let session = driver.sign_in_with_password(url, device, USER, PASSWORD)?;
    let approval =
        ApproveQuickConnect::new(session, code).map_err(|error| Failed(error.to_string()))?;
    driver.run(approval)?;
    eprintln!("A second device, where {USER} is signed in, approved {code}.");
    Ok(())
}

/// Shows that the server takes the token.
fn prove(
    driver: &mut Driver,
    terminal: &Terminal,
    session: &Session,
    device: &Device,
) -> Result<(), Failed> {
    terminal.watch(driver.handle());
    let info = driver.call(&GetServerInfo { server: session.server(), device })?;
    terminal.watch(driver.handle());
    let user = driver.call(&GetCurrentUser { session })?;
    screen::show_session(session, &info, &user);
    println!("Proof:   GET /Users/Me answered for {}", user.name.as_deref().unwrap_or(&user.id));
    Ok(())
}
