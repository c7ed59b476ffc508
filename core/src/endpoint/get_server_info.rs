//! `GET /System/Info/Public`: who the server is (protocol facts, sections 4.1, 8.3 and 8.4).

use serde::Deserialize;

use super::{Body, Definition, Endpoint, RequestName, lenient, request};
use crate::{Device, ServerUrl, reply::NotRead, secret::is_visible_ascii};

/// The product's name of every Jellyfin server.
const JELLYFIN: &str = "Jellyfin Server";

/// The longest version that is taken from a server.
const LONGEST_VERSION: usize = 64;

/// Asks who the server is. Needs no sign-in, and shows the server nothing but the program's name.
///
/// [`read`](Endpoint::read) fails with [`Error::NotJellyfin`](crate::Error::NotJellyfin) when something
/// else answers, [`Error::ServerNotSetUp`](crate::Error::ServerNotSetUp) before the wizard was completed,
/// [`Error::WrongBasePath`](crate::Error::WrongBasePath) when a Jellyfin answers 404, and
/// [`Error::Intercepted`](crate::Error::Intercepted) for any other 4xx.
#[derive(Clone, Copy, Debug)]
pub struct GetServerInfo<'a> {
    /// The server to ask.
    pub server: &'a ServerUrl,
    /// Names the program in the `User-Agent`; nothing else of it is sent.
    pub device: &'a Device,
}

/// Who a server is.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct ServerInfo {
    /// The server's id: 1 to 128 characters that can be seen, 32 hex digits so far.
    pub id: String,
    /// The name that its administrator gave it, if present, [fit to be shown](crate::User::name).
    pub name: Option<String>,
    /// The version, such as `10.11.11`.
    pub version: String,
    /// The product's name, if it is another than `Jellyfin Server`, such as `Emby Server`;
    /// [fit to be shown](crate::User::name).
    pub product: Option<Box<str>>,
}

impl Endpoint for GetServerInfo<'_> {
    type Output = ServerInfo;

    fn request(&self) -> http::Request<Vec<u8>> {
        request::get(self.server, self.device, Self::PATH, None)
    }
}

impl Definition<ServerInfo> for GetServerInfo<'_> {
    const NAME: RequestName = RequestName::GetServerInfo;
    const PATH: &'static str = "/System/Info/Public";

    fn server(&self) -> &ServerUrl {
        self.server
    }

    fn read_success(&self, body: &Body<'_>) -> Result<ServerInfo, NotRead> {
        let info: Option<PublicSystemInfo> = body.object();
        match info {
            Some(info) if info.wizard_is_completed == Some(false) => Err(NotRead::NotSetUp),
            // The set-up server answers so on every start, and never sets the marker.
            Some(info)
                if info.start_up_server == Some(false) && !body.marked && body.status == 200 =>
            {
                Err(NotRead::Starting)
            }
            info => info.and_then(PublicSystemInfo::into_info).ok_or(NotRead::Unreadable),
        }
    }
}

/// `PublicSystemInfo`, as far as it is wanted.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct PublicSystemInfo {
    #[serde(alias = "id", default, deserialize_with = "lenient::id")]
    id: Option<String>,
    #[serde(alias = "version", default, deserialize_with = "lenient::any")]
    version: Option<String>,
    #[serde(alias = "serverName", default, deserialize_with = "lenient::text")]
    server_name: Option<String>,
    #[serde(alias = "productName", default, deserialize_with = "lenient::text")]
    product_name: Option<String>,
    /// The case of a property's name counts here and nowhere else.
    #[serde(rename = "StartupWizardCompleted", default, deserialize_with = "lenient::boolean")]
    wizard_is_completed: Option<bool>,
    #[serde(rename = "startupWizardCompleted", default, deserialize_with = "lenient::boolean")]
    start_up_server: Option<bool>,
}

impl PublicSystemInfo {
    fn into_info(self) -> Option<ServerInfo> {
        let Self { id, version, server_name: name, product_name: product, .. } = self;
        let version = version.filter(|version| is_visible_ascii(version, LONGEST_VERSION))?;
        let product = product.filter(|product| product != JELLYFIN).map(Into::into);
        Some(ServerInfo { id: id?, name, version, product })
    }
}
