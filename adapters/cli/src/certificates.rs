//! Certificates: what is shown of one, whether it is trusted, and which one this side shows.

mod question;
mod words;

pub(crate) use question::{Decision, decide};
pub(crate) use words::{facts, issuer, names, reason, shown};

use std::path::PathBuf;

use clap::Args;
use jellyfin_auth::{CertificateFingerprint, ServerUrl, Session, TrustedCertificate};
use jellyfin_auth_ureq::Options;

use crate::failed::Failed;

/// What is known of certificates when the program starts.
#[derive(Args, Clone, Debug, Default)]
pub(crate) struct Certificates {
    /// Trusts the certificate with this SHA-256 fingerprint at the server's address, whatever its name, its
    /// issuer or its dates, and no other one there. Compare it with what the server's own screen shows
    #[arg(long, value_name = "SHA256", global = true)]
    pub(crate) trust: Option<CertificateFingerprint>,
    /// Shows this client certificate (PEM) to a server that asks for one
    #[arg(long, value_name = "FILE", global = true)]
    pub(crate) cert: Option<PathBuf>,
    /// The private key of --cert (PEM, without a pass phrase), if that file doesn't hold it
    #[arg(long, value_name = "FILE", global = true)]
    pub(crate) key: Option<PathBuf>,
}

/// What the driver connects with, and what of it is trusted.
#[derive(Clone, Debug)]
pub(crate) struct Connecting {
    options: Options,
    given: Certificates,
    trusted: Vec<(ServerUrl, CertificateFingerprint)>,
}

impl Connecting {
    pub(crate) fn new(options: Options, given: Certificates) -> Result<Self, Failed> {
        if given.key.is_some() && given.cert.is_none() {
            let message = "--key is the key of a certificate: give that by --cert FILE";
            return Err(Failed::new(crate::failed::Exit::Usage, message));
        }
        Ok(Self { options, given, trusted: Vec::new() })
    }

    pub(crate) fn options(&self) -> &Options {
        &self.options
    }

    /// Connects to these addresses with what was given on the command line.
    pub(crate) fn at(&mut self, addresses: &[ServerUrl]) -> Result<(), Failed> {
        for address in addresses {
            if address.is_encrypted() {
                self.at_origin(address)?;
            } else if let Ok(https) = ServerUrl::parse(&format!("https://{}", address.host())) {
                // Where a server sends those who come by http.
                self.at_origin(&https)?;
            }
        }
        Ok(())
    }

    fn at_origin(&mut self, address: &ServerUrl) -> Result<(), Failed> {
        if let Some(fingerprint) = self.given.trust {
            self.trust(address, fingerprint);
        }
        if let Some(cert) = &self.given.cert {
            let key = self.given.key.as_ref().unwrap_or(cert);
            let options = self.options.clone().client_certificate_files(address, cert, key);
            self.options = options.map_err(|error| Failed::here(error.to_string()))?;
        }
        Ok(())
    }

    /// Whether `fingerprint` is the one that was given on the command line.
    pub(crate) fn is_given(&self, fingerprint: CertificateFingerprint) -> bool {
        self.given.trust == Some(fingerprint)
    }

    /// Connects to a session's server as its user wants it.
    pub(crate) fn for_session(&mut self, session: &Session) -> Result<(), Failed> {
        self.trust_all(session.trusted_certificates());
        self.at(session.addresses())
    }

    pub(crate) fn trust_all(&mut self, certificates: &[TrustedCertificate]) {
        for certificate in certificates {
            self.trust(certificate.origin(), certificate.fingerprint());
        }
    }

    pub(crate) fn trust(&mut self, server: &ServerUrl, fingerprint: CertificateFingerprint) {
        self.options = self.options.clone().trust(server, fingerprint);
        self.trusted.push((server.clone(), fingerprint));
    }

    /// The certificate that is trusted where `server` is.
    pub(crate) fn trusted_at(&self, server: &ServerUrl) -> Option<CertificateFingerprint> {
        let origin = |url: &ServerUrl| (url.is_encrypted(), url.host().to_owned(), url.port());
        let last = self.trusted.iter().rev().find(|(known, _)| origin(known) == origin(server));
        last.map(|(_, fingerprint)| *fingerprint)
    }
}
