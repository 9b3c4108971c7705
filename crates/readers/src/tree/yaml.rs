//! YAML 1.2 into the tree, with lines. Aliases are followed within a budget; an alias inside its own anchor is refused.

use std::collections::HashMap;

use saphyr_parser::{Event, Parser, ScalarStyle, Tag};

use super::{DEPTH_MAX, Malformed, NODES_MAX, Node, Value};

/// Most nodes that aliases may add to one file.
const ALIASED_NODES_MAX: usize = 1_000_000;

/// Reads every document of a YAML stream.
///
/// # Errors
/// Where it stops being YAML, goes deeper than [`DEPTH_MAX`], refers to itself, or unfolds beyond the budget.
pub fn parse_yaml(text: &str) -> Result<Vec<Node>, Malformed> {
    let mut builder = Builder::default();
    let mut parser = Parser::new_from_str(text);
    while let Some(event) = parser.next_event() {
        let (event, span) = event.map_err(|fault| {
            Malformed::new(line_of(fault.marker().line()), "not YAML: a mark is missing or misplaced")
        })?;
        builder.take(event, line_of(span.start.line()))?;
    }
    Ok(builder.documents)
}

fn line_of(line: usize) -> u32 {
    u32::try_from(line.max(1)).unwrap_or(u32::MAX)
}

/// A list or map that is still open.
struct Open {
    line: u32,
    anchor: usize,
    tag: Option<Box<str>>,
    items: Vec<Node>,
    is_map: bool,
}

#[derive(Default)]
struct Builder {
    documents: Vec<Node>,
    open: Vec<Open>,
    anchors: HashMap<usize, Node>,
    aliased_nodes: usize,
    nodes: usize,
}

impl Builder {
    fn take(&mut self, event: Event<'_>, line: u32) -> Result<(), Malformed> {
        match event {
            Event::Nothing | Event::StreamStart | Event::StreamEnd | Event::DocumentStart(_) => {}
            Event::DocumentEnd => self.anchors.clear(),
            Event::Alias(anchor) => {
                let Some(node) = self.anchors.get(&anchor) else {
                    return Err(Malformed::new(line, "an alias stands inside what it refers to"));
                };
                self.aliased_nodes += node.count();
                if self.aliased_nodes > ALIASED_NODES_MAX {
                    return Err(Malformed::new(line, "its aliases unfold to too much"));
                }
                let node = node.clone();
                self.add(node, 0)?;
            }
            Event::Scalar(text, style, anchor, tag) => {
                let is_text = tag.as_ref().is_some_and(|tag| tag.suffix == "str");
                let value =
                    if style == ScalarStyle::Plain && !is_text { plain(&text) } else { Value::Text(text.into_owned()) };
                self.add(Node { line, tag: local(tag.as_deref()), value }, anchor)?;
            }
            Event::SequenceStart(anchor, tag) => self.push(line, anchor, local(tag.as_deref()), false)?,
            Event::MappingStart(anchor, tag) => self.push(line, anchor, local(tag.as_deref()), true)?,
            Event::SequenceEnd | Event::MappingEnd => self.close(line)?,
        }
        Ok(())
    }

    fn push(&mut self, line: u32, anchor: usize, tag: Option<Box<str>>, is_map: bool) -> Result<(), Malformed> {
        if self.open.len() >= DEPTH_MAX {
            return Err(Malformed::new(line, "nested too deeply"));
        }
        self.open.push(Open { line, anchor, tag, items: Vec::new(), is_map });
        Ok(())
    }

    fn close(&mut self, line: u32) -> Result<(), Malformed> {
        let Some(open) = self.open.pop() else {
            return Err(Malformed::new(line, "a list or map ends that never began"));
        };
        let value = if open.is_map { map(open.items) } else { Value::List(open.items) };
        self.add(Node { line: open.line, tag: open.tag, value }, open.anchor)
    }

    fn add(&mut self, node: Node, anchor: usize) -> Result<(), Malformed> {
        self.nodes += 1;
        if self.nodes > NODES_MAX {
            return Err(Malformed::new(node.line, "it has too many values"));
        }
        if anchor != 0 {
            self.anchors.insert(anchor, node.clone());
        }
        match self.open.last_mut() {
            Some(open) => open.items.push(node),
            None => self.documents.push(node),
        }
        Ok(())
    }
}

