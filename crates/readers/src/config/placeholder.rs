//! Placeholders that tools fill in before a product sees the file.

use std::borrow::Cow;

use cutover::{Piece, Template};

/// Longest placeholder, in bytes.
const PLACEHOLDER_BYTES_MAX: usize = 120;

/// Which placeholders a format has: what opens one, and what closes it.
pub(crate) type Marks = &'static [(&'static str, &'static str)];

/// Splits a text at its placeholders.
pub(crate) fn split(text: &str, marks: Marks) -> Template {
    let mut pieces = Vec::new();
    let mut rest = text;
    'text: while !rest.is_empty() {
        let next = marks.iter().filter_map(|mark| Some((rest.find(mark.0)?, *mark))).min_by_key(|(at, _)| *at);
        let Some((at, (open, close))) = next else { break };
        let inner = &rest[at + open.len()..];
        let Some(end) = inner.find(close).filter(|end| *end > 0 && *end <= PLACEHOLDER_BYTES_MAX) else {
            // Marks that open nothing are text.
            pieces.push(Piece::Literal(rest[..at + open.len()].to_owned()));
            rest = inner;
            continue 'text;
        };
        let after = at + open.len() + end + close.len();
        pieces.push(Piece::Literal(rest[..at].to_owned()));
        pieces.push(Piece::Hole(rest[at..after].to_owned()));
        rest = &rest[after..];
    }
    pieces.push(Piece::Literal(rest.to_owned()));
    Template::new(pieces)
}

/// Puts quotation marks around `@@KEY@@` where it stands for a whole value: the deploy CLI of Auth0 fills it in before parsing, so
/// that as it stands it is neither JSON nor YAML.
pub(crate) fn quoted(text: &str) -> Cow<'_, str> {
    if !text.contains("@@") {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 64);
    let mut rest = text;
    while let Some(at) = rest.find("@@") {
        let inner = &rest[at + 2..];
        let word = inner.find("@@").filter(|end| {
            *end > 0
                && *end <= PLACEHOLDER_BYTES_MAX
                && inner[..*end].bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
        });
        let Some(end) = word else {
            out.push_str(&rest[..at + 2]);
            rest = inner;
            continue;
        };
        let after = at + end + 4;
        let before_it = rest[..at].trim_end_matches([' ', '\t']);
        let opens = before_it.is_empty() || before_it.ends_with([':', '-', '[', ',', '\n']);
        let closes = rest[after..].is_empty() || rest[after..].starts_with([' ', '\t', '\r', '\n', ',', ']', '}']);
        out.push_str(&rest[..at]);
        if opens && closes {
            out.push('"');
            out.push_str(&rest[at..after]);
            out.push('"');
        } else {
            out.push_str(&rest[at..after]);
        }
        rest = &rest[after..];
    }
    out.push_str(rest);
    Cow::Owned(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_split_at_their_holes() {
        let marks: Marks = &[("##", "##"), ("@@", "@@")];
        let template = split("https://##ENV##.example.com/@@PATH@@", marks);
        assert_eq!(template.pieces().len(), 4);
        assert_eq!(template.prefix(), "https://");
        assert_eq!(split("a ## b", marks).as_literal(), Some("a ## b"));
        assert_eq!(split("", marks).as_literal(), Some(""));
    }

    #[test]
    fn whole_values_are_quoted_and_others_left() {
        assert_eq!(quoted("a: @@X@@\nb: [@@Y@@, 1]\n"), "a: \"@@X@@\"\nb: [\"@@Y@@\", 1]\n");
        assert_eq!(quoted("{\"a\": @@X@@}"), "{\"a\": \"@@X@@\"}");
        assert_eq!(quoted("a: \"@@X@@\"\nb: me@@home\n"), "a: \"@@X@@\"\nb: me@@home\n");
    }
}
