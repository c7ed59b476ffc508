//! What comes before and after a sign-in, through both adapters and a real socket: every outcome is
//! provoked at the fake server.

mod adapter;
mod approving;
mod discovery;
mod lan;
mod passwords;
mod sessions;
