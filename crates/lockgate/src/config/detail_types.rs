//! The file that `oauth.detail_types` names: the types of authorization details (RFC 9396) that clients may ask for.
//!
//! ```json
//! [{ "type": "payment", "consent": "Pay {amount} cents to {payee}", "always_ask": true,
//!    "fields": { "amount": { "kind": "integer", "least": 1, "greatest": 100000, "required": true },
//!                "payee": { "kind": "text", "required": true } } }]
//! ```

use std::{collections::BTreeMap, io::Read, path::Path};

use oauth::authorization_details::{DetailField, DetailType, FieldKind};
use serde::Deserialize;

use super::{Place, Problem};

/// Longest file read, in bytes.
const FILE_BYTES_MAX: u64 = 256 * 1024;
/// Most types.
const TYPES_MAX: usize = 100;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Type {
    r#type: String,
    consent: String,
    #[serde(default)]
    always_ask: bool,
    #[serde(default)]
    fields: BTreeMap<String, Field>,
}

#[derive(Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
enum Field {
    Text {
        #[serde(default)]
        one_of: Vec<String>,
        #[serde(default)]
        required: bool,
    },
    Texts {
        #[serde(default)]
        one_of: Vec<String>,
        #[serde(default)]
        required: bool,
    },
    Integer {
        #[serde(default)]
        least: Option<i64>,
        #[serde(default)]
        greatest: Option<i64>,
        #[serde(default)]
        required: bool,
    },
    Flag {
        #[serde(default)]
        required: bool,
    },
    Object {
        fields: BTreeMap<String, Field>,
        #[serde(default)]
        required: bool,
    },
}

/// The types in the file at `path`; what stands against it goes to `problems`.
pub(super) fn read(path: &Path, place: &Place, problems: &mut Vec<Problem>) -> Vec<DetailType> {
    match types(path) {
        Ok(types) => types,
        Err(what) => {
            problems.push(Problem::new(
                place.clone(),
                format!("oauth.detail_types: {}: {what}", path.display()),
                "mend the file; docs/howto/fapi-client.md shows one",
            ));
            Vec::new()
        }
    }
}

fn types(path: &Path) -> Result<Vec<DetailType>, String> {
    let file = std::fs::File::open(path).map_err(|error| error.to_string())?;
    let mut text = String::new();
    file.take(FILE_BYTES_MAX + 1).read_to_string(&mut text).map_err(|error| error.to_string())?;
    if text.len() as u64 > FILE_BYTES_MAX {
        return Err("larger than 256 KiB".to_owned());
    }
    let types: Vec<Type> = serde_json::from_str(&text).map_err(|error| error.to_string())?;
    if types.len() > TYPES_MAX {
        return Err(format!("more than {TYPES_MAX} types"));
    }
    let mut checked: Vec<DetailType> = Vec::with_capacity(types.len());
    for one in types {
        let made = DetailType::new(&one.r#type, fields(one.fields), &one.consent)
            .map_err(|fault| format!("{:?}: {fault}", one.r#type))?;
        if checked.iter().any(|other| other.name() == made.name()) {
            return Err(format!("{:?} stands there twice", made.name()));
        }
        checked.push(if one.always_ask { made.always_asked() } else { made });
    }
    Ok(checked)
}

fn fields(fields: BTreeMap<String, Field>) -> Vec<DetailField> {
    let one = |(name, field)| {
        let (kind, required) = match field {
            Field::Text { one_of, required } => (FieldKind::Text { one_of }, required),
            Field::Texts { one_of, required } => (FieldKind::Texts { one_of }, required),
            Field::Integer { least, greatest, required } => (
                FieldKind::Integer { least: least.unwrap_or(i64::MIN), greatest: greatest.unwrap_or(i64::MAX) },
                required,
            ),
            Field::Flag { required } => (FieldKind::Flag, required),
            Field::Object { fields, required } => (FieldKind::Members(self::fields(fields)), required),
        };
        DetailField { name, kind, required }
    };
    fields.into_iter().map(one).collect()
}
