//! What the drivers of both adapters do to connections, beyond the rules of the conformance suite.

#[path = "../both_drivers/mod.rs"]
mod both_drivers;
mod idle;
mod keep_alive;
mod proxies;
mod reaching;
mod scene;
