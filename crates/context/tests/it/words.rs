//! How a receipt reads.

use context::{Claim, ClaimSet, receipt::in_words};

#[test]
fn receipts_read_as_sentences() {
    let set = |claims: &[Claim]| claims.iter().copied().collect::<ClaimSet>();
    assert_eq!(in_words(set(&[])), "");
    assert_eq!(in_words(set(&[Claim::Email, Claim::EmailVerified])), "e-mail address");
    assert_eq!(in_words(set(&[Claim::Name, Claim::Email])), "name and e-mail address");
    assert_eq!(in_words(set(&[Claim::Groups, Claim::Name, Claim::Email])), "name, e-mail address and groups");
}

#[test]
fn names_and_bits_agree_for_every_claim() {
    for claim in Claim::ALL.iter().copied() {
        assert_eq!(Claim::from_name(claim.name()), Some(claim));
        assert_eq!(ClaimSet::of_names([claim.name()]).to_names(), claim.name());
        assert!(ClaimSet::of_scopes([claim.scope()]).contains(claim));
    }
    assert_eq!(ClaimSet::of_names(["shoe_size", "name"]).to_names(), "name");
    let all: ClaimSet = Claim::ALL.iter().copied().collect();
    assert_eq!(all.iter().count(), Claim::ALL.len(), "no two claims share a bit");
}
