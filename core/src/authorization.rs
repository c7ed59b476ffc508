//! The `Authorization` header (protocol facts, sections 2.3 and 2.6).
//!
//! `MediaBrowser Client="…", Device="…", DeviceId="…", Version="…"[, Token="…"]`, every value quoted
//! and not empty. Servers from 10.8 on split at commas and `=` outside quotes, know no escape
//! character, and percent-decode each value once, `+` included. So `"`, `%`, `+`, `,` and all
//! bytes outside printable ASCII are percent-encoded, which reads back exactly there. 10.7 decodes
//! nothing and shows such values encoded; no encoding is right on both sides.

use http::HeaderValue;
use zeroize::Zeroizing;

use crate::{percent::escape, secret::AccessToken};

/// The scheme that every server takes.
const SCHEME: &str = "MediaBrowser ";

/// Appends `value` in the encoding that goes between the quotes of a header value.
pub(crate) fn encode_into(header: &mut Vec<u8>, value: &str) {
    for byte in value.bytes() {
        match byte {
            b'"' | b'%' | b'+' | b',' | 0..=0x1F | 0x7F..=0xFF => {
                header.extend_from_slice(&escape(byte));
            }
            _ => header.push(byte),
        }
    }
}

/// The header value of a device that is not signed in.
pub(crate) fn of_device(client: &str, device: &str, device_id: &str, version: &str) -> HeaderValue {
    let mut header = Vec::with_capacity(
        SCHEME.len() + 52 + client.len() + device.len() + device_id.len() + version.len(),
    );
    header.extend_from_slice(SCHEME.as_bytes());
    let fields =
        [("Client", client), ("Device", device), ("DeviceId", device_id), ("Version", version)];
    for (index, (key, value)) in fields.into_iter().enumerate() {
        if index > 0 {
            header.extend_from_slice(b", ");
        }
        header.extend_from_slice(key.as_bytes());
        header.extend_from_slice(b"=\"");
        encode_into(&mut header, value);
        header.push(b'"');
    }
    sensitive(&header)
}

/// `device`'s header value with the token added.
pub(crate) fn with_token(device: &HeaderValue, token: &AccessToken) -> HeaderValue {
    const KEY: &[u8] = b", Token=\"";
    let token = token.expose();
    // Every byte of a token takes at most three, so that no copy is left behind by growing.
    let mut header =
        Zeroizing::new(Vec::with_capacity(device.len() + KEY.len() + 3 * token.len() + 1));
    header.extend_from_slice(device.as_bytes());
    header.extend_from_slice(KEY);
    encode_into(&mut header, token);
    header.push(b'"');
    sensitive(&header)
}

fn sensitive(header: &[u8]) -> HeaderValue {
    let mut value =
        HeaderValue::from_bytes(header).expect("the encoding leaves only printable ASCII");
    value.set_sensitive(true);
    value
}

#[cfg(test)]
mod tests {
    use jellyfin_auth_testkit::fake_server::{Version, parse_authorization};
    use proptest::prelude::*;

    use super::encode_into;

    proptest! {
        /// Control characters included, which no `Device` lets through.
        #[test]
        fn what_is_encoded_reads_back_on_every_server_from_10_8_on(value in "(?s).{1,60}") {
            let mut header = br#"MediaBrowser Client="before", Device=""#.to_vec();
            encode_into(&mut header, &value);
            header.extend_from_slice(br#"", Version="after""#);

            for version in [Version::V10_8, Version::V10_11, Version::V12] {
                let fields = parse_authorization(version, &header);
                prop_assert_eq!(fields.get("Device"), Some(value.as_str()));
                prop_assert_eq!(fields.get("Client"), Some("before"));
                prop_assert_eq!(fields.get("Version"), Some("after"));
            }
            prop_assert!(header.iter().all(|byte| (0x20..0x7F).contains(byte)));
        }
    }
}
