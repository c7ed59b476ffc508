//! Integration tests of the core against scripts and the fake server, one file a subject.

#![expect(unreachable_pub, reason = "the modules of a test program share freely")]

mod authorization_header;
mod contract;
mod device;
mod discovery;
mod endpoints;
mod errors;
mod fronts;
mod given;
mod hostile_answers;
mod lan;
mod parity;
mod properties;
mod purity;
mod recorded_answers;
mod recordings;
mod replay;
mod saved;
mod secrets;
mod seeds;
mod server_parser;
mod server_url;
mod session_check;
mod session_record;
mod simulation;
mod transitions;
