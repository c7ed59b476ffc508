//! The adapter over real sockets of the loopback interface.

mod connecting;
mod dropping;
mod executors;
mod limits;
mod scene;
mod tls;
