//! The `claims` parameter (OpenID Connect Core §5.5): which single claims a client asks for, and where it wants them.
//!
//! Asking is not getting. What a client may be told at all stands in its settings; what a person allows is asked on the consent page;
//! what is told in the end is decided where attributes are kept. Here the request is read, bounded and written down.

use crypto::json::{BadJson, Bounds, Object, Value, parse_object};

use crate::{answer::push_json_string, json_text::text_of};

/// Longest `claims` parameter, in bytes.
pub const CLAIMS_BYTES_MAX: usize = 8 * 1024;
/// Most claims that one request may name, both places together.
pub const CLAIMS_MAX: usize = 64;
/// Most values that one claim may be asked to have.
pub const CLAIM_VALUES_MAX: usize = 16;
/// Longest name of a claim, in bytes.
pub const CLAIM_NAME_BYTES_MAX: usize = 128;
/// The parameter, its places, the claims, their members, the values, and two levels inside a value.
const DEPTH_MAX: usize = 6;

/// A checked `claims` parameter.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ClaimsRequest {
    /// Wanted from the userinfo endpoint.
    pub userinfo: Vec<ClaimWish>,
    /// Wanted in the ID token.
    pub id_token: Vec<ClaimWish>,
}

/// One claim that is asked for.
#[derive(Clone, PartialEq, Eq)]
pub struct ClaimWish {
    /// Its name.
    pub name: String,
    /// Whether the client can't do its work without it (§5.5.1).
    pub essential: bool,
    /// The values that would do, each as compact JSON; empty when any would. Personal when they name someone: never log them.
    pub values: Vec<String>,
}

/// Values may name a person: `Debug` counts them only.
impl std::fmt::Debug for ClaimWish {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ClaimWish")
            .field("name", &self.name)
            .field("essential", &self.essential)
            .field("values", &self.values.len())
            .finish()
    }
}

/// Why a `claims` parameter can't be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadClaimsRequest {
    /// Not a JSON object, too long, too deep, or a member twice.
    #[error("claims must be one JSON object of at most 8 KiB, without repeated members")]
    Json,
    /// `userinfo` or `id_token` is not an object of claims.
    #[error("userinfo and id_token in claims must be objects")]
    Place,
    /// More than [`CLAIMS_MAX`] claims, or a name longer than [`CLAIM_NAME_BYTES_MAX`].
    #[error("claims may name at most 64 claims")]
    TooMany,
    /// A claim is neither null nor an object with well-formed `essential`, `value` or `values`.
    #[error("each claim must be null or an object with essential, value or values")]
    Claim,
}

impl From<BadJson> for BadClaimsRequest {
    fn from(_: BadJson) -> Self {
        Self::Json
    }
}

impl ClaimsRequest {
    /// Reads the parameter, or what [`Self::to_json`] wrote.
    ///
    /// # Errors
    /// When it is malformed or exceeds a bound.
    pub fn parse(text: &str) -> Result<Self, BadClaimsRequest> {
        let bounds = Bounds { bytes_max: CLAIMS_BYTES_MAX, depth_max: DEPTH_MAX };
        let object = parse_object(text.as_bytes(), bounds)?;
        // §5.5: members other than these two are ignored.
        let request = Self { userinfo: place(&object, "userinfo")?, id_token: place(&object, "id_token")? };
        if request.userinfo.len() + request.id_token.len() > CLAIMS_MAX {
            return Err(BadClaimsRequest::TooMany);
        }
        // What is kept is read again by the same rules; `null` is longer than `{}`, so it could come out too long for them.
        if request.to_json().len() > CLAIMS_BYTES_MAX {
            return Err(BadClaimsRequest::Json);
        }
        Ok(request)
    }

    /// The same as compact JSON, for [`crate::GrantDetails::claims`].
    #[must_use]
    pub fn to_json(&self) -> String {
        let mut out = String::from("{");
        for (name, wishes) in [("userinfo", &self.userinfo), ("id_token", &self.id_token)] {
            if wishes.is_empty() {
                continue;
            }
            if out.len() > 1 {
                out.push(',');
            }
            push_json_string(&mut out, name);
            out.push_str(":{");
            for (i, wish) in wishes.iter().enumerate() {
                if i > 0 {
                    out.push(',');
                }
                wish.push_json(&mut out);
            }
            out.push('}');
        }
        out.push('}');
        out
    }

