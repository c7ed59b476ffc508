//! What a case has at hand: one server, one adapter, users and devices of its own.

use std::time::Duration;

use jellyfin_auth::{
    Device, DeviceFields, DeviceId, Error, Login, Policy, ServerUrl, Session, SessionCheck,
    SessionState, SignOut, Wait, endpoint::AuthorizeQuickConnect,
};
use jellyfin_auth_both_drivers::Adapter;
use jellyfin_auth_ureq::Handle;

use crate::{administrator::Administrator, release::Release, stand::Running};

/// One case played by one adapter.
#[derive(Debug)]
pub(crate) struct Scene<'a> {
    pub(crate) running: &'a Running,
    pub(crate) adapter: Adapter,
    label: String,
}

/// A user of the scene's own.
#[derive(Debug)]
pub(crate) struct TestUser {
    pub(crate) id: String,
    pub(crate) name: String,
}

pub(crate) const PASSWORD: &str = "correct horse";

impl<'a> Scene<'a> {
    pub(crate) fn new(running: &'a Running, adapter: Adapter, case: &str) -> Self {
        Self { running, adapter, label: format!("{case}.{}", adapter.name()) }
    }

    pub(crate) fn release(&self) -> Release {
        self.running.release
    }

    pub(crate) fn administrator(&self) -> &Administrator {
        &self.running.administrator
    }

    pub(crate) fn server(&self) -> ServerUrl {
        Self::address(self.running.url())
    }

    pub(crate) fn address(typed: &str) -> ServerUrl {
        ServerUrl::parse(typed).expect("it is an address")
    }

    /// A name that no other case and adapter has.
    pub(crate) fn own(&self, word: &str) -> String {
        format!("{word}-{}", self.label)
    }

    /// A new user with the password [`PASSWORD`].
    pub(crate) fn user(&self) -> TestUser {
        self.user_with(&self.own("user"), PASSWORD)
    }

    pub(crate) fn user_with(&self, name: &str, password: &str) -> TestUser {
        let id = self.administrator().add_user(name, password);
        TestUser { id, name: name.to_owned() }
    }

    /// A device that no other case and adapter has.
    pub(crate) fn device(&self, word: &str) -> Device {
        Self::device_of(&self.own(word))
    }

    pub(crate) fn device_of(id: &str) -> Device {
        let id = DeviceId::new(id).expect("it is an id");
        Device::new(DeviceFields { client: "Live test", version: "1.0", name: "Test bench", id })
            .expect("no field is blank")
    }

    /// Polls as often as is allowed, so that a case takes seconds.
    pub(crate) fn policy() -> Policy {
        let mut policy = Policy::default();
        policy.poll_interval = Duration::from_secs(1);
        policy
    }

    pub(crate) fn sign_in(&self, user: &TestUser, password: &str) -> Result<Session, Error> {
        self.sign_in_on(self.device("device"), &user.name, password)
    }

    pub(crate) fn sign_in_on(
        &self,
        device: Device,
        user_name: &str,
        password: &str,
    ) -> Result<Session, Error> {
        let login = Login::password(self.server(), device, user_name, password)?;
        self.run(login, |_, _| {})
    }

    pub(crate) fn run(
        &self,
        login: Login,
        on_wait: impl FnMut(&Wait, &Handle),
    ) -> Result<Session, Error> {
        self.adapter.run_with(login, on_wait)
    }

    pub(crate) fn quick_connect(&self) -> Login {
        Login::quick_connect(self.server(), self.device("television")).with_policy(Self::policy())
    }

    /// A session of `user` on another device, to approve codes with.
    pub(crate) fn approver(&self, user: &TestUser) -> Session {
        self.sign_in_on(self.device("phone"), &user.name, PASSWORD).expect("the password is right")
    }

    pub(crate) fn approve(&self, approver: &Session, code: &str) -> Result<(), Error> {
        self.adapter.call(&AuthorizeQuickConnect::new(approver, code)?)
    }

    pub(crate) fn sign_out(&self, session: &Session) -> Result<(), Error> {
        self.adapter.run(SignOut::new(session.clone()))
    }

    pub(crate) fn check(&self, session: &Session) -> Result<SessionState, Error> {
        self.adapter.run(SessionCheck::new(session.clone())).map(|checked| checked.state)
    }

    /// Whether the session is `user`'s and works.
    pub(crate) fn expect_works(&self, session: &Session, user: &TestUser) {
        assert_eq!(session.user().id, user.id);
        match self.check(session) {
            Ok(SessionState::Valid(now)) => assert_eq!(now.user().name.as_ref(), Some(&user.name)),
            other => panic!("the session should work: {other:?}"),
        }
    }
}
