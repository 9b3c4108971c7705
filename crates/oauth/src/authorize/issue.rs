//! Issuing a code, for whoever holds every checked value.

use crypto::b64u_into;
use model::{Actor, AuditEvent, AuditKind, Detail, Entropy, Outcome, Secret, Timestamp};

use super::{AuthorizeFacts, checks::Granted};
use crate::{Change, CodeRecord, GrantDetails, code::CODE_SECONDS, response::AuthorizeResponse};

/// A granted authorization request.
#[derive(Debug, Clone)]
pub struct AuthorizeReply {
    /// What to send to the client: `code`, `state` and `iss`, in the mode that it asked for.
    pub response: AuthorizeResponse,
    /// The key under which to keep `record`, before the browser is sent on.
    pub code_hash: [u8; 32],
    /// What the code stands for; dies at its `expires`.
    pub record: Box<CodeRecord>,
    /// The pushed request that is used up by this. Spend it first, atomically; if it is spent already, ask again.
    pub pushed: Option<[u8; 32]>,
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

    let mut params = Vec::with_capacity(3);
    params.push(("code", Secret::new(code)));
    if let Some(state) = granted.state {
        params.push(("state", Secret::new(state.to_owned())));
    }

    let consented = granted.consented;
    let record = Box::new(CodeRecord {
        client: client.id.clone(),
        redirect_uri: granted.redirect.as_sent().map(str::to_owned),
        challenge: granted.pkce.challenge(),
        dpop_jkt: granted.dpop_key.thumbprint(),
        nonce: granted.nonce.text().map(str::to_owned),
        scope: consented.scope().clone(),
        details: GrantDetails {
            remembered_consent: consented.rests_on_memory(),
            resources: granted.resources.into_names(),
            authorization_details: granted.details.json().map(str::to_owned),
            claims: granted.claims.to_keep(),
            // Who wants to hear of the session's end must be told which one it is, also when the grant outlives it.
            sid: client.settings.logout.is_used().then_some(session.id),
            ..GrantDetails::default()
        },
        acr: granted.strong_enough.acr().map(str::to_owned),
        person,
        session: session.id,
        authentication: session.authentication.clone(),
        issued: now,
        expires: now.plus_seconds(CODE_SECONDS),
    });

    let reply = AuthorizeReply {
        response: AuthorizeResponse::new(granted.envelope, params),
        code_hash,
        record,
        pushed: granted.pushed,
    };
    let mut outcome = Outcome::plain(reply);
    if consented.was_asked() {
        let mut event =
            AuditEvent::new(AuditKind::ConsentGiven, Actor::Person(person)).person(person).client(client.id.clone());
        // How many single permissions were given beside the scopes; what they say is personal and not for the chain.
        if granted.details.count() > 0 {
            event = event.detail("details", Detail::Number(granted.details.count() as i64));
        }
        outcome.audit.push(event);
        if let Some(scope) = consented.to_remember() {
            outcome.changes.push(Change::RememberConsent { person, client: client.id.clone(), scope, at: now });
        }
    }
    outcome
}
