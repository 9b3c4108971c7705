//! "Did you mean …?"

/// Longest name compared, in characters; longer ones are no slip of the finger.
const NAME_CHARS_MAX: usize = 64;

/// The closest of `known` to `typed`, if it is close enough to be a slip: at most a third of its letters differ.
pub(crate) fn closest<'a>(typed: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    if typed.chars().count() > NAME_CHARS_MAX {
        return None;
    }
    let near = |name: &str| distance(typed, name);
    let (best, away) = known.into_iter().map(|name| (name, near(name))).min_by_key(|(_, away)| *away)?;
    (away <= (best.chars().count() / 3).max(1)).then_some(best)
}

/// Damerau–Levenshtein distance, adjacent swaps counted once.
pub(crate) fn distance(a: &str, b: &str) -> usize {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let mut before: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=b.len()).collect();
    for i in 1..=a.len() {
        let mut row = vec![i];
        for j in 1..=b.len() {
            let change = last[j - 1] + usize::from(a[i - 1] != b[j - 1]);
            let mut least = change.min(last[j] + 1).min(row[j - 1] + 1);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                least = least.min(before[j - 2] + 1);
            }
            row.push(least);
        }
        before = std::mem::replace(&mut last, row);
    }
    last[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_edits_and_swaps() {
        for (a, b, expected) in [
            ("", "abc", 3),
            ("issuer", "issuer", 0),
            ("isuer", "issuer", 1),
            ("lisetn", "listen", 1),
            ("crt", "cert", 1),
        ] {
            assert_eq!(distance(a, b), expected, "{a} {b}");
            assert_eq!(distance(b, a), expected, "{b} {a}");
        }
    }

    #[test]
    fn suggests_slips_only() {
        let known = ["issuer", "listen", "data_dir"];
        assert_eq!(closest("isuer", known), Some("issuer"));
        assert_eq!(closest("datadir", known), Some("data_dir"));
        assert_eq!(closest("colour", known), None);
        assert_eq!(closest(&"i".repeat(5_000), known), None);
    }
}
