use jellyfin_auth::{Endpoint as _, ServerUrl, endpoint::GetServerInfo};

use super::{assert_fit_to_be_shown, device};

/// Anything that is typed where an address belongs.
///
/// Past the first check: it may be an address.
pub fn server_urls(input: &[u8]) -> bool {
    let Ok(typed) = std::str::from_utf8(input) else { return false };
    match ServerUrl::parse(typed) {
        Ok(server) => holds(&server),
        Err(error) => assert_fit_to_be_shown(&error.to_string()),
    }
    if let Ok(server) = ServerUrl::from_exact(typed) {
        assert_eq!(ServerUrl::from_exact(server.as_str()).as_ref(), Ok(&server));
    }
    let Ok(candidates) = ServerUrl::candidates(typed) else { return false };
    assert!(!candidates.is_empty());
    for (index, candidate) in candidates.iter().enumerate() {
        holds(candidate);
        assert!(!candidates[..index].contains(candidate), "the same guess twice");
    }
    true
}

/// What holds of every address that was taken.
fn holds(server: &ServerUrl) {
    let text = server.as_str();
    assert!(text.len() <= ServerUrl::MAX_LENGTH);
    assert!(text.bytes().all(|byte| byte.is_ascii_graphic()), "{text:?}");
    assert!(!text.contains(['?', '#', '\\']) && !text.ends_with('/'), "{text}");
    assert!(!server.host().contains('@'), "{text}");
    for read in [ServerUrl::parse(text), ServerUrl::from_exact(text)] {
        assert_eq!(read.as_ref(), Ok(server), "it is read back as it is written");
    }
    let scheme = if server.is_encrypted() { "https" } else { "http" };

    let request = GetServerInfo { server, device: &device() }.request();
    let uri = request.uri();
    assert_eq!((uri.scheme_str(), uri.host()), (Some(scheme), Some(server.host())));
    let port = uri.port_u16().unwrap_or(if server.is_encrypted() { 443 } else { 80 });
    assert_eq!(port, server.port());
    assert_eq!(uri.path(), format!("{}/System/Info/Public", server.base_path()));
    assert_eq!(uri.query(), None);
}
