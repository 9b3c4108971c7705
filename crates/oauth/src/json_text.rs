//! Writing JSON that was read strictly back to text, in one compact form.

use crypto::json::Value;

use crate::answer::push_json_string;

/// Appends `value`. Members stay in the order in which they were read.
pub(crate) fn push_value(out: &mut String, value: &Value) {
    match value {
        Value::Null => out.push_str("null"),
        Value::Bool(true) => out.push_str("true"),
        Value::Bool(false) => out.push_str("false"),
        Value::Integer(number) => out.push_str(&number.to_string()),
        // Finite by construction, so the shortest form that reads back is a JSON number.
        Value::Float(number) => {
            out.push_str(&serde_json::Number::from_f64(*number).map_or_else(|| "0".to_owned(), |n| n.to_string()))
        }
        Value::Text(text) => push_json_string(out, text),
        Value::Array(items) => {
            out.push('[');
            for (i, item) in items.iter().enumerate() {
                if i > 0 {
                    out.push(',');
                }
                push_value(out, item);
            }
            out.push(']');
        }
        Value::Object(members) => {
            out.push('{');
            for (i, (name, member)) in members.iter().enumerate() {
                if i > 0 {
                    out.push(',');
                }
                push_json_string(out, name);
                out.push(':');
                push_value(out, member);
            }
            out.push('}');
        }
    }
}

/// `value` as text.
pub(crate) fn text_of(value: &Value) -> String {
    let mut out = String::new();
    push_value(&mut out, value);
    out
}
