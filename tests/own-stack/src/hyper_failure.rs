//! What an error of hyper's, or of anything on top of it, is to a login.

use std::{
    error::Error,
    io::{self, ErrorKind},
    iter,
};

use jellyfin_auth::Failure;

/// Looks for what it was among an error's causes. `is_connect`: no connection was made.
pub(crate) fn failure(error: &(dyn Error + 'static), is_connect: bool) -> Failure {
    let causes = || iter::successors(Some(error), |&error| cause(error));
    if let Some(error) = causes().find_map(|cause| cause.downcast_ref::<rustls::Error>()) {
        return of_tls(error);
    }
    if is_connect {
        return Failure::Unreachable;
    }
    let of_hyper = causes().find_map(|cause| cause.downcast_ref::<hyper::Error>());
    if of_hyper.is_some_and(hyper::Error::is_parse_too_large) {
        return Failure::TooLarge;
    }
    let broken = |error: &hyper::Error| {
        error.is_incomplete_message() || error.is_canceled() || error.is_closed()
    };
    let of_io = causes().find_map(|cause| cause.downcast_ref::<io::Error>());
    if of_hyper.is_some_and(broken) || of_io.is_some_and(is_broken) {
        return Failure::Interrupted;
    }
    Failure::Other
}

fn of_tls(error: &rustls::Error) -> Failure {
    use rustls::{AlertDescription, CertificateError, Error};
    match error {
        // Here trusting it would be of no use.
        Error::InvalidCertificate(
            CertificateError::BadEncoding | CertificateError::BadSignature,
        ) => Failure::Tls,
        Error::InvalidCertificate(_) => Failure::UntrustedCertificate,
        Error::AlertReceived(AlertDescription::CertificateRequired) => {
            Failure::ClientCertificateRequired
        }
        _ => Failure::Tls,
    }
}

/// An `io::Error` gives what it wraps by `get_ref`, and only what is behind that by `source`.
fn cause<'error>(error: &'error (dyn Error + 'static)) -> Option<&'error (dyn Error + 'static)> {
    match error.downcast_ref::<io::Error>().and_then(io::Error::get_ref) {
        Some(wrapped) => Some(wrapped),
        None => error.source(),
    }
}

fn is_broken(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        ErrorKind::BrokenPipe
            | ErrorKind::ConnectionAborted
            | ErrorKind::ConnectionReset
            | ErrorKind::UnexpectedEof
    )
}
