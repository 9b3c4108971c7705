#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let target = fuzzing::target("authenticator_data").expect("a target of this name");
    (target.check)(bytes);
});
