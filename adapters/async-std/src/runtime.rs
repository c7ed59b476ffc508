//! All that this crate wants from a runtime: looking names up, sockets, sleeping. The files here are
//! the only ones that name one.

#[cfg(not(feature = "smol"))]
mod async_std;
#[cfg(feature = "smol")]
mod smol;

#[cfg(not(any(feature = "async-std", feature = "smol")))]
compile_error!("turn on one of the features `async-std`, which is the default, and `smol`");

#[cfg(not(feature = "smol"))]
pub(crate) use async_std::{TcpStream, connect, resolve, sleep};
#[cfg(feature = "smol")]
pub(crate) use smol::{TcpStream, connect, resolve, sleep};
