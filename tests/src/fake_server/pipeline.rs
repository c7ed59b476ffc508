//! The way of a request through the server, in the order that decides which error wins (protocol facts,
//! section 8.2).

use std::time::Duration;

use http::{
    HeaderValue, Method, Request, Response, Uri,
    header::{
        ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_REQUEST_HEADERS,
        ACCESS_CONTROL_REQUEST_METHOD, CONNECTION, CONTENT_LANGUAGE, HOST, ORIGIN,
    },
};
use serde::Serialize;

use super::{
    FakeServer, Phase, Version,
    answer::{Accepted, Answer, Frame},
    authorization::url_decode,
    identity::{Caller, Identity, Presented},
    json::to_json,
    moment::Moment,
    query::Query,
    redirect::Rebased,
    route::{Endpoint, Found, Guard, find},
};

/// Kestrel's limits.
const MAX_REQUEST_LINE: usize = 8 * 1024;
const MAX_HEADERS: usize = 32 * 1024;
const MAX_HEADER_COUNT: usize = 100;

const WEB_CLIENT: &str =
    "<!DOCTYPE html><html><head><title>Jellyfin</title></head><body></body></html>\n";

/// A request that has got as far as an endpoint.
pub(super) struct Call<'r> {
    pub(super) now: Moment,
    pub(super) request: &'r Request<Vec<u8>>,
    pub(super) query: Query,
    /// The user id that the path names.
    pub(super) path_user: Option<String>,
    pub(super) presented: Presented,
    accepted: Accepted,
}

impl Call<'_> {
    pub(super) fn json(&self, value: &impl Serialize) -> Answer {
        Answer::Json(to_json(value, self.accepted.casing))
    }

    pub(super) const fn identity(&self) -> &Identity {
        &self.presented.identity
    }
}

impl FakeServer {
    /// Answers a request that arrives `now`, counted from the server's beginning. Whether anything
    /// listens at all, and whether a connection breaks, is the network's business.
    pub fn handle(&mut self, now: Duration, request: &Request<Vec<u8>>) -> Response<Vec<u8>> {
        let frame = Frame {
            version: self.version,
            headers: request.headers(),
            is_head: request.method() == Method::HEAD,
            accepted: Accepted::read(request.headers()),
        };
        if let Some(status) = refusal_of_kestrel(request) {
            let mut response = frame.unmarked(Answer::Empty(status), &mut self.draw);
            response.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
            return response;
        }
        let path = decoded_path(request.uri());
        if matches!(self.phase(), Phase::SetUpServer | Phase::SetUpServerWaiting) {
            return self.set_up_answer(&path, &frame);
        }
        let path = match self.rebase(&path) {
            Rebased::Path(path) => path,
            Rebased::Redirect(answer) => return frame.unmarked(answer, &mut self.draw),
            Rebased::Beside => return frame.unmarked(Answer::Empty(404), &mut self.draw),
        };
        if is_preflight(request) {
            return self.preflight(request, &frame);
        }
        let answer = self.answer(Moment::at(now), request, &path, frame.accepted);
        frame.answer(answer, &mut self.draw)
    }

    /// Any method and any header are fine with any origin.
    fn preflight(&mut self, request: &Request<Vec<u8>>, frame: &Frame<'_>) -> Response<Vec<u8>> {
        let mut response = frame.answer(Answer::Empty(204), &mut self.draw);
        let headers = response.headers_mut();
        for (asked, allowed) in [
            (ACCESS_CONTROL_REQUEST_METHOD, ACCESS_CONTROL_ALLOW_METHODS),
            (ACCESS_CONTROL_REQUEST_HEADERS, ACCESS_CONTROL_ALLOW_HEADERS),
        ] {
            if let Some(value) = request.headers().get(asked) {
                headers.insert(allowed, value.clone());
            }
        }
        // It is answered before the culture is known.
        headers.remove(CONTENT_LANGUAGE);
        response
    }

    fn answer(
        &mut self,
        now: Moment,
        request: &Request<Vec<u8>>,
        path: &str,
        accepted: Accepted,
    ) -> Answer {
        let host = request.headers().get(HOST).and_then(|host| host.to_str().ok());
        let host = host.or_else(|| request.uri().authority().map(http::uri::Authority::as_str));
        if self.settings.require_https && request.uri().scheme_str() != Some("https") {
            return self.secure_address(host.unwrap_or("localhost"), request.uri());
        }
        let path = if self.version < Version::V12 { without_old_prefix(path) } else { path };
        if let Some(answer) = self.web_client(request.method(), path, host) {
            return answer;
        }
        let query = Query::parse(request.uri().query().unwrap_or_default());
        let presented = self.identify(now, request, &query);
        let query = if self.version > Version::V10_7 { query.unwrapped() } else { query };
        let found = find(self.version, request.method(), path);
        if let Found::Endpoint(endpoint, _) = &found {
            if let Some(status) = self.refuses(endpoint.guard(), presented.caller) {
                return Answer::Empty(status);
            }
        }
        if self.settings.address_blocked {
            return Answer::Empty(if self.version < Version::V10_9 { 200 } else { 503 });
        }
        if self.phase == Phase::Loading && !self.is_up_before_the_rest(path, &found) {
            return Answer::Loading;
        }
        match found {
            Found::Nothing => Answer::Empty(404),
            Found::NotAllowed(methods) => Answer::NotAllowed(methods),
            Found::Endpoint(endpoint, path_user) => {
                let call = Call { now, request, query, path_user, presented, accepted };
                self.call(endpoint, &call).unwrap_or_else(|answer| answer)
            }
        }
    }

