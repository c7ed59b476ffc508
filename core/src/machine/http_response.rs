use http::{HeaderMap, Response, StatusCode};

/// A response as a [`Machine`](super::Machine) reads it: any [`http::Response`] whose body is bytes,
/// such as `Response<Vec<u8>>` or `Response<&[u8]>`.
///
/// It is read, not consumed, so that a driver can wipe its buffer afterwards. No other type implements
/// it.
pub trait HttpResponse: sealed::Sealed {
    /// The status.
    fn status(&self) -> StatusCode;

    /// The headers.
    fn headers(&self) -> &HeaderMap;

    /// The whole body, decoded from its transfer encoding.
    fn body(&self) -> &[u8];
}

impl<B: AsRef<[u8]>> HttpResponse for Response<B> {
    fn status(&self) -> StatusCode {
        self.status()
    }

    fn headers(&self) -> &HeaderMap {
        self.headers()
    }

    fn body(&self) -> &[u8] {
        self.body().as_ref()
    }
}

mod sealed {
    pub trait Sealed {}

    impl<B: AsRef<[u8]>> Sealed for http::Response<B> {}
}
