use std::sync::Arc;

use crate::{
    Device, Error, Password, Policy, Saved, ServerInfo, ServerUrl, Session,
    errand::Errand,
    flow::{Flow as _, Method, QuickConnect, SignIn},
    machine::machine_by_errand,
    session::RecordError,
};

/// One attempt to sign in: a [`Machine`](crate::Machine) that ends with a [`Session`].
///
/// Build it with [`password`](Self::password), [`quick_connect`](Self::quick_connect) or
/// [`resume`](Self::resume), set a [`policy`](Self::with_policy), then poll it and tell it what came
/// of each request, as [`Machine`](crate::Machine) says. Dropping it ends the attempt and wipes the password.
///
/// ```text
/// password       Probe ─► Authenticate ─► (Verify) ─► Done
/// quick connect  Probe ─► CheckEnabled ─► Initiate ─► Waiting ⇄ Poll ─► Exchange ─► (Verify) ─► Done
///                                            ▲                    │ 404, and renewals left
///                                            └────────────────────┘
/// ```
#[derive(Debug)]
pub struct Login {
    errand: Errand<SignIn>,
}

impl Login {
    /// Signs in by user name and password. A user without a password has the empty one.
    ///
    /// The password is sent once. It is sent again only when the server said that it didn't look
    /// (503, 429), or when no byte of it was sent ([`Failure::Unreachable`](crate::Failure::Unreachable)).
    ///
    /// # Errors
    ///
    /// [`Error::BlankUserName`] when the user name is empty or blank.
    pub fn password(
        server: ServerUrl,
        device: Device,
        user_name: impl Into<String>,
        password: impl Into<Password>,
    ) -> Result<Self, Error> {
        let method =
            Method::password(user_name.into(), password.into()).ok_or(Error::BlankUserName)?;
        Ok(Self::of(SignIn::new(server, device, method), Policy::default()))
    }

    /// Signs in by Quick Connect: the server hands out a code, which travels with every
    /// [`Wait`](crate::Wait); the user types it into an app that is already signed in.
    #[must_use]
    pub fn quick_connect(server: ServerUrl, device: Device) -> Self {
        let method = Method::QuickConnect(QuickConnect::new());
        Self::of(SignIn::new(server, device, method), Policy::default())
    }

    /// Goes on with a Quick Connect that was [`saved`](Self::saved) before the program stopped.
    ///
    /// The server is probed first, whatever the policy says: if another one answers, the secret is
    /// not sent and the login ends with [`Error::DifferentServer`]. The code's age is unknown from
    /// here on, so that a code that expired meanwhile ends with [`Error::CodeLost`].
    ///
    /// # Errors
    ///
    /// [`RecordError`] when the record is of a later version or something in it is missing or no use.
    pub fn resume(saved: Saved, policy: impl Into<Arc<Policy>>) -> Result<Self, RecordError> {
        let Self { errand } = Self::of(saved.into_sign_in()?, policy);
        Ok(Self { errand: errand.for_known_server() })
    }

    fn of(mut sign_in: SignIn, policy: impl Into<Arc<Policy>>) -> Self {
        let policy = policy.into();
        sign_in.apply(&policy);
        Self { errand: Errand::new(sign_in, policy) }
    }

    /// Sets how patient the login is. Call it before the first [`poll`](Self::poll). Many logins can
    /// share one policy in an `Arc`.
    #[must_use]
    pub fn with_policy(mut self, policy: impl Into<Arc<Policy>>) -> Self {
        let policy = policy.into();
        self.errand.flow_mut().apply(&policy);
        self.errand.set_policy(policy);
        self
    }

    /// The server's address: as typed, until a redirect or the server itself told a better one.
    #[must_use]
    pub fn server_url(&self) -> &ServerUrl {
        self.errand.flow().server()
    }

    /// Who the server is; `None` until it was asked.
    #[must_use]
    pub fn server_info(&self) -> Option<&ServerInfo> {
        self.errand.flow().info()
    }

    /// The Quick Connect code to show, while there is one.
    #[must_use]
    pub fn code(&self) -> Option<&str> {
        self.errand.flow().code()
    }

    /// A Quick Connect whose code waits to be approved, to go on with after a restart of the program.
    /// `None` when no code is alive, and always for a password login, which can't be saved.
    #[must_use]
    pub fn saved(&self) -> Option<Saved> {
        Saved::of(self.errand.flow())
    }
}

machine_by_errand!(Login, Session);
