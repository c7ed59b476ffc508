//! Async driver.

#![forbid(unsafe_code)]

mod connection;
mod driver;
mod exchange;
mod lan;
mod runtime;

pub use driver::Driver;
pub use jellyfin_auth_transport::{
    Error, ErrorKind, Handle, LanSearch, Options, Proxy, SetUpError,
};
pub use lan::find_servers;

use jellyfin_auth::{Device, Password, ServerUrl, Session, Wait};

/// Signs in by user name and password, with the default options.
///
/// # Errors
///
/// [`Error`], such as [`BadCredentials`](jellyfin_auth::Error::BadCredentials).
pub async fn sign_in_with_password(
    server: ServerUrl,
    device: Device,
    user_name: impl Into<String>,
    password: impl Into<Password>,
) -> Result<Session, Error> {
    Driver::new().sign_in_with_password(server, device, user_name, password).await
}

/// Signs in by Quick Connect, with the default options: `on_wait` shows the code.
///
/// # Errors
///
/// [`Error`], such as [`CodeExpired`](jellyfin_auth::Error::CodeExpired).
pub async fn sign_in_with_quick_connect(
    server: ServerUrl,
    device: Device,
    on_wait: impl FnMut(&Wait),
) -> Result<Session, Error> {
    Driver::new().sign_in_with_quick_connect(server, device, on_wait).await
}
