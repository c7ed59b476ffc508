//! What comes before and after a sign-in, and what stands in front of a server, through both adapters
//! and a real socket.

mod approving;
mod discovery;
mod discovery_at_once;
mod environment;
mod fronts;
#[path = "../gateway_answers/mod.rs"]
mod gateway_answers;
mod gateways;
mod lan;
mod many_addresses;
mod other_makes;
mod passwords;
mod scene;
mod sessions;
