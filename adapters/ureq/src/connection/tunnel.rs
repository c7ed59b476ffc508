use std::io::{self, Read as _, Write as _};

use jellyfin_auth_transport::{ProxyServer, Target, TransportError, Tunnel};

use super::Socket;

/// Asks `proxy`, to which `socket` is connected, for a tunnel to `target`.
pub(super) fn open(
    socket: &mut Socket,
    target: &Target,
    proxy: &ProxyServer,
) -> Result<(), TransportError> {
    let failed = |error: io::Error| TransportError::from_connecting(&error);
    let mut tunnel = Tunnel::new(proxy, target);
    socket.write_all(tunnel.request()).map_err(failed)?;
    let mut bytes = [0; 1024];
    loop {
        let count = socket.read(&mut bytes).map_err(failed)?;
        if tunnel.read(&bytes[..count])? {
            return Ok(());
        }
    }
}
