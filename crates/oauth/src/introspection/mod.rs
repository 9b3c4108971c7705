//! Introspection (RFC 7662, RFC 9701): what a token says and whether it still counts, for the client that holds it and for the
//! resource server that it is meant for. Anybody else hears `{"active":false}`, the same as for a token that does not exist.
//!
//! The shell reads with [`AboutToken::read`], loads the caller, then what [`AboutToken::in_hand`] names, and calls [`introspect`].

mod access;
mod caller;
mod refresh;
mod reply;

pub use reply::{IntrospectionReply, wants_signed};

use model::{Actor, AuditEvent, AuditKind, Decision, Detail, Outcome, Timestamp};

use crate::{
    AboutRefusal, AboutToken, AccessTokenFacts, Change, Client, RefreshFamily, TokenNeed,
    about_token::Opened,
    authentication::{AuthenticationFacts, ClientAuthFault},
    still::Standing,
};

/// The path of this endpoint.
pub const INTROSPECT: &str = "/introspect";

/// What stands behind the token in hand.
#[derive(Debug, Clone, Copy)]
pub enum InHandFact<'a> {
    /// Nothing of ours, or an access token whose signature is not.
    Nothing,
    /// An access token that we signed.
    Access(&'a AccessTokenFacts),
    /// A refresh token that we made.
    Refresh,
}

/// Facts for one introspection.
#[derive(Clone, Copy)]
pub struct IntrospectionFacts<'a> {
    /// About the caller.
    pub authentication: AuthenticationFacts<'a>,
    /// The token in hand.
    pub token: InHandFact<'a>,
    /// Whether [`AccessTokenFacts::jti`] stands among the revoked ones.
    pub token_revoked: bool,
    /// The client that an access token names.
    pub holder: Option<&'a Client>,
    /// The family of the token, if it belongs to one.
    pub family: Option<&'a RefreshFamily>,
    /// That family's client: the same as the holder, unless the token was exchanged.
    pub family_client: Option<&'a Client>,
    /// What that family rests on.
    pub standing: Standing<'a>,
    /// The person's imported subject at the family's client, where there is one.
    pub mapped_subject: Option<&'a str>,
}

crate::quiet::quiet! { IntrospectionFacts<'_> }

/// Decides one introspection. It changes nothing but the use of the caller's assertion; the record may be written late.
pub fn introspect(
    request: &AboutToken<'_>,
    facts: &IntrospectionFacts<'_>,
    now: Timestamp,
) -> Decision<IntrospectionReply, AboutRefusal, TokenNeed, Change> {
    let caller = match request.open(&facts.authentication, INTROSPECT, now) {
        Ok(caller) => caller,
        Err(Opened::Refused(refusal)) => return Decision::Refused(Outcome::plain(refusal)),
        Err(Opened::NeedKeys { uri }) => return Decision::Need(TokenNeed::ClientKeys { uri }),
    };
    // RFC 7662 §2.1: only for callers that prove themselves, or anybody could try tokens here.
    if !caller.client().is_confidential() {
        return Decision::Refused(Outcome::plain(AboutRefusal::Client(ClientAuthFault::PublicClient)));
    }
    let keys = facts.authentication.keys;
    let active = match facts.token {
        InHandFact::Nothing => None,
        InHandFact::Access(token) => access::active(token, caller.client(), facts, now),
        InHandFact::Refresh => {
            request.refresh_token(keys).and_then(|token| refresh::active(&token, caller.client(), facts, now))
        }
    };
    let word = if active.is_some() { "active" } else { "inactive" };
    let event = AuditEvent::new(AuditKind::TokenIntrospected, Actor::Client(caller.client().id.clone()))
        .client(caller.client().id.clone())
        .detail("answer", Detail::Word(word));
    let reply = IntrospectionReply::new(active, facts.authentication.issuer, &caller.client().id, now);
    Decision::Done(Outcome { reply, changes: caller.spends().into_iter().collect(), audit: vec![event] })
}
