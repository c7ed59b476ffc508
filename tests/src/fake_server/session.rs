//! Access tokens, which survive a restart, and sessions, which don't (protocol facts, section 6.4).

use std::fmt;

use md5::{Digest as _, Md5};

use super::{FakeServer, Version, identity::Identity, moment::Moment};

/// What a server stores beside an access token.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct StoredToken {
    pub(super) token: String,
    pub(super) user_id: String,
    pub(super) client: String,
    pub(super) device: String,
    pub(super) device_id: String,
    pub(super) version: String,
    pub(super) last_activity: Moment,
}

/// A session in memory.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct ActiveSession {
    pub(super) id: String,
    pub(super) user_id: String,
    pub(super) user_name: String,
    pub(super) client: String,
    pub(super) device: String,
    pub(super) device_id: String,
    pub(super) version: String,
    pub(super) remote_end_point: Option<String>,
    pub(super) last_activity: Moment,
}

macro_rules! describe {
    ($($type:ident),*) => {$(
        impl $type {
            /// `Client`, as the server read it.
            #[must_use]
            pub fn client(&self) -> &str {
                &self.client
            }

            /// `Device`, as the server read it.
            #[must_use]
            pub fn device(&self) -> &str {
                &self.device
            }

            /// `DeviceId`, as the server read it.
            #[must_use]
            pub fn device_id(&self) -> &str {
                &self.device_id
            }

            /// `Version`, as the server read it.
            #[must_use]
            pub fn version(&self) -> &str {
                &self.version
            }

            /// The id of the user it belongs to.
            #[must_use]
            pub fn user_id(&self) -> &str {
                &self.user_id
            }
        }

        impl fmt::Debug for $type {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.debug_struct(stringify!($type))
                    .field("client", &self.client)
                    .field("device", &self.device)
                    .field("device_id", &self.device_id)
                    .field("version", &self.version)
                    .field("user_id", &self.user_id)
                    .finish_non_exhaustive()
            }
        }
    )*};
}

describe!(StoredToken, ActiveSession);

impl StoredToken {
    /// The token itself.
    #[must_use]
    pub fn token(&self) -> &str {
        &self.token
    }
}

/// A session's id: the MD5 of UTF-16 text, printed as .NET prints a GUID.
pub(super) fn guid_of(text: &str) -> String {
    let units: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let mut hash: [u8; 16] = Md5::digest(&units).into();
    hash[..4].reverse();
    hash[4..6].reverse();
    hash[6..8].reverse();
    format!("{:032x}", u128::from_be_bytes(hash))
}

/// Why a user that is who it claims to be gets no token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Refusal {
    DeviceNotAllowed,
    SessionLimit,
}

/// Why no session came of it: a column that may not be null, or a check that comes too late.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Incomplete {
    Late,
    NotStored,
}

/// Tokens and sessions, as tests look at them.
impl FakeServer {
    /// All access tokens, the oldest first.
    pub fn tokens(&self) -> impl Iterator<Item = &StoredToken> {
        self.tokens.iter()
    }

    /// Whether a request with this token would be let in, as far as the token goes.
    #[must_use]
    pub fn is_token_valid(&self, token: &str) -> bool {
        self.token_owner(token).is_some()
    }

    /// The name of the user that a token signs in; `None` when it is unknown or its user disabled.
    #[must_use]
    pub fn token_owner(&self, token: &str) -> Option<&str> {
        let stored = self.tokens.iter().find(|stored| stored.token == token)?;
        let user = &self.users[self.user_with_id(&stored.user_id)?];
        (!user.settings.is_disabled).then_some(user.name.as_str())
    }

    /// The sessions in memory.
    pub fn sessions(&self) -> impl Iterator<Item = &ActiveSession> {
        self.sessions.iter()
    }

    /// Deletes a token, as signing a device out on the dashboard does.
    pub fn revoke_token(&mut self, token: &str) {
        self.delete_tokens(|stored| stored.token == token);
    }

    /// Every way of losing a token ends all sessions of its device.
    pub(super) fn delete_tokens(&mut self, is_doomed: impl Fn(&StoredToken) -> bool) {
        let sessions = &mut self.sessions;
        self.tokens.retain(|token| {
            let doomed = is_doomed(token);
            if doomed {
                let device_id = token.device_id.to_lowercase();
                sessions.retain(|session| session.device_id.to_lowercase() != device_id);
            }
            !doomed
        });
    }

