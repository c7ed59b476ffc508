use std::fmt;

use serde::Deserialize;

use super::{Object, lenient};

/// The body of a success, and what it takes to read it.
#[derive(Clone, Copy)]
pub struct Body<'r> {
    pub(crate) status: u16,
    /// The server marked the response as its own.
    pub(crate) marked: bool,
    pub(crate) bytes: &'r [u8],
}

/// The body may hold a token.
impl fmt::Debug for Body<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Body").field("status", &self.status).finish_non_exhaustive()
    }
}

impl<'r> Body<'r> {
    /// Reads JSON. Property names come in Pascal case, and in camel case from a server that is starting
    /// (protocol facts, sections 7.1 and 8.3). A property that is there twice is an error; one that
    /// isn't known is skipped, and so is a byte-order mark.
    pub(crate) fn json<T: Deserialize<'r>>(&self) -> Option<T> {
        const BYTE_ORDER_MARK: &[u8] = b"\xEF\xBB\xBF";
        let text = self.bytes.strip_prefix(BYTE_ORDER_MARK).unwrap_or(self.bytes);
        // Text is checked once here, and string by string in bytes.
        match std::str::from_utf8(text) {
            Ok(text) => serde_json::from_str(text).ok(),
            Err(_) => serde_json::from_slice(text).ok(),
        }
    }

    /// Reads an object.
    pub(crate) fn object<T: Deserialize<'r>>(&self) -> Option<T> {
        self.json().map(|Object(object)| object)
    }

    /// Reads a bare `true` or `false`.
    pub(crate) fn boolean(&self) -> Option<bool> {
        self.json().and_then(|Boolean(boolean)| boolean)
    }
}

#[derive(Deserialize)]
#[serde(transparent)]
struct Boolean(#[serde(deserialize_with = "lenient::boolean")] Option<bool>);
