//! A server that answers at once, so that what is measured is the client.

use std::{
    io::{Read as _, Write as _},
    net::{Ipv4Addr, TcpListener, TcpStream},
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
    thread,
};

pub(crate) struct Server {
    url: String,
    connections: Arc<AtomicU32>,
}

impl Server {
    pub(crate) fn start() -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a port");
        let url = format!("http://{}", listener.local_addr().expect("an address"));
        let connections = Arc::<AtomicU32>::default();
        let count = Arc::clone(&connections);
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                count.fetch_add(1, Ordering::Relaxed);
                thread::spawn(move || serve(stream));
            }
        });
        Self { url, connections }
    }

    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    /// How many connections were made since the last call.
    pub(crate) fn connections(&self) -> u32 {
        self.connections.swap(0, Ordering::Relaxed)
    }
}

/// Answers request after request, until the client closes.
fn serve(mut stream: TcpStream) {
    stream.set_nodelay(true).expect("a socket");
    let (info, authentication) = (side_by_side::server_info(), side_by_side::authentication());
    let (info, authentication) = (answer(info.body()), answer(authentication.body()));
    let mut request = Vec::new();
    let mut buffer = [0; 4096];
    loop {
        while !is_whole(&request) {
            match stream.read(&mut buffer) {
                Ok(0) | Err(_) => return,
                Ok(length) => request.extend_from_slice(&buffer[..length]),
            }
        }
        let answer = if request.starts_with(b"GET") { &info } else { &authentication };
        request.clear();
        if stream.write_all(answer).is_err() {
            return;
        }
    }
}

fn is_whole(request: &[u8]) -> bool {
    let text = String::from_utf8_lossy(request).to_ascii_lowercase();
    let Some((head, body)) = text.split_once("\r\n\r\n") else { return false };
    let length = head.split_once("content-length:").map_or(0, |(_, rest)| {
        rest.lines().next().unwrap_or_default().trim().parse().expect("a length")
    });
    body.len() >= length
}

fn answer(body: &[u8]) -> Vec<u8> {
    let mut answer = format!(
        "HTTP/1.1 200 OK\r\nContent-Type: application/json; charset=utf-8\r\nServer: Kestrel\r\n\
         Content-Length: {}\r\nX-Response-Time-ms: 1.2345\r\n\r\n",
        body.len()
    )
    .into_bytes();
    answer.extend_from_slice(body);
    answer
}
