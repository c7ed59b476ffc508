use std::io;

use futures_lite::{AsyncReadExt as _, AsyncWriteExt as _};
use jellyfin_auth_transport::{ProxyServer, Target, TransportError, Tunnel};

use super::Socket;

/// Asks `proxy`, to which `socket` is connected, for a tunnel to `target`.
pub(super) async fn open(
    socket: &mut Socket,
    target: &Target,
    proxy: &ProxyServer,
) -> Result<(), TransportError> {
    let failed = |error: io::Error| TransportError::from_connecting(&error);
    let mut tunnel = Tunnel::new(proxy, target);
    socket.write_all(tunnel.request()).await.map_err(failed)?;
    let mut bytes = [0; 1024];
    loop {
        let count = socket.read(&mut bytes).await.map_err(failed)?;
        if tunnel.read(&bytes[..count])? {
            return Ok(());
        }
    }
}
