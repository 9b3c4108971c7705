//! The code that a person types on another device's screen.

use ::oauth::device::UserCode;

use super::stage::KEYS;
use crate::Verdict;

pub(crate) fn check(bytes: &[u8]) -> Verdict {
    let Ok(text) = std::str::from_utf8(bytes) else { return Verdict::Refused };
    let read = UserCode::parse(text);
    if let Ok(code) = &read {
        let shown = code.shown();
        assert_eq!(shown.len(), 9);
        let again = UserCode::parse(&shown).expect("what we show can be typed");
        assert!(again == *code && again.hash(&KEYS) == code.hash(&KEYS));
        let letters = text.to_ascii_uppercase().replace(|c: char| !c.is_ascii_alphabetic(), "");
        assert_eq!(letters, shown.replace('-', ""), "another code than was typed");
    }
    Verdict::of(&read)
}

pub(crate) fn seeds() -> Vec<Vec<u8>> {
    ["BCDF-GHJK", "bcdfghjk", " b c.d_f-g\thjk ", "BCDF-GHJ", "BCDF-GHJA", "BCDF-GHJKL"]
        .map(|text| text.as_bytes().to_vec())
        .to_vec()
}
