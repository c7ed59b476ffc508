//! The driver over real sockets of the loopback interface.

mod cancelling;
mod keep_alive;
mod proxies;
mod scene;
mod tls;
mod traps;
mod waits;
