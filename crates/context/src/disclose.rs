//! The one decision: what is told now.

use model::{
    Actor, AuditEvent, AuditKind, ClientId, Decision, Detail, Entropy, Outcome, PersonId, ReceiptId, Timestamp,
    decision::NoQuestion,
};
use serde_json::Value as Json;

use crate::{Attributes, Change, Claim, ClaimSet, Receipt, Value};

/// What a grant asks to be told, and what the client may ever be told.
#[derive(Debug, Clone)]
pub struct Wanted<'a> {
    /// About whom.
    pub person: PersonId,
    /// Who asks.
    pub client: &'a ClientId,
    /// The claims that the grant's scopes ask for: [`ClaimSet::of_scopes`].
    pub scopes: ClaimSet,
    /// Claims that were asked for one by one (OpenID Connect Core §5.5), as the person allowed them.
    pub wishes: &'a [Wish],
    /// What the client may ever be told, from its registration.
    pub allowed: ClaimSet,
    /// What for, as the person was told.
    pub purpose: &'a str,
}

/// One claim that was asked for by name.
#[derive(Clone, PartialEq, Eq)]
pub struct Wish {
    /// Which.
    pub claim: Claim,
    /// The values that would do, as JSON; empty when any would. Personal.
    pub values: Vec<Json>,
}

impl std::fmt::Debug for Wish {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Wish").field("claim", &self.claim).field("values", &self.values.len()).finish()
    }
}

/// What is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Disclosed {
    /// Name and value, in the order of [`Claim::ALL`].
    pub members: Vec<(Claim, Value)>,
    /// What was asked for and is not told.
    pub omitted: Vec<Omitted>,
}

impl Disclosed {
    /// Which claims are told.
    #[must_use]
    pub fn claims(&self) -> ClaimSet {
        self.members.iter().map(|(claim, _)| *claim).collect()
    }
}

/// One claim that was asked for and is not told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Omitted {
    /// Which.
    pub claim: Claim,
    /// Why.
    pub why: Why,
}

/// Why a claim is not told. For the operator; the client sees an absence and no reason (OpenID Connect Core §5.3.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Why {
    /// The client may never be told.
    NotAllowed,
    /// It is not known.
    Unknown,
    /// It is known and is none of the values that the client would accept (OpenID Connect Core §5.5.1).
    OtherValue,
}

/// Decides what is told, and which receipt it leaves. `receipts` are those of this person and client so far. Takes at most 10 bytes of
/// entropy. Never refuses: where nothing may be told, nothing is, and there is no receipt.
///
/// The shell commits [`Change::InsertReceipt`] **before** it answers; [`Change::CountReceipt`] may wait.
pub fn disclose(
    wanted: &Wanted<'_>,
    attributes: &Attributes,
    receipts: &[Receipt],
    now: Timestamp,
    entropy: &mut Entropy,
) -> Decision<Disclosed, NoQuestion, NoQuestion, Change> {
    let disclosed = choose(wanted, attributes);
    let claims = disclosed.claims();
    let mut outcome = Outcome::plain(disclosed);
    if claims.is_empty() {
        return Decision::Done(outcome);
    }
    let known = receipts.iter().find(|receipt| {
        receipt.person == wanted.person
            && receipt.client == *wanted.client
            && receipt.claims == claims
            && receipt.purpose == wanted.purpose
    });
    match known {
        Some(receipt) => outcome.changes.push(Change::CountReceipt { id: receipt.id, at: now }),
        None => {
            let id = ReceiptId::fresh(now, entropy);
            outcome.changes.push(Change::InsertReceipt(Box::new(Receipt {
                id,
                person: wanted.person,
                client: wanted.client.clone(),
                claims,
                purpose: wanted.purpose.to_owned(),
                first: now,
                last: now,
                times: 1,
            })));
            let told = i64::try_from(claims.iter().count()).unwrap_or(i64::MAX);
            outcome.audit.push(
                AuditEvent::new(AuditKind::Disclosed, Actor::Client(wanted.client.clone()))
                    .person(wanted.person)
                    .client(wanted.client.clone())
                    .detail("claims", Detail::Number(told)),
            );
        }
    }
    Decision::Done(outcome)
}

fn choose(wanted: &Wanted<'_>, attributes: &Attributes) -> Disclosed {
    let asked = wanted.wishes.iter().fold(wanted.scopes, |set, wish| set.with(wish.claim));
    let mut disclosed = Disclosed { members: Vec::new(), omitted: Vec::new() };
    for claim in asked.iter() {
        match told(claim, wanted, attributes) {
            Ok(value) => disclosed.members.push((claim, value.clone())),
            Err(why) => disclosed.omitted.push(Omitted { claim, why }),
        }
    }
    without_orphans(disclosed)
}

fn told<'a>(claim: Claim, wanted: &Wanted<'_>, attributes: &'a Attributes) -> Result<&'a Value, Why> {
    // The allow-list first: a claim that may not be told is not even looked up.
    if !wanted.allowed.contains(claim) {
        return Err(Why::NotAllowed);
    }
    let value = attributes.get(claim).ok_or(Why::Unknown)?;
    let fits = wanted
        .wishes
        .iter()
        .filter(|wish| wish.claim == claim && !wish.values.is_empty())
        .all(|wish| wish.values.contains(&value.to_json()));
    if fits { Ok(value) } else { Err(Why::OtherValue) }
}

/// "Verified" says nothing without what was verified.
fn without_orphans(mut disclosed: Disclosed) -> Disclosed {
    let claims = disclosed.claims();
    disclosed.members.retain(|(claim, _)| match claim {
        Claim::EmailVerified => claims.contains(Claim::Email),
        Claim::PhoneNumberVerified => claims.contains(Claim::PhoneNumber),
        _ => true,
    });
    disclosed
}
