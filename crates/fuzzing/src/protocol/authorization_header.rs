//! The Authorization header of a request for a resource of ours.

use ::oauth::resource::presented;

use crate::Verdict;

pub(crate) fn check(bytes: &[u8]) -> Verdict {
    let Ok(text) = std::str::from_utf8(bytes) else { return Verdict::Refused };
    let read = presented(Some(text));
    if let Ok(shown) = &read {
        assert!(!shown.token.is_empty() && !shown.token.contains([' ', ',']));
        let words: Vec<&str> = text.split(' ').filter(|word| !word.is_empty()).collect();
        assert_eq!(words.get(1..), Some(&[shown.token][..]), "one scheme, one token, and nothing beside them");
    }
    Verdict::of(&read)
}

pub(crate) fn seeds() -> Vec<Vec<u8>> {
    ["Bearer a.b.c", "DPoP  x ", "bearer", "Bearer ", "Bearer a,b", "Basic YTpi", "Bearer a b"]
        .map(|text| text.as_bytes().to_vec())
        .to_vec()
}
