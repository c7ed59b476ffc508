use http::{HeaderName, header};

use crate::ServerUrl;

/// What belongs to the connection or to the body.
const CONNECTION: [HeaderName; 7] = [
    header::CONNECTION,
    header::EXPECT,
    header::HOST,
    header::TE,
    header::TRAILER,
    header::TRANSFER_ENCODING,
    header::UPGRADE,
];
const CONNECTION_NAMES: [&str; 3] = ["keep-alive", "proxy-connection", "http2-settings"];

/// What would change the meaning of an answer.
const REQUEST: [HeaderName; 8] = [
    header::ACCEPT,
    header::ACCEPT_ENCODING,
    header::IF_MATCH,
    header::IF_MODIFIED_SINCE,
    header::IF_NONE_MATCH,
    header::IF_UNMODIFIED_SINCE,
    header::RANGE,
    header::USER_AGENT,
];

/// Older carriers of a token and a device: a server would take them for the sign-in's own.
const TOKEN_PREFIXES: [&str; 2] = ["x-emby-", "x-mediabrowser-"];

/// Why a header for a gateway was refused. It never holds the header's value.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum GatewayHeaderError {
    /// No name of an HTTP header.
    #[error("that can't be the name of an HTTP header: use letters, digits and dashes")]
    BadName,
    /// Empty, longer than 8192 bytes, or with characters that no header may have.
    #[error(
        "the header {name} has no usable value: give 1 to 8192 visible ASCII characters, on one line"
    )]
    #[non_exhaustive]
    BadValue {
        /// The header's name.
        name: String,
    },
    /// `Authorization`: Jellyfin reads the sign-in there. A gateway that wants it for itself, such as a
    /// Basic log-in, can't be passed by a sign-in on current servers (gateway facts, section 2).
    #[error(
        "the header Authorization carries Jellyfin's own sign-in, and can't be given to a gateway \
         as well: let the gateway take a header of its own or a cookie, or have its administrator let \
         this server's address through"
    )]
    Authorization,
    /// `Proxy-Authorization` for an http address: the next proxy on the way would take it for itself.
    #[error(
        "the header Proxy-Authorization is sent over https alone, since any proxy on the way would \
         take it for itself: give it for an address that begins with https://"
    )]
    ProxyAuthorization,
    /// An older header for tokens and devices, `X-Emby-…` or `X-MediaBrowser-…`.
    #[error(
        "the header {name} would be taken for a sign-in by the server: leave it out, the sign-in sends \
         its own"
    )]
    #[non_exhaustive]
    TokenHeader {
        /// The header's name.
        name: String,
    },
    /// A header of the connection or of the body, such as `Host` or `Content-Length`.
    #[error("the header {name} belongs to the connection, which sets it itself: leave it out")]
    #[non_exhaustive]
    ConnectionHeader {
        /// The header's name.
        name: String,
    },
    /// A header that would change what is answered, such as `Accept`.
    #[error("the header {name} belongs to the request, which sets it itself: leave it out")]
    #[non_exhaustive]
    RequestHeader {
        /// The header's name.
        name: String,
    },
}

impl GatewayHeaderError {
    /// Why a header of this name can't be given for `server`, if it can't.
    pub(super) fn of_name(header: &HeaderName, server: &ServerUrl) -> Option<Self> {
        let name = header.as_str();
        if *header == header::AUTHORIZATION {
            Some(Self::Authorization)
        } else if *header == header::PROXY_AUTHORIZATION && !server.is_encrypted() {
            Some(Self::ProxyAuthorization)
        } else if TOKEN_PREFIXES.iter().any(|prefix| name.starts_with(prefix)) {
            Some(Self::TokenHeader { name: name.to_owned() })
        } else if CONNECTION.contains(header)
            || CONNECTION_NAMES.contains(&name)
            || name.starts_with("content-")
        {
            Some(Self::ConnectionHeader { name: name.to_owned() })
        } else if REQUEST.contains(header) {
            Some(Self::RequestHeader { name: name.to_owned() })
        } else {
            None
        }
    }
}
