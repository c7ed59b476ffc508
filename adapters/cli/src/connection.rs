//! How to connect.

use std::{fs, net::SocketAddr, path::PathBuf, time::Duration};

use clap::Args;
use jellyfin_auth::{Policy, Renewals};
use jellyfin_auth_ureq::{Options, Proxy};

use crate::{
    certificates::{Certificates, Connecting},
    failed::Failed,
};

/// The options that every command has.
#[derive(Args, Debug)]
pub(crate) struct Connection {
    /// Trusts these certificates too (PEM): a private authority's, or a home server's own
    #[arg(long, value_name = "FILE", global = true)]
    pub(crate) ca: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) certificates: Certificates,
    /// Goes through this proxy instead of the environment's
    #[arg(long, value_name = "URL", global = true)]
    pub(crate) proxy: Option<String>,
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
        if let Some(proxy) = &self.proxy {
            let proxy = Proxy::parse(proxy).map_err(|error| Failed::here(error.to_string()))?;
            options = options.proxy(proxy);
        }
        Ok(options)
    }
}
