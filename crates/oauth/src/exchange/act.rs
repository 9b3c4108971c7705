//! Who acts: the `act` claim (RFC 8693 §4.1), innermost the first who ever did.

use serde_json::Value;

use super::ACTORS_MAX;
use crate::answer::JsonObject;

/// The value of `act`, as JSON.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Act(String);

crate::quiet::quiet! { Act }

/// There are more actors than [`ACTORS_MAX`], or the chain is not one of ours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct TooManyActors;

impl Act {
    /// Puts an actor before those who acted already.
    pub(super) fn after(subject: &str, client_id: &str, before: Option<&Value>) -> Result<Self, TooManyActors> {
        if 1 + depth(before)? > ACTORS_MAX {
            return Err(TooManyActors);
        }
        let mut json = JsonObject::with_capacity(160);
        json.string("sub", subject);
        json.string("client_id", client_id);
        if let Some(before) = before {
            json.raw("act", &before.to_string());
        }
        Ok(Self(json.finish()))
    }

    /// Those who acted already, and nobody new. A chain that exists is never dropped.
    pub(super) fn kept(before: &Value) -> Result<Self, TooManyActors> {
        depth(Some(before))?;
        Ok(Self(before.to_string()))
    }

    pub(super) fn as_json(&self) -> &str {
        &self.0
    }
}

/// How many actors a chain holds.
fn depth(mut act: Option<&Value>) -> Result<usize, TooManyActors> {
    let mut depth = 0;
    while let Some(link) = act {
        let link = link.as_object().ok_or(TooManyActors)?;
        depth += 1;
        if depth > ACTORS_MAX {
            return Err(TooManyActors);
        }
        act = link.get("act");
    }
    Ok(depth)
}

/// Whether `may_act` (RFC 8693 §4.4) lets this actor act. A member that we can't judge counts as a no.
pub(super) fn may_act(claim: &Value, issuer: &str, subject: &str, client_id: &str) -> bool {
    let Some(members) = claim.as_object() else { return false };
    !members.is_empty()
        && members.iter().all(|(name, value)| {
            let Some(value) = value.as_str() else { return false };
            match name.as_str() {
                "iss" => value == issuer,
                "sub" => value == subject,
                "client_id" => value == client_id,
                _ => false,
            }
        })
        // Our own name alone would allow everybody here.
        && (members.contains_key("sub") || members.contains_key("client_id"))
}
