//! Single requests and their answers, for flows and for anyone with an HTTP stack of their own.

mod authenticate_by_name;
mod authenticate_with_quick_connect;
mod authorize_quick_connect;
mod current_user;
mod forgot_password;
mod logout;
mod public_users;
mod quick_connect_enabled;
mod quick_connect_initiate;
mod quick_connect_state;
mod redeem_pin;
mod request;
mod server_info;

pub use authenticate_by_name::{AuthenticateByName, Authentication};
pub use authenticate_with_quick_connect::AuthenticateWithQuickConnect;
pub use authorize_quick_connect::AuthorizeQuickConnect;
pub use current_user::CurrentUser;
pub use forgot_password::{ForgotPassword, PasswordReset, PasswordResetAction};
pub use logout::Logout;
pub use public_users::PublicUsers;
pub use quick_connect_enabled::QuickConnectEnabled;
pub use quick_connect_initiate::{InitiateMethod, InitiateQuickConnect, PendingQuickConnect};
pub use quick_connect_state::QuickConnectState;
pub use redeem_pin::RedeemPin;
pub use server_info::{GetServerInfo, ServerInfo};

pub(crate) use quick_connect_initiate::is_code;
pub(crate) use server_info::{Probed, read_probe};

use std::time::Duration;

use crate::{Error, Policy};

/// One request to the server and how to read its answer.
///
/// Build the request with [`request`](Self::request), send it with any HTTP stack that follows no
/// redirects, and give the answer to [`read`](Self::read). A single answer is read by its status
/// alone; a [`Machine`](crate::Machine) also learns who answered, waits for a server that is
/// starting, and tries again.
pub trait Endpoint {
    /// What a successful answer holds.
    type Output;

    /// The request: an absolute URI, every header but `Host`, the body.
    fn request(&self) -> http::Request<Vec<u8>>;

    /// Reads the answer.
    ///
    /// # Errors
    ///
    /// The [`Error`] that the answer means; each endpoint lists its own.
    fn read<B: AsRef<[u8]>>(&self, response: &http::Response<B>) -> Result<Self::Output, Error>;

    /// How long the exchange may take: 30 s.
    fn timeout(&self) -> Duration {
        Policy::DEFAULT_REQUEST_TIMEOUT
    }

    /// How many bytes the answer's body may have: 1 MiB.
    fn max_body(&self) -> usize {
        Policy::DEFAULT_MAX_BODY
    }

    /// Whether a driver may send the request again on its own when a kept-alive connection turns
    /// out to be dead.
    fn is_replayable(&self) -> bool {
        true
    }
}
