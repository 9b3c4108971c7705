//! One alphabet for every product's patterns: `*` stands for any text.

use crate::{Matching, Piece, Template};

/// A redirect's pieces, with what varies in them written as one `*`.
pub(super) fn pieces(text: &Template, matching: Matching) -> Vec<Piece> {
    text.pieces()
        .iter()
        .map(|piece| match (piece, matching) {
            (Piece::Literal(text), Matching::Regex) => Piece::Literal(from_regex(text)),
            (Piece::Literal(text), _) => Piece::Literal(one_star(text)),
            (Piece::Hole(text), _) => Piece::Hole(text.clone()),
        })
        .collect()
}

fn one_star(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if c != '*' || !out.ends_with('*') {
            out.push(c);
        }
    }
    out
}

/// What a regular expression certainly says stays, and everything else becomes `*`: never narrower than the expression.
///
/// Anchors are dropped, because the products that we know match whole addresses.
fn from_regex(expression: &str) -> String {
    let mut out = String::new();
    let mut chars = expression.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '^' | '$' => {}
            // One of several: the rest may be anything.
            '|' => return "*".to_owned(),
            '\\' => match chars.next() {
                // `\d`, `\w` and their like; an escaped sign is itself.
                Some(class) if class.is_ascii_alphanumeric() => out.push('*'),
                Some(sign) => out.push(sign),
                None => {}
            },
            '.' => out.push('*'),
            '[' => {
                skip_to(&mut chars, ']');
                out.push('*');
            }
            '(' => {
                skip_group(&mut chars);
                out.push('*');
            }
            // What stands before it may be missing or repeated.
            '?' | '*' | '+' => {
                out.pop();
                out.push('*');
            }
            '{' => {
                skip_to(&mut chars, '}');
                out.pop();
                out.push('*');
            }
            c => out.push(c),
        }
    }
    one_star(&out)
}

fn skip_to(chars: &mut impl Iterator<Item = char>, end: char) {
    while let Some(c) = chars.next() {
        if c == '\\' {
            chars.next();
        } else if c == end {
            return;
        }
    }
}

fn skip_group(chars: &mut impl Iterator<Item = char>) {
    let mut depth = 1_usize;
    while let Some(c) = chars.next() {
        match c {
            '\\' => {
                chars.next();
            }
            '(' => depth += 1,
            ')' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::from_regex;

    #[test]
    fn an_expression_is_read_no_narrower_than_it_is() {
        for (expression, expected) in [
            (r"http://127\.0\.0\.1:\d+/cb", "http://127.0.0.1:*/cb"),
            (r"http://localhost(:.*)?", "http://localhost*"),
            (r"^https://app\.example\.com/cb$", "https://app.example.com/cb"),
            (r"https?://a\.example/[a-z\]]{2,3}/x", "http*://a.example/*/x"),
            (r"https://(a|b)\.example/", "https://*.example/"),
            (r"https://a/|.*", "*"),
            ("https://app.example/cb", "https://app*example/cb"),
        ] {
            assert_eq!(from_regex(expression), expected, "{expression}");
        }
    }
}
