//! One server, many addresses.

use super::Session;
use crate::ServerUrl;

impl Session {
    /// The addresses at which the server is looked for, the preferred ones first: the one at home, the one
    /// from outside, … At least [`server`](Self::server).
    #[must_use]
    pub fn addresses(&self) -> &[ServerUrl] {
        if self.addresses.is_empty() { std::slice::from_ref(&self.server) } else { &self.addresses }
    }

    /// Adds an address, as the last one, unless it is there already. Add only what the user gave: that
    /// an address shows the server's id proves nothing to somebody who wants the token, since ids are
    /// public. By an `http` address the token can be read on the way: ask first
    /// ([`Server::url`](crate::Server::url) makes sure of that).
    ///
    /// ```
    /// # use jellyfin_auth::{ServerUrl, Session, ServerUrlError};
    /// fn at_home_first(session: &mut Session, at_home: &ServerUrl) {
    ///     session.add_address(at_home.clone());
    ///     session.prefer_address(at_home);
    /// }
    /// ```
    pub fn add_address(&mut self, address: ServerUrl) {
        if !self.addresses().contains(&address) {
            if self.addresses.is_empty() {
                self.addresses.push(self.server.clone());
            }
            self.addresses.push(address);
        }
    }

    /// Puts an address first. `false` when it isn't one of the session's.
    pub fn prefer_address(&mut self, address: &ServerUrl) -> bool {
        match self.addresses().iter().position(|known| known == address) {
            Some(index) => {
                if let Some(all) = self.addresses.get_mut(..=index) {
                    all.rotate_right(1);
                }
                true
            }
            None => false,
        }
    }

    /// Removes an address. `false` when it isn't one of the session's, or the only one. When the session
    /// was there, it is at the first of the others from now on.
    pub fn remove_address(&mut self, address: &ServerUrl) -> bool {
        let Some(index) = self.addresses.iter().position(|known| known == address) else {
            return false;
        };
        self.addresses.remove(index);
        if self.server == *address {
            self.server = self.addresses[0].clone();
        }
        self.keep_several();
        true
    }

    /// The same session at `found`, which `address`, one of its own, led to.
    pub(crate) fn found_at(mut self, address: &ServerUrl, found: ServerUrl) -> Self {
        let known = self.addresses.iter_mut().filter(|known| *known == address);
        known.for_each(|known| *known = found.clone());
        // Another one may have been there already.
        let mut is_first = true;
        self.addresses.retain(|known| *known != found || std::mem::take(&mut is_first));
        self.server = found;
        self.keep_several();
        self
    }

    /// The same session with these addresses, of which its server is one.
    pub(super) fn with_addresses(mut self, addresses: Vec<ServerUrl>) -> Self {
        for address in addresses {
            if !self.addresses.contains(&address) {
                self.addresses.push(address);
            }
        }
        if !self.addresses.is_empty() && !self.addresses.contains(&self.server) {
            self.addresses.push(self.server.clone());
        }
        self.keep_several();
        self
    }

    fn keep_several(&mut self) {
        if self.addresses.len() < 2 {
            self.addresses.clear();
        }
    }
}
