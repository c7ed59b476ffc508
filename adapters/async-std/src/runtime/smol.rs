//! smol: async-net and async-io.

use std::{io, net::SocketAddr, time::Duration};

pub(crate) use async_net::TcpStream;

/// The addresses of `host`, in the system's order of preference.
pub(crate) async fn resolve(host: &str, port: u16) -> io::Result<Vec<SocketAddr>> {
    async_net::resolve((host, port)).await
}

pub(crate) async fn connect(address: SocketAddr) -> io::Result<TcpStream> {
    let stream = TcpStream::connect(address).await?;
    // A request is written in one piece: waiting for more would only delay it.
    stream.set_nodelay(true)?;
    Ok(stream)
}

/// A timer of `Duration::MAX` never ends.
pub(crate) async fn sleep(time: Duration) {
    async_io::Timer::after(time).await;
}
