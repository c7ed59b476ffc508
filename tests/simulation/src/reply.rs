//! What a reply means by the table, read a second time and without the library.

use http::Response;
use jellyfin_auth::{Failure, RequestName};
use serde_json::Value;

use super::agenda::Outcome;

/// What came of a request.
#[derive(Debug)]
pub(super) struct Reply {
    pub(super) request: RequestName,
    pub(super) meaning: Meaning,
    /// 0 without a response.
    pub(super) status: u16,
    /// The body of a success.
    pub(super) body: Value,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Meaning {
    Success,
    /// These four by the server itself, or by something that looks like it.
    Unauthorized,
    Forbidden,
    NotFound,
    MethodNotAllowed,
    NotImplemented,
    NotSetUp,
    /// To a probe: another address may be asked.
    Elsewhere,
    /// To a probe: a Jellyfin is there, but not at this path.
    WrongPath,
    Starting,
    /// 429: it didn't look.
    TooManyRequests,
    Busy,
    /// Something in front of the server spoke.
    Foreign,
    /// Another failure that is worth a retry.
    Retry,
    Unreachable,
    Interrupted,
    /// What nobody tries again.
    Hopeless,
}

/// The request that goes to `path`.
pub(super) fn request_name(path: &str) -> Option<RequestName> {
    Some(match path.rsplit('/').next()? {
        "Public" => RequestName::GetServerInfo,
        "AuthenticateByName" => RequestName::AuthenticateByName,
        "Enabled" => RequestName::GetQuickConnectEnabled,
        "Initiate" => RequestName::InitiateQuickConnect,
        "Connect" => RequestName::GetQuickConnectState,
        "AuthenticateWithQuickConnect" => RequestName::AuthenticateWithQuickConnect,
        "Authorize" => RequestName::AuthorizeQuickConnect,
        "Me" => RequestName::GetCurrentUser,
        "Logout" => RequestName::LogOut,
        _ => return None,
    })
}

pub(super) fn is_marked(response: &Response<Vec<u8>>) -> bool {
    response.headers().contains_key("x-response-time-ms")
}

impl Reply {
    /// `sets_marker`: a response from this origin was marked.
    pub(super) fn read(request: RequestName, outcome: &Outcome, sets_marker: bool) -> Self {
        match outcome {
            Outcome::None(failure) => {
                Self { request, meaning: of_failure(*failure), status: 0, body: Value::Null }
            }
            Outcome::Response { response, .. } => {
                let body = serde_json::from_slice(response.body()).unwrap_or_default();
                let meaning = of_response(request, response, &body, sets_marker);
                Self { request, meaning, status: response.status().as_u16(), body }
            }
        }
    }
}

fn of_failure(failure: Failure) -> Meaning {
    match failure {
        Failure::Unreachable | Failure::HostNotFound => Meaning::Unreachable,
        Failure::Interrupted => Meaning::Interrupted,
        Failure::Timeout | Failure::Other => Meaning::Retry,
        _ => Meaning::Hopeless,
    }
}

fn of_response(
    request: RequestName,
    response: &Response<Vec<u8>>,
    body: &Value,
    sets_marker: bool,
) -> Meaning {
    let has = |name| response.headers().contains_key(name);
    let (marked, empty) = (is_marked(response), response.body().is_empty());
    let is_probe = request == RequestName::GetServerInfo;
    // A password may have been looked at by whoever stands behind what answers.
    let is_password = request == RequestName::AuthenticateByName;
    let is_foreign = sets_marker && !marked;
    match response.status().as_u16() {
        401 if has("www-authenticate") => Meaning::Hopeless,
        401 | 407 if has("proxy-authenticate") => Meaning::Hopeless,
        300..=399 if is_probe => Meaning::Elsewhere,
        200 | 503 if marked && empty => Meaning::Hopeless,
        503 if marked || has("retry-after") => Meaning::Starting,
        429 => Meaning::TooManyRequests,
        503 => Meaning::Busy,
        502 | 504 | 520..=527 | 530 if !marked && !is_password => Meaning::Busy,
        408 if !marked && !is_password => Meaning::Retry,
        511 if !marked => Meaning::Foreign,
        status @ 200..=299 => match of_success(request, status, marked, body) {
            Meaning::Hopeless if is_foreign => Meaning::Foreign,
            meaning => meaning,
        },
        300..=399 | 400 | 408 | 414 | 431 => Meaning::Hopeless,
        _ if is_foreign => Meaning::Foreign,
        401 => Meaning::Unauthorized,
        403 => Meaning::Forbidden,
        404 if is_probe && marked => Meaning::WrongPath,
        404 => Meaning::NotFound,
        405 => Meaning::MethodNotAllowed,
        501 => Meaning::NotImplemented,
        500..=599 => Meaning::Retry,
        _ => Meaning::Hopeless,
    }
}

/// Whether the body holds what was asked for.
fn of_success(request: RequestName, status: u16, marked: bool, body: &Value) -> Meaning {
    let is_text = |pointer: &str| body.pointer(pointer).is_some_and(Value::is_string);
    let is_there = match request {
        RequestName::GetServerInfo if body["StartupWizardCompleted"] == false => {
            return Meaning::NotSetUp;
        }
        RequestName::GetServerInfo
            if body["startupWizardCompleted"] == false && !marked && status == 200 =>
        {
            return Meaning::Starting;
        }
        RequestName::GetServerInfo => is_text("/Id") && is_text("/Version"),
        RequestName::AuthenticateByName | RequestName::AuthenticateWithQuickConnect => {
            is_text("/AccessToken") && is_text("/User/Id")
        }
        RequestName::GetQuickConnectEnabled => body.is_boolean(),
        RequestName::InitiateQuickConnect => is_text("/Code") && is_text("/Secret"),
        RequestName::GetQuickConnectState => body["Authenticated"].is_boolean(),
        RequestName::AuthorizeQuickConnect => *body == true,
        RequestName::GetCurrentUser => is_text("/Id"),
        RequestName::LogOut if status != 204 && body.is_object() => {
            return Meaning::NotImplemented;
        }
        RequestName::LogOut => status == 204,
        _ => false,
    };
    if is_there { Meaning::Success } else { Meaning::Hopeless }
}
