//! Every interleaving of a sign-in, a server and a network, within bounds, checked by `stateright`.
//!
//! The client is the library itself: a state holds what was done to a login so far, and the same is done
//! to a fresh login before it goes on. Its `Debug` text stands for it when states are compared: it
//! shows all of a login but the secrets, and each of those belongs to one code, which it shows. The
//! server is the testkit's fake one.

mod bounds;
mod client;
mod facts;
mod model;
mod network;
mod properties;
mod report;
mod state;
mod step;

pub use bounds::{Bounds, Way};
pub use model::{Action, SignIn};
pub use report::Report;
pub use state::State;