    /// Whether nothing is asked for.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.userinfo.is_empty() && self.id_token.is_empty()
    }

    /// Only the claims that `keep` agrees to. §5.5: what can't be given is left out, silently.
    #[must_use]
    pub fn filtered(&self, keep: impl Fn(&str) -> bool) -> Self {
        let kept = |wishes: &[ClaimWish]| wishes.iter().filter(|wish| keep(&wish.name)).cloned().collect();
        Self { userinfo: kept(&self.userinfo), id_token: kept(&self.id_token) }
    }

    /// The names of all claims, sorted, each once.
    #[must_use]
    pub fn names(&self) -> Vec<String> {
        let mut names: Vec<_> = self.userinfo.iter().chain(&self.id_token).map(|wish| wish.name.clone()).collect();
        names.sort_unstable();
        names.dedup();
        names
    }

    /// The wish for `name` in the ID token.
    #[must_use]
    pub fn in_id_token(&self, name: &str) -> Option<&ClaimWish> {
        self.id_token.iter().find(|wish| wish.name == name)
    }

    /// The wish for `name` at the userinfo endpoint.
    #[must_use]
    pub fn in_userinfo(&self, name: &str) -> Option<&ClaimWish> {
        self.userinfo.iter().find(|wish| wish.name == name)
    }
}

impl ClaimWish {
    /// The values that are texts, without their quotes.
    pub fn texts(&self) -> impl Iterator<Item = String> {
        self.values.iter().filter_map(|value| serde_json::from_str(value).ok())
    }

    fn push_json(&self, out: &mut String) {
        push_json_string(out, &self.name);
        out.push(':');
        if !self.essential && self.values.is_empty() {
            out.push_str("null");
            return;
        }
        out.push('{');
        if self.essential {
            out.push_str("\"essential\":true");
        }
        if !self.values.is_empty() && self.essential {
            out.push(',');
        }
        match self.values.as_slice() {
            [] => {}
            // In a list it would stand one level deeper than it may have been read.
            [value] => {
                out.push_str("\"value\":");
                out.push_str(value);
            }
            values => {
                out.push_str("\"values\":[");
                out.push_str(&values.join(","));
                out.push(']');
            }
        }
        out.push('}');
    }
}

/// The claims of one place.
fn place(request: &Object, name: &str) -> Result<Vec<ClaimWish>, BadClaimsRequest> {
    let members = match request.get(name) {
        None | Some(Value::Null) => return Ok(Vec::new()),
        Some(Value::Object(members)) => members,
        Some(_) => return Err(BadClaimsRequest::Place),
    };
    if members.len() > CLAIMS_MAX {
        return Err(BadClaimsRequest::TooMany);
    }
    members.iter().map(|(name, wish)| read(name, wish)).collect()
}

fn read(name: &str, wish: &Value) -> Result<ClaimWish, BadClaimsRequest> {
    if name.is_empty() || name.len() > CLAIM_NAME_BYTES_MAX || name.chars().any(char::is_control) {
        return Err(BadClaimsRequest::TooMany);
    }
    let plain = ClaimWish { name: name.to_owned(), essential: false, values: Vec::new() };
    let members = match wish {
        Value::Null => return Ok(plain),
        Value::Object(members) => members,
        _ => return Err(BadClaimsRequest::Claim),
    };
    let essential = match members.get("essential") {
        None => false,
        Some(Value::Bool(essential)) => *essential,
        Some(_) => return Err(BadClaimsRequest::Claim),
    };
    let values = match (members.get("value"), members.get("values")) {
        (None, None) => Vec::new(),
        (Some(value), None) => vec![text_of(value)],
        (None, Some(Value::Array(values))) if !values.is_empty() && values.len() <= CLAIM_VALUES_MAX => {
            values.iter().map(text_of).collect()
        }
        // §5.5.1 gives each a meaning of its own and none to both together.
        (_, Some(_)) => return Err(BadClaimsRequest::Claim),
    };
    Ok(ClaimWish { essential, values, ..plain })
}
