//! JSON (RFC 8259) into the tree, with lines. Comments are not JSON, but people's manifests have them: they are passed over.

use super::{DEPTH_MAX, Malformed, Node, Value};

/// Reads one JSON document.
///
/// # Errors
/// Where it stops being JSON, or goes deeper than [`DEPTH_MAX`].
pub fn parse_json(text: &str) -> Result<Node, Malformed> {
    let mut parser = Parser { text, bytes: text.as_bytes(), at: 0, line: 1 };
    let node = parser.value(0)?;
    parser.space()?;
    if parser.at < parser.bytes.len() {
        return Err(parser.fault("something follows the end of the document"));
    }
    Ok(node)
}

struct Parser<'a> {
    text: &'a str,
    bytes: &'a [u8],
    at: usize,
    line: u32,
}

impl Parser<'_> {
    fn fault(&self, reason: &str) -> Malformed {
        Malformed::new(self.line, reason)
    }

    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn space(&mut self) -> Result<(), Malformed> {
        while let Some(byte) = self.peek() {
            match byte {
                b'\n' => {
                    self.line = self.line.saturating_add(1);
                    self.at += 1;
                }
                b' ' | b'\t' | b'\r' => self.at += 1,
                b'/' => self.comment()?,
                _ => break,
            }
        }
        Ok(())
    }

    fn comment(&mut self) -> Result<(), Malformed> {
        match self.bytes.get(self.at + 1) {
            Some(b'/') => {
                while self.peek().is_some_and(|byte| byte != b'\n') {
                    self.at += 1;
                }
                Ok(())
            }
            Some(b'*') => {
                let end = self.text[self.at + 2..].find("*/").ok_or_else(|| self.fault("a comment has no end"))?;
                let body = &self.bytes[self.at + 2..self.at + 2 + end];
                self.line = self.line.saturating_add(lines(body));
                self.at += end + 4;
                Ok(())
            }
            _ => Err(self.fault("expected a value")),
        }
    }

    fn value(&mut self, depth: usize) -> Result<Node, Malformed> {
        if depth > DEPTH_MAX {
            return Err(self.fault("nested too deeply"));
        }
        self.space()?;
        let line = self.line;
        let value = match self.peek() {
            None => return Err(self.fault("the document ends too early")),
            Some(b'{') => self.map(depth)?,
            Some(b'[') => self.list(depth)?,
            Some(b'"') => Value::Text(self.string()?),
            Some(b't') => self.word("true", Value::Bool(true))?,
            Some(b'f') => self.word("false", Value::Bool(false))?,
            Some(b'n') => self.word("null", Value::Null)?,
            Some(b'-' | b'0'..=b'9') => self.number()?,
            Some(_) => return Err(self.fault("expected a value")),
        };
        Ok(Node::new(line, value))
    }

    fn map(&mut self, depth: usize) -> Result<Value, Malformed> {
        self.at += 1;
        let mut entries = Vec::new();
        loop {
            self.space()?;
            match self.peek() {
                Some(b'}') => {
                    self.at += 1;
                    return Ok(Value::Map(entries));
                }
                Some(b'"') => {}
                None => return Err(self.fault("the document ends too early")),
                Some(_) => return Err(self.fault("expected a key in quotation marks")),
            }
            let key = self.string()?;
            self.space()?;
            if self.peek() != Some(b':') {
                return Err(self.fault("expected a colon"));
            }
            self.at += 1;
            let node = self.value(depth + 1)?;
            entries.push((key, node));
            self.separator(b'}')?;
        }
    }

    fn list(&mut self, depth: usize) -> Result<Value, Malformed> {
        self.at += 1;
        let mut items = Vec::new();
        loop {
            self.space()?;
            if self.peek() == Some(b']') {
                self.at += 1;
                return Ok(Value::List(items));
            }
            items.push(self.value(depth + 1)?);
            self.separator(b']')?;
        }
    }

    /// A comma, or the end that the caller sees next. Like the comments, a comma before the end is let pass.
    fn separator(&mut self, end: u8) -> Result<(), Malformed> {
        self.space()?;
        match self.peek() {
            Some(b',') => {
                self.at += 1;
                Ok(())
            }
            Some(byte) if byte == end => Ok(()),
            None => Err(self.fault("the document ends too early")),
            Some(_) => Err(self.fault("expected a comma")),
        }
    }

    fn word(&mut self, word: &str, value: Value) -> Result<Value, Malformed> {
        if self.bytes[self.at..].starts_with(word.as_bytes()) {
            self.at += word.len();
            Ok(value)
        } else {
            Err(self.fault("expected a value"))
        }
    }

    fn number(&mut self) -> Result<Value, Malformed> {
        let start = self.at;
        while self.peek().is_some_and(|byte| matches!(byte, b'-' | b'+' | b'.' | b'e' | b'E' | b'0'..=b'9')) {
            self.at += 1;
        }
        self.text[start..self.at].parse().map(Value::Number).map_err(|_| self.fault("not a number"))
    }

    /// A string; the cursor stands on its first quotation mark.
    fn string(&mut self) -> Result<String, Malformed> {
        self.at += 1;
        let mut out = String::new();
        loop {
            let start = self.at;
            while self.peek().is_some_and(|byte| byte != b'"' && byte != b'\\' && byte != b'\n') {
                self.at += 1;
            }
            // All three stops are ASCII, so the slice ends on a character's border.
            out.push_str(&self.text[start..self.at]);
            match self.peek() {
                Some(b'"') => {
                    self.at += 1;
                    return Ok(out);
                }
                Some(b'\\') => self.escape(&mut out)?,
                _ => return Err(self.fault("a string has no end")),
            }
        }
    }

    fn escape(&mut self, out: &mut String) -> Result<(), Malformed> {
        let byte = self.bytes.get(self.at + 1).copied();
        self.at += 2;
        out.push(match byte {
            Some(b'"') => '"',
            Some(b'\\') => '\\',
            Some(b'/') => '/',
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{c}',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(b'u') => self.unicode()?,
            _ => return Err(self.fault("an unknown escape")),
        });
        Ok(())
    }

    fn unicode(&mut self) -> Result<char, Malformed> {
        let high = self.hex()?;
        if !(0xd800..0xdc00).contains(&high) {
            // A low half by itself stands for no character.
            return Ok(char::from_u32(high).unwrap_or(char::REPLACEMENT_CHARACTER));
        }
        if !self.bytes[self.at.min(self.bytes.len())..].starts_with(b"\\u") {
            return Ok(char::REPLACEMENT_CHARACTER);
        }
        self.at += 2;
        let low = self.hex()?;
        let joined = 0x1_0000 + ((high - 0xd800) << 10) + low.wrapping_sub(0xdc00);
        Ok(if (0xdc00..0xe000).contains(&low) { char::from_u32(joined) } else { None }
            .unwrap_or(char::REPLACEMENT_CHARACTER))
    }

    fn hex(&mut self) -> Result<u32, Malformed> {
        let digits = self.bytes.get(self.at..self.at + 4).ok_or_else(|| self.fault("a string has no end"))?;
        let mut value = 0;
        for digit in digits {
            let digit = char::from(*digit).to_digit(16).ok_or_else(|| self.fault("an unknown escape"))?;
            value = value * 16 + digit;
        }
        self.at += 4;
        Ok(value)
    }
}

