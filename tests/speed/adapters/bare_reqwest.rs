//! reqwest alone, with the driver's settings: each request on a connection of its own.

use std::{hint::black_box, time::Duration};

use http::Request;
use reqwest::{Client, redirect, retry};
use side_by_side::hand_written::{Shared, read_authentication, read_info};
use tokio::runtime;

pub(crate) fn contestant(url: &str) -> impl FnMut() + use<> {
    let runtime = runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let client = Client::builder()
        .redirect(redirect::Policy::none())
        .retry(retry::never())
        .referer(false)
        .http1_only()
        .pool_max_idle_per_host(0)
        .no_proxy()
        .build()
        .expect("a client");
    let shared = Shared::at(url.to_owned());
    move || {
        runtime.block_on(async {
            let info = read_info(&send(&client, shared.probe_request()).await);
            let answer = send(&client, shared.password_request()).await;
            drop(black_box((info, read_authentication(&answer))));
        });
    }
}

async fn send(client: &Client, request: Request<Vec<u8>>) -> Vec<u8> {
    let mut request = reqwest::Request::try_from(request).expect("a request");
    *request.timeout_mut() = Some(Duration::from_secs(30));
    let mut answer = client.execute(request).await.expect("an answer");
    assert_eq!(answer.status(), 200);
    let mut body = Vec::new();
    while let Some(data) = answer.chunk().await.expect("a body") {
        assert!(body.len() + data.len() <= 1024 * 1024);
        body.extend_from_slice(&data);
    }
    body
}
