//! The value of one claim.

use serde_json::{Map, Value as Json};

use crate::claim::Kind;

/// Longest text, in bytes.
pub const TEXT_BYTES_MAX: usize = 1024;
/// Most members of a list.
pub const LIST_MAX: usize = 256;

/// The value of one claim. Personal: it has no `Display`, and `Debug` hides what it holds.
#[derive(Clone, PartialEq, Eq)]
pub enum Value {
    /// Text, never empty (OpenID Connect Core §5.3.2: what is not known is left out, not empty).
    Text(String),
    /// Yes or no.
    Flag(bool),
    /// A whole number.
    Number(i64),
    /// A list of texts.
    List(Vec<String>),
    /// A postal address.
    Address(Box<Address>),
}

/// A postal address (OpenID Connect Core §5.1.1); parts that are not known are absent.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct Address {
    /// The whole address, ready for a label.
    pub formatted: Option<String>,
    /// Street and number.
    pub street_address: Option<String>,
    /// City.
    pub locality: Option<String>,
    /// State, province or region.
    pub region: Option<String>,
    /// Postal code.
    pub postal_code: Option<String>,
    /// Country.
    pub country: Option<String>,
}

impl std::fmt::Debug for Value {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Value(…)")
    }
}
impl std::fmt::Debug for Address {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Address(…)")
    }
}

impl Address {
    const PARTS: [&'static str; 6] = ["formatted", "street_address", "locality", "region", "postal_code", "country"];

    fn parts(&self) -> [&Option<String>; 6] {
        [&self.formatted, &self.street_address, &self.locality, &self.region, &self.postal_code, &self.country]
    }

    fn part_mut(&mut self, name: &str) -> Option<&mut Option<String>> {
        Some(match name {
            "formatted" => &mut self.formatted,
            "street_address" => &mut self.street_address,
            "locality" => &mut self.locality,
            "region" => &mut self.region,
            "postal_code" => &mut self.postal_code,
            "country" => &mut self.country,
            _ => return None,
        })
    }
}

impl Value {
    /// Reads the JSON form, strictly.
    ///
    /// # Errors
    /// What the value should have been.
    pub(crate) fn from_json(kind: Kind, json: &Json) -> Result<Self, &'static str> {
        match (kind, json) {
            (Kind::Text, Json::String(text)) => text_value(text).map(Self::Text),
            (Kind::Text, _) => Err("a text"),
            (Kind::Flag, Json::Bool(flag)) => Ok(Self::Flag(*flag)),
            (Kind::Flag, _) => Err("true or false"),
            (Kind::Number, Json::Number(number)) => number.as_i64().map(Self::Number).ok_or("a whole number"),
            (Kind::Number, _) => Err("a whole number"),
            (Kind::List, Json::Array(items)) if !items.is_empty() && items.len() <= LIST_MAX => items
                .iter()
                .map(|item| item.as_str().ok_or("a list of texts").and_then(text_value))
                .collect::<Result<_, _>>()
                .map(Self::List),
            (Kind::List, _) => Err("a list of 1 to 256 texts"),
            (Kind::Address, Json::Object(parts)) => address(parts).map(|address| Self::Address(Box::new(address))),
            (Kind::Address, _) => Err("an object with parts of an address"),
        }
    }

    /// The JSON form.
    #[must_use]
    pub fn to_json(&self) -> Json {
        match self {
            Self::Text(text) => Json::String(text.clone()),
            Self::Flag(flag) => Json::Bool(*flag),
            Self::Number(number) => Json::from(*number),
            Self::List(items) => items.iter().cloned().map(Json::String).collect(),
            Self::Address(address) => {
                let mut parts = Map::new();
                for (name, part) in Address::PARTS.into_iter().zip(address.parts()) {
                    if let Some(part) = part {
                        parts.insert(name.to_owned(), Json::String(part.clone()));
                    }
                }
                Json::Object(parts)
            }
        }
    }
}

fn address(parts: &Map<String, Json>) -> Result<Address, &'static str> {
    let mut address = Address::default();
    for (name, value) in parts {
        let part = address.part_mut(name).ok_or("an address without other members than those of OpenID Connect")?;
        *part = Some(value.as_str().ok_or("an address whose parts are texts").and_then(text_value)?);
    }
    if address == Address::default() { Err("an address with at least one part") } else { Ok(address) }
}

/// Not empty, not too long, and no control characters but line breaks (postal addresses have them).
fn text_value(text: &str) -> Result<String, &'static str> {
    if text.trim().is_empty() {
        return Err("a text that is not empty");
    }
    if text.len() > TEXT_BYTES_MAX {
        return Err("a text of at most 1,024 bytes");
    }
    if text.chars().any(|c| c.is_control() && c != '\n' && c != '\r') {
        return Err("a text without control characters");
    }
    Ok(text.to_owned())
}
