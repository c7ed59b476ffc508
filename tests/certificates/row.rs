//! One row of the table: a server, what a driver is given, and what comes of it.

use std::{fmt, net::IpAddr};

use jellyfin_auth::{Error, Failure, ServerUrl, endpoint::GetServerInfo};
use jellyfin_auth_testkit::raw_server::{Conduct, Move, RawServer};
use jellyfin_auth_ureq::{Distrust, Options};
use rustls::ServerConfig;

use jellyfin_auth_both_drivers::{Adapter, device, options};

/// A row.
pub(crate) struct Row {
    pub(crate) name: &'static str,
    pub(crate) expected: Outcome,
    server: Server,
    /// What the client types for the host.
    host: &'static str,
    given: Giving,
}

/// What a driver is given that goes to this address.
type Giving = Box<dyn Fn(Options, &ServerUrl) -> Options>;

enum Server {
    Tls(Box<ServerConfig>),
    /// Sends this in place of a handshake.
    Bytes(Vec<u8>),
}

/// What came of a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// It was answered.
    Taken,
    /// Nothing was sent, and the certificate was shown with this reason.
    Untrusted(Why),
    /// Nothing was sent, and both fingerprints were shown.
    Changed,
    /// Nothing was sent: a client certificate is wanted.
    ClientCertificate,
    /// Nothing was sent, for another reason of TLS.
    NoTls,
    /// Anything else.
    Else(String),
}

/// A [`Distrust`] without what it holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Why {
    Issuer,
    Name,
    Expired,
    NotYetValid,
    Other,
}

impl Row {
    pub(crate) fn new(name: &'static str, config: ServerConfig, expected: Outcome) -> Self {
        let given = Box::new(|options, _: &_| options);
        Self { name, expected, server: Server::Tls(Box::new(config)), host: "127.0.0.1", given }
    }

    pub(crate) fn of_bytes(name: &'static str, bytes: Vec<u8>, expected: Outcome) -> Self {
        let given = Box::new(|options, _: &_| options);
        Self { name, expected, server: Server::Bytes(bytes), host: "127.0.0.1", given }
    }

    /// The address that is typed, in place of 127.0.0.1.
    pub(crate) fn at(self, host: &'static str) -> Self {
        Self { host, ..self }
    }

    /// What the driver is given, which may depend on where the server is.
    pub(crate) fn given(self, given: impl Fn(Options, &ServerUrl) -> Options + 'static) -> Self {
        Self { given: Box::new(given), ..self }
    }

    /// These root certificates, each by a call of its own.
    pub(crate) fn given_roots(self, roots: &[&str]) -> Self {
        let roots: Vec<String> = roots.iter().map(ToString::to_string).collect();
        self.given(move |options, _| {
            roots.iter().fold(options, |options, root| {
                options.root_certificate_pem(root.as_bytes()).unwrap()
            })
        })
    }

    pub(crate) fn needs_ipv6(&self) -> bool {
        self.host.starts_with('[')
    }

    /// What comes of a request by this driver.
    pub(crate) fn outcome(&self, adapter: Adapter) -> Outcome {
        let server = self.start();
        let url = ServerUrl::parse(&server.url_as(self.host)).unwrap();
        let mut driver = adapter.driver_with((self.given)(options(), &url));
        let device = device("Table");
        let result = driver.call(&GetServerInfo { server: &url, device: &device });
        let sent = server.traffic().requests().len();
        let outcome = match &result {
            Ok(_) => Outcome::Taken,
            Err(error) => match (error.login(), error.certificate().map(|shown| &shown.distrust)) {
                (Some(Error::NoAnswer { failure, .. }), shown) => of_failure(*failure, shown),
                _ => Outcome::Else(format!("{error:?}")),
            },
        };
        match (&outcome, sent) {
            (Outcome::Taken, 1) | (_, 0) => outcome,
            _ => Outcome::Else(format!("{outcome:?}, and {sent} requests were sent")),
        }
    }

    fn start(&self) -> RawServer {
        let conduct = Conduct::new(|_| {
            let info = r#"{"Id":"713dc3fe952b438f","Version":"12.0.0","ServerName":"nas"}"#;
            let length = info.len();
            vec![Move::send(format!("HTTP/1.1 200 OK\r\nContent-Length: {length}\r\n\r\n{info}"))]
        });
        let bare = self.host.trim_matches(['[', ']']);
        let conduct = match bare.parse::<IpAddr>() {
            Ok(address) => conduct.on(address),
            Err(_) => conduct,
        };
        match &self.server {
            Server::Tls(config) => conduct.tls_config(ServerConfig::clone(config)).start(),
            Server::Bytes(bytes) => {
                let bytes = bytes.clone();
                let any = crate::made::identity().server_config();
                let moves = move |_| vec![Move::Send(bytes.clone()), Move::Hold];
                conduct.greeting(moves).tls_config(any).start()
            }
        }
    }
}

fn of_failure(failure: Failure, shown: Option<&Distrust>) -> Outcome {
    match (failure, shown) {
        (Failure::CertificateChanged, Some(Distrust::CertificateChanged { expected, found }))
            if expected != found =>
        {
            Outcome::Changed
        }
        (Failure::UntrustedCertificate, Some(distrust)) => Outcome::Untrusted(match distrust {
            Distrust::UnknownIssuer => Why::Issuer,
            Distrust::OtherName => Why::Name,
            Distrust::Expired => Why::Expired,
            Distrust::NotYetValid => Why::NotYetValid,
            _ => Why::Other,
        }),
        (Failure::ClientCertificateRequired, None) => Outcome::ClientCertificate,
        (Failure::Tls, None) => Outcome::NoTls,
        other => Outcome::Else(format!("{other:?}")),
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Taken => f.write_str("taken"),
            Self::Untrusted(Why::Issuer) => f.write_str("not trusted: unknown issuer"),
            Self::Untrusted(Why::Name) => f.write_str("not trusted: other names"),
            Self::Untrusted(Why::Expired) => f.write_str("not trusted: expired"),
            Self::Untrusted(Why::NotYetValid) => f.write_str("not trusted: not valid yet"),
            Self::Untrusted(Why::Other) => f.write_str("not trusted: another reason"),
            Self::Changed => f.write_str("certificate changed"),
            Self::ClientCertificate => f.write_str("client certificate required"),
            Self::NoTls => f.write_str("no TLS"),
            Self::Else(what) => f.write_str(what),
        }
    }
}
