//! In place of TLS, without the feature `listen`: there are no identities, and so no use of one.

use std::convert::Infallible;

use super::Conduct;

pub(crate) struct Authority(Infallible);

pub(crate) struct Identity(Infallible);

impl Authority {
    pub(crate) fn identity(&self, _: &[&str]) -> Identity {
        match self.0 {}
    }

    pub(crate) fn expired(&self, _: &[&str]) -> Identity {
        match self.0 {}
    }

    pub(crate) fn pem(&self) -> &str {
        match self.0 {}
    }
}

impl Conduct {
    #[expect(clippy::unused_self, reason = "it stands for the one that there is with TLS")]
    pub(crate) fn tls(self, identity: &Identity) -> Self {
        match identity.0 {}
    }
}
