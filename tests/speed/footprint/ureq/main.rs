//! The smallest program around the ureq adapter.

use std::{env, error::Error};

use jellyfin_auth::{Device, DeviceFields, DeviceId, ServerUrl};

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = env::args().skip(1);
    let mut next = || arguments.next().ok_or("SERVER USER PASSWORD");
    let server = ServerUrl::parse(&next()?)?;
    let id = DeviceId::new("minimal-1")?;
    let device = Device::new(DeviceFields { client: "Minimal", version: "1.0", name: "Desk", id })?;
    let session = jellyfin_auth_ureq::sign_in_with_password(server, device, next()?, next()?)?;
    println!("{}", session.user().id);
    Ok(())
}