fn lines(bytes: &[u8]) -> u32 {
    u32::try_from(bytes.iter().filter(|byte| **byte == b'\n').count()).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn plain(node: &Node) -> serde_json::Value {
        match &node.value {
            Value::Null | Value::Template(_) | Value::Unknown(_) => serde_json::Value::Null,
            Value::Bool(value) => (*value).into(),
            Value::Number(value) => (*value).into(),
            Value::Text(text) => text.clone().into(),
            Value::List(items) => items.iter().map(plain).collect(),
            Value::Map(entries) => entries.iter().map(|(key, node)| (key.clone(), plain(node))).collect(),
        }
    }

    fn documents() -> impl Strategy<Value = serde_json::Value> {
        let leaf = prop_oneof![
            Just(serde_json::Value::Null),
            any::<bool>().prop_map(Into::into),
            (-1.0e9..1.0e9).prop_map(|number: f64| number.into()),
            any::<String>().prop_map(Into::into),
        ];
        leaf.prop_recursive(4, 40, 6, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..6).prop_map(Into::into),
                prop::collection::btree_map(any::<String>(), inner, 0..6)
                    .prop_map(|map| map.into_iter().collect::<serde_json::Map<_, _>>().into()),
            ]
        })
    }

    proptest! {
        #[test]
        fn what_another_parser_writes_is_read_alike(document in documents()) {
            let text = serde_json::to_string_pretty(&document).unwrap();
            prop_assert_eq!(plain(&parse_json(&text).unwrap()), document);
        }

        #[test]
        fn no_input_stops_it(text in any::<String>()) {
            let _ = parse_json(&text);
        }
    }

    #[test]
    fn lines_are_those_of_the_file() {
        let node =
            parse_json("{\n  // why\n  \"a\": [\n    1,\n    {\"b\": \"\\u00e9\\ud83d\\ude00\"},\n  ]\n}").unwrap();
        let item = &node.get("a").unwrap().as_list().unwrap()[1];
        assert_eq!((item.line, item.get("b").unwrap().as_text()), (5, Some("é😀")));
    }

    #[test]
    fn faults_name_their_line() {
        for (text, line) in
            [("{\n\"a\": 1\n\"b\": 2}", 3), ("[1,\n2", 2), ("{\"a\n\": 1}", 1), ("{} {}", 1), ("[tru]", 1)]
        {
            assert_eq!(parse_json(text).unwrap_err().line, line, "{text}");
        }
        assert_eq!(parse_json(&"[".repeat(100_000)).unwrap_err().reason, "nested too deeply");
    }
}
