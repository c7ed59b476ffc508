//! After a sign-in, the password is nowhere in the program's memory, nor the secret of a Quick Connect, and
//! the token in its session alone, but for what hyper and rustls keep.
//!
//! The program is this one again, as a child: what the server and the test know is in another
//! process. Its memory is read while its next request hangs, where `/proc` allows that.

#[cfg(target_os = "linux")]
mod child;
#[cfg(target_os = "linux")]
mod memory;
#[cfg(target_os = "linux")]
mod scan;

use std::process::ExitCode;

use jellyfin_auth_testkit::test_program::{Need, TestProgram};

#[cfg(target_os = "linux")]
fn main() -> ExitCode {
    if child::is_this() {
        child::sign_in();
        return ExitCode::SUCCESS;
    }
    // Not everybody may read it.
    let is_readable = memory::count(std::process::id(), ["any"]).is_some();
    let mut program = TestProgram::from_arguments();
    scan::tests(&mut program, Need::new("proc-mem", is_readable));
    program.run()
}

/// Only Linux has `/proc/PID/mem`.
#[cfg(not(target_os = "linux"))]
fn main() -> ExitCode {
    let mut program = TestProgram::from_arguments();
    program.test("what_a_sign_in_leaves_in_memory", &[Need::new("proc-mem", false)], || {});
    program.run()
}
