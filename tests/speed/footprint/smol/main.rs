//! The smallest program around the async-std adapter over smol's sockets.

use std::{env, error::Error};

use jellyfin_auth::{Device, DeviceFields, DeviceId, ServerUrl};
use jellyfin_auth_async_std::sign_in_with_password;

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = env::args().skip(1);
    let mut next = || arguments.next().ok_or("SERVER USER PASSWORD");
    let server = ServerUrl::parse(&next()?)?;
    let id = DeviceId::new("minimal-1")?;
    let device = Device::new(DeviceFields { client: "Minimal", version: "1.0", name: "Desk", id })?;
    let (user, password) = (next()?, next()?);
    let session = futures_lite::future::block_on(sign_in_with_password(server, device, user, password))?;
    println!("{}", session.user().id);
    Ok(())
}
