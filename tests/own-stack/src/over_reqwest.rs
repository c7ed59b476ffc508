//! reqwest on tokio.

use std::time::Instant;

use http::{Request, Response};
use jellyfin_auth::{Error, Failure, Login, Session, Step, Timestamp, Wait};
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
    mut login: Login,
    next: &Notify,
    mut show: impl FnMut(&Wait),
) -> Result<Session, Error> {
    let start = Instant::now();
    loop {
        match login.poll(Timestamp::new(start.elapsed()))? {
            Step::Done(session) => return Ok(session),
            Step::Pending => unreachable!("every request is answered before the next poll"),
            Step::Wait(wait) => {
                show(&wait);
                tokio::select! {
                    () = time::sleep(wait.delay()) => {}
                    () = next.notified() => drop(login.check_now()),
                }
            }
            Step::Send(request) => {
                let (timeout, max_body) = (request.timeout(), request.max_body());
                let (request, ticket) = request.into_parts();
                let told = match time::timeout(timeout, exchange(client, request, max_body)).await {
                    Ok(Ok(response)) => login.handle_response(ticket, response),
                    Ok(Err(failure)) => login.handle_failure(ticket, failure),
                    Err(_) => login.handle_failure(ticket, Failure::Timeout),
                };
                told.expect("the login waits for the ticket of its last request");
            }
        }
    }
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
