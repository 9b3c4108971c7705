//! The `scope` parameter.

use ::oauth::ScopeSet;

use crate::Verdict;

pub(crate) fn check(bytes: &[u8]) -> Verdict {
    let Ok(text) = std::str::from_utf8(bytes) else { return Verdict::Refused };
    let read = ScopeSet::parse(text);
    if let Ok(set) = &read {
        let again = ScopeSet::parse(set.as_str()).expect("what we write, we read");
        assert!(again == *set && again.as_str() == set.as_str());
        let words: Vec<&str> = set.iter().collect();
        assert!(words.iter().all(|word| text.split(' ').any(|asked| asked == *word)), "a scope that nobody asked for");
        assert!(text.split(' ').filter(|asked| !asked.is_empty()).all(|asked| set.contains(asked)), "a scope was lost");
        assert!(set.is_subset(set) && set.minus(set).is_empty() && set.union(set) == *set);
    }
    Verdict::of(&read)
}

pub(crate) fn seeds() -> Vec<Vec<u8>> {
    ["openid orders", "b a b", "", " ", "a  b", "a\"b", "\u{e9}", "!#[]~"].map(|text| text.as_bytes().to_vec()).to_vec()
}
