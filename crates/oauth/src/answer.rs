//! Writing answers: parameters appended to a redirect URI, and JSON without an intermediate tree.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

/// Everything but the unreserved characters of RFC 3986 §2.3.
const ENCODED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// `text` as a query value. What comes out can't end a header, a parameter or an attribute.
pub(crate) fn encoded(text: &str) -> String {
    utf8_percent_encode(text, ENCODED).to_string()
}

/// A redirect URI that grows a query.
pub(crate) struct Location(String);

impl Location {
    /// Starts from a checked redirect URI; its own query is kept (draft-ietf-oauth-v2-1-16 §2.3).
    pub(crate) fn new(redirect_uri: &str, more_bytes: usize) -> Self {
        let mut text = String::with_capacity(redirect_uri.len() + more_bytes);
        text.push_str(redirect_uri);
        Self(text)
    }

    /// Appends a parameter, encoding its value.
    pub(crate) fn push(&mut self, name: &str, value: &str) {
        self.begin(name);
        self.0.extend(utf8_percent_encode(value, ENCODED));
    }

    /// Appends a parameter whose value is encoded already.
    pub(crate) fn push_encoded(&mut self, name: &str, value: &str) {
        self.begin(name);
        self.0.push_str(value);
    }

    fn begin(&mut self, name: &str) {
        if !self.0.contains('?') {
            self.0.push('?');
        } else if !self.0.ends_with(['?', '&']) {
            self.0.push('&');
        }
        self.0.push_str(name);
        self.0.push('=');
    }

    pub(crate) fn into_text(self) -> String {
        self.0
    }
}

/// Appends `text` as a JSON string (RFC 8259 §7).
pub(crate) fn push_json_string(out: &mut String, text: &str) {
    out.push('"');
    // Almost nothing needs escaping: copy what doesn't in one piece.
    let mut rest = text;
    while let Some(at) = rest.bytes().position(|b| b == b'"' || b == b'\\' || b < 0x20) {
        out.push_str(&rest[..at]);
        match rest.as_bytes()[at] {
            b'"' => out.push_str("\\\""),
            b'\\' => out.push_str("\\\\"),
            control => {
                out.push_str("\\u00");
                out.push(char::from(b"0123456789abcdef"[usize::from(control >> 4)]));
                out.push(char::from(b"0123456789abcdef"[usize::from(control & 15)]));
            }
        }
        rest = &rest[at + 1..];
    }
    out.push_str(rest);
    out.push('"');
}

/// A JSON object written member by member into one buffer. Names come from our own code and need no escaping.
pub(crate) struct JsonObject(String);

impl JsonObject {
    pub(crate) fn with_capacity(bytes: usize) -> Self {
        let mut text = String::with_capacity(bytes);
        text.push('{');
        Self(text)
    }
    pub(crate) fn string(&mut self, name: &'static str, value: &str) {
        self.name(name);
        push_json_string(&mut self.0, value);
    }
    pub(crate) fn number(&mut self, name: &'static str, value: i64) {
        self.name(name);
        let mut digits = [0u8; 20];
        self.0.push_str(decimal(value, &mut digits));
    }
    pub(crate) fn boolean(&mut self, name: &'static str, value: bool) {
        self.name(name);
        self.0.push_str(if value { "true" } else { "false" });
    }
    pub(crate) fn strings<'a>(&mut self, name: &'static str, values: impl IntoIterator<Item = &'a str>) {
        self.name(name);
        self.0.push('[');
        for (i, value) in values.into_iter().enumerate() {
            if i > 0 {
                self.0.push(',');
            }
            push_json_string(&mut self.0, value);
        }
        self.0.push(']');
    }
    /// A member whose value is JSON already, written by us or checked by us.
    pub(crate) fn raw(&mut self, name: &'static str, json: &str) {
        self.name(name);
        self.0.push_str(json);
    }
    /// The same under a name that is not ours.
    pub(crate) fn named(&mut self, name: &str, json: &str) {
        self.part();
        push_json_string(&mut self.0, name);
        self.0.push(':');
        self.0.push_str(json);
    }
    pub(crate) fn finish(mut self) -> String {
        self.0.push('}');
        self.0
    }
    fn part(&mut self) {
        if !self.0.ends_with('{') {
            self.0.push(',');
        }
    }
    fn name(&mut self, name: &'static str) {
        self.part();
        self.0.push('"');
        self.0.push_str(name);
        self.0.push_str("\":");
    }
}

/// An error answer without a challenge: `error` and `error_description` (draft-ietf-oauth-v2-1-16 §3.2.4). What stands in quotation
/// marks may come from a caller; characters that the clause does not allow are dropped.
pub(crate) fn error_answer(status: u16, code: &str, description: &str) -> crate::ErrorAnswer {
    let description: String =
        description.chars().filter(|c| (' '..='~').contains(c) && *c != '"' && *c != '\\').collect();
    let mut body = JsonObject::with_capacity(64 + description.len());
    body.string("error", code);
    body.string("error_description", &description);
    crate::ErrorAnswer { status, www_authenticate: None, body: body.finish() }
}

/// `value` in decimal, without an allocation.
fn decimal(value: i64, digits: &mut [u8; 20]) -> &str {
    let mut left = value.unsigned_abs();
    let mut at = digits.len();
    loop {
        at -= 1;
        digits[at] = b'0' + (left % 10) as u8;
        left /= 10;
        if left == 0 {
            break;
        }
    }
    if value < 0 {
        at -= 1;
        digits[at] = b'-';
    }
    std::str::from_utf8(&digits[at..]).expect("decimal digits and a minus sign are ASCII")
}
