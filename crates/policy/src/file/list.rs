//! Lists of words and of texts.

use std::collections::BTreeSet;

use super::problem::{Fault, Problems, shown};

/// The values that `words` stand for; each word once, and each among `allowed`.
pub(super) fn words<T>(
    path: &str,
    words: &[String],
    allowed: &[&str],
    read: impl Fn(&str) -> Option<T>,
    problems: &mut Problems,
) -> Vec<T> {
    let mut seen = BTreeSet::new();
    let mut values = Vec::new();
    for word in words {
        if !seen.insert(word) {
            problems.push(path, Fault::Repeated { typed: shown(word) });
        } else if let Some(value) = read(word) {
            values.push(value);
        } else {
            let allowed = allowed.iter().map(|word| (*word).to_owned()).collect();
            problems.push(path, Fault::UnknownWord { typed: shown(word), allowed });
        }
    }
    values
}

/// As [`words`], for a list that may be left out but not be empty. `None`: left out.
pub(super) fn words_if_any<T>(
    path: &str,
    list: Option<&Vec<String>>,
    allowed: &[&str],
    read: impl Fn(&str) -> Option<T>,
    problems: &mut Problems,
) -> Option<Vec<T>> {
    let list = list?;
    if list.is_empty() {
        problems.push(path, Fault::EmptyList);
    }
    Some(words(path, list, allowed, read, problems))
}

/// Whether a text of the operator's may be stored and shown.
pub(super) fn is_text(text: &str, chars_max: usize) -> bool {
    // Counting stops one past the bound, however long the text is.
    let chars = text.chars().take(chars_max + 1).count();
    (1..=chars_max).contains(&chars) && !text.chars().any(char::is_control)
}
