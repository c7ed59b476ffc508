use http::{Request, Response, Uri};
use jellyfin_auth::Failure;

use super::dice::Dice;
use jellyfin_auth_testkit::answer::{ResponseExt as _, unmarked};

/// What listens at the ports of a host of which only the name is known.
#[derive(Clone, Copy, Debug)]
pub(super) struct Neighbourhood {
    https: Occupant,
    jellyfin_http: Occupant,
    http: Occupant,
    jellyfin_https: Occupant,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Occupant {
    Jellyfin,
    HomePage,
    NotFound,
    Nobody,
    /// Nothing comes back.
    Silence,
    /// A certificate that isn't trusted, or no TLS at all.
    BadTls,
}

/// What a request to such a port meets.
pub(super) enum Encounter {
    Jellyfin,
    Answer(Response<Vec<u8>>),
    None(Failure),
    Silence,
}

impl Neighbourhood {
    pub(super) fn draw(dice: &mut Dice) -> Self {
        let mut draw = |secure| {
            dice.weigh(&[
                (8, Occupant::Jellyfin),
                (2, Occupant::HomePage),
                (1, Occupant::NotFound),
                (6, Occupant::Nobody),
                (2, Occupant::Silence),
                (2, if secure { Occupant::BadTls } else { Occupant::Nobody }),
            ])
        };
        Self {
            https: draw(true),
            jellyfin_http: draw(false),
            http: draw(false),
            jellyfin_https: draw(true),
        }
    }

    pub(super) fn at(self, scheme: &str, port: u16) -> Occupant {
        match (scheme, port) {
            ("https", 443) => self.https,
            ("http", 8096) => self.jellyfin_http,
            ("http", 80) => self.http,
            ("https", 8920) => self.jellyfin_https,
            // That port speaks http.
            ("https", 8096) => Occupant::BadTls,
            _ => Occupant::Nobody,
        }
    }

    pub(super) fn meets(self, request: &Request<Vec<u8>>) -> Encounter {
        match self.at(scheme(request.uri()), port(request.uri())) {
            Occupant::Jellyfin => Encounter::Jellyfin,
            Occupant::HomePage => Encounter::Answer(super::front::home_page()),
            Occupant::NotFound => Encounter::Answer(unmarked(404).with_body(b"not found\n")),
            Occupant::Nobody => Encounter::None(Failure::Unreachable),
            Occupant::Silence => Encounter::Silence,
            Occupant::BadTls => Encounter::None(Failure::Tls),
        }
    }
}

fn scheme(uri: &Uri) -> &str {
    uri.scheme_str().unwrap_or_default()
}

fn port(uri: &Uri) -> u16 {
    uri.port_u16().unwrap_or(if scheme(uri) == "https" { 443 } else { 80 })
}
