//! `GET /System/Info/Public`: who the server is (protocol facts, sections 4.1, 8.3 and 8.4).

use http::{Request, Response};
use serde::de::MapAccess;

use super::{Endpoint, request};
use crate::{
    Device, Error, ServerUrl, Stage,
    answer::Answer,
    json,
    secret::is_visible_ascii,
    user::LONGEST_ID,
    verdict::{Judged, Obstacle, Trouble, Verdict, judge},
};

const PATH: &str = "/System/Info/Public";

/// The longest version that is taken from a server.
const LONGEST_VERSION: usize = 64;

/// Asks who the server is. Needs no sign-in, and tells the server nothing but the program's name.
///
/// [`read`](Endpoint::read) fails with [`Error::NotJellyfin`] when something else answers,
/// [`Error::ServerNotSetUp`] before the wizard was completed, [`Error::ServerStarting`] while the
/// server starts, [`Error::WrongBasePath`] when a Jellyfin says 404, [`Error::Redirected`],
/// [`Error::AddressBlocked`], [`Error::ServerBusy`], [`Error::ServerFault`],
/// [`Error::ProxyAuthentication`] and [`Error::Intercepted`].
#[derive(Clone, Copy, Debug)]
pub struct GetServerInfo<'a> {
    server: &'a ServerUrl,
    device: &'a Device,
}

/// Who a server is.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct ServerInfo {
    /// The server's id: 1 to 128 visible ASCII characters, 32 hex digits so far.
    pub id: String,
    /// The name that its administrator gave it, where it was told. Control characters are replaced.
    pub name: Option<String>,
    /// The version, such as `10.11.11`.
    pub version: String,
}

impl<'a> GetServerInfo<'a> {
    /// `device` names the program in the `User-Agent`.
    #[must_use]
    pub fn new(server: &'a ServerUrl, device: &'a Device) -> Self {
        Self { server, device }
    }
}

impl Endpoint for GetServerInfo<'_> {
    type Output = ServerInfo;

    fn request(&self) -> Request<Vec<u8>> {
        request::get(self.server, self.device, PATH, None)
    }

    fn read<B: AsRef<[u8]>>(&self, response: &Response<B>) -> Result<ServerInfo, Error> {
        match read_probe(self, &Answer::new(response), false)? {
            Probed::Server(info) => Ok(info),
            Probed::OtherPath => Err(Error::WrongBasePath),
        }
    }
}

/// What the probe found.
#[derive(Debug)]
pub(crate) enum Probed {
    Server(ServerInfo),
    /// A Jellyfin that says 404 has another base path.
    OtherPath,
}

/// Reads an answer to the probe; redirects are refused here and followed by the flow.
pub(crate) fn read_probe(
    endpoint: &GetServerInfo<'_>,
    answer: &Answer<'_>,
    signs: bool,
) -> Verdict<Probed> {
    if !answer.is_signed() && answer.status() == 200 {
        // Before "who answered": the set-up server never signs.
        let info: Option<PublicSystemInfo> = json::object(answer.body());
        if info.is_some_and(|info| info.start_up_server) {
            return Err(Obstacle::Again(Trouble::Starting { retry_after: None }));
        }
    }
    judge(endpoint, answer, signs)
}

impl Judged for GetServerInfo<'_> {
    type Output = Probed;

    const STAGE: Stage = Stage::Probe;

    fn target(&self) -> (&ServerUrl, &'static str) {
        (self.server, PATH)
    }

    fn success(&self, answer: &Answer<'_>) -> Option<Probed> {
        let info: PublicSystemInfo = json::object(answer.body())?;
        info.into_info().map(Probed::Server)
    }

    fn own(&self, answer: &Answer<'_>) -> Option<Verdict<Probed>> {
        let verdict = match answer.status() {
            200 => match json::object::<PublicSystemInfo>(answer.body()) {
                Some(info) if info.wizard_is_due => Err(Error::ServerNotSetUp),
                Some(info) => info.into_info().map(Probed::Server).ok_or(Error::NotJellyfin),
                None => Err(Error::NotJellyfin),
            },
            404 if answer.is_signed() => Ok(Probed::OtherPath),
            404 => Err(Error::NotJellyfin),
            status @ 400..=499 => Err(Error::Intercepted { status }),
            _ => return None,
        };
        Some(verdict.map_err(Into::into))
    }
}

/// `PublicSystemInfo`, as far as it is wanted.
#[derive(Default)]
struct PublicSystemInfo {
    id: Option<String>,
    version: Option<String>,
    name: Option<String>,
    /// `StartupWizardCompleted` is false. The letter case counts here and nowhere else: the set-up
    /// server says `startupWizardCompleted:false` on every start.
    wizard_is_due: bool,
    /// `startupWizardCompleted` is false.
    start_up_server: bool,
}

impl json::Object for PublicSystemInfo {
    fn property<'de, A: MapAccess<'de>>(
        &mut self,
        name: &str,
        values: &mut A,
    ) -> Result<bool, A::Error> {
        match name {
            "StartupWizardCompleted" => is_false(&mut self.wizard_is_due, values),
            "startupWizardCompleted" => is_false(&mut self.start_up_server, values),
            _ if json::is(name, "Id") => json::needed_or_null(&mut self.id, values),
            _ if json::is(name, "Version") => json::needed_or_null(&mut self.version, values),
            _ if json::is(name, "ServerName") => json::optional(&mut self.name, values),
            _ => Ok(false),
        }
    }
}

fn is_false<'de, A: MapAccess<'de>>(place: &mut bool, values: &mut A) -> Result<bool, A::Error> {
    let mut completed = None;
    json::optional(&mut completed, values)?;
    *place |= completed == Some(false);
    Ok(true)
}

impl PublicSystemInfo {
    fn into_info(self) -> Option<ServerInfo> {
        let id = self.id.filter(|id| is_visible_ascii(id, LONGEST_ID))?;
        let version = self.version.filter(|version| is_visible_ascii(version, LONGEST_VERSION))?;
        Some(ServerInfo { id, name: self.name, version })
    }
}
