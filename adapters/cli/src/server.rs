//! Which server is meant, and what it shows everybody.

use std::sync::Arc;

use jellyfin_auth::{
    Device, DeviceFields, DeviceId, Discovery, Error, Server,
    endpoint::{GetPublicUsers, GetQuickConnectEnabled},
    lan::Announcement,
};
use jellyfin_auth_ureq::{LanSearch, find_servers};
use serde_json::json;

use crate::{
    Program,
    connection::Connection,
    failed::{Exit, Failed},
    messages::show,
    prompts,
    waiting::Waiting,
};

/// Finds the server: at the address that was typed, or on the local network.
pub(crate) fn find(
    program: &mut Program,
    address: Option<&str>,
    connection: &Connection,
    device: &Device,
) -> Result<Server, Failed> {
    let discovery = match address {
        Some(typed) => Discovery::new(typed, device.clone())
            .map_err(|error| Failed::new(Exit::Address, error.to_string()))?,
        None => Discovery::at(search(program, connection)?.address, device.clone()),
    };
    let mut waiting = Waiting::without_code(program.messages);
    let discovery = discovery.with_policy(Arc::clone(&program.policy));
    let server = program.driver.run_with(discovery, |wait| waiting.show(wait))?;
    drop(waiting);
    program.messages.report(
        "server",
        json!({
            "url": server.url.as_str(), "name": server.info.name, "product": product(&server),
            "version": server.info.version,
        }),
        &format!(
            "Server: {}, {} {}, {}",
            name(&server),
            product(&server),
            server.info.version,
            server.url
        ),
    );
    Ok(server)
}

/// Asks the local network; when several servers answer, the user chooses.
fn search(program: &Program, connection: &Connection) -> Result<Announcement, Failed> {
    program.messages.report("searching", json!({}), "Looking for servers on the local network …");
    let search = connection.ask.iter().fold(LanSearch::new(), |search, host| search.ask(*host));
    let mut found = program
        .interrupts
        .wait_for(move || find_servers(&search))?
        .map_err(|error| Failed::here(format!("the local network can't be asked: {error}")))?;
    match found.len() {
        0 => Err(Failed::new(
            Exit::Address,
            "no server answered on the local network: give its address, such as nas:8096",
        )),
        1 => Ok(found.remove(0)),
        many if prompts::is_somebody_there() && !program.messages.are_json() => {
            for (index, server) in found.iter().enumerate() {
                show(&format!("{:>3}  {}", index + 1, announced(server)));
            }
            Ok(found.remove(prompts::number(&program.interrupts, many)? - 1))
        }
        _ => {
            let list: Vec<_> = found.iter().map(announced).collect();
            let list = list.join(", ");
            Err(Failed::new(Exit::Address, format!("several servers answered, name one: {list}")))
        }
    }
}

fn announced(server: &Announcement) -> String {
    format!("{} ({})", server.address, server.name.as_deref().unwrap_or("without a name"))
}

fn name(server: &Server) -> &str {
    server.info.name.as_deref().unwrap_or("without a name")
}

/// Servers of other makes speak the same interface.
fn product(server: &Server) -> &str {
    server.info.product.as_deref().unwrap_or("Jellyfin")
}

/// Lists the users of the log-in page.
pub(crate) fn users(
    program: &mut Program,
    address: Option<&str>,
    connection: &Connection,
) -> Result<(), Failed> {
    let device = nobody()?;
    let server = find(program, address, connection, &device)?;
    let users = program.driver.call(&GetPublicUsers { server: &server.url, device: &device })?;
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
    let server = find(program, address, connection, &device)?;
    let quick_connect =
        match program.driver.call(&GetQuickConnectEnabled { server: &server.url, device: &device })
        {
            Ok(is_on) => is_on,
            Err(error) => match error.login() {
                Some(Error::QuickConnectUnsupported | Error::QuickConnectDisabled) => false,
                _ => return Err(error.into()),
            },
        };
    program.messages.data(
        &json!({
            "url": server.url.as_str(),
            "is_encrypted": server.url.is_encrypted(),
            "id": server.info.id,
            "name": server.info.name,
            "product": product(&server),
            "version": server.info.version,
            "quick_connect": quick_connect,
        }),
        &format!(
            "Address:        {}\nName:           {}\nProduct:        {}\nVersion:        {}\n\
             Id:             {}\nEncrypted:      {}\nQuick Connect:  {}",
            server.url,
            name(&server),
            product(&server),
            server.info.version,
            server.info.id,
            if server.url.is_encrypted() { "yes" } else { "no" },
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
