//! What the adapters tell of themselves: through `tracing`, through `log`, in a panic. All of it is
//! kept at the most verbose level, and no secret may be in it.

mod adapter;
mod panics;
mod secrets;
mod server;
mod spans;
mod witness;
