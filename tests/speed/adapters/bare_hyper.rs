//! hyper over async-std alone: the probe on the connection that was kept, the password on a fresh one.

use std::{hint::black_box, net::SocketAddr, pin::Pin, time::Duration};

use async_std::net::TcpStream;
use futures_lite::future;
use http::{HeaderValue, Request, Uri, header};
use http_body_util::{BodyExt as _, Full, Limited};
use hyper::{
    body::Bytes,
    client::conn::http1::{self, SendRequest},
};
use side_by_side::hand_written::{Shared, read_authentication, read_info};
use smol_hyper::rt::FuturesIo;

struct Connection {
    sender: SendRequest<Full<Bytes>>,
    work: Pin<Box<dyn Future<Output = hyper::Result<()>>>>,
}

pub(crate) fn contestant(url: &str) -> impl FnMut() + use<> {
    let shared = Shared::at(url.to_owned());
    let mut kept = None;
    move || {
        async_std::task::block_on(async {
            let info = read_info(&send(shared.probe_request(), &mut kept).await);
            kept = None;
            let answer = send(shared.password_request(), &mut kept).await;
            drop(black_box((info, read_authentication(&answer))));
        });
    }
}

async fn send(request: Request<Vec<u8>>, kept: &mut Option<Connection>) -> Vec<u8> {
    let exchange = exchange(request, kept);
    async_std::future::timeout(Duration::from_secs(30), exchange).await.expect("in time")
}

async fn exchange(mut request: Request<Vec<u8>>, kept: &mut Option<Connection>) -> Vec<u8> {
    let authority = request.uri().authority().expect("a host").clone();
    let host = HeaderValue::from_str(authority.as_str()).expect("ASCII");
    request.headers_mut().insert(header::HOST, host);
    let path = request.uri().path_and_query().expect("a path").as_str();
    *request.uri_mut() = Uri::try_from(path).expect("a path");
    if kept.is_none() {
        *kept = Some(connect(authority.as_str()).await);
    }
    let Some(Connection { sender, work }) = kept else { unreachable!("just connected") };
    let answer = async {
        sender.ready().await.expect("a connection");
        let request = request.map(|body| Full::new(Bytes::from(body)));
        let answer = sender.send_request(request).await.expect("an answer");
        assert_eq!(answer.status(), 200);
        let body = Limited::new(answer.into_body(), 1024 * 1024).collect().await;
        body.expect("a body").to_bytes().to_vec()
    };
    let work = async {
        work.await.expect("a connection that lives on");
        future::pending().await
    };
    future::or(answer, work).await
}

async fn connect(authority: &str) -> Connection {
    // Without this the stream would ask a thread to look the number up.
    let address: SocketAddr = authority.parse().expect("a number");
    let stream = TcpStream::connect(address).await.expect("a connection");
    stream.set_nodelay(true).expect("a socket");
    let (sender, work) = http1::handshake(FuturesIo::new(stream)).await.expect("a connection");
    Connection { sender, work: Box::pin(work) }
}
