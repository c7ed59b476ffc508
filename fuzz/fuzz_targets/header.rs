#![no_main]

use jellyfin_auth_testkit::fuzzing;

libfuzzer_sys::fuzz_target!(|input: &[u8]| fuzzing::header(input));
