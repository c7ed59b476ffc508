use std::fmt;

/// What stands in front of a server and answers in its place, by the marks of its make (gateway facts,
/// section 3). Its `Display` is the product's name.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Gateway {
    /// [Authelia](https://www.authelia.com).
    Authelia,
    /// [Authentik](https://goauthentik.io).
    Authentik,
    /// Cloudflare Access (Zero Trust).
    CloudflareAccess,
    /// Keycloak gatekeeper, and its successor gogatekeeper.
    Gatekeeper,
    /// Apache with `mod_auth_openidc`.
    ModAuthOpenidc,
    /// [OAuth2 Proxy](https://oauth2-proxy.github.io/oauth2-proxy/).
    OAuth2Proxy,
    /// [Pangolin](https://digpangolin.com).
    Pangolin,
    /// [Pomerium](https://www.pomerium.com).
    Pomerium,
    /// [Tinyauth](https://tinyauth.app).
    Tinyauth,
    /// `traefik-forward-auth`.
    TraefikForwardAuth,
    /// Vouch Proxy.
    Vouch,
    /// [Zoraxy](https://zoraxy.aroz.org) with its single sign-on.
    Zoraxy,
    /// A log-in by OIDC (OAuth 2) of an unknown make.
    #[non_exhaustive]
    Unknown {
        /// The host of its page.
        host: Box<str>,
    },

    /// [Anubis](https://anubis.techaro.lol), which wants proof of work of browsers.
    Anubis,
    /// Cloudflare's challenge for bots.
    CloudflareChallenge,
    /// A [CrowdSec](https://www.crowdsec.net) bouncer: it goes by the network address.
    CrowdSec,
    /// go-away, which wants proof of work of browsers.
    GoAway,

    /// The portal of a QNAP NAS: no gateway, but the NAS itself.
    Qnap,
    /// The portal of a Synology NAS: no gateway, but the NAS itself.
    Synology,
}

/// What kind of [`Gateway`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum GatewayKind {
    /// It wants its own log-in.
    LogIn,
    /// It takes the program for a bot, or its network for a bad one.
    BotFilter,
    /// It is the page of the NAS that the server runs on: the address is wrong.
    NasPortal,
}

impl Gateway {
    /// What kind it is.
    #[must_use]
    pub fn kind(&self) -> GatewayKind {
        match self {
            Self::Anubis | Self::CloudflareChallenge | Self::CrowdSec | Self::GoAway => {
                GatewayKind::BotFilter
            }
            Self::Qnap | Self::Synology => GatewayKind::NasPortal,
            _ => GatewayKind::LogIn,
        }
    }

    /// What lets a program through, as one sentence for the user, without its full stop.
    #[must_use]
    pub fn how_to_pass(&self) -> &'static str {
        match self {
            Self::Authelia => {
                "let its administrator give this server's address the policy `bypass`, or the strategy \
                 HeaderProxyAuthorization, and send Proxy-Authorization"
            }
            Self::Authentik => {
                "send its session cookie, or let its administrator add the server's paths to the \
                 provider's Unauthenticated Paths"
            }
            Self::CloudflareAccess => {
                "send the headers of a service token that its policy lets in (action Service Auth)"
            }
            Self::Gatekeeper => {
                "let its administrator allow this server's address without a log-in: it takes no cookie \
                 beside Jellyfin's Authorization"
            }
            Self::OAuth2Proxy => {
                "send its session cookie, or let its administrator add this server to skip_auth_routes"
            }
            Self::Pangolin => "send the headers of an access token of this resource",
            Self::Pomerium => {
                "send a token from its /.pomerium/api/v1/login, or its session cookie"
            }
            Self::ModAuthOpenidc
            | Self::Tinyauth
            | Self::TraefikForwardAuth
            | Self::Vouch
            | Self::Zoraxy => {
                "send the cookie of a browser that is logged in there, or let its administrator allow \
                 this server's address without a log-in"
            }
            Self::Unknown { .. } => {
                "ask its administrator for a header or a cookie that lets programs through, or for a \
                 rule that lets this server's address through"
            }
            Self::Anubis => "let its administrator add an ALLOW rule for this server's address",
            Self::CloudflareChallenge => {
                "let its administrator add a rule that skips the challenge for this server's address"
            }
            Self::CrowdSec => {
                "let its administrator lift the ban on your network's address, which repeated failures \
                 cause"
            }
            Self::GoAway => "let its administrator allow this server's address without a challenge",
            Self::Qnap | Self::Synology => "add Jellyfin's own port to the address: 8096 as a rule",
        }
    }

    /// The header lines that let a program through, with `…` in place of each secret, for
    /// [`GatewayHeaders`](crate::GatewayHeaders). All of them are needed. Empty where nothing that is sent
    /// helps, or where it isn't known.
    #[must_use]
    pub fn header_lines(&self) -> &'static [&'static str] {
        match self {
            Self::Authelia => &["Proxy-Authorization: Basic …"],
            Self::Authentik => &["Cookie: authentik_proxy_…=…"],
            Self::CloudflareAccess => &["CF-Access-Client-Id: …", "CF-Access-Client-Secret: …"],
            Self::ModAuthOpenidc => &["Cookie: mod_auth_openidc_session=…"],
            Self::OAuth2Proxy => &["Cookie: _oauth2_proxy=…"],
            Self::Pangolin => &["P-Access-Token-Id: …", "P-Access-Token: …"],
            Self::Pomerium => &["X-Pomerium-Authorization: …"],
            Self::Tinyauth => &["Cookie: tinyauth-session-…=…"],
            Self::TraefikForwardAuth => &["Cookie: _forward_auth=…"],
            Self::Vouch => &["Cookie: VouchCookie=…"],
            Self::Anubis => &["Cookie: techaro.lol-anubis-auth=…"],
            _ => &[],
        }
    }

    /// What is the matter, for an error.
    pub(crate) fn complaint(&self) -> String {
        match self.kind() {
            GatewayKind::LogIn => format!("in front of the server, {self} wants its own log-in"),
            GatewayKind::BotFilter => {
                format!("in front of the server, {self} takes this program for a bot")
            }
            GatewayKind::NasPortal => {
                format!("{self} itself answers at this address, not Jellyfin")
            }
        }
    }
}

impl fmt::Display for Gateway {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Authelia => "Authelia",
            Self::Authentik => "Authentik",
            Self::CloudflareAccess => "Cloudflare Access",
            Self::Gatekeeper => "Keycloak gatekeeper",
            Self::ModAuthOpenidc => "Apache's mod_auth_openidc",
            Self::OAuth2Proxy => "OAuth2 Proxy",
            Self::Pangolin => "Pangolin",
            Self::Pomerium => "Pomerium",
            Self::Tinyauth => "Tinyauth",
            Self::TraefikForwardAuth => "traefik-forward-auth",
            Self::Vouch => "Vouch Proxy",
            Self::Zoraxy => "Zoraxy",
            Self::Unknown { host } => return write!(f, "an OpenID Connect log-in at {host}"),
            Self::Anubis => "Anubis",
            Self::CloudflareChallenge => "Cloudflare's bot challenge",
            Self::CrowdSec => "CrowdSec",
            Self::GoAway => "go-away",
            Self::Qnap => "the QNAP NAS",
            Self::Synology => "the Synology NAS",
        })
    }
}
