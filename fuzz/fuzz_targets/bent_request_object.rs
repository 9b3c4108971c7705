#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let target = fuzzing::target("bent_request_object").expect("a target of this name");
    (target.check)(bytes);
});
