//! Logout tokens (OpenID Connect Back-Channel Logout 1.0 §2.4).

use crypto::b64u;
use model::{ClientId, Entropy, PersonId, SessionId, Timestamp};

use crate::{Client, ClientStatus, Issuer, TokenKeys, answer::JsonObject, subject::subject};

/// Life of a logout token, in seconds (§2.4: at most two minutes).
pub const LOGOUT_TOKEN_SECONDS: i64 = 120;
/// The event that a logout token reports (§2.4), as the whole `events` claim.
const EVENTS: &str = r#"{"http://schemas.openid.net/event/backchannel-logout":{}}"#;

/// A session that ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EndedSession {
    /// Which.
    pub id: SessionId,
    /// Whose.
    pub person: PersonId,
}

/// A client that took part in a session: it got an ID token in it.
#[derive(Clone, Copy)]
pub struct Participant<'a> {
    /// The client.
    pub client: &'a Client,
    /// The person's imported subject there ([`crate::subject_map`]).
    pub mapped_subject: Option<&'a str>,
}

/// One logout token to sign, of type [`crypto::JwtType::LogoutToken`], and to post as the form parameter `logout_token` (§2.5).
#[derive(Clone, PartialEq, Eq)]
pub struct LogoutPost {
    /// To whom.
    pub client: ClientId,
    /// Where.
    pub uri: String,
    /// The claims, as JSON. There is no `nonce`, so that none passes for an ID token (§2.4).
    pub claims: String,
}

crate::quiet::quiet! { Participant<'_>, LogoutPost }

/// The logout tokens for those participants that want one. Takes 16 bytes of entropy, however many they are.
#[must_use]
pub fn logout_posts<'a>(
    session: EndedSession,
    participants: impl IntoIterator<Item = Participant<'a>>,
    issuer: &Issuer,
    keys: &TokenKeys,
    now: Timestamp,
    entropy: &mut Entropy,
) -> Vec<LogoutPost> {
    let seed = entropy.take::<16>();
    participants
        .into_iter()
        .filter(|participant| participant.client.status == ClientStatus::Active)
        .filter_map(|participant| {
            let uri = participant.client.settings.logout.backchannel_uri.clone()?;
            let client = participant.client;
            // One seed and the client's id: as many ids as clients, none of them to be guessed.
            let jti = keys.kept_hash("logout token id", &[&seed, client.id.as_str().as_bytes()].concat());
            let mut json = JsonObject::with_capacity(384);
            json.string("iss", issuer.url());
            json.string("aud", client.id.as_str());
            json.number("iat", now.seconds());
            json.number("exp", now.plus_seconds(LOGOUT_TOKEN_SECONDS).seconds());
            json.string("jti", &b64u(&jti[..16]));
            // §2.4 wants `sub`, `sid` or both. Both, always: whoever counts on `sid` (§2.2, backchannel_logout_session_required) has it.
            json.string("sub", &subject(client, session.person, participant.mapped_subject, keys));
            json.string("sid", &keys.sid(session.id, &client.id));
            json.raw("events", EVENTS);
            Some(LogoutPost { client: client.id.clone(), uri, claims: json.finish() })
        })
        .collect()
}
