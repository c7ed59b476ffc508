use zeroize::Zeroizing;

/// Puts the whole address into request lines, as a proxy wants it (RFC 9112, section 3.2.2), where ureq
/// writes the path alone.
///
/// This is the least that does it. ureq writes the path of a `Uri`, and http takes none that doesn't begin
/// with `/` (1.4 took one, 1.5 refuses it). ureq's own proxies are asked for a tunnel, which Squid as it is
/// delivered refuses with a 403 to any port but 443. To write and read HTTP here, beside ureq, would need
/// all that ureq does with heads and bodies.
pub(super) struct AbsoluteForm {
    /// Scheme, host and port.
    origin: Box<str>,
    head_is_next: bool,
}

impl AbsoluteForm {
    pub(super) fn of(origin: Box<str>) -> Self {
        Self { origin, head_is_next: true }
    }

    /// A response has begun: whatever is sent after it is the next request.
    pub(super) fn answered(&mut self) {
        self.head_is_next = true;
    }

    /// What to send in place of `output`, if that is the beginning of a request.
    pub(super) fn rewrite(&mut self, output: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
        if !std::mem::replace(&mut self.head_is_next, false) {
            return None;
        }
        let path = output.iter().position(|&byte| byte == b' ').map_or(0, |space| space + 1);
        let parts = [&output[..path], self.origin.as_bytes(), &output[path..]];
        Some(Zeroizing::new(parts.concat()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_request_line_gets_the_origin_and_no_body_does() {
        let mut form = AbsoluteForm::of("http://nas.example:8096".into());
        for _ in 0..2 {
            let head =
                form.rewrite(b"POST /Users?a=b HTTP/1.1\r\nHost: nas\r\n\r\n").expect("a head");
            let expected = b"POST http://nas.example:8096/Users?a=b HTTP/1.1\r\nHost: nas\r\n\r\n";
            assert_eq!(*head, expected);
            assert_eq!(form.rewrite(b"{\"a b\":1}"), None);
            form.answered();
        }
    }
}
