use std::sync::Arc;

use crate::{
    CertificateFingerprint, Device, Error, Failure, GatewayHeaders, HttpResponse, LoginRecord,
    Machine, Password, Policy, ServerInfo, ServerUrl, Session, Step, Ticket, Timestamp,
    TrustedCertificate,
    engine::Engine,
    flow::{Code, PasswordFlow, PasswordState, Probe, QuickConnectFlow, QuickConnectState, Target},
    session::RecordError,
};

/// One attempt to sign in: a [`Machine`] that ends with a [`Session`].
///
/// Build it with [`password`](Self::password), [`quick_connect`](Self::quick_connect) or
/// [`resume`](Self::resume), set a [`policy`](Self::with_policy), then drive it as [`Machine`] describes. The
/// getters show it as of the last [`poll`](Machine::poll). Dropping it ends the attempt and wipes the
/// password.
///
/// ```text
/// password       GetServerInfo ─► AuthenticateByName ─► (GetCurrentUser) ─► done
///
/// quick connect  GetServerInfo ─► GetQuickConnectEnabled ─► InitiateQuickConnect ─► wait ⇄ GetQuickConnectState
///                                                                ▲ 404, renewals left         │ approved
///                                                                │                            ▼
///                                                                └──────────── AuthenticateWithQuickConnect
///                                                                               ─► (GetCurrentUser) ─► done
/// ```
#[derive(Debug)]
pub struct Login {
    way: Way,
}

#[derive(Debug)]
enum Way {
    Password(Engine<PasswordFlow>),
    QuickConnect(Engine<QuickConnectFlow>),
}

/// Does the same with whichever engine it is.
macro_rules! either {
    ($way:expr, $engine:ident => $does:expr) => {
        match $way {
            Way::Password($engine) => $does,
            Way::QuickConnect($engine) => $does,
        }
    };
}

impl Login {
    /// Signs in by user name and password. A user without a password has the empty one.
    ///
    /// The password is sent once. It is sent again only when the response shows that nobody looked at it
    /// (429, 503 with `Retry-After`, 503 of the server itself), or when no byte of it was sent
    /// ([`Failure::Unreachable`]).
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
        let state = PasswordState::new(user_name.into(), password.into())?;
        let target = Target::new(server, device);
        Ok(Self { way: Way::Password(Engine::new(PasswordFlow, target, state)) })
    }

    /// Signs in by Quick Connect: the server hands out a code, which travels with every
    /// [`Wait`](crate::Wait); the user types it into an app that is already signed in.
    #[must_use]
    pub fn quick_connect(server: ServerUrl, device: Device) -> Self {
        let state = QuickConnectState::GetServerInfo(Probe::default());
        let target = Target::new(server, device);
        Self { way: Way::QuickConnect(Engine::new(QuickConnectFlow::default(), target, state)) }
    }

    /// Goes on with a Quick Connect that was kept ([`to_record`](Self::to_record)) before the program
    /// stopped.
    ///
    /// The server is asked who it is first, whatever the policy. If another one answers, the secret
    /// is not sent and the login ends with [`Error::DifferentServer`]. A record without a server id is
    /// bound to the first server that answers.
    ///
    /// # Errors
    ///
    /// [`RecordError`] when the record is of a later version, or something in it is missing or no use.
    pub fn resume(record: LoginRecord) -> Result<Self, RecordError> {
        Ok(Self { way: Way::QuickConnect(record.into_engine()?) })
    }

    /// Sets how patient the login is. Many logins can share one policy in an `Arc`. It can be set at any
    /// time before the first [`poll`](Machine::poll), and has no effect after it.
    #[must_use]
    pub fn with_policy(mut self, policy: impl Into<Arc<Policy>>) -> Self {
        either!(&mut self.way, engine => engine.set_policy(policy.into()));
        self
    }

    /// Keeps with the login that its user trusts this certificate at the origin (scheme, host, port) of
    /// `server`: its record has it, and so has the [`Session`] that comes of it. It is the driver's options
    /// that make the driver take it.
    #[must_use]
    pub fn with_trusted_certificate(
        mut self,
        server: &ServerUrl,
        fingerprint: CertificateFingerprint,
    ) -> Self {
        either!(&mut self.way, engine => engine.target_mut().trusted.trust(server, fingerprint));
        self
    }

    /// The certificates that are kept with it. After [`resume`](Self::resume) pass them to the driver's
    /// options.
    #[must_use]
    pub fn trusted_certificates(&self) -> &[TrustedCertificate] {
        self.target().trusted.as_slice()
    }

    /// Sends the headers of a gateway in front of the server, and hands them to the session. They go with
    /// the next request: a login that waits for a gateway ([`WaitReason::Gateway`](crate::WaitReason::Gateway))
    /// can be given new ones, and so can one that is resumed.
    #[must_use]
    pub fn with_gateway_headers(mut self, headers: GatewayHeaders) -> Self {
        either!(&mut self.way, engine => engine.set_gateway_headers(headers));
        self
    }

    /// The server's address: as given, until a redirect or the server itself gave a better one.
    #[must_use]
    pub fn server_url(&self) -> &ServerUrl {
        &self.target().server
    }

    /// Who the server is; `None` until it answered.
    #[must_use]
    pub fn server_info(&self) -> Option<&ServerInfo> {
        self.target().info.as_deref()
    }

    /// The Quick Connect code to show, while there is one.
    #[must_use]
    pub fn code(&self) -> Option<&str> {
        let Way::QuickConnect(engine) = &self.way else { return None };
        if engine.is_over() { None } else { Self::live_code(engine).map(|code| &*code.text) }
    }

    /// A Quick Connect whose code may still be approved, to go on with after a restart of the program
    /// ([`resume`](Self::resume)).
    ///
    /// There is one from the moment that a code is shown until it is redeemed or gone: also after
    /// [`cancel`](Machine::cancel), and after an error that isn't about the code. `None` for a
    /// password login, which can't be kept.
    #[must_use]
    pub fn to_record(&self) -> Option<LoginRecord> {
        let Way::QuickConnect(engine) = &self.way else { return None };
        let code = Self::live_code(engine)?;
        Some(LoginRecord::new(engine, code, engine.state()?.resumed()))
    }

    fn live_code(engine: &Engine<QuickConnectFlow>) -> Option<&Code> {
        engine.state()?.code()
    }

    fn target(&self) -> &Target {
        either!(&self.way, engine => engine.target())
    }
}

impl Machine for Login {
    type Output = Session;

    fn handle(&mut self, ticket: Ticket, result: Result<&dyn HttpResponse, Failure>) -> bool {
        either!(&mut self.way, engine => engine.handle(ticket, result))
    }

    fn check_now(&mut self) -> bool {
        either!(&mut self.way, engine => engine.check_now())
    }

    fn cancel(&mut self) {
        either!(&mut self.way, engine => engine.cancel());
    }

    fn poll(&mut self, now: Timestamp) -> Result<Step<Session>, Error> {
        either!(&mut self.way, engine => engine.poll(now))
    }
}
