//! A finished sign-in, and how to keep it.

mod addresses;
mod gateway;
mod record;
mod trust;

pub use record::{RecordError, SessionRecord};

pub(crate) use record::{RecordSecret, check_version, device};

use http::{HeaderValue, Request, header};

use crate::{
    AccessToken, Device, GatewayHeaders, ServerInfo, ServerUrl, User, authorization,
    endpoint::push_encoded, trusted_certificates::TrustedCertificates,
};

/// A finished sign-in: who is signed in where, and the token that proves it.
///
/// ```
/// # use jellyfin_auth::Session;
/// fn list_libraries(session: &Session) -> http::Request<()> {
///     let mut request = http::Request::get(format!("{}/UserViews", session.server()))
///         .body(())
///         .expect("a server URL with a path is a URI");
///     session.authorize(&mut request);
///     request
/// }
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Session {
    server: ServerUrl,
    server_id: Option<Box<str>>,
    server_name: Option<Box<str>>,
    server_version: Option<Box<str>>,
    user: User,
    access_token: AccessToken,
    device: Device,
    /// All of them when there are several, else none.
    addresses: Vec<ServerUrl>,
    trusted: TrustedCertificates,
    gateway_headers: GatewayHeaders,
}

impl Session {
    /// A session of a token that the program already has. `server_id` is the `Id` of
    /// [`ServerInfo`]; without it the session belongs to the first server that answers a
    /// [`SessionCheck`](crate::SessionCheck).
    ///
    /// ```
    /// use jellyfin_auth::{AccessToken, Device, DeviceFields, DeviceId, ServerUrl, Session, User};
    ///
    /// let device = Device::new(DeviceFields {
    ///     client: "Example Player",
    ///     version: "1.4.0",
    ///     name: "Living room",
    ///     id: DeviceId::new("the id that the token was won with")?,
    /// })?;
    /// let session = Session::from_parts(
    ///     ServerUrl::parse("https://media.example.com")?,
    ///     None,
    ///     User::new("6eec632aff0d4d09"),
    ///     AccessToken::try_from("0123456789abcdef".to_owned())?,
    ///     device,
    /// );
    /// assert_eq!(session.user().name, None);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn from_parts(
        server: ServerUrl,
        server_id: Option<String>,
        user: User,
        access_token: AccessToken,
        device: Device,
    ) -> Self {
        Self {
            server,
            server_id: server_id.map(Into::into),
            server_name: None,
            server_version: None,
            user,
            access_token,
            device,
            addresses: Vec::new(),
            trusted: TrustedCertificates::default(),
            gateway_headers: GatewayHeaders::default(),
        }
    }

    /// The same session with another device, as after an update of the program: later requests carry
    /// its version. The device id should stay.
    #[must_use]
    pub fn with_device(mut self, device: Device) -> Self {
        self.device = device;
        self
    }

    /// The same session with what the server answered to who it is. The id that it answered there
    /// counts: some servers of other makes put another one into the answer to the password.
    pub(crate) fn with_server_info(mut self, info: &ServerInfo) -> Self {
        if self.server_id.as_deref() != Some(&info.id) {
            self.server_id = Some(info.id.as_str().into());
        }
        self.server_name = info.name.as_deref().map(Into::into);
        self.server_version = Some(info.version.as_str().into());
        self
    }

    /// The same session as the server describes its user now.
    pub(crate) fn with_user(mut self, user: User) -> Self {
        self.user = user;
        self
    }

    /// Where the server is: as adopted, not as typed. Of several [`addresses`](Self::addresses) the one
    /// where a [`SessionCheck`](crate::SessionCheck) found it last.
    #[must_use]
    pub fn server(&self) -> &ServerUrl {
        &self.server
    }

    /// Which server it is. `None` when the server was not asked
    /// ([`Policy::probe`](crate::Policy::probe) off) and its answer had no id either.
    #[must_use]
    pub fn server_id(&self) -> Option<&str> {
        self.server_id.as_deref()
    }

    /// The server's name, if it was asked and has one.
    #[must_use]
    pub fn server_name(&self) -> Option<&str> {
        self.server_name.as_deref()
    }

    /// The server's version when it was asked last.
    #[must_use]
    pub fn server_version(&self) -> Option<&str> {
        self.server_version.as_deref()
    }

    /// Who is signed in.
    #[must_use]
    pub fn user(&self) -> &User {
        &self.user
    }

    /// The token.
    #[must_use]
    pub fn access_token(&self) -> &AccessToken {
        &self.access_token
    }

    /// The program and device that are signed in.
    #[must_use]
    pub fn device(&self) -> &Device {
        &self.device
    }

    /// The value of the `Authorization` header for every later request to [`server`](Self::server).
    /// It is marked sensitive. It works on every server version; servers from 12 on take the token in
    /// no other header by default (protocol facts, section 2.1).
    #[must_use]
    pub fn authorization(&self) -> HeaderValue {
        authorization::with_token(self.device.authorization(), &self.access_token)
    }

    /// Puts [`authorization`](Self::authorization) into a request, in place of any other, and the
    /// [headers of a gateway](Self::gateway_headers) where they belong to its origin. For those its URI must be
    /// absolute, with scheme and host.
    pub fn authorize<B>(&self, request: &mut Request<B>) {
        request.headers_mut().insert(header::AUTHORIZATION, self.authorization());
        self.gateway_headers.add_to(request);
    }

    /// The address of `path` at the server with the token in its query, for what can't send headers: an
    /// external player, a `<video>` element, an HLS playlist. `path` begins with a slash and may have a
    /// query.
    ///
    /// Every version from 10.7 to 12 reads `ApiKey` (protocol facts, section 2.1). **The address is a
    /// secret**: it ends up in the logs of servers, proxies and players. A player needs the
    /// [headers of a gateway](Self::gateway_headers) in front of the server beside it.
    ///
    /// ```
    /// # use jellyfin_auth::Session;
    /// fn stream(session: &Session, item_id: &str) -> String {
    ///     session.url_with_token(&format!("/Videos/{item_id}/stream?static=true"))
    /// }
    /// ```
    #[must_use]
    pub fn url_with_token(&self, path: &str) -> String {
        self.with_token(self.server.as_str(), path)
    }

    /// The address of the server's web socket with the token in its query, `wss:` or `ws:` like the
    /// server's own. It is a secret as [`url_with_token`](Self::url_with_token) is.
    #[must_use]
    pub fn websocket_url(&self) -> String {
        let mut path = "/socket?deviceId=".to_owned();
        push_encoded(&mut path, self.device.id().as_str());
        self.with_token(&self.server.as_str().replacen("http", "ws", 1), &path)
    }

    fn with_token(&self, server: &str, path: &str) -> String {
        const QUERY: &str = "ApiKey=";
        let (path, fragment) = path.find('#').map_or((path, ""), |hash| path.split_at(hash));
        let token = self.access_token.expose();
        // Sized for the worst case: growing would leave a copy of the token behind.
        let mut url = String::with_capacity(
            server.len() + path.len() + 1 + QUERY.len() + 3 * token.len() + fragment.len(),
        );
        url.push_str(server);
        url.push_str(path);
        url.push(if path.contains('?') { '&' } else { '?' });
        url.push_str(QUERY);
        push_encoded(&mut url, token);
        url.push_str(fragment);
        url
    }
}
