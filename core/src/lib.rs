//! Sign in to a Jellyfin server: sans-IO state machines.

#![forbid(unsafe_code)]

mod answer;
mod authorization;
mod device;
mod discovery;
pub mod endpoint;
mod errand;
mod error;
mod flow;
mod json;
mod login;
mod machine;
mod pace;
mod policy;
mod saved;
mod secret;
mod server_url;
mod session;
mod session_check;
mod user;
mod verdict;

pub use device::{Device, DeviceError, DeviceField, DeviceId};
pub use discovery::{Discovery, Server};
pub use endpoint::{Endpoint, ServerInfo};
pub use error::{Advice, Attempt, Error, Stage};
pub use login::Login;
pub use machine::{
    Failure, Machine, Request, StaleTicket, Step, Ticket, Timestamp, Wait, WaitReason,
};
pub use policy::{Policy, Renewals};
pub use saved::Saved;
pub use secret::{AccessToken, Password, QuickConnectSecret};
pub use server_url::{ServerUrl, ServerUrlError};
pub use session::{RecordError, Session, SessionRecord};
pub use session_check::{SessionCheck, SessionState};
pub use user::User;
