use std::fmt;

use jellyfin_auth::{
    Device, Discovery, Found, Login, Machine, Password, QuickConnectSecret, ServerUrl, Session,
    endpoint::{
        AuthenticateByName, Endpoint, GetPublicUsers, GetQuickConnectState, GetServerInfo,
        RedeemPin,
    },
};

use super::{
    driver::{Controls, Ended},
    jellyfin::SECRET,
};

/// A driver that an app keeps from one run to the next.
pub trait KeptDriver: Send + 'static {
    /// Runs `machine` to its end, as [`Driver::run`](super::Driver::run) does a login.
    ///
    /// # Errors
    ///
    /// How it ended without a result.
    fn run<M: Machine>(&mut self, machine: M, controls: &Controls) -> Result<M::Output, Ended>;

    /// Sends a single request.
    ///
    /// # Errors
    ///
    /// What its response means, or why there is none.
    fn call<E: Endpoint + Sync>(
        &mut self,
        endpoint: &E,
        controls: &Controls,
    ) -> Result<E::Output, Ended>;
}

/// A [`KeptDriver`] of any type.
pub struct Kept(pub(super) Box<dyn AnyKept>);

impl Kept {
    /// For [`Driver::keep`](super::Driver::keep).
    #[must_use]
    pub fn new(driver: impl KeptDriver) -> Self {
        Self(Box::new(driver))
    }
}

/// A single request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Call {
    ServerInfo,
    Users,
    Poll,
    Password,
    Pin,
}

/// What the suite asks of it.
pub(super) trait AnyKept: Send {
    fn sign_in(&mut self, login: &mut Login, controls: &Controls) -> Result<Session, Ended>;

    fn search(&mut self, search: Discovery, controls: &Controls) -> Result<Found, Ended>;

    fn call(
        &mut self,
        call: Call,
        server: &ServerUrl,
        device: &Device,
        controls: &Controls,
    ) -> Result<(), Ended>;
}

impl<K: KeptDriver> AnyKept for K {
    fn sign_in(&mut self, login: &mut Login, controls: &Controls) -> Result<Session, Ended> {
        self.run(login, controls)
    }

    fn search(&mut self, search: Discovery, controls: &Controls) -> Result<Found, Ended> {
        self.run(search, controls)
    }

    fn call(
        &mut self,
        call: Call,
        server: &ServerUrl,
        device: &Device,
        controls: &Controls,
    ) -> Result<(), Ended> {
        let secret = QuickConnectSecret::try_from(SECRET.to_owned()).expect("visible ASCII");
        let password = Password::from("wonderland");
        match call {
            Call::ServerInfo => {
                KeptDriver::call(self, &GetServerInfo { server, device }, controls).map(drop)
            }
            Call::Users => {
                KeptDriver::call(self, &GetPublicUsers { server, device }, controls).map(drop)
            }
            Call::Poll => {
                let poll = GetQuickConnectState { server, device, secret: &secret };
                KeptDriver::call(self, &poll, controls).map(drop)
            }
            Call::Password => {
                let password = &password;
                let sign_in = AuthenticateByName { server, device, user_name: "alice", password };
                KeptDriver::call(self, &sign_in, controls).map(drop)
            }
            Call::Pin => {
                let pin = RedeemPin::new(server, device, &password).expect("it isn't blank");
                KeptDriver::call(self, &pin, controls).map(drop)
            }
        }
    }
}

impl fmt::Debug for Kept {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Kept").finish_non_exhaustive()
    }
}
