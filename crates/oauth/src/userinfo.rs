//! Userinfo (OpenID Connect Core §5.3): the subject, to whoever holds a live access token that is meant for us.
//!
//! What is told besides comes from the room of disclosures, with its own policy and receipts; this room holds no profile.

use model::Timestamp;

use crate::{
    AccessTokenFacts, TokenKeys,
    answer::JsonObject,
    resource::{self, LiveAccess, ResourceFacts, ResourceRefusal},
    scope::OPENID,
    subject::subject,
};

/// Facts that the shell loaded for one userinfo request.
#[derive(Clone, Copy)]
pub struct UserinfoFacts<'a> {
    /// About the token.
    pub resource: ResourceFacts<'a>,
    /// The keyed hashes.
    pub keys: &'a TokenKeys,
    /// The person's imported subject at the client, where there is one.
    pub mapped_subject: Option<&'a str>,
}

/// A userinfo request that is answered.
#[derive(Clone)]
pub struct Userinfo<'a> {
    /// Who is asked about, by whom, under which grant. The grant's details hold the checked `claims` request.
    pub access: LiveAccess<'a>,
    subject: String,
}

crate::quiet::quiet! { UserinfoFacts<'_>, Userinfo<'_> }

impl Userinfo<'_> {
    /// `sub`: the same as in the ID token (§5.3.2).
    #[must_use]
    pub fn subject(&self) -> &str {
        &self.subject
    }

    /// The JSON body. `disclosed` are names with values that are JSON already, as the room of disclosures released them; none of
    /// them may be `sub`, which is ours to say.
    #[must_use]
    pub fn to_json<'m>(&self, disclosed: impl IntoIterator<Item = (&'m str, &'m str)>) -> String {
        let mut json = JsonObject::with_capacity(64);
        json.string("sub", &self.subject);
        for (name, value) in disclosed.into_iter().filter(|(name, _)| *name != "sub") {
            json.named(name, value);
        }
        json.finish()
    }
}

/// Decides one userinfo request. Nothing changes and nothing is recorded.
///
/// # Errors
/// Why it is refused.
pub fn check<'a>(
    token: &AccessTokenFacts,
    facts: &UserinfoFacts<'a>,
    now: Timestamp,
) -> Result<Userinfo<'a>, ResourceRefusal> {
    // 1. What every resource of ours asks.
    let access = resource::check(token, &facts.resource, now)?;
    // 2. OpenID Connect Core §5.3.
    if !access.scope.contains(OPENID) {
        return Err(ResourceRefusal::ScopeMissing);
    }
    // 3. §5.3.2: the same subject as in the ID token. Computed anew; a token whose subject differs is from another configuration.
    let subject = subject(access.client, access.person.id, facts.mapped_subject, facts.keys);
    if subject != token.subject {
        return Err(ResourceRefusal::TokenInvalid);
    }
    Ok(Userinfo { access, subject })
}
