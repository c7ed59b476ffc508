use jellyfin_auth::{Error, ServerUrl};

const PROBE_PATH: &str = "/System/Info/Public";

/// The server's address that a redirect gives, where a sign-in would follow it too: to the same host,
/// and not from https to http.
pub(super) fn redirect(from: &ServerUrl, info: &Result<impl Sized, Error>) -> Option<ServerUrl> {
    let Err(Error::Redirected { to: Some(to), .. }) = info else { return None };
    let next = match to.strip_suffix(PROBE_PATH) {
        Some(base) => ServerUrl::parse(base).ok()?,
        None if to.ends_with("/web") || to.contains("/web/") => ServerUrl::parse(to).ok()?,
        None => return None,
    };
    let stays = has_same_origin(from, &next)
        || (from.host() == next.host() && !from.is_encrypted() && next.is_encrypted());
    (stays && next != *from).then_some(next)
}

pub(super) fn has_same_origin(one: &ServerUrl, other: &ServerUrl) -> bool {
    (one.is_encrypted(), one.host(), one.port())
        == (other.is_encrypted(), other.host(), other.port())
}

#[cfg(test)]
mod tests {
    use http::Response;
    use jellyfin_auth::{Device, DeviceFields, DeviceId, Endpoint as _, endpoint::GetServerInfo};

    use super::*;

    fn next(from: &str, location: &str) -> Option<String> {
        let device = Device::new(DeviceFields {
            client: "test",
            version: "1",
            name: "test",
            id: DeviceId::from_random([0; 16]),
        })
        .expect("a device");
        let server = ServerUrl::parse(from).expect("an address");
        let response = Response::builder().status(302).header("Location", location);
        let response = response.body(Vec::new()).expect("a response");
        let info = GetServerInfo { server: &server, device: &device }.read(&response);
        redirect(&server, &info).map(|next| next.to_string())
    }

    #[test]
    fn redirects_that_a_sign_in_follows_are_followed() {
        for (from, location, expected) in [
            ("http://nas:8096", "/jellyfin/web/", Some("http://nas:8096/jellyfin")),
            ("http://nas", "https://nas/System/Info/Public", Some("https://nas")),
            ("https://nas", "http://nas/System/Info/Public", None),
            ("https://nas", "https://other/System/Info/Public", None),
            ("https://nas", "/login?next=hunter2", None),
            ("https://nas", "/System/Info/Public", None),
        ] {
            assert_eq!(next(from, location).as_deref(), expected, "{from} to {location}");
        }
    }
}