    pub(super) fn may_start_session(
        &self,
        user: usize,
        device_id: Option<&str>,
    ) -> Result<(), Refusal> {
        let user = &self.users[user];
        let device_id = device_id.filter(|id| !id.is_empty());
        if device_id.is_some_and(|id| !user.settings.may_use(id)) {
            return Err(Refusal::DeviceNotAllowed);
        }
        let limit = user.settings.max_active_sessions as usize;
        let sessions = self.sessions.iter().filter(|session| session.user_id == user.id).count();
        if limit >= 1 && sessions >= limit { Err(Refusal::SessionLimit) } else { Ok(()) }
    }

    /// The token of `user` on this device: replaced since 10.9, found again before, and then other
    /// users' tokens on it are deleted. A missing device id is no filter at all on 10.8.
    pub(super) fn issue_token(
        &mut self,
        now: Moment,
        user: usize,
        identity: &Identity,
    ) -> Result<String, Incomplete> {
        let user_id = self.users[user].id.clone();
        let device_id = identity.device_id.as_deref();
        if self.version >= Version::V10_9 {
            self.delete_tokens(|token| {
                token.user_id == user_id && Some(token.device_id.as_str()) == device_id
            });
        } else if let Some(token) = self.reissue(&user_id, device_id) {
            return Ok(token);
        }
        let (Some(client), Some(device), Some(device_id), Some(version)) =
            (&identity.client, &identity.device, &identity.device_id, &identity.version)
        else {
            return Err(Incomplete::NotStored);
        };
        let token = self.draw.guid();
        self.tokens.push(StoredToken {
            token: token.clone(),
            user_id,
            client: client.clone(),
            device: device.clone(),
            device_id: device_id.clone(),
            version: version.clone(),
            last_activity: now,
        });
        Ok(token)
    }

    fn reissue(&mut self, user_id: &str, device_id: Option<&str>) -> Option<String> {
        let is_vague = self.version == Version::V10_7 && device_id.is_none_or(str::is_empty);
        let on_device = |token: &StoredToken| {
            is_vague || device_id.is_none_or(|device_id| token.device_id == device_id)
        };
        let own = self.tokens.iter().filter(|token| token.user_id == user_id && on_device(token));
        // 10.8 asks its database for any one, which takes the first of its index: user, then device id.
        let existing = if is_vague {
            own.max_by_key(|token| token.last_activity)
        } else {
            own.min_by(|left, right| left.device_id.cmp(&right.device_id))
        };
        let existing = existing.map(|token| token.token.clone());
        if !is_vague {
            self.delete_tokens(|token| on_device(token) && Some(&token.token) != existing.as_ref());
        }
        existing
    }

    /// Notes a session's activity, the session created if need be.
    pub(super) fn start_session(
        &mut self,
        now: Moment,
        user: usize,
        identity: &Identity,
        remote_end_point: Option<&str>,
    ) -> Result<ActiveSession, Incomplete> {
        let present = |value: &Option<String>| value.clone().filter(|text| !text.is_empty());
        let (Some(client), Some(version), Some(device_id)) =
            (present(&identity.client), present(&identity.version), present(&identity.device_id))
        else {
            return Err(Incomplete::Late);
        };
        let user = &self.users[user];
        let key = format!("{client}{device_id}");
        let known = self.sessions.iter().position(|session| {
            format!("{}{}", session.client, session.device_id).to_lowercase() == key.to_lowercase()
        });
        let at = known.unwrap_or_else(|| {
            self.sessions.push(ActiveSession {
                id: guid_of(&key),
                user_id: String::new(),
                user_name: String::new(),
                client: client.clone(),
                device: String::new(),
                device_id,
                version: String::new(),
                remote_end_point: None,
                last_activity: now,
            });
            self.sessions.len() - 1
        });
        let session = &mut self.sessions[at];
        session.user_id.clone_from(&user.id);
        session.user_name.clone_from(&user.name);
        session.client = client;
        session.device = identity.device.clone().unwrap_or_default();
        session.version = version;
        session.remote_end_point = remote_end_point.map(str::to_owned);
        session.last_activity = now;
        Ok(session.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_session_id_is_the_hash_of_client_and_device_id() {
        assert_eq!(guid_of("Jellyfin Webabc"), "ec0ee2fd6d29700a51b491fb8a6e7c11");
        assert_eq!(guid_of("Proberec-1"), "5bb383e0635df76791431a637c46d306");
    }
}
