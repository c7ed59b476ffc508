use std::time::Instant;

/// A request as it arrived, byte for byte.
#[derive(Clone, Debug)]
pub struct RawRequest {
    pub(crate) connection: usize,
    pub(crate) earlier: usize,
    pub(crate) arrived: Instant,
    pub(crate) head: String,
    pub(crate) body: Vec<u8>,
}

impl RawRequest {
    /// The number of the connection that it came on, from 0.
    #[must_use]
    pub fn connection(&self) -> usize {
        self.connection
    }

    /// How many requests came before it on its connection.
    #[must_use]
    pub fn earlier(&self) -> usize {
        self.earlier
    }

    /// When its last byte was read.
    #[must_use]
    pub fn arrived(&self) -> Instant {
        self.arrived
    }

    /// Request line and headers, without the blank line. Bytes that are no UTF-8 are replaced.
    #[must_use]
    pub fn head(&self) -> &str {
        &self.head
    }

    /// The body: what `Content-Length` announced, or the chunks as they came.
    #[must_use]
    pub fn body(&self) -> &[u8] {
        &self.body
    }

    /// `GET`, `POST`, …
    #[must_use]
    pub fn method(&self) -> &str {
        self.line_part(0)
    }

    /// What the request line names: path and query, or a whole address for a proxy.
    #[must_use]
    pub fn target(&self) -> &str {
        self.line_part(1)
    }

    /// The path, without scheme, host and query.
    #[must_use]
    pub fn path(&self) -> &str {
        let target = self.target();
        let path = match target.find("://") {
            Some(scheme) => {
                let rest = &target[scheme + 3..];
                rest.find('/').map_or("/", |slash| &rest[slash..])
            }
            None => target,
        };
        path.split('?').next().unwrap_or(path)
    }

    /// Every header, in order, as it was written.
    pub fn headers(&self) -> impl Iterator<Item = (&str, &str)> {
        self.head
            .split("\r\n")
            .skip(1)
            .map(|line| line.split_once(':').unwrap_or((line, "")))
            .map(|(name, value)| (name, value.trim()))
    }

    /// The values of the headers of this name.
    #[must_use]
    pub fn header(&self, name: &str) -> Vec<&str> {
        self.headers()
            .filter(|(found, _)| found.eq_ignore_ascii_case(name))
            .map(|(_, value)| value)
            .collect()
    }

    fn line_part(&self, index: usize) -> &str {
        let line = self.head.split("\r\n").next().unwrap_or_default();
        line.split(' ').nth(index).unwrap_or_default()
    }
}
