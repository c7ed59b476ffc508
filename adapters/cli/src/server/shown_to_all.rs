//! What a server shows everybody.

use jellyfin_auth::{
    Device, DeviceFields, DeviceId, Error, Unencrypted,
    endpoint::{GetPublicUsers, GetQuickConnectEnabled},
};
use serde_json::json;

use super::{find, name, product};
use crate::{Program, connection::Connection, failed::Failed, messages::show};

/// Lists the users of the log-in page.
pub(crate) fn users(
    program: &mut Program,
    address: Option<&str>,
    connection: &Connection,
) -> Result<(), Failed> {
    let device = nobody()?;
    program.take_headers(connection, address)?;
    // Nothing secret is sent.
    let url = find(program, address, connection, &device)?.url();
    let url = url.unwrap_or_else(Unencrypted::accept);
    let users = program.call(GetPublicUsers { server: &url, device: &device })?;
    if users.is_empty() && !program.messages.are_json() {
        show("The server shows no users on its log-in page.");
        return Ok(());
    }
    let list: Vec<_> = users
        .iter()
        .map(|user| json!({ "id": user.id, "name": user.name, "has_password": user.has_password }))
        .collect();
    let names: Vec<_> = users.iter().filter_map(|user| user.name.as_deref()).collect();
    program.messages.data(&json!(list), &names.join("\n"))
}

/// Shows which server it is.
pub(crate) fn info(
    program: &mut Program,
    address: Option<&str>,
    connection: &Connection,
) -> Result<(), Failed> {
    let device = nobody()?;
    program.take_headers(connection, address)?;
    let server = find(program, address, connection, &device)?;
    // Nothing secret is sent.
    let url = server.url().unwrap_or_else(Unencrypted::accept);
    let endpoint = GetQuickConnectEnabled { server: &url, device: &device };
    let quick_connect = match program.call(endpoint) {
        Ok(is_on) => is_on,
        Err(error) => match error.login() {
            Some(Error::QuickConnectUnsupported | Error::QuickConnectDisabled) => false,
            _ => return Err(error.into()),
        },
    };
    let info = server.info();
    program.messages.data(
        &json!({
            "url": url.as_str(),
            "is_encrypted": url.is_encrypted(),
            "id": info.id,
            "name": info.name,
            "product": product(&server),
            "version": info.version,
            "quick_connect": quick_connect,
        }),
        &format!(
            "Address:        {url}\nName:           {}\nProduct:        {}\nVersion:        {}\n\
             Id:             {}\nEncrypted:      {}\nQuick Connect:  {}",
            name(&server),
            product(&server),
            info.version,
            info.id,
            if url.is_encrypted() { "yes" } else { "no" },
            if quick_connect { "on" } else { "off" },
        ),
    )
}

/// A device for requests that need none: nobody is signed in by it.
pub(crate) fn nobody() -> Result<Device, Failed> {
    let id = DeviceId::from_random([0; 16]);
    Device::new(DeviceFields {
        client: "jellyfin-login",
        version: env!("CARGO_PKG_VERSION"),
        name: "jellyfin-login",
        id,
    })
    .map_err(|error| Failed::here(error.to_string()))
}