    /// What is answered while the server loads: a ping, and on 10.10 a password.
    fn is_up_before_the_rest(&self, path: &str, found: &Found) -> bool {
        let is_password = matches!(found, Found::Endpoint(Endpoint::AuthenticateByName, _));
        path.eq_ignore_ascii_case("/System/Ping") || is_password && self.version == Version::V10_10
    }

    /// 401 for who isn't known, 403 for who may not now; neither says more.
    fn refuses(&self, guard: Guard, caller: Caller) -> Option<u16> {
        match guard {
            Guard::Open => return None,
            Guard::FirstTimeSetUp if !self.settings.wizard_completed => return None,
            _ => {}
        }
        let user = match caller {
            Caller::Nobody => return Some(401),
            Caller::ApiKey => return None,
            Caller::User(at) => &self.users[at].settings,
        };
        let is_too_far = self.settings.caller_is_remote && !user.remote_access;
        let is_too_late = user.schedule_closed && !user.is_administrator;
        let is_too_low = guard != Guard::SignedIn && !user.is_administrator;
        (is_too_far || is_too_late || is_too_low).then_some(403)
    }

    /// Static files come before everything that knows users.
    fn web_client(&self, method: &Method, path: &str, host: Option<&str>) -> Option<Answer> {
        if !matches!(*method, Method::GET | Method::HEAD) {
            return None;
        }
        let path = path.to_ascii_lowercase();
        if path == "/api-docs/swagger" {
            return Some(Answer::Redirect(301, "swagger/index.html".to_owned()));
        }
        let knows_folders = self.version >= Version::V10_9;
        match path.as_str() {
            _ if !self.settings.web_client_hosted => None,
            "/web" if knows_folders => {
                let base = self.settings.base_path();
                let host = host.unwrap_or("localhost");
                Some(Answer::Redirect(301, format!("http://{host}{base}/web/")))
            }
            "/web/" if knows_folders => Some(Answer::Page(200, WEB_CLIENT)),
            "/web/index.html" => Some(Answer::Page(200, WEB_CLIENT)),
            _ => None,
        }
    }

    fn call(&mut self, endpoint: Endpoint, call: &Call<'_>) -> Result<Answer, Answer> {
        match endpoint {
            Endpoint::PublicInfo => Ok(Answer::Json(self.public_info(call.accepted.casing))),
            Endpoint::Ping => Ok(call.json(&"Jellyfin Server")),
            Endpoint::Health => Ok(Answer::Health("Healthy")),
            Endpoint::Branding => Ok(call.json(&self.settings.branding(self.version))),
            Endpoint::PublicUsers => Ok(self.public_users(call)),
            Endpoint::AuthenticateByName => self.authenticate_by_name(call),
            Endpoint::AuthenticateWithQuickConnect => self.authenticate_with_quick_connect(call),
            Endpoint::Me => self.me(call),
            Endpoint::Logout => Ok(self.logout(call)),
            Endpoint::Sessions => Ok(self.visible_sessions(call)),
            Endpoint::ForgotPassword => self.forgot_password(call),
            Endpoint::ForgotPasswordPin => self.redeem_pin(call),
            Endpoint::ChangePassword => self.change_password(call),
            Endpoint::GetUser => self.get_user(call),
            Endpoint::UpdateUser => self.update_user(call),
            Endpoint::DeleteUser => self.remove_user(call),
            Endpoint::QuickConnectEnabled => Ok(call.json(&self.settings.quick_connect)),
            Endpoint::QuickConnectStatus => Ok(self.quick_connect_status(call)),
            Endpoint::Initiate => self.initiate(call),
            Endpoint::Connect => self.connect(call),
            Endpoint::Authorize => self.authorize(call),
            Endpoint::Activate => Ok(self.activate(call)),
            Endpoint::Available => Ok(self.make_available(call)),
            Endpoint::Deauthorize => Ok(self.deauthorize(call)),
            Endpoint::StartupUser => Ok(self.startup_user(call)),
            Endpoint::StartupComplete => {
                self.settings.wizard_completed = true;
                Ok(Answer::Empty(204))
            }
        }
    }
}

/// What Kestrel refuses before Jellyfin sees anything.
fn refusal_of_kestrel(request: &Request<Vec<u8>>) -> Option<u16> {
    let uri = request.uri();
    let target = uri.path_and_query().map_or("/", |target| target.as_str());
    let line = request.method().as_str().len() + target.len() + " HTTP/1.1\r\n".len() + 1;
    if line > MAX_REQUEST_LINE {
        return Some(414);
    }
    let headers = request.headers();
    let size: usize = headers
        .iter()
        .map(|(name, value)| name.as_str().len() + value.len() + ": \r\n".len())
        .sum();
    if size > MAX_HEADERS || headers.len() > MAX_HEADER_COUNT {
        return Some(431);
    }
    let is_text = headers.values().all(|value| std::str::from_utf8(value.as_bytes()).is_ok());
    (!is_text || !target.is_ascii()).then_some(400)
}

/// Escapes in a path are undone, and `+` is no escape there.
fn decoded_path(uri: &Uri) -> String {
    let path = uri.path();
    if path.contains('%') { url_decode(&path.replace('+', "%2B")) } else { path.to_owned() }
}

fn is_preflight(request: &Request<Vec<u8>>) -> bool {
    let headers = request.headers();
    request.method() == Method::OPTIONS
        && headers.contains_key(ORIGIN)
        && headers.contains_key(ACCESS_CONTROL_REQUEST_METHOD)
}

/// 10.11 and older serve everything below `/emby` and `/mediabrowser` too.
fn without_old_prefix(path: &str) -> &str {
    for prefix in ["/emby", "/mediabrowser"] {
        if let (Some(start), Some(rest)) = (path.get(..prefix.len()), path.get(prefix.len()..)) {
            if start.eq_ignore_ascii_case(prefix) && rest.starts_with('/') {
                return rest;
            }
        }
    }
    path
}
