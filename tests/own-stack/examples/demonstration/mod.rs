//! What the examples have in common: the server to sign in to, and how the end is reported.

use std::process::ExitCode;

use jellyfin_auth::{Device, DeviceFields, DeviceId, Error, Login, ServerUrl, Session, Wait};
use jellyfin_auth_testkit::{
    fake_server::{FakeServer, Version},
    listen::Listening,
};

/// The server that the first argument names, or a fake one whose only user types codes in at once.
pub(crate) struct Demonstration {
    server: ServerUrl,
    fake: Option<Listening>,
}

impl Demonstration {
    pub(crate) fn new() -> Result<Self, Box<dyn std::error::Error>> {
        if let Some(address) = std::env::args().nth(1) {
            return Ok(Self { server: ServerUrl::parse(&address)?, fake: None });
        }
        let mut fake = FakeServer::new(Version::V12);
        fake.add_user("alice", "wonderland");
        let fake = fake.listen()?;
        Ok(Self { server: ServerUrl::parse(&fake.url())?, fake: Some(fake) })
    }

    pub(crate) fn login(&self) -> Result<Login, Box<dyn std::error::Error>> {
        let id = DeviceId::new("own-stack-example")?;
        let fields = DeviceFields { client: "Own stack", version: "1.0", name: "Example", id };
        let device = Device::new(fields)?;
        println!("Signing in to {}", self.server);
        Ok(Login::quick_connect(self.server.clone(), device))
    }

    pub(crate) fn show(&self, wait: &Wait) {
        if let Some(code) = wait.code() {
            println!("Type {code} into Quick Connect in an app that is signed in.");
            if let Some(fake) = &self.fake {
                // The second time it is approved already.
                let _ = fake.approve(code, "alice");
            }
        }
        println!("{}, for {:.1} s", wait.reason(), wait.delay().as_secs_f32());
    }

    pub(crate) fn report(end: Result<Session, Error>) -> ExitCode {
        match end {
            Ok(session) => {
                let user = session.user();
                println!("Signed in as {}", user.name.as_deref().unwrap_or(&user.id));
                ExitCode::SUCCESS
            }
            Err(error) => {
                eprintln!("{error}");
                ExitCode::FAILURE
            }
        }
    }
}