/// Keys and values come in turn. `<<` brings in another map's entries, which the map's own override.
fn map(items: Vec<Node>) -> Value {
    let mut merged = Vec::new();
    let mut own = Vec::new();
    let mut items = items.into_iter();
    while let (Some(key), Some(node)) = (items.next(), items.next()) {
        let key = key_text(key.value);
        match (key.as_str(), node.value) {
            ("<<", Value::Map(entries)) => merged.extend(entries),
            ("<<", Value::List(maps)) => {
                // The first of several maps wins, and the last entry of a key counts here.
                merged.extend(maps.into_iter().rev().flat_map(|map| match map.value {
                    Value::Map(entries) => entries,
                    _ => Vec::new(),
                }));
            }
            (_, value) => own.push((key, Node { line: node.line, tag: node.tag, value })),
        }
    }
    merged.extend(own);
    Value::Map(merged)
}

fn key_text(value: Value) -> String {
    match value {
        Value::Text(text) => text,
        Value::Bool(value) => value.to_string(),
        Value::Number(value) => value.to_string(),
        Value::Null | Value::List(_) | Value::Map(_) | Value::Template(_) | Value::Unknown(_) => String::new(),
    }
}

/// YAML 1.2 §10.3.2: what a plain scalar stands for.
fn plain(text: &str) -> Value {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => return Value::Null,
        "true" | "True" | "TRUE" => return Value::Bool(true),
        "false" | "False" | "FALSE" => return Value::Bool(false),
        _ => {}
    }
    let looks_numeric = text.starts_with(|first: char| first.is_ascii_digit() || matches!(first, '-' | '+' | '.'));
    match text.parse::<f64>() {
        Ok(number) if looks_numeric && number.is_finite() => Value::Number(number),
        _ => Value::Text(text.to_owned()),
    }
}

/// A tag of the document's own (`!Ref`); those of YAML itself say nothing that the value does not.
fn local(tag: Option<&Tag>) -> Option<Box<str>> {
    let tag = tag?;
    (tag.handle == "!" && !tag.suffix.is_empty()).then(|| tag.suffix.as_str().into())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn one(text: &str) -> Node {
        parse_yaml(text).unwrap().remove(0)
    }

    #[test]
    fn tags_lines_and_scalars_are_kept() {
        let node =
            one("a: !Ref Name\nb:\n  - !If [C, x, !Ref 'AWS::NoValue']\n  - \"true\"\nc: True\nd: 1e3\ne: 12ab\n");
        assert_eq!(node.get("a").unwrap().tag.as_deref(), Some("Ref"));
        let list = node.get("b").unwrap().as_list().unwrap();
        assert_eq!((list[0].line, list[0].tag.as_deref()), (3, Some("If")));
        assert_eq!(list[1].value, Value::Text("true".to_owned()));
        assert_eq!(node.get("c").unwrap().value, Value::Bool(true));
        assert_eq!(node.get("d").unwrap().as_integer(), Some(1000));
        assert_eq!(node.get("e").unwrap().as_text(), Some("12ab"));
    }

    #[test]
    fn own_entries_beat_merged_ones() {
        let node = one("base: &base {a: 1, b: 1}\nmine:\n  b: 2\n  <<: *base\n");
        assert_eq!(node.at(&["mine", "a"]).unwrap().as_integer(), Some(1));
        assert_eq!(node.at(&["mine", "b"]).unwrap().as_integer(), Some(2));
    }

    #[test]
    fn anchors_that_hold_themselves_are_refused() {
        assert!(parse_yaml("a: &a [*a]\n").unwrap_err().reason.contains("inside what it refers to"));
    }

    #[test]
    fn aliases_that_unfold_without_end_are_refused() {
        let mut bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
        for level in 1..9 {
            let inner = vec![format!("*a{}", level - 1); 10].join(", ");
            bomb.push_str(&format!("a{level}: &a{level} [{inner}]\n"));
        }
        assert!(parse_yaml(&bomb).unwrap_err().reason.contains("too much"));
    }

    #[test]
    fn depth_is_bounded() {
        let nested = |depth: usize| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
        assert!(parse_yaml(&nested(DEPTH_MAX - 1)).is_ok());
        assert_eq!(parse_yaml(&nested(DEPTH_MAX + 1)).unwrap_err().reason, "nested too deeply");
        // The parser below has a bound of its own, which is further away.
        assert!(parse_yaml(&"[".repeat(100_000)).is_err());
    }

    proptest! {
        #[test]
        fn no_input_stops_it(text in "[-a-z:&*\\[\\]{}!'\"\n |>#?@%,0-9]{0,80}") {
            let _ = parse_yaml(&text);
        }
    }
}
