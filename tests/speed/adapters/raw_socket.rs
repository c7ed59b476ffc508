//! An async-std socket and nothing else: bytes written, bytes read up to the length that was announced. The
//! probe goes on the socket that was kept, the password on a fresh one.

use std::{hint::black_box, net::SocketAddr, time::Duration};

use async_std::net::TcpStream;
use futures_lite::{AsyncReadExt as _, AsyncWriteExt as _};
use http::Request;
use side_by_side::hand_written::{Shared, read_authentication, read_info};

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

async fn send(request: Request<Vec<u8>>, kept: &mut Option<TcpStream>) -> Vec<u8> {
    let authority = request.uri().authority().expect("a host").as_str();
    let mut bytes =
        format!("{} {} HTTP/1.1\r\nHost: {authority}\r\n", request.method(), request.uri().path())
            .into_bytes();
    for (name, value) in request.headers() {
        bytes.extend_from_slice(name.as_str().as_bytes());
        bytes.extend_from_slice(b": ");
        bytes.extend_from_slice(value.as_bytes());
        bytes.extend_from_slice(b"\r\n");
    }
    let length = request.body().len();
    bytes.extend_from_slice(format!("Content-Length: {length}\r\n\r\n").as_bytes());
    bytes.extend_from_slice(request.body());
    let address: SocketAddr = authority.parse().expect("a number");
    let exchange = async {
        if kept.is_none() {
            let stream = TcpStream::connect(address).await.expect("a connection");
            stream.set_nodelay(true).expect("a socket");
            *kept = Some(stream);
        }
        let Some(stream) = kept else { unreachable!("just connected") };
        stream.write_all(&bytes).await.expect("a connection");
        read(stream).await
    };
    async_std::future::timeout(Duration::from_secs(30), exchange).await.expect("in time")
}

async fn read(stream: &mut TcpStream) -> Vec<u8> {
    let mut answer = Vec::new();
    let mut buffer = vec![0; 8192];
    loop {
        let read = stream.read(&mut buffer).await.expect("a connection");
        assert_ne!(read, 0, "the server closed");
        answer.extend_from_slice(&buffer[..read]);
        let Some(end) = answer.windows(4).position(|bytes| bytes == b"\r\n\r\n") else { continue };
        let head = std::str::from_utf8(&answer[..end]).expect("ASCII");
        let (_, length) = head.split_once("Content-Length: ").expect("a length");
        let length: usize = length.lines().next().unwrap_or_default().parse().expect("a length");
        if answer.len() >= end + 4 + length {
            return answer.split_off(end + 4);
        }
    }
}
