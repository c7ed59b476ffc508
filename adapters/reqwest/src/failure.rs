//! What an error of reqwest's is to a sign-in.

use std::{error::Error, io, iter};

use http::Uri;
use hyper_util::client::legacy::connect::{HttpConnector, proxy::Tunnel};
use jellyfin_auth::Failure;
use jellyfin_auth_transport::{TransportError, rustls};
use tower_service::Service;

/// hyper-util shows it by this way alone.
type TunnelError = <Tunnel<HttpConnector> as Service<Uri>>::Error;

/// Which failure an error of reqwest's is, by the types of its causes. Its own text isn't passed on: it shows
/// the address with its query.
pub(crate) fn transport_error(error: &reqwest::Error) -> TransportError {
    if let Some(error) = causes(error).filter_map(as_io).find(|error| is_of_rustls(error)) {
        return TransportError::from_io(error);
    }
    if error.is_connect() {
        return connecting(error);
    }
    if error.is_timeout() {
        return failed(Failure::Timeout, "no complete answer came in time");
    }
    let of_hyper = causes(error).find_map(|cause| cause.downcast_ref::<hyper::Error>());
    match of_hyper {
        Some(error) if error.is_parse_too_large() => {
            failed(Failure::TooLarge, "the head of the answer is too large")
        }
        Some(error) if error.is_parse() => failed(Failure::Other, "the answer is no proper HTTP"),
        Some(error)
            if error.is_incomplete_message() || error.is_canceled() || error.is_closed() =>
        {
            failed(Failure::Interrupted, "the answer broke off")
        }
        _ => match causes(error).find_map(as_io) {
            Some(error) => TransportError::from_io(error),
            None => failed(Failure::Other, "the request could not be sent"),
        },
    }
}

/// No connection was made, and so nothing was sent.
fn connecting(error: &reqwest::Error) -> TransportError {
    let of_tunnel = causes(error).find_map(|cause| cause.downcast_ref::<TunnelError>());
    match of_tunnel {
        Some(TunnelError::ConnectFailed(_) | TunnelError::Io(_)) => {
            let text = format!("the proxy: {}", last_words(error));
            return failed(Failure::Unreachable, text);
        }
        Some(TunnelError::ProxyAuthRequired) => {
            return failed(Failure::Proxy, "the proxy wants a user name and a password");
        }
        Some(_) => return failed(Failure::Proxy, "the proxy made no connection to the server"),
        None => {}
    }
    match causes(error).filter_map(as_io).last() {
        Some(io) if error.is_dns() => TransportError::from_look_up(io),
        Some(io) => TransportError::from_connecting(io),
        None if error.is_dns() => failed(Failure::HostNotFound, last_words(error)),
        None if error.is_timeout() => {
            failed(Failure::Unreachable, "no connection was made in time")
        }
        // What is left is a TLS of another make than rustls.
        None => failed(Failure::Tls, last_words(error)),
    }
}

/// What is behind reqwest's own error.
fn causes(error: &reqwest::Error) -> impl Iterator<Item = &(dyn Error + 'static)> {
    iter::successors(error.source(), |&error| {
        // An `io::Error` gives what it wraps by `get_ref`, and only what is behind that by `source`.
        match error.downcast_ref::<io::Error>().and_then(io::Error::get_ref) {
            Some(wrapped) => Some(wrapped),
            None => error.source(),
        }
    })
    .filter(|cause| !cause.is::<reqwest::Error>())
}

fn failed(failure: Failure, text: impl Into<String>) -> TransportError {
    TransportError::new(failure, text)
}

fn as_io<'error>(error: &'error (dyn Error + 'static)) -> Option<&'error io::Error> {
    error.downcast_ref()
}

fn is_of_rustls(error: &io::Error) -> bool {
    error.get_ref().is_some_and(<dyn Error + Send + Sync>::is::<rustls::Error>)
}

/// The innermost cause says most.
fn last_words(error: &reqwest::Error) -> String {
    causes(error).last().map_or_else(String::new, ToString::to_string)
}
