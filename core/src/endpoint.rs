//! Single requests and their responses, for flows and for anyone with an HTTP stack of their own.

mod authenticate_by_name;
mod authenticate_with_quick_connect;
mod authorize_quick_connect;
mod body;
mod get_branding;
mod get_current_user;
mod get_public_users;
mod get_quick_connect_enabled;
mod get_quick_connect_state;
mod get_server_info;
mod initiate_quick_connect;
pub(crate) mod lenient;
mod log_out;
mod object;
mod redeem_pin;
mod request;
mod request_name;
mod request_password_reset;
mod with_gateway_headers;

pub use authenticate_by_name::{AuthenticateByName, Authentication};
pub use authenticate_with_quick_connect::AuthenticateWithQuickConnect;
pub use authorize_quick_connect::AuthorizeQuickConnect;
pub use get_branding::{Branding, GetBranding};
pub use get_current_user::GetCurrentUser;
pub use get_public_users::GetPublicUsers;
pub use get_quick_connect_enabled::GetQuickConnectEnabled;
pub use get_quick_connect_state::GetQuickConnectState;
pub use get_server_info::{GetServerInfo, ServerInfo};
pub use initiate_quick_connect::{InitiateMethod, InitiateQuickConnect, PendingQuickConnect};
pub use log_out::LogOut;
pub use redeem_pin::RedeemPin;
pub use request_name::RequestName;
pub use request_password_reset::{PasswordReset, PasswordResetAction, RequestPasswordReset};
pub use with_gateway_headers::WithGatewayHeaders;

pub(crate) use body::Body;
pub(crate) use initiate_quick_connect::is_code;
pub(crate) use object::{Object, ObjectIfAny};
pub(crate) use request::push_encoded;

use crate::{Error, GatewayHeaders, Limits, Policy, flow, reply};

/// One request to the server and how to read its response.
///
/// Build the request with [`request`](Self::request), send it within its [`limits`](Self::limits) with
/// any HTTP stack that follows no redirects, and give the response to [`read`](Self::read). A single
/// response is read by its status alone; a [`Machine`](crate::Machine) also learns who answered, waits
/// for a server that is starting, and tries again.
///
/// The trait is sealed: the endpoints are those of [this module](self).
pub trait Endpoint: sealed::Definition<<Self as Endpoint>::Output> {
    /// What a successful response holds.
    type Output;

    /// The request: an absolute URI, every header but `Host`, the body.
    fn request(&self) -> http::Request<Vec<u8>>;

    /// The limits to keep: 30 s, 1 MiB, and whether the request may be sent twice.
    fn limits(&self) -> Limits {
        Limits {
            timeout: Policy::DEFAULT_REQUEST_TIMEOUT,
            max_body: Policy::DEFAULT_MAX_BODY,
            replayable: Self::REPLAYABLE,
        }
    }

    /// The same endpoint with the headers of a gateway in front of its server, where they belong to its
    /// origin. Endpoints with a session send those of the session by themselves.
    ///
    /// ```
    /// # use jellyfin_auth::{Device, GatewayHeaders, ServerUrl};
    /// use jellyfin_auth::endpoint::{Endpoint, GetServerInfo};
    ///
    /// fn ask(server: &ServerUrl, device: &Device, headers: &GatewayHeaders) -> http::Request<Vec<u8>> {
    ///     GetServerInfo { server, device }.with_gateway_headers(headers).request()
    /// }
    /// ```
    fn with_gateway_headers(self, headers: &GatewayHeaders) -> WithGatewayHeaders<'_, Self>
    where
        Self: Sized,
    {
        WithGatewayHeaders { endpoint: self, headers }
    }

    /// Reads the response.
    ///
    /// # Errors
    ///
    /// The [`Error`] that the response means. Each endpoint lists its own; all of them have
    /// [`Error::ServerStarting`], [`Error::ServerBusy`], [`Error::ServerFault`],
    /// [`Error::AddressBlocked`], [`Error::LoginGateway`], [`Error::ProxyAuthentication`],
    /// [`Error::Redirected`], [`Error::Intercepted`] (511), [`Error::Malformed`] and
    /// [`Error::Unexpected`]; those with a password, an approved code or a token also have
    /// [`Error::SecondFactorRequired`].
    fn read<B: AsRef<[u8]>>(&self, response: &http::Response<B>) -> Result<Self::Output, Error>
    where
        Self: Sized,
    {
        flow::single_result(Self::NAME, reply::classify(self, Ok(response), false, |output| output))
    }
}

mod sealed {
    use super::{Body, RequestName};
    use crate::{ServerUrl, reply::NotRead};

    /// What an endpoint is: its name and path, and how its response is read.
    pub trait Definition<T> {
        const NAME: RequestName;
        const PATH: &'static str;
        /// Whether a second one, sent on the driver's own account, does no harm.
        const REPLAYABLE: bool = true;
        const SUCCESS_HAS_BODY: bool = true;

        fn server(&self) -> &ServerUrl;

        /// What a 401 yields where it is no error.
        fn without_permission() -> Option<T> {
            None
        }

        /// Reads a response with a status of 200 to 299.
        ///
        /// # Errors
        ///
        /// Why it isn't the success that was looked for.
        fn read_success(&self, body: &Body<'_>) -> Result<T, NotRead>;
    }
}

pub(crate) use sealed::Definition;
