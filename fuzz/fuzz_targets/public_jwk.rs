#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let target = fuzzing::target("public_jwk").expect("a target of this name");
    (target.check)(bytes);
});
