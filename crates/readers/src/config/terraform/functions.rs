//! The functions of Terraform's language that shape lists, maps and words. They look at nothing outside.

use crate::tree::{Node, Value};

/// What a call comes to; `None` when the function is not one of these, or its arguments are not known well enough.
pub(super) fn call(name: &str, mut arguments: Vec<Node>) -> Option<Value> {
    match name {
        "tolist" | "tomap" | "tostring" | "tobool" | "tonumber" | "nonsensitive" | "sensitive"
            if arguments.len() == 1 =>
        {
            arguments.pop().map(|node| node.value)
        }
        "toset" | "distinct" => Some(Value::List(distinct(list(arguments.pop()?)?))),
        "concat" => {
            let lists: Option<Vec<_>> = arguments.into_iter().map(list).collect();
            Some(Value::List(lists?.into_iter().flatten().collect()))
        }
        "flatten" => {
            let mut out = Vec::new();
            for item in list(arguments.pop()?)? {
                match item.value {
                    Value::List(items) => out.extend(items),
                    _ => out.push(item),
                }
            }
            Some(Value::List(out))
        }
        "compact" => {
            let items = list(arguments.pop()?)?;
            Some(Value::List(items.into_iter().filter(|item| !item.is_null() && item.as_text() != Some("")).collect()))
        }
        "merge" => {
            let mut out: Vec<(String, Node)> = Vec::new();
            for argument in arguments {
                let Value::Map(entries) = argument.value else { return None };
                for (key, node) in entries {
                    out.retain(|(name, _)| *name != key);
                    out.push((key, node));
                }
            }
            Some(Value::Map(out))
        }
        "keys" => {
            let node = arguments.pop()?;
            let mut keys: Vec<&String> = node.as_map()?.iter().map(|(key, _)| key).collect();
            keys.sort_unstable();
            Some(Value::List(keys.into_iter().map(|key| Node::new(node.line, Value::Text(key.clone()))).collect()))
        }
        "values" => match arguments.pop()?.value {
            Value::Map(mut entries) => {
                entries.sort_by(|one, other| one.0.cmp(&other.0));
                Some(Value::List(entries.into_iter().map(|(_, node)| node).collect()))
            }
            _ => None,
        },
        "lookup" => match arguments.as_slice() {
            [map, key] => map.as_map().and(map.get(key.as_text()?)).map(|node| node.value.clone()),
            [map, key, otherwise] => {
                map.as_map()?;
                Some(map.get(key.as_text()?).unwrap_or(otherwise).value.clone())
            }
            _ => None,
        },
        "coalesce" => {
            for argument in arguments {
                match argument.value {
                    Value::Null => {}
                    Value::Text(text) if text.is_empty() => {}
                    // Whether an unknown one is empty is unknown too.
                    Value::Unknown(_) => return None,
                    value => return Some(value),
                }
            }
            None
        }
        "lower" | "upper" | "trimspace" => {
            let node = arguments.pop()?;
            let text = node.as_text()?;
            Some(Value::Text(match name {
                "lower" => text.to_lowercase(),
                "upper" => text.to_uppercase(),
                _ => text.trim().to_owned(),
            }))
        }
        _ => None,
    }
}

fn list(node: Node) -> Option<Vec<Node>> {
    match node.value {
        Value::List(items) => Some(items),
        _ => None,
    }
}

fn distinct(items: Vec<Node>) -> Vec<Node> {
    let mut out: Vec<Node> = Vec::new();
    for item in items {
        if !out.iter().any(|other| other.value == item.value) {
            out.push(item);
        }
    }
    out
}
