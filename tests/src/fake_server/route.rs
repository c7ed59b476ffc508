//! Which path is which endpoint, on which version (protocol facts, section 4).

use http::Method;

use super::Version;

/// An endpoint.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Endpoint {
    PublicInfo,
    Ping,
    Health,
    PublicUsers,
    Branding,
    AuthenticateByName,
    AuthenticateWithQuickConnect,
    Me,
    Logout,
    Sessions,
    ForgotPassword,
    ForgotPasswordPin,
    ChangePassword,
    GetUser,
    UpdateUser,
    DeleteUser,
    QuickConnectEnabled,
    QuickConnectStatus,
    Initiate,
    Connect,
    Authorize,
    Activate,
    Available,
    Deauthorize,
    StartupUser,
    StartupComplete,
}

/// Who may call an endpoint.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Guard {
    Open,
    SignedIn,
    Administrator,
    /// Anybody until the wizard is completed, then administrators.
    FirstTimeSetUp,
}

impl Endpoint {
    pub(super) const fn guard(self) -> Guard {
        match self {
            Self::Me
            | Self::Logout
            | Self::Sessions
            | Self::ChangePassword
            | Self::GetUser
            | Self::UpdateUser
            | Self::Authorize
            | Self::Activate
            | Self::Deauthorize => Guard::SignedIn,
            Self::DeleteUser | Self::Available => Guard::Administrator,
            Self::StartupUser | Self::StartupComplete => Guard::FirstTimeSetUp,
            _ => Guard::Open,
        }
    }
}

/// What routing finds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Found {
    /// An endpoint, and the user id in the path if it has one.
    Endpoint(Endpoint, Option<String>),
    /// The path with other methods.
    NotAllowed(String),
    Nothing,
}

/// Routes a path below the base URL; letter case and one trailing slash don't matter.
pub(super) fn find(version: Version, method: &Method, path: &str) -> Found {
    let Some(path) = path.strip_prefix('/') else { return Found::Nothing };
    let path = path.strip_suffix('/').unwrap_or(path).to_ascii_lowercase();
    let mut segments = path.split('/');
    let user_id = match (segments.next(), segments.next()) {
        (Some("users"), Some(id)) => Some(id.to_owned()),
        _ => None,
    };
    let is_user = user_id.as_ref().is_some_and(|id| !id.is_empty()) && segments.next().is_none();
    let shadowed = if is_user { SHADOWS } else { &[] };
    let candidates = || literal(version, &path).iter().chain(shadowed);
    if let Some((_, endpoint)) = candidates().find(|(known, _)| *known == method.as_str()) {
        return Found::Endpoint(*endpoint, user_id);
    }
    let mut methods: Vec<&str> = candidates().map(|(known, _)| *known).collect();
    if methods.is_empty() {
        return Found::Nothing;
    }
    methods.sort_unstable();
    methods.dedup();
    Found::NotAllowed(methods.join(", "))
}

type Methods = &'static [(&'static str, Endpoint)];

/// `/Users/{userId}` matches every path of two segments that nothing else matches.
const SHADOWS: Methods =
    &[("GET", Endpoint::GetUser), ("POST", Endpoint::UpdateUser), ("DELETE", Endpoint::DeleteUser)];

fn literal(version: Version, path: &str) -> Methods {
    use Endpoint as E;
    let is_10_7 = version == Version::V10_7;
    let old_password = version < Version::V10_9;
    match path {
        "system/info/public" => &[("GET", E::PublicInfo)],
        "system/ping" => &[("GET", E::Ping), ("POST", E::Ping)],
        "health" => &[("GET", E::Health)],
        "branding/configuration" => &[("GET", E::Branding)],
        "users/public" => &[("GET", E::PublicUsers)],
        "users/authenticatebyname" => &[("POST", E::AuthenticateByName)],
        "users/authenticatewithquickconnect" => &[("POST", E::AuthenticateWithQuickConnect)],
        "users/me" => &[("GET", E::Me)],
        "sessions/logout" => &[("POST", E::Logout)],
        "sessions" => &[("GET", E::Sessions)],
        "users/forgotpassword" => &[("POST", E::ForgotPassword)],
        "users/forgotpassword/pin" => &[("POST", E::ForgotPasswordPin)],
        "users/password" if !old_password => &[("POST", E::ChangePassword)],
        "quickconnect/enabled" if !is_10_7 => &[("GET", E::QuickConnectEnabled)],
        "quickconnect/status" if is_10_7 => &[("GET", E::QuickConnectStatus)],
        "quickconnect/activate" if is_10_7 => &[("POST", E::Activate)],
        "quickconnect/available" if is_10_7 => &[("POST", E::Available)],
        "quickconnect/deauthorize" if is_10_7 => &[("POST", E::Deauthorize)],
        "quickconnect/initiate" => match version {
            Version::V10_7 | Version::V10_8 => &[("GET", E::Initiate)],
            Version::V12 => &[("POST", E::Initiate)],
            _ => &[("GET", E::Initiate), ("POST", E::Initiate)],
        },
        "quickconnect/connect" => &[("GET", E::Connect)],
        "quickconnect/authorize" => &[("POST", E::Authorize)],
        "startup/user" | "startup/firstuser" => &[("GET", E::StartupUser)],
        "startup/complete" => &[("POST", E::StartupComplete)],
        _ => match path.strip_prefix("users/").and_then(|rest| rest.split_once('/')) {
            // Kept as an alias by 10.9 and newer.
            Some((id, "password")) if !id.is_empty() => &[("POST", E::ChangePassword)],
            _ => &[],
        },
    }
}
