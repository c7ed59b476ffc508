//! Signing in to a fake server in this process, both ways.

use async_std::channel;
use futures_lite::future;
use jellyfin_auth::{
    ApproveQuickConnect, Device, Login, Policy, ServerUrl, Session,
    endpoint::{GetCurrentUser, GetServerInfo},
};
use jellyfin_auth_async_std::{Driver, Options, Proxy};
use jellyfin_auth_testkit::fake_server::{FakeServer, Version};

use crate::{Failed, screen, screen::Waits, setup, terminal::Terminal};

const USER: &str = "alice";
const PASSWORD: &str = "wonderland";

pub(crate) async fn run() -> Result<(), Failed> {
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
    let session = driver.sign_in_with_password(url.clone(), device.clone(), USER, PASSWORD).await?;
    prove(&mut driver, &terminal, &session, &device).await?;

    eprintln!();
    eprintln!("By Quick Connect");
    let device = setup::device("by Quick Connect")?;
    terminal.watch(driver.handle());
    let session = by_quick_connect(&mut driver, &url, device.clone()).await?;
    prove(&mut driver, &terminal, &session, &device).await
}

/// The environment's proxy can't reach this process.
fn driver() -> Driver {
    Driver::with_options(Options::new().proxy(Proxy::none()))
}

async fn by_quick_connect(
    driver: &mut Driver,
    url: &ServerUrl,
    device: Device,
) -> Result<Session, Failed> {
    let mut policy = Policy::default();
    // As short as it may be, so that nobody waits for a demonstration.
    policy.poll_interval = std::time::Duration::from_secs(1);
    let login = Login::quick_connect(url.clone(), device).with_policy(policy);
    let mut waits = Waits::new(false);
    let (codes, shown) = channel::bounded(1);
    let signing_in = async {
        let session = driver.run_with(login, |wait| {
            waits.show(wait);
            if let Some(code) = wait.code() {
                // Only the first one finds room.
                let _ = codes.try_send(code.to_owned());
            }
        });
        Ok(session.await?)
    };
    let approving = async {
        match shown.recv().await {
            Ok(code) => approve(url.clone(), &code).await,
            Err(_) => Ok(()),
        }
    };
    let (session, ()) = future::try_zip(signing_in, approving).await?;
    Ok(session)
}

/// The second device: signed in already, its user types the code.
async fn approve(url: ServerUrl, code: &str) -> Result<(), Failed> {
    let mut driver = driver();
    let device = setup::device("second device")?;
    let session = driver.sign_in_with_password(url, device, USER, PASSWORD).await?;
    let approval =
        ApproveQuickConnect::new(session, code).map_err(|error| Failed(error.to_string()))?;
    driver.run(approval).await?;
    eprintln!("A second device, where {USER} is signed in, approved {code}.");
    Ok(())
}

/// Shows that the server takes the token.
async fn prove(
    driver: &mut Driver,
    terminal: &Terminal,
    session: &Session,
    device: &Device,
) -> Result<(), Failed> {
    terminal.watch(driver.handle());
    let info = driver.call(&GetServerInfo { server: session.server(), device }).await?;
    terminal.watch(driver.handle());
    let user = driver.call(&GetCurrentUser { session }).await?;
    screen::show_session(session, &info, &user);
    println!("Proof:   GET /Users/Me answered for {}", user.name.as_deref().unwrap_or(&user.id));
    Ok(())
}
