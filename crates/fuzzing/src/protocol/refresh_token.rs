//! A refresh token after somebody bent it.

use ::oauth::RefreshToken;
use model::{Entropy, FamilyId};

use super::stage::KEYS;
use crate::{
    Verdict,
    bend::{bend, scripts},
};

pub(crate) fn check(script: &[u8]) -> Verdict {
    let honest = RefreshToken::fresh(FamilyId::from_bytes([4; 16]), 7, &mut Entropy::new([5; 256]));
    let honest = honest.to_text(&KEYS);
    let bent = bend(honest.expose().as_bytes(), script);
    let Ok(text) = std::str::from_utf8(&bent) else { return Verdict::Refused };
    let read = RefreshToken::parse(text, &KEYS);
    assert_eq!(read.is_ok(), text == honest.expose(), "a token that we never made");
    if let Ok(token) = &read {
        assert_eq!((token.generation(), token.to_text(&KEYS).expose().as_str()), (7, text));
    }
    Verdict::of(&read)
}

pub(crate) fn seeds() -> Vec<Vec<u8>> {
    scripts()
}
