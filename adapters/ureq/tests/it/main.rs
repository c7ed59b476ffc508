//! The driver over real sockets of the loopback interface.

mod cancelling;
mod scene;
mod tls;
mod traps;
mod waits;
