//! Queries and forms.

use std::collections::BTreeMap;

use ::oauth::{
    RawParams,
    params::{PARAMS_BYTES_MAX, PARAMS_MAX},
};

use crate::Verdict;

pub(crate) fn check(bytes: &[u8]) -> Verdict {
    let Ok(text) = std::str::from_utf8(bytes) else { return Verdict::Refused };
    let read = RawParams::parse(text);
    if let Ok(params) = &read {
        assert!(text.len() <= PARAMS_BYTES_MAX);
        // The WHATWG's reader, which browsers and most clients write for, sees the same parameters.
        let mut seen: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for (name, value) in form_urlencoded::parse(bytes) {
            seen.entry(name.into_owned()).or_default().push(value.into_owned());
        }
        assert!(seen.values().map(Vec::len).sum::<usize>() <= PARAMS_MAX);
        for (name, values) in &seen {
            let filled: Vec<&str> = values.iter().map(String::as_str).filter(|value| !value.is_empty()).collect();
            assert!(params.values(name).eq(filled.iter().copied()), "two readers see different values");
            let one = params.one(name);
            assert_eq!(one.is_err(), values.len() > 1, "a repetition that one reader sees");
            assert_eq!(params.value(name), if values.len() == 1 { filled.first().copied() } else { None });
        }
        assert_eq!(params.one("a name that nobody sends\0"), Ok(None));
    }
    Verdict::of(&read)
}

pub(crate) fn seeds() -> Vec<Vec<u8>> {
    let mut seeds: Vec<Vec<u8>> = [
        "response_type=code&client_id=app&redirect_uri=https%3A%2F%2Fapp.example.com%2Fcb&scope=openid+orders&state=%C3%A9",
        "a=1&a=2&b&=c&&d==e",
        "a=%",
        "a=%ff",
        "%61=1&a=2",
        "resource=https://a.example/&resource=https://b.example/&resource=",
        "\u{e9}=\u{1f600}+%2B",
    ]
    .map(|text| text.as_bytes().to_vec())
    .to_vec();
    seeds.push("a=b&".repeat(64).into_bytes());
    seeds.push("a=b&".repeat(65).into_bytes());
    seeds
}
