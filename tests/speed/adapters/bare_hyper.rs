//! hyper over async-std alone: a fresh connection for the probe and another one for the password, as
//! the driver makes them.

use std::{hint::black_box, time::Duration};

use async_std::net::TcpStream;
use futures_lite::future;
use http::{HeaderValue, Request, Uri, header};
use http_body_util::{BodyExt as _, Full, Limited};
use hyper::{body::Bytes, client::conn::http1};
use side_by_side::hand_written::{Shared, read_authentication, read_info};
use smol_hyper::rt::FuturesIo;

pub(crate) fn contestant(url: &str) -> impl FnMut() + use<> {
    let shared = Shared::at(url.to_owned());
    move || {
        async_std::task::block_on(async {
            let info = read_info(&send(shared.probe_request()).await);
            let authentication = read_authentication(&send(shared.password_request()).await);
            drop(black_box((info, authentication)));
        });
    }
}

async fn send(mut request: Request<Vec<u8>>) -> Vec<u8> {
    let authority = request.uri().authority().expect("a host").clone();
    let host = HeaderValue::from_str(authority.as_str()).expect("ASCII");
    request.headers_mut().insert(header::HOST, host);
    let path = request.uri().path_and_query().expect("a path").as_str();
    *request.uri_mut() = Uri::try_from(path).expect("a path");
    let exchange = async {
        let stream = TcpStream::connect(authority.as_str()).await.expect("a connection");
        stream.set_nodelay(true).expect("a socket");
        let (mut sender, connection) =
            http1::handshake(FuturesIo::new(stream)).await.expect("a connection");
        let answer = async {
            let request = request.map(|body| Full::new(Bytes::from(body)));
            let answer = sender.send_request(request).await.expect("an answer");
            assert_eq!(answer.status(), 200);
            let body = Limited::new(answer.into_body(), 1024 * 1024).collect().await;
            body.expect("a body").to_bytes().to_vec()
        };
        let end = async {
            connection.await.expect("a connection that lives on");
            future::pending().await
        };
        future::or(answer, end).await
    };
    async_std::future::timeout(Duration::from_secs(30), exchange).await.expect("in time")
}
