use http::{Request, Response};

use super::dice::Dice;
use jellyfin_auth_testkit::answer::{ResponseExt as _, unmarked};

/// Where the home page's server lets requests through.
pub(super) const PROXIED: &str = "/jf";

/// What stands between the network and the server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Front {
    Nothing,
    /// It answers in the place of a server that is down.
    Proxy,
    /// The program doesn't see the server's marker.
    HidesTheMarker,
    /// The same over https alone, to which the server redirects.
    HidesTheMarkerOverHttps,
    /// It serves a home page, and passes on what begins with `/jf`.
    HomePage,
}

/// What answers in the server's place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Portal {
    /// A log-in page with status 200.
    Page,
    /// A redirect to one on another host.
    Redirect,
    /// A redirect on the same host.
    RedirectHere,
    /// Redirects of a probe that never end.
    Circle,
    /// A proxy that wants its own log-in.
    Challenge,
    /// What a router of containers answers while one restarts.
    NotFound,
    /// A log-in page with the status of a missing log-in, and no challenge.
    Unauthorized,
    Forbidden,
    EmptyOk,
    /// What a network that wants a log-in of its own should answer.
    NetworkLogIn,
}

impl Front {
    pub(super) fn draw(dice: &mut Dice) -> Self {
        dice.weigh(&[
            (60, Self::Nothing),
            (25, Self::Proxy),
            (9, Self::HidesTheMarker),
            (3, Self::HidesTheMarkerOverHttps),
            (3, Self::HomePage),
        ])
    }
}

impl Portal {
    pub(super) fn draw(dice: &mut Dice) -> Self {
        dice.weigh(&[
            (3, Self::Page),
            (2, Self::Redirect),
            (1, Self::RedirectHere),
            (4, Self::Circle),
            (2, Self::Challenge),
            (2, Self::NotFound),
            (2, Self::Unauthorized),
            (1, Self::Forbidden),
            (1, Self::EmptyOk),
            (1, Self::NetworkLogIn),
        ])
    }

    pub(super) fn answer(self, request: &Request<Vec<u8>>) -> Response<Vec<u8>> {
        const PAGE: &str = "<html><body><form>Log in to this network</form></body></html>";
        let path = request.uri().path();
        match self {
            Self::Page => unmarked(200).with_html(PAGE),
            Self::Redirect => {
                unmarked(302).with_header("location", "http://portal.example/login?then=nas")
            }
            Self::RedirectHere => {
                unmarked(302).with_header("location", &format!("/login?then={path}"))
            }
            Self::Circle => {
                let folder = if path.starts_with("/a/") { "b" } else { "a" };
                let location = format!("/{folder}/System/Info/Public");
                unmarked(302).with_header("location", &location)
            }
            Self::Challenge => unmarked(401)
                .with_html(PAGE)
                .with_header("www-authenticate", "Basic realm=\"home\""),
            Self::NotFound => unmarked(404).with_body(b"404 page not found\n"),
            Self::Unauthorized => unmarked(401).with_html(PAGE),
            Self::Forbidden => unmarked(403).with_html(PAGE),
            Self::EmptyOk => unmarked(200),
            Self::NetworkLogIn => unmarked(511).with_html(PAGE),
        }
    }
}

pub(super) fn home_page() -> Response<Vec<u8>> {
    unmarked(200).with_html("<html><body><h1>Welcome to our home</h1></body></html>")
}

/// What a proxy returns when the server doesn't answer.
pub(super) fn busy(status: u16, retry_after: Option<&str>) -> Response<Vec<u8>> {
    let answer = unmarked(status).with_html("<html><body>Bad day</body></html>");
    match retry_after {
        Some(time) => answer.with_header("retry-after", time),
        None => answer,
    }
}
