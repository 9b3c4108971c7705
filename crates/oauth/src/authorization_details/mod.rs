//! Rich authorization requests (RFC 9396): single, detailed permissions beside scopes, such as one payment to one payee.
//!
//! The types are the installation's own ([`DetailType`]) and arrive as facts. A detail of an unknown type, or with a field that its
//! type does not have, is refused and never skipped (§5): whoever asked for it would believe it granted. What passes is written down
//! compactly once, and is what consent shows, the code carries and the token says.

mod kind;
mod read;

pub use kind::{
    BadDetailType, CONSENT_WORDS_BYTES_MAX, DETAIL_FIELDS_MAX, DETAIL_NAME_BYTES_MAX, DETAIL_TEXT_BYTES_MAX,
    DETAIL_TYPES_MAX, DetailField, DetailType, FieldKind,
};

use crypto::json::{Bounds, Object, Value, parse_object};

use crate::{Client, json_text::text_of};

/// Longest `authorization_details` parameter, in bytes.
pub const DETAILS_BYTES_MAX: usize = 8 * 1024;
/// Most details in one request.
pub const DETAILS_MAX: usize = 16;
/// The wrapping object, the array, a detail, and the three levels inside it that a type may have, the last with an array.
const DEPTH_MAX: usize = 7;

/// Checked details: each of a known type that the client may use, each field known, nothing missing.
#[derive(Clone, PartialEq, Eq)]
pub struct AuthorizationDetails {
    json: String,
    shown: Vec<ShownDetail>,
    always_ask: bool,
}

crate::quiet::quiet! { AuthorizationDetails }

/// One detail in words for the person who is asked.
#[derive(Clone, PartialEq, Eq)]
pub struct ShownDetail {
    /// Its type.
    pub type_name: String,
    /// The type's words with the values filled in. Plain text without control or direction characters; pages escape it.
    pub text: String,
}

/// The words may be personal: `Debug` tells the type only.
impl std::fmt::Debug for ShownDetail {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ShownDetail").field("type_name", &self.type_name).finish_non_exhaustive()
    }
}

/// Why details are refused (RFC 9396 §5). Counted from 1, so that the caller finds the one that is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum DetailsFault {
    /// Not a JSON array of objects, too long, too deep, or a member twice.
    #[error("authorization_details must be a JSON array of 1 to 16 objects, at most 8 KiB, without repeated members")]
    Malformed,
    /// No `type`, or one that is no text.
    #[error("authorization detail {0} has no type")]
    TypeMissing(u8),
    /// A type that is not known here.
    #[error("authorization detail {0} is of a type that is not known here")]
    TypeUnknown(u8),
    /// A type that the client is not registered for.
    #[error("authorization detail {0} is of a type that this client may not ask for")]
    TypeNotAllowed(u8),
    /// A field that its type does not have.
    #[error("authorization detail {0} has a field that its type does not know")]
    FieldUnknown(u8),
    /// A field that must be there is not.
    #[error("authorization detail {0} lacks a field that its type requires")]
    FieldMissing(u8),
    /// A field of the wrong kind, or outside its bounds.
    #[error("authorization detail {0} has a field with a value that its type does not allow")]
    FieldInvalid(u8),
    /// `locations` names a resource that the client is not registered for.
    #[error("authorization detail {0} names a location that this client may not ask for")]
    LocationNotAllowed(u8),
}

impl AuthorizationDetails {
    /// Reads and checks the parameter.
    ///
    /// # Errors
    /// The first rule that a detail breaks.
    pub fn parse(text: &str, types: &[DetailType], client: &Client) -> Result<Self, DetailsFault> {
        let mut details = Self { json: String::new(), shown: Vec::new(), always_ask: false };
        let values = array(text)?;
        for (number, value) in (1..).zip(&values) {
            let Value::Object(detail) = value else { return Err(DetailsFault::Malformed) };
            let kind = kind_of(detail, number, types, client)?;
            read::fields(detail, kind.fields(), true, number)?;
            locations(detail, number, client)?;
            details.always_ask |= kind.is_always_asked();
            details.shown.push(ShownDetail { type_name: kind.name().to_owned(), text: read::words(kind, detail) });
        }
        details.json = text_of(&Value::Array(values));
        Ok(details)
    }

    /// What `client` is still registered for of details that were granted once, as [`Self::json`] wrote them. None when nothing is
    /// left; what can't be read is not.
    pub(crate) fn still_registered(granted: &str, client: &Client) -> Option<String> {
        let mut values = array(granted).ok()?;
        let all = values.len();
        values.retain(|value| {
            value
                .as_object()
                .is_some_and(|detail| is_registered(detail, client) && locations(detail, 0, client).is_ok())
        });
        match values.len() {
            0 => None,
            left if left == all => Some(granted.to_owned()),
            _ => Some(text_of(&Value::Array(values))),
        }
    }

    /// The details as one compact JSON array, for [`crate::GrantDetails::authorization_details`].
    #[must_use]
    pub fn json(&self) -> &str {
        &self.json
    }

    /// The details in words, in the order of the request.
    #[must_use]
    pub fn shown(&self) -> &[ShownDetail] {
        &self.shown
    }

    /// Whether one of them must be asked about whatever the organisation trusts.
    #[must_use]
    pub const fn is_always_asked(&self) -> bool {
        self.always_ask
    }
}

/// The elements of the array.
fn array(text: &str) -> Result<Vec<Value>, DetailsFault> {
    if text.len() > DETAILS_BYTES_MAX {
        return Err(DetailsFault::Malformed);
    }
    // The strict reader takes objects only, so the array becomes the one member of one. A text that closes the array early and goes
    // on makes a second member or a malformed document, and is refused for either.
    let wrapped = format!("{{\"details\":{text}}}");
    let bounds = Bounds { bytes_max: wrapped.len(), depth_max: DEPTH_MAX };
    let object = parse_object(wrapped.as_bytes(), bounds).map_err(|_| DetailsFault::Malformed)?;
    match object.get("details") {
        Some(Value::Array(values)) if object.len() == 1 && (1..=DETAILS_MAX).contains(&values.len()) => {
            Ok(values.clone())
        }
        Some(_) | None => Err(DetailsFault::Malformed),
    }
}

fn kind_of<'t>(
    detail: &Object,
    number: u8,
    types: &'t [DetailType],
    client: &Client,
) -> Result<&'t DetailType, DetailsFault> {
    // RFC 9396 §2: `type` is what decides the rest.
    let name = detail.get("type").and_then(Value::as_text).ok_or(DetailsFault::TypeMissing(number))?;
    let kind = types.iter().find(|kind| kind.name() == name).ok_or(DetailsFault::TypeUnknown(number))?;
    if is_registered(detail, client) { Ok(kind) } else { Err(DetailsFault::TypeNotAllowed(number)) }
}

/// RFC 9396 §10: a client is registered with the types that it uses.
fn is_registered(detail: &Object, client: &Client) -> bool {
    let name = detail.get("type").and_then(Value::as_text);
    client.settings.requests.authorization_details_types.iter().any(|allowed| name == Some(allowed))
}

/// RFC 9396 §3: `locations` says where a detail is meant to be used, so it is held to the client's resources, as `resource` is.
fn locations(detail: &Object, number: u8, client: &Client) -> Result<(), DetailsFault> {
    let Some(locations) = detail.get("locations") else { return Ok(()) };
    let named = locations.as_texts().ok_or(DetailsFault::FieldInvalid(number))?;
    if named.iter().all(|location| client.may_name_resource(location)) {
        Ok(())
    } else {
        Err(DetailsFault::LocationNotAllowed(number))
    }
}
