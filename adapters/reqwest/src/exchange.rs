//! One request and its response.

use bytes::Bytes;
use http::{Request, Response, StatusCode};
use jellyfin_auth::{Failure, Limits};
use jellyfin_auth_transport::{Outgoing, TransportError, WipedBytes};
use reqwest::Client;

use crate::failure::transport_error;

/// A response whose body is wiped when it is dropped: a token may be in it.
pub(crate) type Answer = Response<WipedBytes>;

/// Sends a request and reads the whole response.
pub(crate) async fn exchange(
    client: &Client,
    Outgoing { request, limits, event, .. }: Outgoing,
) -> Result<Answer, TransportError> {
    let result = send(client, request, limits).await;
    event.end(&result);
    result
}

async fn send(
    client: &Client,
    request: Request<Vec<u8>>,
    limits: Limits,
) -> Result<Answer, TransportError> {
    let failed = |error: reqwest::Error| transport_error(&error);
    let request = request.map(|body| Bytes::from_owner(WipedBytes::from(body)));
    let mut request = reqwest::Request::try_from(request).map_err(failed)?;
    // From the look-up of the name to the body's last byte.
    *request.timeout_mut() = Some(limits.timeout);
    let mut response = client.execute(request).await.map_err(failed)?;
    if response.status() == StatusCode::SWITCHING_PROTOCOLS {
        let text = "the server wants to switch to another protocol";
        return Err(TransportError::new(Failure::Other, text));
    }
    let length = response.content_length().unwrap_or_default();
    if usize::try_from(length).map_or(true, |length| length > limits.max_body) {
        return Err(too_large(limits));
    }
    let mut body = WipedBytes::new();
    while let Some(data) = response.chunk().await.map_err(failed)? {
        if data.len() > limits.max_body - body.as_ref().len() {
            return Err(too_large(limits));
        }
        body.extend(&data);
    }
    let mut answer = Response::new(body);
    *answer.status_mut() = response.status();
    *answer.headers_mut() = std::mem::take(response.headers_mut());
    Ok(answer)
}

fn too_large(limits: Limits) -> TransportError {
    let text = format!("the body has more than {} bytes", limits.max_body);
    TransportError::new(Failure::TooLarge, text)
}
