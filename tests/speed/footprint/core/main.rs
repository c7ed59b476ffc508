//! The smallest program around the core: shows each request, and reads each answer's body from a file
//! that is named after the password.

use std::{cell::Cell, env, error::Error, fs, time::Duration};

use jellyfin_auth::{Device, DeviceFields, DeviceId, Failure, Login, ServerUrl, Timestamp, drive};

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = env::args().skip(1);
    let mut next = || arguments.next().ok_or("SERVER USER PASSWORD ANSWER …");
    let server = ServerUrl::parse(&next()?)?;
    let id = DeviceId::new("minimal-1")?;
    let device = Device::new(DeviceFields { client: "Minimal", version: "1.0", name: "Desk", id })?;
    let login = Login::password(server, device, next()?, next()?)?;
    let now = Cell::new(Duration::ZERO);
    let session = drive(
        login,
        |request, _| {
            println!("{} {}", request.method(), request.uri());
            let body = next().ok().and_then(|path| fs::read(path).ok());
            body.map(http::Response::new).ok_or(Failure::Unreachable)
        },
        |wait| now.set(now.get() + wait.delay()),
        || Timestamp::new(now.get()),
    )?;
    println!("{}", session.user().id);
    Ok(())
}
