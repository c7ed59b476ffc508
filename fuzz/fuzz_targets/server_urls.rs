#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| {
    jellyfin_auth_fuzzing::server_urls(input);
});
