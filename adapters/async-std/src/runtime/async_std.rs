//! async-std, which is discontinued upstream (RUSTSEC-2025-0052).

use std::{io, net::SocketAddr, time::Duration};

use ::async_std::{net::ToSocketAddrs as _, task};

pub(crate) use ::async_std::net::TcpStream;

/// The addresses of `host`, in the system's order of preference.
pub(crate) async fn resolve(host: &str, port: u16) -> io::Result<Vec<SocketAddr>> {
    match (host, port).to_socket_addrs().await {
        Ok(addresses) => Ok(addresses.collect()),
        Err(error) => Err(system_error(error)),
    }
}

pub(crate) async fn connect(address: SocketAddr) -> io::Result<TcpStream> {
    let stream = TcpStream::connect(address).await?;
    // A request is written in one piece: waiting for more would only delay it.
    stream.set_nodelay(true)?;
    Ok(stream)
}

/// A timer of `Duration::MAX` never ends.
pub(crate) async fn sleep(time: Duration) {
    task::sleep(time).await;
}

/// The system's error, without the text that async-std puts around it.
fn system_error(error: io::Error) -> io::Error {
    let inner = error.get_ref().and_then(|inner| inner.source()).map(ToString::to_string);
    inner.map_or(error, io::Error::other)
}
