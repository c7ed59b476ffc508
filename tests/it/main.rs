//! Integration tests of the core against scripts and the fake server, one file a subject.

#![expect(unreachable_pub, reason = "the modules of a test program share freely")]

mod contract;
mod given;
mod transitions;
