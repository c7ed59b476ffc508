//! nginx reports in a response what others report in the handshake.

/// How much of a body is looked at.
const MOST: usize = 64 * 1024;
/// The titles of nginx's pages when a client certificate is missing, or isn't accepted.
const TITLES: [&[u8]; 2] = [b"No required SSL certificate was sent", b"The SSL certificate error"];

/// Whether nginx says that the request came without the client certificate that it wants. Its own status for
/// that is 400; 495 and 496 are what it has inside, and what some configurations let out.
pub(super) fn is_required(status: u16, body: &[u8]) -> bool {
    matches!(status, 400 | 495 | 496) && {
        let body = &body[..body.len().min(MOST)];
        TITLES.iter().any(|title| body.windows(title.len()).any(|part| part == *title))
    }
}
