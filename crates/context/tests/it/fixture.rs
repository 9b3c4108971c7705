//! One person, one client, and what the tests ask about them.

use context::{Attributes, Claim, ClaimSet, Disclosed, Receipt, Wanted, Wish};
use model::{ClientId, Decision, Entropy, Outcome, PersonId, Timestamp};

pub(crate) const NOW: Timestamp = Timestamp::from_seconds(1_800_000_000);
pub(crate) const PURPOSE: &str = "to label the boats you book";

pub(crate) fn entropy() -> Entropy {
    Entropy::new([7; 256])
}

pub(crate) fn person() -> PersonId {
    PersonId::from_bytes([1; 16])
}

pub(crate) fn client() -> ClientId {
    ClientId::parse("harbour-notes").expect("a client id")
}

pub(crate) fn attributes() -> Attributes {
    Attributes::parse(
        r#"{"name":"Ada Lock","given_name":"Ada","email":"ada@example.com","email_verified":true,
            "address":{"locality":"Bath","country":"UK"},"phone_number":"+44 1225 000000"}"#,
    )
    .expect("well-formed attributes")
    .with_groups(&["crew".to_owned(), "legal".to_owned()])
}

pub(crate) fn all() -> ClaimSet {
    Claim::ALL.iter().copied().collect()
}

/// Asks with the standard person and client.
pub(crate) fn ask(
    scopes: &[&str],
    wishes: &[Wish],
    allowed: ClaimSet,
    receipts: &[Receipt],
) -> Outcome<Disclosed, context::Change> {
    let client = client();
    let wanted = Wanted {
        person: person(),
        client: &client,
        scopes: ClaimSet::of_scopes(scopes.iter().copied()),
        wishes,
        allowed,
        purpose: PURPOSE,
    };
    match context::disclose(&wanted, &attributes(), receipts, NOW, &mut entropy()) {
        Decision::Done(outcome) => outcome,
        Decision::Refused(outcome) => match outcome.reply {},
        Decision::Need(question) => match question {},
    }
}

pub(crate) fn names(disclosed: &Disclosed) -> Vec<&'static str> {
    disclosed.members.iter().map(|(claim, _)| claim.name()).collect()
}
