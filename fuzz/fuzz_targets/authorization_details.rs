#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let target = fuzzing::target("authorization_details").expect("a target of this name");
    (target.check)(bytes);
});
