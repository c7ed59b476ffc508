//! The shapes of answers (protocol facts, section 0) and the headers that go with them.

use http::{
    HeaderMap, HeaderName, HeaderValue, Response, StatusCode,
    header::{
        ACCEPT, ACCEPT_ENCODING, ACCEPT_RANGES, ACCESS_CONTROL_ALLOW_ORIGIN, ALLOW, CACHE_CONTROL,
        CONTENT_LANGUAGE, CONTENT_LENGTH, CONTENT_TYPE, EXPIRES, LOCATION, ORIGIN, PRAGMA, SERVER,
        TRANSFER_ENCODING, VARY,
    },
};
use serde::{Serialize, Serializer, ser::SerializeMap as _};

use super::{
    Version,
    draw::Draw,
    json::{Casing, to_json},
};

/// What an endpoint answers.
pub(super) enum Answer {
    /// A success with a body that is JSON already.
    Json(Vec<u8>),
    /// What the exception handler writes: plain text that says nothing.
    Text(u16),
    /// A JSON string with an error status.
    Message(u16, &'static str),
    /// Validation failures, by key.
    Validation(Vec<(String, String)>),
    /// A problem report without details: status and title.
    Problem(u16, &'static str),
    /// Neither body nor type.
    Empty(u16),
    /// 405 with the methods that would do.
    NotAllowed(String),
    /// The main server is still loading.
    Loading,
    /// `/health`.
    Health(&'static str),
    /// A page of the web client or of the set-up server.
    Page(u16, &'static str),
    /// A redirect: status and `Location`.
    Redirect(u16, String),
}

impl Answer {
    pub(super) fn validation(errors: impl IntoIterator<Item = (String, String)>) -> Self {
        Self::Validation(errors.into_iter().collect())
    }

    /// A required query parameter or member is missing.
    pub(super) fn missing(name: &str) -> Self {
        Self::validation([(name.to_owned(), format!("The {name} field is required."))])
    }
}

/// What a client asked for in `Accept`.
#[derive(Clone, Copy)]
pub(super) struct Accepted {
    pub(super) casing: Casing,
    content_type: &'static str,
}

impl Accepted {
    const PLAIN: Self =
        Self { casing: Casing::Pascal, content_type: "application/json; charset=utf-8" };
    const PASCAL: Self = Self {
        casing: Casing::Pascal,
        content_type: "application/json; profile=\"PascalCase\"; charset=utf-8",
    };
    const CAMEL: Self = Self {
        casing: Casing::Camel,
        content_type: "application/json; profile=\"CamelCase\"; charset=utf-8",
    };

    /// The first profile named, unless anything at all is acceptable.
    pub(super) fn read(headers: &HeaderMap) -> Self {
        let ranges = headers.get_all(ACCEPT).iter().filter_map(|value| value.to_str().ok());
        let mut found = Self::PLAIN;
        for range in ranges.rev().flat_map(|value| value.rsplit(',')) {
            let mut parts = range.split(';').map(str::trim);
            match parts.next() {
                Some("*/*") => return Self::PLAIN,
                Some(kind) if kind.eq_ignore_ascii_case("application/json") => {}
                _ => continue,
            }
            found = Self::PLAIN;
            for parameter in parts {
                match parameter.split_once('=') {
                    Some((name, value)) if name.trim().eq_ignore_ascii_case("profile") => {
                        found = match value.trim().trim_matches('"') {
                            "CamelCase" => Self::CAMEL,
                            "PascalCase" => Self::PASCAL,
                            _ => Self::PLAIN,
                        };
                    }
                    _ => {}
                }
            }
        }
        found
    }
}

/// An ASP.NET Core problem report. Its keys are lower-case whatever casing was asked for.
struct ProblemReport<'s> {
    version: Version,
    title: &'s str,
    status: u16,
    errors: Option<&'s [(String, String)]>,
    trace: String,
}

struct Errors<'s>(&'s [(String, String)]);

impl Serialize for Errors<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(key, message)| (key, [message])))
    }
}

impl Serialize for ProblemReport<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let kind = match (self.version, self.status) {
            (Version::V10_7, 415) => "https://tools.ietf.org/html/rfc7231#section-6.5.13",
            (Version::V10_7, _) => "https://tools.ietf.org/html/rfc7231#section-6.5.1",
            (_, 415) => "https://tools.ietf.org/html/rfc9110#section-15.5.16",
            _ => "https://tools.ietf.org/html/rfc9110#section-15.5.1",
        };
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("type", kind)?;
        map.serialize_entry("title", self.title)?;
        map.serialize_entry("status", &self.status)?;
        if let Some(errors) = self.errors {
            map.serialize_entry("errors", &Errors(errors))?;
        }
        map.serialize_entry("traceId", &self.trace)?;
        map.end()
    }
}

