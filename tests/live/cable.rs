//! A network cable between a client and a server: it can be pulled and plugged in again.

use std::{
    io::{self, Read, Write},
    net::{Ipv4Addr, Shutdown, SocketAddr, TcpListener, TcpStream},
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
    thread,
};

/// Forwards bytes to a server while it is plugged in; else connections are closed at once.
#[derive(Debug)]
pub(crate) struct Cable {
    address: SocketAddr,
    line: Arc<Line>,
}

#[derive(Debug, Default)]
struct Line {
    pulled: AtomicBool,
    over: AtomicBool,
    open: Mutex<Vec<TcpStream>>,
}

impl Cable {
    /// A cable to the server at `port` of this machine.
    pub(crate) fn to(port: u16) -> Self {
        let listener =
            TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("loopback can be listened on");
        let address = listener.local_addr().expect("a listener has an address");
        let line = Arc::new(Line::default());
        let shared = Arc::clone(&line);
        thread::spawn(move || {
            for client in listener.incoming() {
                if shared.over.load(Ordering::SeqCst) {
                    return;
                }
                if let Ok(client) = client {
                    // A connection that breaks is what a cable is here for.
                    drop(shared.connect(client, port));
                }
            }
        });
        Self { address, line }
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Cuts what is connected and lets nothing through.
    pub(crate) fn pull(&self) {
        let mut open = self.line.open.lock().expect("no list is left half written");
        self.line.pulled.store(true, Ordering::SeqCst);
        for stream in open.drain(..) {
            drop(stream.shutdown(Shutdown::Both));
        }
    }

    pub(crate) fn plug_in(&self) {
        self.line.pulled.store(false, Ordering::SeqCst);
    }
}

impl Line {
    fn connect(&self, client: TcpStream, port: u16) -> io::Result<()> {
        let server = TcpStream::connect((Ipv4Addr::LOCALHOST, port))?;
        let mut open = self.open.lock().expect("no list is left half written");
        if self.pulled.load(Ordering::SeqCst) {
            return Ok(());
        }
        open.extend([client.try_clone()?, server.try_clone()?]);
        drop(open);
        let (client_again, server_again) = (client.try_clone()?, server.try_clone()?);
        thread::spawn(move || forward(client, server));
        thread::spawn(move || forward(server_again, client_again));
        Ok(())
    }
}

fn forward(mut from: TcpStream, mut to: TcpStream) {
    let mut bytes = [0; 8192];
    while let Ok(length @ 1..) = from.read(&mut bytes) {
        if to.write_all(&bytes[..length]).is_err() {
            break;
        }
    }
    drop(to.shutdown(Shutdown::Write));
}

impl Drop for Cable {
    fn drop(&mut self) {
        self.line.over.store(true, Ordering::SeqCst);
        self.pull();
        // Wakes the thread that accepts.
        drop(TcpStream::connect(self.address));
    }
}
