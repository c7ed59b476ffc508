//! The adapter over real sockets of the loopback interface.

mod connecting;
mod dropping;
mod executors;
mod idle;
mod keep_alive;
mod limits;
mod proxies;
mod scene;
mod tls;