/// What of a request and a server shapes an answer's headers.
pub(super) struct Frame<'r> {
    pub(super) version: Version,
    pub(super) headers: &'r HeaderMap,
    pub(super) is_head: bool,
    pub(super) accepted: Accepted,
}

const SIGNATURE: HeaderName = HeaderName::from_static("x-response-time-ms");
const TEXT: &str = "Error processing request.";
const LOADING: &str = "Jellyfin Server is loading. Please try again shortly.";

impl Frame<'_> {
    /// An answer of the main server: with its marker, but for redirects to the base URL.
    pub(super) fn answer(&self, answer: Answer, draw: &mut Draw) -> Response<Vec<u8>> {
        let mut response = self.unmarked(answer, draw);
        let headers = response.headers_mut();
        let time = if self.version < Version::V10_9 { "1" } else { "1.2345" };
        headers.insert(SIGNATURE, HeaderValue::from_static(time));
        if self.version >= Version::V12 {
            headers.insert(CONTENT_LANGUAGE, HeaderValue::from_static("en-US"));
        }
        if self.headers.contains_key(ORIGIN) {
            headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
        }
        response
    }

    /// An answer of Kestrel, of the base-URL redirect or of the set-up server.
    pub(super) fn unmarked(&self, mut answer: Answer, draw: &mut Draw) -> Response<Vec<u8>> {
        let (status, kind, body) = self.content(&mut answer, draw);
        let mut response = Response::new(Vec::new());
        *response.status_mut() = StatusCode::from_u16(status).expect("a status has three digits");
        let headers = response.headers_mut();
        headers.insert(SERVER, HeaderValue::from_static("Kestrel"));
        if let Some(kind) = kind {
            headers.insert(CONTENT_TYPE, HeaderValue::from_static(kind));
        }
        match &answer {
            Answer::NotAllowed(methods) => {
                let methods = HeaderValue::from_str(methods).expect("methods are ASCII");
                headers.insert(ALLOW, methods);
            }
            Answer::Redirect(_, location) => {
                let location =
                    HeaderValue::from_str(location).expect("a target came as visible ASCII");
                headers.insert(LOCATION, location);
            }
            Answer::Health(_) => {
                headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store, no-cache"));
                headers.insert(EXPIRES, HeaderValue::from_static("Thu, 01 Jan 1970 00:00:00 GMT"));
                headers.insert(PRAGMA, HeaderValue::from_static("no-cache"));
            }
            Answer::Page(200, _) => {
                headers.insert(ACCEPT_RANGES, HeaderValue::from_static("bytes"));
                if self.version >= Version::V10_11 {
                    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-cache"));
                }
            }
            _ => {}
        }
        self.put_body(&answer, body, &mut response);
        response
    }

    fn put_body(&self, answer: &Answer, body: Vec<u8>, response: &mut Response<Vec<u8>>) {
        let status = response.status();
        let headers = response.headers_mut();
        // Only what the compression layer writes varies; errors of the exception handler are outside it.
        let varies = !body.is_empty() && !matches!(answer, Answer::Text(_));
        let asked = self.headers.get(ACCEPT_ENCODING).is_some_and(|value| !value.is_empty());
        if varies && asked {
            headers.insert(VARY, HeaderValue::from_static("Accept-Encoding"));
        }
        let is_file = matches!(answer, Answer::Page(200, _));
        if self.is_head || status == StatusCode::NO_CONTENT {
            return;
        }
        if body.is_empty() || is_file {
            headers.insert(CONTENT_LENGTH, HeaderValue::from(body.len()));
        } else {
            headers.insert(TRANSFER_ENCODING, HeaderValue::from_static("chunked"));
        }
        *response.body_mut() = body;
    }

    fn content(
        &self,
        answer: &mut Answer,
        draw: &mut Draw,
    ) -> (u16, Option<&'static str>, Vec<u8>) {
        let json = Some(self.accepted.content_type);
        let report = |status, title, errors, draw: &mut Draw| {
            let trace = draw.trace();
            let report = ProblemReport { version: self.version, title, status, errors, trace };
            (status, json, to_json(&report, Casing::Pascal))
        };
        match answer {
            Answer::Json(body) => (200, json, std::mem::take(body)),
            Answer::Text(status) => (*status, Some("text/plain"), TEXT.into()),
            Answer::Message(status, text) => (*status, json, to_json(text, Casing::Pascal)),
            Answer::Validation(errors) => {
                report(400, "One or more validation errors occurred.", Some(errors), draw)
            }
            Answer::Problem(status, title) => report(*status, title, None, draw),
            Answer::Empty(status) | Answer::Redirect(status, _) => (*status, None, Vec::new()),
            Answer::NotAllowed(_) => (405, None, Vec::new()),
            Answer::Loading => (503, Some("text/html"), LOADING.into()),
            Answer::Health(text) => (200, Some("text/plain"), (*text).into()),
            Answer::Page(status, html) => (*status, Some("text/html"), (*html).into()),
        }
    }
}
