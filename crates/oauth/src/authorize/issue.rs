//! Issuing a code, for whoever holds every checked value.

use crypto::b64u_into;
use model::{Actor, AuditEvent, AuditKind, Entropy, Outcome, Secret, Timestamp};

use super::{AuthorizeFacts, checks::Granted};
use crate::{Change, CodeRecord, GrantDetails, answer::Location, code::CODE_SECONDS};

/// A granted authorization request.
#[derive(Debug, Clone)]
pub struct AuthorizeReply {
    /// Where to send the browser, with 303: the redirect URI with `code`, `state` and `iss`. Holds the code, hence secret.
    pub location: Secret<String>,
    /// The key under which to keep `record`, before the browser is sent on.
    pub code_hash: [u8; 32],
    /// What the code stands for; dies at its `expires`.
    pub record: Box<CodeRecord>,
}

pub(super) fn issue(
    granted: Granted<'_>,
    facts: &AuthorizeFacts<'_>,
    now: Timestamp,
    entropy: &mut Entropy,
) -> Outcome<AuthorizeReply, Change> {
    let client = granted.client.get();
    let session = granted.signed_in.session();
    let person = session.authentication.person;

    // draft-ietf-oauth-v2-1-16 §4.1.2, §7.7: 256 random bits, which say nothing about the challenge or anything else.
    let mut code = String::with_capacity(47);
    code.push_str("lgc_");
    b64u_into(&entropy.take::<32>(), &mut code);
    let code_hash = facts.keys.code_hash(&code);

    let mut location = Location::new(granted.redirect.uri(), 256);
    location.push_encoded("code", &code);
    if let Some(state) = granted.state {
        location.push("state", state);
    }
    location.push_encoded("iss", facts.issuer.query_encoded());
    zeroize_text(code);

    let record = Box::new(CodeRecord {
        client: client.id.clone(),
        redirect_uri: granted.redirect.as_sent().map(str::to_owned),
        challenge: Some(granted.pkce.challenge()),
        dpop_jkt: None,
        nonce: granted.nonce.text().map(str::to_owned),
        scope: granted.consented.scope().clone(),
        details: GrantDetails { remembered_consent: granted.consented.rests_on_memory(), ..GrantDetails::default() },
        acr: None,
        person,
        session: session.id,
        authentication: session.authentication.clone(),
        issued: now,
        expires: now.plus_seconds(CODE_SECONDS),
    });

    let mut outcome = Outcome::plain(AuthorizeReply { location: Secret::new(location.into_text()), code_hash, record });
    if granted.consented.was_asked() {
        outcome.audit.push(
            AuditEvent::new(AuditKind::ConsentGiven, Actor::Person(person)).person(person).client(client.id.clone()),
        );
        if let Some(scope) = granted.consented.to_remember() {
            outcome.changes.push(Change::RememberConsent { person, client: client.id.clone(), scope, at: now });
        }
    }
    outcome
}

/// Lets a secret text go through the type that wipes it.
fn zeroize_text(text: String) {
    drop(Secret::new(text));
}
