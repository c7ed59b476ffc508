//! A whole sign-in: the probe, then a method, then perhaps a look whether the token works.

use http::Request;

use super::{
    Event, Flow, Persistence, Probe, Progress, QuickConnect, password::Credentials, verdict,
};
use crate::{
    Device, Error, Password, Policy, ServerInfo, ServerUrl, Session, Stage,
    endpoint::{Authentication, CurrentUser, Endpoint},
    verdict::Verdict,
};

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct SignIn {
    server: ServerUrl,
    device: Device,
    /// The probe while it runs.
    probe: Option<Probe>,
    info: Option<ServerInfo>,
    /// The server that a resumed secret belongs to.
    expected: Option<Box<str>>,
    method: Method,
    verify: bool,
}

/// How the user signs in.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Method {
    Password(Credentials),
    QuickConnect(QuickConnect),
    /// The token is there and is being tried.
    Verify(Box<Session>),
    Ended,
}

impl Method {
    /// `None` for a blank user name.
    pub(crate) fn password(user_name: String, password: Password) -> Option<Self> {
        Credentials::new(user_name, password).map(Self::Password)
    }
}

impl SignIn {
    pub(crate) fn new(server: ServerUrl, device: Device, method: Method) -> Self {
        Self {
            probe: Some(Probe::new(server.clone())),
            server,
            device,
            info: None,
            expected: None,
            method,
            verify: false,
        }
    }

    /// Asks for no secret to be sent unless that server answers.
    pub(crate) fn expect_server(&mut self, id: &str) {
        self.expected = Some(id.into());
    }

    pub(crate) fn apply(&mut self, policy: &Policy) {
        self.verify = policy.verify;
        // A resumed secret is shown to nobody but its own server.
        if !policy.probe && self.code().is_none() {
            self.probe = None;
        }
        if let Method::QuickConnect(quick_connect) = &mut self.method {
            quick_connect.set_renewals(policy.renewals);
        }
    }

    pub(crate) fn server(&self) -> &ServerUrl {
        self.probe.as_ref().map_or(&self.server, Probe::server)
    }

    pub(crate) fn device(&self) -> &Device {
        &self.device
    }

    pub(crate) fn info(&self) -> Option<&ServerInfo> {
        self.info.as_ref()
    }

    /// The server's id: as probed, or as a resumed secret names it.
    pub(crate) fn server_id(&self) -> Option<&str> {
        self.info.as_ref().map(|info| info.id.as_str()).or(self.expected.as_deref())
    }

    pub(crate) fn quick_connect(&self) -> Option<&QuickConnect> {
        match &self.method {
            Method::QuickConnect(quick_connect) => Some(quick_connect),
            _ => None,
        }
    }

    fn probed(&mut self, found: Option<ServerInfo>) -> Verdict<Progress<Session>> {
        let Some(info) = found else { return Ok(Progress::Proceed) };
        if self.expected.as_deref().is_some_and(|expected| expected != info.id) {
            return Err(Error::DifferentServer.into());
        }
        if let Some(probe) = self.probe.take() {
            self.server = probe.server().clone();
        }
        self.info = Some(info);
        Ok(Progress::Proceed)
    }

    fn authenticated(
        &mut self,
        authentication: Authentication,
        step: Stage,
    ) -> Verdict<Progress<Session>> {
        let session = self.session(authentication).ok_or(Error::Malformed { step })?;
        if self.verify {
            self.method = Method::Verify(Box::new(session));
            return Ok(Progress::Proceed);
        }
        self.method = Method::Ended;
        Ok(Progress::Done(session))
    }

    /// `None` when neither the answer nor a probe told the server's id.
    fn session(&self, authentication: Authentication) -> Option<Session> {
        let server_id = authentication.server_id.or_else(|| self.server_id().map(str::to_owned))?;
        Some(Session::new(
            self.server.clone(),
            server_id,
            authentication.user,
            authentication.access_token,
            self.device.clone(),
        ))
    }
}

impl Flow for SignIn {
    type Output = Session;

    fn request(&self) -> Request<Vec<u8>> {
        if let Some(probe) = &self.probe {
            return probe.request(&self.device);
        }
        match &self.method {
            Method::Password(credentials) => credentials.request(&self.server, &self.device),
            Method::QuickConnect(quick_connect) => {
                quick_connect.request(&self.server, &self.device)
            }
            Method::Verify(session) => CurrentUser::new(session).request(),
            Method::Ended => unreachable!("a sign-in that has ended is not asked for requests"),
        }
    }

    fn is_replayable(&self) -> bool {
        self.probe.is_some() || !matches!(self.method, Method::Password(_))
    }

    fn handle(&mut self, event: Event<'_>, signs: bool) -> Verdict<Progress<Session>> {
        if let Some(probe) = &mut self.probe {
            let found = probe.handle(event, &self.device, signs)?;
            return self.probed(found);
        }
        match &mut self.method {
            Method::Password(credentials) => {
                let authentication =
                    credentials.handle(event, &self.server, &self.device, signs)?;
                self.authenticated(authentication, Stage::Authenticate)
            }
            Method::QuickConnect(quick_connect) => {
                match quick_connect.handle(event, &self.server, &self.device, signs)? {
                    Progress::Done(authentication) => {
                        self.authenticated(authentication, Stage::Exchange)
                    }
                    Progress::Proceed => Ok(Progress::Proceed),
                    Progress::Pause => Ok(Progress::Pause),
                }
            }
            Method::Verify(session) => {
                let user = verdict(&CurrentUser::new(session), event, signs)?;
                Ok(Progress::Done(session.as_ref().clone().with_user(user)))
            }
            Method::Ended => unreachable!("a sign-in that has ended has no request under way"),
        }
    }

    fn persistence(&self) -> Persistence {
        match &self.method {
            Method::QuickConnect(quick_connect) if self.probe.is_none() => {
                quick_connect.persistence()
            }
            _ => Persistence::Bounded,
        }
    }

    fn code(&self) -> Option<&str> {
        self.quick_connect()?.pending().map(|pending| &*pending.code)
    }

    fn knows_code_age(&self) -> bool {
        self.quick_connect().is_some_and(QuickConnect::knows_code_age)
    }

    fn wipe(&mut self) {
        self.method = Method::Ended;
    }
}
