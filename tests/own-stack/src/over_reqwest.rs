//! reqwest on tokio.

use std::time::Instant;

use http::{Request, Response};
use jellyfin_auth::{Error, Failure, Login, Session, Timestamp, Wait, WakeReason, drive_async};
use reqwest::{Client, ClientBuilder, redirect, retry};
use tokio::{sync::Notify, time};

use crate::hyper_failure::failure;

/// What a client for signing in needs; certificates, proxies and headers are the program's to add.
pub fn client() -> ClientBuilder {
    let client = Client::builder().redirect(redirect::Policy::none()).retry(retry::never());
    // A connection for each request: see the crate's page.
    client.referer(false).pool_max_idle_per_host(0)
}

/// Runs a login to its end; `show` gets each wait, with the code. Dropping the future gives up.
///
/// # Errors
///
/// What the login ended with.
pub async fn sign_in(
    client: &Client,
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
            show(&wait);
            async move {
                tokio::select! {
                    () = time::sleep(wait.delay()) => WakeReason::TimeOver,
                    () = next.notified() => WakeReason::CheckNow,
                }
            }
        },
        || Timestamp::new(start.elapsed()),
    )
    .await
}

async fn exchange(
    client: &Client,
    request: Request<Vec<u8>>,
    max_body: usize,
) -> Result<Response<Vec<u8>>, Failure> {
    let failed = |error: reqwest::Error| failure(&error, error.is_connect());
    let request = reqwest::Request::try_from(request).map_err(failed)?;
    let mut answer = client.execute(request).await.map_err(failed)?;
    if answer.status() == 101 {
        return Err(Failure::Other);
    }
    if answer.content_length().is_some_and(|length| length > max_body as u64) {
        return Err(Failure::TooLarge);
    }
    let mut response = Response::new(Vec::new());
    *response.status_mut() = answer.status();
    *response.headers_mut() = std::mem::take(answer.headers_mut());
    while let Some(chunk) = answer.chunk().await.map_err(failed)? {
        response.body_mut().extend_from_slice(&chunk);
        if response.body().len() > max_body {
            return Err(Failure::TooLarge);
        }
    }
    Ok(response)
}
