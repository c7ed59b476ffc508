//! What gateways answer, form by form, as the gateway facts describe them (`core/docs/gateways.md`).
//! Whatever they keep to themselves has `c4n4ry` in it.
#![allow(dead_code, reason = "each test program uses what it needs")]

mod filters;
mod indistinct;
mod log_ins;

use http::{HeaderName, HeaderValue, Response, StatusCode};

/// The origin of the gateway's own page.
pub(crate) const GATEWAY: &str = "https://auth.example.com";

/// One form of a product's answer.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Form {
    /// The product and what distinguishes the form.
    pub(crate) name: &'static str,
    /// Status, header lines, an empty line, the body.
    text: &'static str,
    /// The error of an anonymous request, as `Debug` shows it, with `SERVER` for the server's address.
    expected: &'static str,
    pub(crate) kind: Kind,
}

/// What an answer is taken for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A gateway, whatever was asked.
    Gateway,
    /// The portal of a NAS, for which only the anonymous request is taken.
    Portal,
    /// No gateway that could be named.
    Other,
}

/// All forms.
pub(crate) fn forms() -> Vec<Form> {
    [log_ins::forms(), filters::forms(), indistinct::forms()].concat()
}

impl Form {
    const fn gateway(name: &'static str, text: &'static str, expected: &'static str) -> Self {
        Self { name, text, expected, kind: Kind::Gateway }
    }

    const fn portal(name: &'static str, text: &'static str, expected: &'static str) -> Self {
        Self { name, text, expected, kind: Kind::Portal }
    }

    const fn other(name: &'static str, text: &'static str, expected: &'static str) -> Self {
        Self { name, text, expected, kind: Kind::Other }
    }

    /// The answer of a server at `server` whose gateway has its page at `gateway`.
    pub(crate) fn answer(&self, gateway: &str) -> Response<Vec<u8>> {
        let text = self.text.replace(GATEWAY, gateway);
        let (head, body) = text.split_once("\n\n").unwrap_or((&text, ""));
        let mut lines = head.lines();
        let status: StatusCode = lines.next().expect("a status").parse().expect("a status");
        let mut response = Response::new(body.as_bytes().to_vec());
        *response.status_mut() = status;
        for line in lines {
            let (name, value) = line.split_once(": ").expect("a header line");
            let name: HeaderName = name.parse().expect("a header's name");
            let value = HeaderValue::from_str(value).expect("a header's value");
            response.headers_mut().append(name, value);
        }
        response
    }

    /// The error that it is.
    pub(crate) fn expected(&self, server: &str, gateway: &str) -> String {
        let host = gateway.split("//").nth(1).expect("a host").split(':').next().expect("a host");
        let expected = self.expected.replace("SERVER", server).replace(GATEWAY, gateway);
        expected.replace("HOST", host)
    }
}
