//! The `Authorization` header (protocol facts, sections 2.3 and 2.6).
//!
//! `MediaBrowser Client="…", Device="…", DeviceId="…", Version="…"[, Token="…"]`, every value quoted
//! and not empty. Servers from 10.8 on split at commas and `=` outside quotes, know no escape
//! character, and percent-decode each value once, `+` included. So `"`, `%`, `+`, `,` and all
//! bytes outside printable ASCII are percent-encoded, which reads back exactly there. 10.7 decodes
//! nothing and shows such values encoded; no encoding is right on both sides.

use http::HeaderValue;
use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};
use zeroize::Zeroizing;

use crate::secret::{self, AccessToken};

/// The scheme that every server takes.
const SCHEME: &str = "MediaBrowser ";

/// What is percent-encoded between the quotes, beside all that isn't ASCII.
const ENCODED: &AsciiSet = &CONTROLS.add(b'"').add(b'%').add(b'+').add(b',');

/// Appends `value` in the encoding that goes between the quotes of a header value.
pub(crate) fn encode_into(header: &mut Vec<u8>, value: &str) {
    for part in utf8_percent_encode(value, ENCODED) {
        header.extend_from_slice(part.as_bytes());
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
    header_value(Zeroizing::new(header))
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
    header_value(header)
}

fn header_value(header: Zeroizing<Vec<u8>>) -> HeaderValue {
    secret::header_value(header).expect("the encoding leaves only printable ASCII")
}
