/// Why an address was refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ServerUrlError {
    /// There is nothing, or no host in it.
    #[error("the address names no host: type one such as media.example.com or nas:8096")]
    NoHost,
    /// Another scheme than http or https.
    #[error("an address that starts with {scheme}: is no server's: use https:// or http://")]
    #[non_exhaustive]
    Scheme {
        /// The scheme, in lower case.
        scheme: String,
    },
    /// A user name or password in the address.
    #[error(
        "take the user name out of the address (what stands before the @): it would be sent to everyone"
    )]
    UserInfo,
    /// White space or control characters within.
    #[error("the address has blanks or control characters in it: remove them")]
    Blank,
    /// Not a number from 1 to 65535 after the host's colon.
    #[error(
        "what follows the host's colon is no port: use a number up to 65535, and put an IPv6 address in [brackets]"
    )]
    Port,
    /// A host name or address that can't exist.
    #[error(
        "the host's name can't be read: check its spelling, and put an IPv6 address in [brackets]"
    )]
    Host,
    /// Longer than [`ServerUrl::MAX_LENGTH`](crate::ServerUrl::MAX_LENGTH).
    #[error("the address is too long: use what stands before the first page's name")]
    TooLong,
    /// Anything else that can't be read.
    #[error("the address can't be read: type one such as https://media.example.com")]
    Unreadable,
}

impl ServerUrlError {
    pub(super) fn from_parser(error: url::ParseError, typed: &str) -> Self {
        use url::ParseError as Parser;
        match error {
            // `::1`, an IPv6 address without brackets.
            Parser::EmptyHost if typed.contains("://::") => Self::Port,
            Parser::EmptyHost => Self::NoHost,
            Parser::InvalidPort => Self::Port,
            Parser::IdnaError
            | Parser::InvalidIpv4Address
            | Parser::InvalidIpv6Address
            | Parser::InvalidDomainCharacter => Self::Host,
            _ => Self::Unreadable,
        }
    }
}
