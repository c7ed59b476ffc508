//! What a program needs before anybody signs in.

use jellyfin_auth::{DeviceId, Session};

use crate::{Error, disk::Fresh, lock::Lock};

#[derive(Debug)]
pub(crate) struct Prepared {
    pub(crate) device_id: DeviceId,
    pub(crate) fresh: Option<Fresh>,
    _lease: Option<Lock>,
}

impl Prepared {
    /// The kept session's device id belongs to whoever holds the lease: of two sign-ins with one id,
    /// the later ends the earlier one's token, and nobody knows which was the later.
    pub(crate) fn new(
        kept: Option<&Session>,
        fresh: Option<Fresh>,
        lease: Option<Lock>,
    ) -> Result<Self, Error> {
        let device_id = match kept {
            Some(kept) if lease.is_some() => kept.device().id().clone(),
            _ => fresh_device_id()?,
        };
        Ok(Self { device_id, fresh, _lease: lease })
    }
}

/// The session that lost its place, if it must be signed out: a sign-in to the same account with the same
/// device id has ended it already.
pub(crate) fn replaced(kept: Option<Session>, session: &Session) -> Option<Session> {
    kept.filter(|kept| {
        let is_ended =
            is_same_account(kept, session) && kept.device().id() == session.device().id();
        kept.access_token() != session.access_token() && !is_ended
    })
}

/// A server is its id, whatever its address; one that isn't known is its address.
pub(crate) fn is_same_account(one: &Session, other: &Session) -> bool {
    one.user().id == other.user().id
        && match (one.server_id(), other.server_id()) {
            (Some(one), Some(other)) => one == other,
            _ => one.server() == other.server(),
        }
}

/// A device id that nobody else has, for an account that is added. [`Store::prepare`](crate::Store::prepare)
/// and [`Slot::prepare`](crate::Slot::prepare) give one by themselves.
///
/// # Errors
///
/// [`Error::Random`].
pub fn fresh_device_id() -> Result<DeviceId, Error> {
    random().map(DeviceId::from_random)
}

pub(crate) fn random<const LENGTH: usize>() -> Result<[u8; LENGTH], Error> {
    let mut bytes = [0; LENGTH];
    getrandom::fill(&mut bytes).map_err(|error| Error::Random(error.into()))?;
    Ok(bytes)
}
