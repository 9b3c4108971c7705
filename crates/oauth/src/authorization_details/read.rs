//! One detail held against its type, and turned into words.

use crypto::json::{Object, Value};

use super::{DETAIL_TEXT_BYTES_MAX, DetailField, DetailType, DetailsFault, FieldKind, kind::Piece};
use crate::shown_text;

/// Most texts in one field.
const TEXTS_MAX: usize = 16;

/// Checks that `object` has the required fields of its type, no unknown ones, and in each what it may hold.
pub(super) fn fields(object: &Object, known: &[DetailField], top: bool, number: u8) -> Result<(), DetailsFault> {
    // RFC 9396 §5: unknown fields are an error; granting without them would grant something else than was asked for.
    let is_known = |name: &str| (top && name == "type") || known.iter().any(|field| field.name == name);
    if !object.names().all(is_known) {
        return Err(DetailsFault::FieldUnknown(number));
    }
    for field in known {
        match object.get(&field.name) {
            None if field.required => return Err(DetailsFault::FieldMissing(number)),
            None => {}
            Some(value) => holds(value, &field.kind, number)?,
        }
    }
    Ok(())
}

fn holds(value: &Value, kind: &FieldKind, number: u8) -> Result<(), DetailsFault> {
    let fits = match (kind, value) {
        (FieldKind::Text { one_of }, Value::Text(text)) => is_plain(text, one_of),
        (FieldKind::Texts { one_of }, Value::Array(values)) => {
            (1..=TEXTS_MAX).contains(&values.len())
                && values.iter().all(|value| value.as_text().is_some_and(|text| is_plain(text, one_of)))
        }
        (FieldKind::Integer { least, greatest }, Value::Integer(value)) => (least..=greatest).contains(&value),
        (FieldKind::Flag, Value::Bool(_)) => true,
        (FieldKind::Members(members), Value::Object(object)) => return fields(object, members, false, number),
        (_, _) => false,
    };
    if fits { Ok(()) } else { Err(DetailsFault::FieldInvalid(number)) }
}

/// A text that people can be shown: it can neither break a line nor turn the reading direction of what stands beside it.
fn is_plain(text: &str, one_of: &[String]) -> bool {
    !text.is_empty()
        && text.len() <= DETAIL_TEXT_BYTES_MAX
        && shown_text::is_plain(text)
        && (one_of.is_empty() || one_of.iter().any(|allowed| allowed == text))
}

/// The type's words with the values of `detail`, which passed [`fields`].
pub(super) fn words(kind: &DetailType, detail: &Object) -> String {
    let mut out = String::new();
    for piece in kind.pieces() {
        match piece {
            Piece::Words(words) => out.push_str(words),
            Piece::Field(path) => match at(detail, path) {
                None => out.push('–'),
                Some(Value::Text(text)) => out.push_str(text),
                Some(Value::Integer(number)) => out.push_str(&number.to_string()),
                Some(Value::Bool(true)) => out.push_str("yes"),
                Some(Value::Bool(false)) => out.push_str("no"),
                Some(Value::Array(values)) => {
                    let texts: Vec<_> = values.iter().filter_map(Value::as_text).collect();
                    out.push_str(&texts.join(", "));
                }
                // No field is of such a kind: the type's own check let no path lead here.
                Some(Value::Null | Value::Float(_) | Value::Object(_)) => {}
            },
        }
    }
    out
}

fn at<'v>(object: &'v Object, path: &str) -> Option<&'v Value> {
    match path.split_once('.') {
        None => object.get(path),
        Some((name, rest)) => at(object.get(name)?.as_object()?, rest),
    }
}
