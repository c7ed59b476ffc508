//! Integration tests of the core against scripts and the fake server, one file a subject.

#![expect(unreachable_pub, reason = "the modules of a test program share freely")]

mod approving;
mod authorization_header;
mod client_certificate;
mod contract;
mod device;
mod discovery;
mod drive;
mod endpoints;
mod errors;
mod fronts;
#[path = "../gateway_answers/mod.rs"]
mod gateway_answers;
mod gateway_headers;
mod gateways;
mod given;
mod hostile_answers;
mod known_server;
mod lan;
mod login_record;
mod many_addresses;
mod parity;
mod properties;
mod protocol_facts;
mod purity;
mod recorded_answers;
mod recordings;
mod replay;
mod rules;
mod second_factor;
mod secrets;
mod seeds;
mod server_parser;
mod server_url;
mod session;
mod session_addresses;
mod session_check;
mod session_record;
mod sign_out;
mod simulation;
mod transitions;
mod trusted_certificates;
