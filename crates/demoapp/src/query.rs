//! Query strings: reading the callback's, writing ours.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

/// Everything but RFC 3986 §2.3's unreserved characters is encoded.
const ENCODED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// Longest query read, in bytes, and most parameters in it.
const QUERY_BYTES_MAX: usize = 8 * 1024;
const PAIRS_MAX: usize = 32;

/// Encodes one name or value.
pub(crate) fn encode(text: &str) -> String {
    utf8_percent_encode(text, ENCODED).to_string()
}

/// Writes `name=value` pairs joined by `&`.
pub(crate) fn write(pairs: &[(&str, &str)]) -> String {
    let mut out = String::new();
    for (name, value) in pairs {
        if !out.is_empty() {
            out.push('&');
        }
        out.push_str(&encode(name));
        out.push('=');
        out.push_str(&encode(value));
    }
    out
}

/// The query as it came: each name at most once.
#[derive(Default)]
pub(crate) struct Query(Vec<(String, String)>);

impl Query {
    /// Reads `text`. None when it is too long, not UTF-8, or repeats a parameter (RFC 6749 §3.1: none may appear twice).
    pub(crate) fn parse(text: &str) -> Option<Self> {
        if text.len() > QUERY_BYTES_MAX {
            return None;
        }
        let mut pairs: Vec<(String, String)> = Vec::new();
        for piece in text.split('&').filter(|piece| !piece.is_empty()) {
            let (name, value) = piece.split_once('=').unwrap_or((piece, ""));
            let (name, value) = (decode(name)?, decode(value)?);
            if pairs.len() == PAIRS_MAX || pairs.iter().any(|(known, _)| *known == name) {
                return None;
            }
            pairs.push((name, value));
        }
        Some(Self(pairs))
    }

    /// The value of `name`; an empty value counts as absent.
    pub(crate) fn value(&self, name: &str) -> Option<&str> {
        self.0
            .iter()
            .find(|(known, _)| known == name)
            .map(|(_, value)| value.as_str())
            .filter(|value| !value.is_empty())
    }
}

fn decode(text: &str) -> Option<String> {
    let spaced = text.replace('+', " ");
    percent_decode_str(&spaced).decode_utf8().ok().map(std::borrow::Cow::into_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_back_what_it_wrote() {
        let query = Query::parse(&write(&[("state", "a b&c=d"), ("iss", "http://localhost:8400")])).unwrap();
        assert_eq!(query.value("state"), Some("a b&c=d"));
        assert_eq!(query.value("iss"), Some("http://localhost:8400"));
        assert_eq!(query.value("code"), None);
    }

    #[test]
    fn a_repeated_parameter_is_refused_and_an_empty_one_is_absent() {
        assert!(Query::parse("code=1&state=2&code=3").is_none());
        assert!(Query::parse("c%6Fde=1&code=3").is_none());
        assert_eq!(Query::parse("code=").unwrap().value("code"), None);
    }

    #[test]
    fn bounds_hold() {
        assert!(Query::parse(&"a".repeat(QUERY_BYTES_MAX + 1)).is_none());
        let many: Vec<String> = (0..=PAIRS_MAX).map(|i| format!("p{i}=1")).collect();
        assert!(Query::parse(&many.join("&")).is_none());
        assert!(Query::parse("a=%ff").is_none());
    }
}
