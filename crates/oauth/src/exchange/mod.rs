//! Token exchange (RFC 8693): a service that received somebody's access token gets one of its own, to call the next service.
//!
//! Nothing is exchanged without an [`ExchangeRule`](crate::client::ExchangeRule) that an operator wrote for that client. What comes out
//! is never more than what went in: scope and lifetime shrink, the audience is one that the rule names, a token that was bound to a
//! key becomes one that is bound to a key, and it dies with the family of the token it came from. Unless the rule says otherwise it
//! names who acts (`act`), and so does every token that is made of it, to a depth of [`ACTORS_MAX`].
//!
//! Only access tokens of ours are exchanged, and only into access tokens. The token endpoint authenticated the client.

mod act;
mod checks;
mod issue;
mod presented;
mod refusal;

pub use checks::check_list;
pub use issue::Exchanged;
pub use presented::{BadPresentedToken, PresentedToken};
pub use refusal::ExchangeRefusal;

use model::{Entropy, Outcome, Person, Timestamp};

use crate::{
    AuthenticatedClient, Change, Client, Confirmation, ConsentFact, CredentialFact, Issuer, RawParams, RefreshFamily,
    TokenKeys,
};

/// The grant's registered name (RFC 8693 §2.1).
pub const GRANT_TYPE: &str = "urn:ietf:params:oauth:grant-type:token-exchange";
/// The only type of token that goes in or comes out (§3).
pub const ACCESS_TOKEN_TYPE: &str = "urn:ietf:params:oauth:token-type:access_token";
/// Most actors in one token, the current one included.
pub const ACTORS_MAX: usize = 3;
/// Most audiences of one request.
const TARGETS_MAX: usize = 8;

/// A token that a request presents, after the shell checked its signature with our own keys as one of an access token.
#[derive(Debug, Clone, Copy)]
pub enum TokenFact<'a> {
    /// The request has none.
    NotSent,
    /// It has one that we did not sign as an access token, that was revoked by itself (RFC 7009), or whose holder
    /// ([`PresentedToken::client_id`]) is gone or disabled.
    Worthless,
    /// What it says ([`PresentedToken::parse`]).
    Says(&'a PresentedToken),
}

/// Facts for one exchange. The family, its client, person, consent and credential are those of the subject token.
#[derive(Clone, Copy)]
pub struct ExchangeFacts<'a> {
    /// Who we are.
    pub issuer: &'a Issuer,
    /// The keyed hashes.
    pub keys: &'a TokenKeys,
    /// The subject token.
    pub subject: TokenFact<'a>,
    /// The actor token.
    pub actor: TokenFact<'a>,
    /// The family that [`PresentedToken::family`] of the subject token names.
    pub family: Option<&'a RefreshFamily>,
    /// That family's client.
    pub family_client: Option<&'a Client>,
    /// That family's person.
    pub person: Option<&'a Person>,
    /// What that person's remembered consent says ([`crate::still`]).
    pub consent: ConsentFact<'a>,
    /// Whether the passkey behind the family is still there.
    pub credential: CredentialFact,
    /// Whether what was proved for the family satisfies what is demanded of this person, at its client and at the one that exchanges.
    pub requirement_met: bool,
    /// Whether the family's session is live; true where it has none.
    pub session_live: bool,
    /// The family that the actor token names, if it names one.
    pub actor_family: Option<&'a RefreshFamily>,
    /// The key that the caller proved to hold with this request.
    pub confirmation: Option<Confirmation>,
    /// The person's imported subject at the exchanging client ([`crate::subject_map`]).
    pub mapped_subject: Option<&'a str>,
}

crate::quiet::quiet! { ExchangeFacts<'_> }

/// Decides one exchange. Takes 16 bytes of entropy.
///
/// # Errors
/// Why it is refused. A refusal records nothing; it may carry the use of the client's assertion.
pub fn exchange(
    params: &RawParams<'_>,
    client: &AuthenticatedClient<'_>,
    facts: &ExchangeFacts<'_>,
    now: Timestamp,
    entropy: &mut Entropy,
) -> Result<Outcome<Exchanged, Change>, Outcome<ExchangeRefusal, Change>> {
    let spent = |refusal| Outcome { reply: refusal, changes: client.spends().into_iter().collect(), audit: Vec::new() };
    let mut passed = checks::Passed::new(params, client.client(), facts, now);
    for check in &checks::CHECKS {
        (check.run)(&mut passed).map_err(spent)?;
    }
    let exchangeable = passed.all().map_err(spent)?;
    let mut outcome = issue::issue(exchangeable, facts, now, entropy);
    outcome.changes.extend(client.spends());
    Ok(outcome)
}
