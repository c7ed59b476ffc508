//! Percent-encoding, as in queries and in the values of the `Authorization` header.

/// `%` and two upper-case hex digits.
pub(crate) fn escape(byte: u8) -> [u8; 3] {
    const HEX: &[u8; 16] = b"0123456789ABCDEF";
    [b'%', HEX[usize::from(byte >> 4)], HEX[usize::from(byte & 0xF)]]
}
