//! Enrolment passes: a short-lived, single-use secret whose only power is to enrol a person's first passkey.
//!
//! A pass may be opened many times but spent once: spending and binding are one change set. It does nothing for a
//! person who has a passkey.

use crypto::{HashKey, b64u, from_b64u_exact};
use model::{
    Actor, AuditEvent, AuditKind, Decision, Detail, Entropy, Outcome, PassId, Person, PersonId, Secret, Strength,
    Timestamp, decision::NoQuestion,
};

use crate::{Change, Refusal, limits};

/// What every pass's text begins with, so that leak scanners can find one.
pub const PASS_PREFIX: &str = "lgp_";

/// A pass as stored. The secret itself is only ever in the link.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EnrolmentPass {
    /// Our id, safe to show and to log.
    pub id: PassId,
    /// Keyed hash of the secret.
    pub hash: [u8; 32],
    /// Who may enrol with it.
    pub person: PersonId,
    /// The binding strength that a passkey enrolled with it gets: see [`crate::binding`].
    pub binding: Strength,
    /// When it was issued.
    pub created: Timestamp,
    /// When it ends by itself.
    pub expires: Timestamp,
    /// When it was used, if it was.
    pub spent: Option<Timestamp>,
}

impl EnrolmentPass {
    /// Unspent and unexpired.
    #[must_use]
    pub fn usable(&self, now: Timestamp) -> bool {
        self.spent.is_none()
            && now < self.expires
            && limits::within_seconds(now, self.created, limits::PASS_SECONDS_MAX)
    }
}

/// Who issues a pass. It decides what the pass proves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PassIssuer {
    /// Someone at the command line of this machine.
    Operator,
    /// A signed-in administrator.
    Administrator(PersonId),
}

impl PassIssuer {
    /// The binding strength that such a pass gives: see [`crate::binding`].
    #[must_use]
    pub const fn binding(self) -> Strength {
        match self {
            Self::Operator => Strength::Passkey,
            Self::Administrator(_) => Strength::Password,
        }
    }

    const fn actor(self) -> Actor {
        match self {
            Self::Operator => Actor::Operator,
            Self::Administrator(person) => Actor::Person(person),
        }
    }
}

/// A pass to be issued.
#[derive(Debug, Clone, Copy)]
pub struct PassRequest<'a> {
    /// Who shall enrol.
    pub person: &'a Person,
    /// How many passkeys they hold.
    pub held: usize,
    /// Who asks.
    pub issuer: PassIssuer,
    /// How long it shall live, in seconds; kept between a minute and [`limits::PASS_SECONDS_MAX`].
    pub seconds: i64,
}

/// An issued pass with the only copy of its text.
#[derive(Debug)]
pub struct IssuedPass {
    /// As stored.
    pub pass: EnrolmentPass,
    /// `lgp_` and 32 random bytes in base64url. Goes into the link's fragment, never into a log.
    pub token: Secret<String>,
}

/// Issues a pass. Takes 42 bytes of entropy.
///
/// Refused for a person who may not sign in, and for one who already has a passkey.
pub fn issue_pass(
    request: &PassRequest<'_>,
    key: &HashKey,
    now: Timestamp,
    entropy: &mut Entropy,
) -> Decision<IssuedPass, Refusal, NoQuestion, Change> {
    let person = request.person;
    if !person.may_sign_in(now) {
        return Decision::Refused(Outcome::plain(Refusal::PersonRefused));
    }
    if request.held > 0 {
        return Decision::Refused(Outcome::plain(Refusal::ProveExistingFirst));
    }
    let id = PassId::fresh(now, entropy);
    let secret = entropy.take::<32>();
    let pass = EnrolmentPass {
        id,
        hash: hash_of(key, &secret),
        person: person.id,
        binding: request.issuer.binding(),
        created: now,
        expires: now.plus_seconds(request.seconds.clamp(60, limits::PASS_SECONDS_MAX)),
        spent: None,
    };
    let event = AuditEvent::new(AuditKind::PassIssued, request.issuer.actor())
        .person(person.id)
        .detail("pass", Detail::Pass(id))
        .detail("binding", Detail::Word(pass.binding.as_str()))
        .detail("expires_seconds", Detail::Number(pass.expires.seconds()));
    Decision::Done(Outcome {
        reply: IssuedPass { pass: pass.clone(), token: Secret::new(format!("{PASS_PREFIX}{}", b64u(&secret))) },
        changes: vec![Change::InsertPass(pass)],
        audit: vec![event],
    })
}

/// The stored hash of a pass's text; `None` when it is not one of ours in form.
#[must_use]
pub fn pass_hash(key: &HashKey, token: &str) -> Option<[u8; 32]> {
    let bytes = from_b64u_exact::<32>(token.strip_prefix(PASS_PREFIX)?).ok()?;
    Some(hash_of(key, &bytes))
}

fn hash_of(key: &HashKey, secret: &[u8; 32]) -> [u8; 32] {
    key.hash("enrolment pass", &[secret])
}
