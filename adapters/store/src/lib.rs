//! Keeps the sessions of [`jellyfin_auth`]: the accounts of many servers and users in one [`Store`], or one
//! session in a [`Slot`].
//!
//! ```
//! use jellyfin_auth::{Device, DeviceFields, ServerUrl};
//! use jellyfin_auth_store::Store;
//! use jellyfin_auth_ureq::Driver;
//!
//! # use jellyfin_auth_testkit::fake_server::{FakeServer, Version};
//! # let mut fake = FakeServer::new(Version::V12);
//! # fake.add_user("alice", "wonderland");
//! # let fake = fake.listen()?;
//! # let home = tempfile::tempdir()?;
//! # let (directory, server) = (home.path().join("accounts"), ServerUrl::parse(&fake.url())?);
//! let mut driver = Driver::new();
//! let store = Store::open(directory)?;
//!
//! // An account is added. What can go wrong on the disk does so before a password is asked for.
//! let prepared = store.prepare(None)?;
//! let device = Device::new(DeviceFields {
//!     client: "Example Player",
//!     version: "1.4.0",
//!     name: "Living room",
//!     id: prepared.device_id().clone(),
//! })?;
//! let session = driver.sign_in_with_password(server, device, "alice", "wonderland")?;
//! let kept = prepared.keep(&session)?;
//! # assert!(kept.replaced.is_none());
//!
//! // Later: the account that was used last, without a password.
//! if let Some(id) = store.current()? {
//!     let session = store.get(&id)?;
//!     println!("{} at {}", session.user().id, session.server());
//! }
//! // The others, and switching to one of them.
//! for account in store.list()?.accounts {
//!     println!("{} at {}", account.user_name().unwrap_or("?"), account.server());
//!     store.set_current(account.id())?;
//! }
//! // The end: the server forgets the token, and the store the account.
//! store.sign_out(&kept.id, |sign_out| driver.run(sign_out))?;
//! # assert_eq!(fake.server().tokens().count(), 0);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # What is promised
//!
//! * **No token is lost, none is left over.** A session is written beside the old one, flushed to the disk,
//!   and takes its name at once: killed at any moment, the old one or the new one is there
//!   ([`Store::prepare`] says which token works then). Two processes may sign in to one account at the same
//!   time: one device id is never used by both, so that neither ends the other's token; the session that
//!   loses its place comes back as [`KeptAccount::replaced`].
//! * **A full disk is noticed before anybody signs in**, and so is a link, device, FIFO or directory in
//!   the way: [`Store::prepare`] and [`Slot::prepare`] write 16 KiB first, which is more than a session takes.
//! * **Nothing that can't be read is deleted.** [`Store::list`] has the damaged entries one by one.
//! * **The owner alone can read it**: files of mode 0600 in a directory of mode 0700. A store's directory
//!   that others have access to is refused, not changed.
//! * **What a check says is done, and no more** ([`Store::apply`]): a revoked session is removed, one that
//!   couldn't be checked stays, and neither touches the session of a later sign-in.
//!
//! A Quick Connect that waits for its approval ([`LoginRecord`](jellyfin_auth::LoginRecord)) isn't kept here.
//!
//! # On other systems
//!
//! macOS has all of it, as Linux has. On Windows the locks are the same by other means, but the permissions
//! are those of the user's own directory, a killed process may leave a file `.new-…` behind, a change may
//! be lost in a power cut, and one fails while another program reads the same account: then nothing has
//! changed. A network file system without locks refuses the store. Systems without files, as a browser,
//! aren't supported.
//!
//! # Feature flags
//!
//! `keyring`, off by default: `Store::in_keyring` and `Slot::keyring`.
//!
//! Rust 1.85 or later; a new minor version may ask for a newer one, never for one that is younger than
//! half a year.

#![forbid(unsafe_code)]

mod account;
mod disk;
mod error;
#[cfg(feature = "keyring")]
mod keyring;
mod lock;
mod place;
mod prepared;
mod slot;
mod store;

pub use account::{Account, AccountId, Listing, NoAccountId};
pub use error::{Damage, Error};
pub use prepared::fresh_device_id;
pub use slot::{PreparedSlot, Slot};
pub use store::{Applied, KeptAccount, PreparedAccount, SignOutError, Store};
