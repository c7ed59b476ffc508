//! How to connect.

use std::{fs, net::SocketAddr, path::PathBuf, time::Duration};

use clap::Args;
use jellyfin_auth::{Policy, Renewals};
use jellyfin_auth_ureq::{Options, Proxy};
use zeroize::Zeroizing;

use crate::{
    certificates::{Certificates, Connecting},
    failed::{Exit, Failed},
    private_file,
};

/// The options that every command has.
#[derive(Args, Debug)]
pub(crate) struct Connection {
    /// Trusts these certificates too (PEM): a private authority's, or a home server's own
    #[arg(long, value_name = "FILE", global = true)]
    pub(crate) ca: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) certificates: Certificates,
    /// Goes through this proxy instead of the environment's. Its password doesn't belong here, where
    /// others can read it, but into the environment (`https_proxy`, `http_proxy`) or a file
    #[arg(long, value_name = "URL", global = true, conflicts_with = "proxy_file")]
    pub(crate) proxy: Option<String>,
    /// Goes through the proxy whose address is in this file, which its owner alone may read
    #[arg(long, value_name = "FILE", global = true)]
    pub(crate) proxy_file: Option<PathBuf>,
    /// Sends the lines of this file, which its owner alone may read, to what stands in front of the server:
    /// `Name: value`, one a line; blank lines and those that begin with `#` are skipped. They go to the
    /// scheme, host and port of the address that is typed, and nowhere else; without a scheme that is https
    /// on its default port. They are kept with the session
    #[arg(long, value_name = "FILE", global = true)]
    pub(crate) header_file: Option<PathBuf>,
    /// Asks this host for servers instead of the local network (UDP, port 7359)
    #[arg(long, value_name = "IP:PORT", global = true)]
    pub(crate) ask: Vec<SocketAddr>,
    /// How long to wait for a server that is starting, busy or can't be reached for a moment
    #[arg(long, value_name = "SECONDS", global = true, default_value_t = 30)]
    pub(crate) patience: u32,
}

impl Connection {
    /// How patient everything is that takes more than one request.
    pub(crate) fn policy(&self) -> Policy {
        let mut policy = Policy::default();
        policy.patience = Duration::from_secs(self.patience.into());
        policy.renewals = Renewals::Unlimited;
        policy
    }

    /// What to connect with, wherever that is.
    pub(crate) fn connecting(&self) -> Result<Connecting, Failed> {
        Connecting::new(self.options()?, self.certificates.clone())
    }

    fn options(&self) -> Result<Options, Failed> {
        let mut options = Options::new();
        if let Some(file) = &self.ca {
            let pem = fs::read(file).map_err(|error| {
                Failed::here(format!("{} can't be read: {error}", file.display()))
            })?;
            options = options
                .root_certificate_pem(&pem)
                .map_err(|error| Failed::here(format!("{}: {error}", file.display())))?;
        }
        if let Some(proxy) = self.proxy()? {
            let proxy = Proxy::parse(&proxy).map_err(|error| Failed::here(error.to_string()))?;
            options = options.proxy(proxy);
        }
        Ok(options)
    }

    /// The proxy's address.
    fn proxy(&self) -> Result<Option<Zeroizing<String>>, Failed> {
        if let Some(file) = &self.proxy_file {
            let content = private_file::read(file)?;
            let text = std::str::from_utf8(&content)
                .map_err(|_| Failed::here(format!("{} isn't text", file.display())))?;
            return Ok(Some(Zeroizing::new(text.trim().to_owned())));
        }
        let Some(proxy) = &self.proxy else { return Ok(None) };
        let authority = proxy.split("://").last().unwrap_or_default();
        let log_in = authority.rsplit_once('@').map(|(log_in, _)| log_in);
        if log_in.is_some_and(|log_in| log_in.contains(':')) {
            return Err(Failed::new(
                Exit::Usage,
                "a proxy's password doesn't belong on the command line, where others can read it: put the \
                 address into the variable https_proxy or http_proxy, or into a file for --proxy-file FILE",
            ));
        }
        Ok(Some(Zeroizing::new(proxy.clone())))
    }
}
