//! The adapter over real sockets of the loopback interface.

mod dropping;
mod executors;
mod limits;
mod scene;
mod tls;
