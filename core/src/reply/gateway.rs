//! What stands in front of the server, by its answer: the table of the gateway facts, section 3.21. Only
//! answers that aren't marked, and that aren't the success that was looked for, get here.

mod body;
mod headers;
mod location;

use http::HeaderMap;

use super::KnownGateway;
use crate::{Gateway, ServerUrl, endpoint::RequestName};
use location::Location;

/// How much of a body is looked at.
const LOOKED_AT: usize = 64 * 1024;

/// What spoke in place of the server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Front {
    /// It wants to be passed first.
    Gateway(KnownGateway),
    /// Cloudflare let the request through, and can't reach the server.
    CloudflareAlone,
}

/// An answer, as the rules look at it.
struct Answer<'r> {
    request: RequestName,
    status: u16,
    headers: &'r HeaderMap,
    body: &'r [u8],
    /// Where it leads, for the statuses that may lead somewhere.
    location: Option<Location>,
}

/// A rule: what it recognizes, if it does.
type Rule = fn(&Answer<'_>) -> Option<Front>;

/// The first that recognizes something counts.
const RULES: [Rule; 9] = [
    headers::cloudflare,
    headers::of_the_product,
    headers::cookies,
    location::table,
    body::json,
    body::html,
    headers::realm,
    location::nas,
    location::open_id_connect,
];

/// Recognizes what stands in front of `server`, if anything does that is known.
pub(super) fn recognize(
    server: &ServerUrl,
    (request, path): (RequestName, &str),
    (status, headers, body): (u16, &HeaderMap, &[u8]),
) -> Option<Front> {
    let leads_somewhere = matches!(status, 300..=399 | 401 | 403);
    let location = super::headers::location(headers).filter(|_| leads_somewhere);
    let answer = Answer {
        request,
        status,
        headers,
        body: body.get(..LOOKED_AT).unwrap_or(body),
        location: location.and_then(|location| Location::read(server, path, location)),
    };
    RULES.iter().find_map(|rule| rule(&answer))
}

impl Answer<'_> {
    /// It refuses, or leads elsewhere.
    fn is_refusal(&self) -> bool {
        matches!(self.status, 300..=399 | 401 | 403 | 407)
    }

    /// `gateway`, with the page that the answer leads to.
    fn by(&self, gateway: Gateway) -> Front {
        let page = self.location.as_ref().map(Location::shown);
        Front::Gateway(KnownGateway { gateway, page })
    }
}
