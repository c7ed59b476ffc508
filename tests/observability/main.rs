//! What the adapters record: through `tracing`, through `log`, in a panic. All of it is kept at the
//! most verbose level, and no secret may be in it.

mod panics;
mod recorder;
mod secrets;
mod server;
mod spans;
