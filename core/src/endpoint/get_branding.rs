//! `GET /Branding/Configuration`: what the administrator shows on the log-in page (protocol facts, section
//! 4.12).

use serde::Deserialize;

use super::{Body, Definition, Endpoint, RequestName, lenient, request};
use crate::{Device, ServerUrl, reply::NotRead};

/// Asks what the administrator shows on the log-in page. Needs no sign-in. Links to a single sign-on stand in
/// the disclaimer (gateway facts, section 4.2).
#[derive(Clone, Copy, Debug)]
pub struct GetBranding<'a> {
    /// The server to ask.
    pub server: &'a ServerUrl,
    /// The program and device that ask.
    pub device: &'a Device,
}

/// What the administrator shows on the log-in page.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Branding {
    /// The notice beside the log-in: Markdown that may hold HTML, as the administrator or a plugin wrote it;
    /// `None` when there is none. It is up to 1 MiB of text from outside: show it as text, or clean it first
    /// as you would a foreign page.
    pub login_disclaimer: Option<String>,
    /// Style sheets of the web client; `None` when there are none.
    pub custom_css: Option<String>,
    /// Whether the server shows a splash screen (`/Branding/Splashscreen`). `None` on 10.7.
    pub splashscreen_enabled: Option<bool>,
}

impl Endpoint for GetBranding<'_> {
    type Output = Branding;

    fn request(&self) -> http::Request<Vec<u8>> {
        request::get(self.server, self.device, Self::PATH, Some(self.device.authorization()))
    }
}

impl Definition<Branding> for GetBranding<'_> {
    const NAME: RequestName = RequestName::GetBranding;
    const PATH: &'static str = "/Branding/Configuration";

    fn server(&self) -> &ServerUrl {
        self.server
    }

    fn read_success(&self, body: &Body<'_>) -> Result<Branding, NotRead> {
        let branding: Option<BrandingOptions> = body.object();
        branding.map(BrandingOptions::into_branding).ok_or(NotRead::Unreadable)
    }
}

/// `BrandingOptionsDto`.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct BrandingOptions {
    #[serde(alias = "loginDisclaimer", default, deserialize_with = "lenient::any")]
    login_disclaimer: Option<String>,
    #[serde(alias = "customCss", default, deserialize_with = "lenient::any")]
    custom_css: Option<String>,
    #[serde(alias = "splashscreenEnabled", default, deserialize_with = "lenient::boolean")]
    splashscreen_enabled: Option<bool>,
}

impl BrandingOptions {
    fn into_branding(self) -> Branding {
        let given = |text: Option<String>| text.filter(|text| !text.trim().is_empty());
        Branding {
            login_disclaimer: given(self.login_disclaimer),
            custom_css: given(self.custom_css),
            splashscreen_enabled: self.splashscreen_enabled,
        }
    }
}
