//! A sign-in's whole life, against a fake server in this process: find the server, sign in, keep the
//! session, start again, check it, approve another device, sign out.
//!
//! ```text
//! cargo run -p jellyfin-auth-ureq --example account
//! ```

use std::{error::Error, fs, path::Path};

use jellyfin_auth::{
    ApproveQuickConnect, Device, DeviceFields, DeviceId, Discovery, ServerUrl, Session,
    SessionCheck, SessionRecord, SessionState, SignOut, Unencrypted,
    endpoint::{GetPublicUsers, GetQuickConnectEnabled},
};
use jellyfin_auth_testkit::fake_server::{FakeServer, Version};
use jellyfin_auth_ureq::Driver;

fn main() -> Result<(), Box<dyn Error>> {
    let mut server = FakeServer::new(Version::V12);
    server.add_user("alice", "correct horse");
    server.user_mut("alice").is_hidden = false;
    let mut home = server.listen()?;
    let outside = home.at_another_address()?;
    let folder = tempfile::tempdir()?;
    let file = folder.path().join("session.json");

    first_start(home.url().trim_start_matches("http://"), &outside.url(), &file)?;
    home.pause(); // Somewhere else, where the address from home leads nowhere.
    second_start(&file)
}

/// Nobody is signed in yet.
fn first_start(typed: &str, outside: &str, file: &Path) -> Result<(), Box<dyn Error>> {
    let mut driver = Driver::new();
    let device = device("Living room", "living-room-1")?;

    let server = driver.run(Discovery::new(typed, device.clone())?)?.into_best();
    let info = server.info();
    let name = info.name.as_deref().unwrap_or("without a name");
    let product = info.product.as_deref().unwrap_or("Jellyfin");
    println!("Found:       {}, {product} {}, {name}", server.address(), info.version);
    // A program asks its user here. This server is in the same process.
    let url = server.url().unwrap_or_else(Unencrypted::accept);

    let users = driver.call(&GetPublicUsers { server: &url, device: &device })?;
    let names: Vec<_> = users.iter().filter_map(|user| user.name.as_deref()).collect();
    println!("Users:       {}", names.join(", "));

    let mut session = driver.sign_in_with_password(url, device, "alice", "correct horse")?;
    // The other address of the same server, as its user gives it.
    session.add_address(ServerUrl::parse(outside)?);
    keep(&session, file)?;
    println!("Signed in:   {}, kept in a file of the owner's alone", session.user().id);
    Ok(())
}

/// The program starts again and finds what it kept.
fn second_start(file: &Path) -> Result<(), Box<dyn Error>> {
    let mut driver = Driver::new();
    let record: SessionRecord = serde_json::from_str(&fs::read_to_string(file)?)?;
    let checked = driver.run(SessionCheck::new(Session::try_from(record)?))?;
    for attempt in &checked.tried {
        println!("Not there:   {attempt}");
    }
    let session = match checked.state {
        SessionState::Valid(session) => *session,
        SessionState::Revoked => return Err("signed out elsewhere: sign in again".into()),
        _ => return Err("not allowed now: keep the session and try later".into()),
    };
    let user = session.user().name.as_deref().unwrap_or("?");
    println!("Still valid: {user} at {}", session.server());

    let enabled = driver
        .call(&GetQuickConnectEnabled { server: session.server(), device: session.device() })?;
    println!("Quick Connect is {}", if enabled { "on" } else { "off" });
    approve_another_device(&session)?;

    driver.run(SignOut::new(session.clone()))?;
    let after = driver.run(SessionCheck::new(session))?.state;
    println!("Signed out:  the session is {after:?} now");
    fs::remove_file(file)?;
    Ok(())
}

/// Another device shows a code, and this one, which is signed in, approves it.
fn approve_another_device(session: &Session) -> Result<(), Box<dyn Error>> {
    let mut television = Driver::new();
    let next = television.handle();
    let (device, server) = (device("Television", "television-1")?, session.server().clone());
    let mut approved = None;
    let approve = |code: &str| -> Result<(), Box<dyn Error>> {
        println!("Television:  shows {code}");
        // People type it as they read it.
        let typed = format!("{} {}", &code[..3], &code[3..]);
        Driver::new().run(ApproveQuickConnect::new(session.clone(), &typed)?)?;
        println!("Approved:    {typed}");
        Ok(())
    };
    let signed_in = television.sign_in_with_quick_connect(server, device, |wait| {
        if let (Some(code), None) = (wait.code(), &approved) {
            approved = Some(approve(code));
            // The television needn't wait for its next poll.
            next.check_now();
        }
    })?;
    approved.ok_or("no code was shown")??;
    println!("Television:  signed in as {}", signed_in.user().name.as_deref().unwrap_or("?"));
    Ok(())
}

fn device(name: &str, id: &str) -> Result<Device, Box<dyn Error>> {
    Ok(Device::new(DeviceFields {
        client: "account example",
        version: env!("CARGO_PKG_VERSION"),
        name,
        id: DeviceId::new(id)?,
    })?)
}

/// The file is the owner's alone before anything is in it.
fn keep(session: &Session, file: &Path) -> Result<(), Box<dyn Error>> {
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    serde_json::to_writer(options.open(file)?, &session.to_record())?;
    Ok(())
}
