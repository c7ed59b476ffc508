//! The smallest program around the reqwest adapter.

use std::{env, error::Error};

use jellyfin_auth::{Device, DeviceFields, DeviceId, ServerUrl};
use jellyfin_auth_reqwest::Driver;

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = env::args().skip(1);
    let mut next = || arguments.next().ok_or("SERVER USER PASSWORD");
    let server = ServerUrl::parse(&next()?)?;
    let id = DeviceId::new("minimal-1")?;
    let device = Device::new(DeviceFields { client: "Minimal", version: "1.0", name: "Desk", id })?;
    let (user, password) = (next()?, next()?);
    rustls::crypto::ring::default_provider().install_default().map_err(|_| "there is one")?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let mut driver = Driver::new(reqwest::Client::builder())?;
    let signed_in = driver.sign_in_with_password(server, device, user, password);
    println!("{}", runtime.block_on(signed_in)?.user().id);
    Ok(())
}
