//! The per-file table (RFC 4180).

use super::Document;

/// The columns, in their order.
const HEADER: &str =
    "file,client_id,implicit,ropc,pkce_enforced,wildcard_redirect,http_non_loopback_redirect,public_client";

/// One line for each client as found in a file, before merging.
#[must_use]
pub fn per_file(document: &Document) -> String {
    let mut out = String::from(HEADER);
    out.push('\n');
    for row in &document.rows {
        let cells = [
            &row.file,
            &row.client_id,
            &row.implicit,
            &row.ropc,
            &row.pkce_enforced,
            &row.wildcard_redirect,
            &row.http_non_loopback_redirect,
            &row.public_client,
        ];
        for (index, text) in cells.into_iter().enumerate() {
            if index > 0 {
                out.push(',');
            }
            cell(&mut out, text);
        }
        out.push('\n');
    }
    out
}

/// Names come from files that somebody else wrote, and spreadsheets run what looks like a formula: an apostrophe makes it text.
/// Placeholders (`@@KEY@@`) look like none.
fn cell(out: &mut String, text: &str) {
    let formula = text.starts_with(['=', '+', '-', '\t', '\r']) || (text.starts_with('@') && !text.starts_with("@@"));
    let quoted = text.contains(['"', ',', '\n', '\r']);
    if quoted {
        out.push('"');
    }
    if formula {
        out.push('\'');
    }
    out.push_str(&text.replace('"', "\"\""));
    if quoted {
        out.push('"');
    }
}

#[cfg(test)]
mod tests {
    use super::cell;

    #[test]
    fn cells_are_quoted_and_never_formulas() {
        for (text, expected) in [
            ("app", "app"),
            ("a,b", "\"a,b\""),
            ("say \"hi\"", "\"say \"\"hi\"\"\""),
            ("=HYPERLINK(1)", "'=HYPERLINK(1)"),
            ("@SUM(1,2)", "\"'@SUM(1,2)\""),
            ("@@KEY@@", "@@KEY@@"),
        ] {
            let mut out = String::new();
            cell(&mut out, text);
            assert_eq!(out, expected);
        }
    }
}
