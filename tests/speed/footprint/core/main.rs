//! The smallest program around the core: shows each request, and reads each answer's body from a file
//! that is named after the password.

use std::{env, error::Error, fs, time::Duration};

use jellyfin_auth::{Device, DeviceId, Login, ServerUrl, Step, Timestamp};

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = env::args().skip(1);
    let mut next = || arguments.next().ok_or("SERVER USER PASSWORD ANSWER …");
    let server = ServerUrl::parse(&next()?)?;
    let device = Device::new("Minimal", "1.0", "Desk", DeviceId::new("minimal-1")?)?;
    let mut login = Login::password(server, device, next()?, next()?)?;
    let mut now = Duration::ZERO;
    loop {
        match login.poll(Timestamp::new(now))? {
            Step::Send(request) => {
                println!("{} {}", request.http().method(), request.http().uri());
                let (_, ticket) = request.into_parts();
                login.handle_response(ticket, http::Response::new(fs::read(next()?)?))?;
            }
            Step::Wait(wait) => now += wait.delay(),
            Step::Pending => unreachable!("every answer is told at once"),
            Step::Done(session) => {
                println!("{}", session.user().id);
                return Ok(());
            }
        }
    }
}
