use std::{fmt, time::Duration};

use crate::{
    Attempt, Error, Failure, ServerInfo, ServerUrl,
    flow::{Located, ProbeFlow},
    search::{Outcome, Rank},
};

/// What a search found.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Found {
    servers: Vec<Server>,
    tried: Vec<Attempt>,
}

impl Found {
    /// The servers that answered, the best first. Never empty.
    #[must_use]
    pub fn servers(&self) -> &[Server] {
        &self.servers
    }

    /// The best of [`servers`](Self::servers).
    #[must_use]
    pub fn into_best(mut self) -> Server {
        self.servers.swap_remove(0)
    }

    /// What came of the other addresses that were asked, the most telling first.
    #[must_use]
    pub fn tried(&self) -> &[Attempt] {
        &self.tried
    }

    /// Reads off what came of the candidates; `is_guess` when the user didn't type their scheme.
    pub(super) fn of(outcomes: Vec<Outcome<ProbeFlow>>, is_guess: bool) -> Result<Self, Error> {
        let mut located: Vec<(Rank, Located, Duration)> = Vec::new();
        let mut tried = Vec::new();
        for outcome in outcomes {
            let (rank, response_time) = (outcome.rank, outcome.end.response_time);
            match outcome.into_attempt() {
                Ok((_, found)) => located.extend(rank.map(|rank| (rank, found, response_time))),
                Err(attempt) => tried.push(attempt),
            }
        }
        located.sort_by_key(|(rank, ..)| *rank);
        Attempt::sort(&mut tried);
        let no_https = is_guess.then(|| NoHttps::of(&located, &tried));
        let mut servers: Vec<Server> = Vec::new();
        for (_, Located { url, info }, response_time) in located {
            // Two candidates may have led to one address.
            if servers.iter().all(|known| known.url != url) {
                let no_https = no_https.filter(|_| !url.is_encrypted());
                servers.push(Server { url, info, response_time, no_https });
            }
        }
        if servers.is_empty() {
            Err(Error::NoServer { tried })
        } else {
            Ok(Self { servers, tried })
        }
    }
}

/// A server that was found.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Server {
    url: ServerUrl,
    info: ServerInfo,
    response_time: Duration,
    /// Why it is to be reached without encryption alone, where nobody asked for that.
    no_https: Option<NoHttps>,
}

impl Server {
    /// Where it is, for a sign-in.
    ///
    /// # Errors
    ///
    /// [`Unencrypted`] when the address is a guess and goes over http: whoever is on the way could
    /// read the password. Show it to the user, who may [`accept`](Unencrypted::accept) it. An `http://`
    /// that was typed is taken as typed.
    pub fn url(&self) -> Result<ServerUrl, Unencrypted> {
        match self.no_https {
            None => Ok(self.url.clone()),
            Some(no_https) => Err(Unencrypted { url: self.url.clone(), no_https }),
        }
    }

    /// Where it is, to be shown.
    #[must_use]
    pub fn address(&self) -> &str {
        self.url.as_str()
    }

    /// Who it is.
    #[must_use]
    pub fn info(&self) -> &ServerInfo {
        &self.info
    }

    /// From the first request for it to its last response, redirects included.
    #[must_use]
    pub fn response_time(&self) -> Duration {
        self.response_time
    }
}

/// The address without encryption that a search had to guess. Nothing secret should go there before the
/// user has agreed.
#[derive(Clone, Debug, PartialEq, Eq, Hash, thiserror::Error)]
#[error("{url} is not encrypted, so that others on the network can read what is sent: {no_https}")]
pub struct Unencrypted {
    url: ServerUrl,
    no_https: NoHttps,
}

impl Unencrypted {
    /// The address, to be shown.
    #[must_use]
    pub fn address(&self) -> &str {
        self.url.as_str()
    }

    /// Why there is no https.
    #[must_use]
    pub fn reason(&self) -> NoHttps {
        self.no_https
    }

    /// The user has agreed that the password, the code and the access token go over http.
    #[must_use]
    pub fn accept(self) -> ServerUrl {
        self.url
    }
}

/// Why a server is to be reached over http alone: of the outcomes of several https addresses, the last in
/// this order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum NoHttps {
    /// No https address was among those that were asked, as on a local network where the server
    /// announces http.
    NotTried,
    /// Nothing answered over https. On a network that isn't your own, somebody may be keeping it from
    /// answering.
    Unavailable,
    /// Something else than a Jellyfin server answered over https, such as a proxy that can't reach
    /// the server.
    OtherService,
    /// Something answered over https, and wants a client certificate: it may be this very server.
    ClientCertificateRequired,
    /// Something answered over https with a certificate that isn't trusted: it may be this very server.
    UntrustedCertificate,
    /// Something answered over https with another certificate than the one that was trusted there.
    CertificateChanged,
    /// A Jellyfin server answered over https, and can't be used there now: it is starting, for one.
    Jellyfin,
}

impl NoHttps {
    /// Whether something answered over https: then a program should ask more sharply.
    #[must_use]
    pub fn https_answered(self) -> bool {
        !matches!(self, Self::NotTried | Self::Unavailable)
    }

    /// The most telling outcome of the https addresses.
    fn of(located: &[(Rank, Located, Duration)], tried: &[Attempt]) -> Self {
        let found = located.iter().filter(|(_, Located { url, .. }, _)| url.is_encrypted());
        let found = found.map(|(_, Located { info, .. }, _)| match info.product {
            None => Self::Jellyfin,
            Some(_) => Self::OtherService,
        });
        let failed = tried.iter().filter(|attempt| attempt.url.is_encrypted());
        let failed = failed.map(|attempt| match &attempt.error {
            Error::NoAnswer { failure: Failure::UntrustedCertificate } => {
                Self::UntrustedCertificate
            }
            Error::NoAnswer { failure: Failure::CertificateChanged } => Self::CertificateChanged,
            Error::NoAnswer { failure: Failure::ClientCertificateRequired } => {
                Self::ClientCertificateRequired
            }
            Error::NoAnswer { failure: Failure::Tls | Failure::Proxy | Failure::Redirected } => {
                Self::OtherService
            }
            Error::NoAnswer { .. } => Self::Unavailable,
            error if error.is_of_jellyfin() => Self::Jellyfin,
            _ => Self::OtherService,
        });
        found.chain(failed).max().unwrap_or(Self::NotTried)
    }
}

impl fmt::Display for NoHttps {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NotTried => "no https address is known for it",
            Self::Unavailable => "nothing answers there over https",
            Self::UntrustedCertificate => {
                "https answers there, but its certificate is not trusted; trusting that certificate \
                 is safer"
            }
            Self::ClientCertificateRequired => {
                "https answers there, and wants a client certificate; giving it is safer"
            }
            Self::CertificateChanged => {
                "https answers there with another certificate than the one that was trusted, so that this \
                 may be an attack"
            }
            Self::OtherService => "something else answers there over https",
            Self::Jellyfin => {
                "a Jellyfin server answers there over https, but can't be used that way now"
            }
        })
    }
}
