use serde::Serialize;

use super::Version;

/// What an administrator can set, and where the caller sits.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[expect(clippy::struct_excessive_bools, reason = "an administrator has that many switches")]
pub struct Settings {
    /// The friendly name.
    pub server_name: String,
    /// Scheme, host and port that the server believes to have; no path.
    pub local_address: String,
    /// `""` or `/x`; every other form is normalised as the server does.
    pub base_url: String,
    /// Whether Quick Connect is on (10.8 and newer).
    pub quick_connect: bool,
    /// Quick Connect's state on 10.7.
    pub quick_connect_state: QuickConnectState,
    /// Whether 10.11 and newer read the old carriers; older versions always do.
    pub legacy_authorization: bool,
    /// The notice on the log-in page: Markdown that may hold HTML.
    pub login_disclaimer: Option<String>,
    /// Style sheets of the web client.
    pub custom_css: Option<String>,
    /// Whether there is a splash screen (10.8 and newer).
    pub splashscreen: bool,
    /// Whether `/web` is served.
    pub web_client_hosted: bool,
    /// Whether the set-up wizard was gone through.
    pub wizard_completed: bool,
    /// Whether http is redirected to https.
    pub require_https: bool,
    /// The port of that redirect.
    pub https_port: u16,
    /// Whether the caller's address is one that the server refuses to talk to.
    pub address_blocked: bool,
    /// Whether the caller is outside the local network.
    pub caller_is_remote: bool,
    /// The caller's address, shown in sessions.
    pub caller_address: String,
    /// Whether LAN discovery is on.
    pub auto_discovery: bool,
    /// The server's data folder, shown in forgotten-password answers.
    pub data_path: String,
}

/// Quick Connect on 10.7.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum QuickConnectState {
    /// Off, as a server comes.
    Unavailable,
    /// Any user may activate it.
    Available,
    /// On, for five minutes from its activation.
    Active,
}

impl QuickConnectState {
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Unavailable => "Unavailable",
            Self::Available => "Available",
            Self::Active => "Active",
        }
    }
}

/// How far the server has come with its start.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Phase {
    /// The set-up server answers and knows nothing yet: 503 everywhere. 10.10 and older have none and
    /// are [`Loading`](Self::Loading).
    SetUpServerWaiting,
    /// The set-up server answers and knows the server's name: `/System/Info/Public` is in camelCase.
    /// 10.10 and older have none and are [`Loading`](Self::Loading).
    SetUpServer,
    /// The main server is up and still loading.
    Loading,
    /// Business as usual.
    Ready,
}

impl Settings {
    pub(super) fn new(version: Version) -> Self {
        Self {
            server_name: "nas".to_owned(),
            local_address: "http://192.0.2.7:8096".to_owned(),
            base_url: String::new(),
            quick_connect: true,
            quick_connect_state: QuickConnectState::Unavailable,
            legacy_authorization: version < Version::V12,
            login_disclaimer: None,
            custom_css: None,
            splashscreen: false,
            web_client_hosted: true,
            wizard_completed: true,
            require_https: false,
            https_port: 8920,
            address_blocked: false,
            caller_is_remote: false,
            caller_address: "192.0.2.20".to_owned(),
            auto_discovery: true,
            data_path: "/config/data".to_owned(),
        }
    }

    /// The answer to `/Branding/Configuration`.
    pub(super) fn branding(&self, version: Version) -> impl Serialize {
        #[derive(Serialize)]
        #[serde(rename_all = "PascalCase")]
        struct BrandingOptions {
            #[serde(skip_serializing_if = "Option::is_none")]
            login_disclaimer: Option<String>,
            #[serde(skip_serializing_if = "Option::is_none")]
            custom_css: Option<String>,
            #[serde(skip_serializing_if = "Option::is_none")]
            splashscreen_enabled: Option<bool>,
        }
        BrandingOptions {
            login_disclaimer: self.login_disclaimer.clone(),
            custom_css: self.custom_css.clone(),
            splashscreen_enabled: (version > Version::V10_7).then_some(self.splashscreen),
        }
    }

    /// `""` or `/x`: a slash in front, none behind.
    pub(super) fn base_path(&self) -> String {
        let path = self.base_url.strip_suffix('/').unwrap_or(&self.base_url);
        if path.is_empty() || path.starts_with('/') { path.to_owned() } else { format!("/{path}") }
    }
}
