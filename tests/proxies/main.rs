//! Both adapters behind real proxies: nginx, Caddy, `HAProxy`, Apache and Varnish, in front of the fake server
//! and of a real one.
//!
//! Each test ends signed in, or with the error that names the cause. A test whose proxy is not
//! installed prints "skipped" and passes.
#![allow(clippy::unwrap_used)]

#[allow(dead_code, reason = "the live tests need more of it")]
#[path = "../live/administrator.rs"]
mod administrator;
mod backend;
mod certificates;
mod client_certificates;
#[path = "../live/daemon.rs"]
mod daemon;
mod front;
mod gates;
mod log_ins;
mod outages;
mod paths;
#[allow(dead_code, reason = "the live tests need more of it")]
#[path = "../live/plain_http.rs"]
mod plain_http;
mod real_server;
#[allow(dead_code, reason = "the live tests need more of it")]
#[path = "../live/release.rs"]
mod release;
mod secure;
#[allow(dead_code, reason = "the live tests need more of it")]
#[path = "../live/server.rs"]
mod server;
mod sign_in;
