//! How to connect, and as which device.

use std::fs;

use jellyfin_auth::{Device, DeviceFields, DeviceId};

use crate::{
    Failed,
    adapter::{ConfigError, Options, Proxy},
    arguments::Request,
};

pub(crate) fn options(request: &Request) -> Result<Options, Failed> {
    let failed = |error: ConfigError| Failed(error.to_string());
    let mut options = Options::new();
    if let Some(file) = &request.certificates {
        let pem = fs::read(file)
            .map_err(|error| Failed(format!("{} can't be read: {error}", file.display())))?;
        options = options
            .root_certificate_pem(&pem)
            .map_err(|error| Failed(format!("{}: {error}", file.display())))?;
    }
    if let Some(proxy) = &request.proxy {
        options = options.proxy(Proxy::parse(proxy).map_err(failed)?);
    }
    Ok(options)
}

/// The device to sign in as. A program that keeps its session keeps this id with it, one for each
/// account; signing in again with it replaces the old token.
pub(crate) fn device(name: &str) -> Result<Device, Failed> {
    let mut random = [0; 16];
    getrandom::fill(&mut random)
        .map_err(|error| Failed(format!("the system gives no random numbers: {error}")))?;
    Device::new(DeviceFields {
        client: "sign_in example",
        version: env!("CARGO_PKG_VERSION"),
        name,
        id: DeviceId::from_random(random),
    })
    .map_err(|error| Failed(error.to_string()))
}
