//! The three drivers keep the rules of every driver.

mod frame_loop;
mod hyper_util;
mod plain_tcp;

use std::process::ExitCode;

use jellyfin_auth_testkit::conformance;

fn main() -> ExitCode {
    conformance::main([frame_loop::suite(), hyper_util::suite(), plain_tcp::suite()])
}
