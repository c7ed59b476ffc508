use std::fmt;

use serde::{Deserialize, Serialize};
use zeroize::Zeroize;

use crate::{
    QuickConnectSecret, ServerUrl,
    endpoint::{PendingQuickConnect, is_code},
    flow::{Method, QuickConnect, SignIn},
    session::{RecordError, check_version, device},
};

/// The version that this crate writes.
const VERSION: u32 = 1;

/// A Quick Connect sign-in whose code is waiting to be approved, in the shape in which a program
/// keeps it to go on after a restart ([`Login::resume`](crate::Login::resume)).
///
/// It holds the secret that becomes a token once the code is approved: keep it like a
/// [`SessionRecord`](crate::SessionRecord), and for twenty minutes at most.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Saved {
    version: u32,
    #[serde(default)]
    server: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    server_id: Option<String>,
    #[serde(default)]
    client: String,
    #[serde(default)]
    client_version: String,
    #[serde(default)]
    device_name: String,
    #[serde(default)]
    device_id: String,
    #[serde(default)]
    code: String,
    #[serde(default)]
    secret: String,
    /// How many codes were renewed before this one.
    #[serde(default)]
    renewals: u32,
}

impl Saved {
    /// `None` while no code is alive.
    pub(crate) fn of(sign_in: &SignIn) -> Option<Self> {
        let quick_connect = sign_in.quick_connect()?;
        let pending = quick_connect.pending()?;
        let device = sign_in.device();
        Some(Self {
            version: VERSION,
            server: sign_in.server().as_str().to_owned(),
            server_id: sign_in.server_id().map(str::to_owned),
            client: device.client().to_owned(),
            client_version: device.version().to_owned(),
            device_name: device.name().to_owned(),
            device_id: device.id().as_str().to_owned(),
            code: pending.code.to_string(),
            secret: pending.secret.expose().to_owned(),
            renewals: quick_connect.renewals_used(),
        })
    }

    pub(crate) fn into_sign_in(mut self) -> Result<SignIn, RecordError> {
        check_version(self.version, VERSION)?;
        let server = ServerUrl::from_kept(&self.server)?;
        let device =
            device(&self.client, &self.client_version, &self.device_name, &self.device_id)?;
        if !is_code(&self.code) {
            return Err(RecordError::Missing { part: "code" });
        }
        let secret = QuickConnectSecret::new(std::mem::take(&mut self.secret))
            .ok_or(RecordError::Missing { part: "secret" })?;
        let pending = PendingQuickConnect { code: self.code.as_str().into(), secret };
        let method = Method::QuickConnect(QuickConnect::resumed(pending, self.renewals));
        let mut sign_in = SignIn::new(server, device, method);
        if let Some(id) = &self.server_id {
            sign_in.expect_server(id);
        }
        Ok(sign_in)
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

impl Drop for Saved {
    fn drop(&mut self) {
        self.secret.zeroize();
    }
}

impl fmt::Debug for Saved {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            version,
            server,
            server_id,
            client,
            client_version,
            device_name,
            device_id,
            code,
            secret: _,
            renewals,
        } = self;
        f.debug_struct("Saved")
            .field("version", version)
            .field("server", server)
            .field("server_id", server_id)
            .field("client", client)
            .field("client_version", client_version)
            .field("device_name", device_name)
            .field("device_id", device_id)
            .field("code", code)
            .field("renewals", renewals)
            .finish_non_exhaustive()
    }
}
