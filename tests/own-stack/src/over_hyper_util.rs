//! hyper-util's legacy client on tokio.

use std::time::Instant;

use http::{Request, Response};
use http_body_util::{BodyExt as _, Full, LengthLimitError, Limited};
use hyper::body::Bytes;
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::{
    client::legacy::{Client, connect::HttpConnector},
    rt::TokioExecutor,
};
use jellyfin_auth::{Error, Failure, Login, Session, Timestamp, Wait, WakeReason, drive_async};
use tokio::{sync::Notify, time};

use crate::hyper_failure::failure;

/// What sends the requests.
pub type Stack = Client<HttpsConnector<HttpConnector>, Full<Bytes>>;

/// A client for signing in. Which authorities to trust is the program's to say.
#[must_use]
pub fn client(tls: rustls::ClientConfig) -> Stack {
    let connector = HttpsConnectorBuilder::new().with_tls_config(tls).https_or_http();
    // A connection for each request: see the crate's page.
    let mut client = Client::builder(TokioExecutor::new());
    client.pool_max_idle_per_host(0).retry_canceled_requests(false);
    client.build(connector.enable_http1().build())
}

/// Runs a login to its end; `show` gets each wait, with the code. Dropping the future gives up.
///
/// # Errors
///
/// What the login ended with.
pub async fn sign_in(
    client: &Stack,
    login: Login,
    next: &Notify,
    mut show: impl FnMut(&Wait),
) -> Result<Session, Error> {
    let start = Instant::now();
    drive_async(
        login,
        |request, limits| async move {
            let answer = time::timeout(limits.timeout, exchange(client, request, limits.max_body));
            answer.await.unwrap_or(Err(Failure::Timeout))
        },
        |wait| {
            let begun = Instant::now();
            show(&wait);
            async move {
                tokio::select! {
                    () = time::sleep(wait.delay().saturating_sub(begun.elapsed())) => WakeReason::TimeOver,
                    () = next.notified() => WakeReason::CheckNow,
                }
            }
        },
        || Timestamp::new(start.elapsed()),
    )
    .await
}

async fn exchange(
    client: &Stack,
    request: Request<Vec<u8>>,
    max_body: usize,
) -> Result<Response<Vec<u8>>, Failure> {
    let request = request.map(|body| Full::new(Bytes::from(body)));
    let answer = client.request(request).await;
    let (head, body) = answer.map_err(|error| failure(&error, error.is_connect()))?.into_parts();
    if head.status == 101 {
        return Err(Failure::Other);
    }
    if hyper::body::Body::size_hint(&body).lower() > max_body as u64 {
        return Err(Failure::TooLarge);
    }
    let body = Limited::new(body, max_body).collect().await.map_err(|error| {
        if error.is::<LengthLimitError>() { Failure::TooLarge } else { failure(&*error, false) }
    })?;
    Ok(Response::from_parts(head, body.to_bytes().into()))
}
