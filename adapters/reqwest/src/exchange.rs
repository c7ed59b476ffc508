//! One request and its response.

use bytes::Bytes;
use http::{Request, Response, StatusCode};
use jellyfin_auth::{Failure, Limits};
use jellyfin_auth_transport::{RequestEvent, TransportError};
use reqwest::Client;
use zeroize::Zeroizing;

use crate::failure::transport_error;

/// A response whose body is wiped when it is dropped: a token may be in it.
pub(crate) type Answer = Response<Zeroizing<Vec<u8>>>;

/// Sends `request`, whose event is `event`, and reads the whole response.
pub(crate) async fn exchange(
    client: &Client,
    request: Request<Vec<u8>>,
    limits: Limits,
    event: RequestEvent,
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
    let request = request.map(|body| Bytes::from_owner(Zeroizing::new(body)));
    let mut request = reqwest::Request::try_from(request).map_err(failed)?;
    // From the look-up of the name to the body's last byte.
    *request.timeout_mut() = Some(limits.timeout);
    let mut response = client.execute(request).await.map_err(failed)?;
    if response.status() == StatusCode::SWITCHING_PROTOCOLS {
        let text = "the server wants to switch to another protocol";
        return Err(TransportError::new(Failure::Other, text));
    }
    let length = response.content_length().unwrap_or_default();
    let length = usize::try_from(length).ok().filter(|length| *length <= limits.max_body);
    let mut body = Zeroizing::new(Vec::with_capacity(length.ok_or_else(|| too_large(limits))?));
    while let Some(data) = response.chunk().await.map_err(failed)? {
        if data.len() > limits.max_body - body.len() {
            return Err(too_large(limits));
        }
        append(&mut body, &data);
    }
    let mut answer = Response::new(body);
    *answer.status_mut() = response.status();
    *answer.headers_mut() = std::mem::take(response.headers_mut());
    Ok(answer)
}

/// A buffer that grows in its place would leave its old bytes behind.
fn append(body: &mut Zeroizing<Vec<u8>>, data: &[u8]) {
    if body.capacity() - body.len() < data.len() {
        let mut larger = Vec::with_capacity((body.len() + data.len()).next_power_of_two());
        larger.extend_from_slice(body);
        *body = Zeroizing::new(larger);
    }
    body.extend_from_slice(data);
}

fn too_large(limits: Limits) -> TransportError {
    let text = format!("the body has more than {} bytes", limits.max_body);
    TransportError::new(Failure::TooLarge, text)
}
