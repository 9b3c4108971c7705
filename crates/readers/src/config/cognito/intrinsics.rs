//! CloudFormation's intrinsic functions, as far as they can be worked out without deploying.

use cutover::{Cause, Piece, Template};

use crate::config::facts::shortened;
use crate::config::placeholder::split;
use crate::tree::{Node, Value, either};

/// A tree without intrinsic functions: each is worked out, or unknown. Conditions on entries of lists are added to `conditions` with
/// their lines.
pub(super) fn resolved(node: &Node, conditions: &mut Vec<(u32, String)>) -> Node {
    if let Some((name, argument)) = intrinsic(node) {
        return Node::new(node.line, apply(&name, &argument, conditions));
    }
    let value = match &node.value {
        Value::List(items) => Value::List(list(items, conditions)),
        Value::Map(entries) => {
            Value::Map(entries.iter().map(|(key, node)| (key.clone(), resolved(node, conditions))).collect())
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Text(_) | Value::Template(_) | Value::Unknown(_) => {
            node.value.clone()
        }
    };
    Node::new(node.line, value)
}

/// An entry under a condition may be there: both of its sides are kept.
fn list(items: &[Node], conditions: &mut Vec<(u32, String)>) -> Vec<Node> {
    let mut out = Vec::new();
    for item in items {
        match intrinsic(item) {
            Some((name, argument)) if name == "If" => {
                let [condition, sides @ ..] = argument.as_list().unwrap_or_default() else { continue };
                conditions.push((item.line, shortened(condition.as_text().unwrap_or("?"))));
                let sides = list(sides, conditions);
                out.extend(sides.into_iter().filter(|side| !side.is_null()));
            }
            _ => out.push(resolved(item, conditions)),
        }
    }
    out
}

/// `!Ref x`, `{"Ref": "x"}`, `{"Fn::If": […]}`: the name without its prefix, and the argument.
fn intrinsic(node: &Node) -> Option<(String, Node)> {
    if let Some(tag) = &node.tag {
        return Some((tag.to_string(), Node::new(node.line, node.value.clone())));
    }
    match &node.value {
        Value::Map(entries) => match entries.as_slice() {
            [(key, argument)] if key == "Ref" => Some((key.clone(), argument.clone())),
            [(key, argument)] => key.strip_prefix("Fn::").map(|name| (name.to_owned(), argument.clone())),
            _ => None,
        },
        _ => None,
    }
}

fn apply(name: &str, argument: &Node, conditions: &mut Vec<(u32, String)>) -> Value {
    let nothing = || Value::Unknown(Cause::Expression(shortened(&format!("Fn::{name}"))));
    match (name, &argument.value) {
        ("Ref", Value::Text(parameter)) if parameter == "AWS::NoValue" => Value::Null,
        ("Ref", Value::Text(parameter)) => Value::Unknown(Cause::Variable(shortened(parameter))),
        ("Sub", Value::Text(text)) => Value::Template(split(text, &[("${", "}")])),
        ("Sub", Value::List(items)) => match items.first().and_then(Node::as_text) {
            Some(text) => Value::Template(split(text, &[("${", "}")])),
            None => nothing(),
        },
        ("Join", Value::List(items)) => match items.as_slice() {
            [separator, parts] => joined(separator, parts, conditions).unwrap_or_else(nothing),
            _ => nothing(),
        },
        ("If", Value::List(items)) => match items.as_slice() {
            [condition, yes, no] => {
                let cause = Cause::Condition(shortened(condition.as_text().unwrap_or("?")));
                either(resolved(yes, conditions), resolved(no, conditions), cause)
            }
            _ => nothing(),
        },
        _ => nothing(),
    }
}

fn joined(separator: &Node, parts: &Node, conditions: &mut Vec<(u32, String)>) -> Option<Value> {
    let separator = separator.as_text()?;
    let mut pieces = Vec::new();
    for (index, part) in parts.as_list()?.iter().enumerate() {
        if index > 0 {
            pieces.push(Piece::Literal(separator.to_owned()));
        }
        match resolved(part, conditions).value {
            Value::Text(text) => pieces.push(Piece::Literal(text)),
            Value::Number(number) => pieces.push(Piece::Literal(number.to_string())),
            Value::Template(template) => pieces.extend(template.pieces().iter().cloned()),
            Value::Unknown(Cause::Variable(name)) => pieces.push(Piece::Hole(format!("${{{name}}}"))),
            _ => pieces.push(Piece::Hole("${…}".to_owned())),
        }
    }
    Some(Value::Template(Template::new(pieces)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tree::parse_yaml;

    fn shown(text: &str) -> Value {
        resolved(&parse_yaml(text).unwrap()[0], &mut Vec::new()).value
    }

    #[test]
    fn functions_are_worked_out_or_unknown() {
        let Value::Template(template) = shown("!Join ['', ['https://', !GetAtt A.Domain, '/cb']]") else { panic!() };
        assert_eq!((template.prefix(), template.suffix()), ("https://", "/cb"));
        let Value::Template(template) = shown("!Sub 'https://${Host}/cb'") else { panic!() };
        assert_eq!(template.to_string(), "https://${Host}/cb");
        assert_eq!(shown("Fn::If: [C, a, a]"), Value::Text("a".to_owned()));
        assert_eq!(shown("Fn::If: [C, a, b]"), Value::Unknown(Cause::Condition("C".to_owned())));
        assert_eq!(shown("!Ref AWS::NoValue"), Value::Null);
        assert_eq!(shown("!FindInMap [A, B, C]"), Value::Unknown(Cause::Expression("Fn::FindInMap".to_owned())));
    }

    #[test]
    fn entries_under_a_condition_are_kept_and_named() {
        let mut conditions = Vec::new();
        let node = &parse_yaml("[code, !If [P, implicit, !Ref AWS::NoValue]]").unwrap()[0];
        let Value::List(items) = resolved(node, &mut conditions).value else { panic!() };
        assert_eq!(items.iter().filter_map(Node::as_text).collect::<Vec<_>>(), ["code", "implicit"]);
        assert_eq!(conditions, [(1, "P".to_owned())]);
    }
}
