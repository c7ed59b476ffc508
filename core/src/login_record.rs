use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::{
    GatewayHeaders, QuickConnectSecret, ServerUrl,
    endpoint::{PendingQuickConnect, is_code},
    engine::{Clock, CodeLifetime, Engine},
    flow::{Code, Probe, QuickConnectFlow, Resumed, Target},
    gateway_headers::KeptHeader,
    session::{RecordError, RecordSecret, check_version, device},
    trusted_certificates::{KeptCertificate, TrustedCertificates},
};

/// The version that this crate writes.
const VERSION: u32 = 2;

/// A Quick Connect sign-in whose code waits to be approved, in the shape in which a program keeps it to
/// go on after a restart ([`Login::resume`](crate::Login::resume)).
///
/// It holds the secret that becomes a token once the code is approved, and what passes a gateway in front of
/// the server: keep it like a [`SessionRecord`](crate::SessionRecord), and for twenty minutes at most.
///
/// A record without a server id is bound to the first server that answers at its address.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct LoginRecord {
    version: u32,
    server: String,
    server_id: Option<String>,
    client: String,
    client_version: String,
    device_name: String,
    device_id: String,
    code: String,
    secret: RecordSecret,
    /// How many codes were renewed before this one.
    renewals: u32,
    /// When the code was handed out, by the wall clock: seconds since the Unix epoch.
    handed_out_at: Option<u64>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    trusted_certificates: Vec<KeptCertificate>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    gateway_headers: Vec<KeptHeader>,
    #[serde(skip)]
    code_age: Option<Duration>,
}

impl LoginRecord {
    pub(crate) fn new(
        engine: &Engine<QuickConnectFlow>,
        code: &Code,
        resumed: Option<&Resumed>,
    ) -> Self {
        let target = engine.target();
        let probed_id = target.info.as_ref().map(|info| info.id.as_str());
        let (server, server_id) = match resumed {
            // What answers there now may be another server.
            Some(resumed) => (&resumed.home, resumed.server_id.as_deref()),
            None => (&target.server, probed_id),
        };
        let device = &target.device;
        Self {
            version: VERSION,
            server: server.as_str().to_owned(),
            server_id: server_id.map(str::to_owned),
            client: device.client().to_owned(),
            client_version: device.version().to_owned(),
            device_name: device.name().to_owned(),
            device_id: device.id().as_str().to_owned(),
            code: code.text.to_string(),
            secret: RecordSecret(code.secret.expose().to_owned()),
            renewals: engine.flow().renewals_used(),
            handed_out_at: None,
            trusted_certificates: target.trusted.to_record(),
            gateway_headers: target.gateway_headers.to_kept(),
            code_age: code.lifetime.age(engine.clock()),
        }
    }

    pub(crate) fn into_engine(mut self) -> Result<Engine<QuickConnectFlow>, RecordError> {
        check_version(self.version, VERSION)?;
        let server = ServerUrl::from_exact(&self.server)?;
        let device =
            device(&self.client, &self.client_version, &self.device_name, &self.device_id)?;
        if !is_code(&self.code) {
            return Err(RecordError::Missing { part: "code" });
        }
        let secret = QuickConnectSecret::try_from(std::mem::take(&mut self.secret.0))
            .map_err(|_| RecordError::Missing { part: "secret" })?;
        let pending = PendingQuickConnect { code: self.code.as_str().into(), secret };
        let clock = Clock::running_for(self.code_age.unwrap_or_default());
        let lifetime = CodeLifetime::of_resumed_code(&clock, self.code_age.is_some());
        let resumed = Resumed {
            code: Code::new(pending, lifetime),
            home: server.clone(),
            server_id: self.server_id.take().map(Into::into),
            probe: Probe::default(),
        };
        let (flow, state) = QuickConnectFlow::resumed(resumed, self.renewals);
        let mut target = Target::new(server, device);
        target.trusted = TrustedCertificates::from_record(&self.trusted_certificates)?;
        target.gateway_headers = GatewayHeaders::of_kept(&self.gateway_headers)?;
        let engine = Engine::new(flow, target, state);
        Ok(engine.for_known_server().with_clock(clock))
    }

    /// Passes in the time, as the time since the Unix epoch: once before the record is kept, and once
    /// before it is resumed. The resumed login then knows how old its code is, so that
    /// [`Wait::code_expires_in`](crate::Wait::code_expires_in) goes on. Without it the age is unknown.
    ///
    /// ```
    /// # use jellyfin_auth::{Login, LoginRecord, RecordError};
    /// use std::time::SystemTime;
    ///
    /// fn resume(kept: LoginRecord) -> Result<Login, RecordError> {
    ///     let now = SystemTime::UNIX_EPOCH.elapsed().unwrap_or_default();
    ///     Login::resume(kept.as_of(now))
    /// }
    /// ```
    #[must_use]
    pub fn as_of(mut self, now: Duration) -> Self {
        match (self.code_age, self.handed_out_at) {
            (Some(age), _) => self.handed_out_at = Some(now.saturating_sub(age).as_secs()),
            (None, Some(at)) => {
                self.code_age = Some(now.saturating_sub(Duration::from_secs(at)));
            }
            (None, None) => {}
        }
        self
    }

    /// The code that waits to be approved.
    #[must_use]
    pub fn code(&self) -> &str {
        &self.code
    }

    /// The server's address.
    #[must_use]
    pub fn server(&self) -> &str {
        &self.server
    }
}
