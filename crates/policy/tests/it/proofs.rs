//! What a proof lacks: for each facet the proof that serves and the nearest that must not.

use model::{Strength, Tier, Timestamp};
use policy::{Facet, ProofFacts, Resolved, Verdict, resolve, serves};

use crate::{NOW, STAFF, policy};

/// A user-verified, well-bound synced passkey, used this moment.
pub(crate) const SYNCED: ProofFacts = ProofFacts {
    strength: Strength::Passkey,
    device_bound: false,
    attested: false,
    user_verified: true,
    binding_confirmed: true,
    synced: true,
    recovery_code: false,
    at: NOW,
};
/// The same for a key that says that it stays on one device.
pub(crate) const DEVICE_BOUND: ProofFacts =
    ProofFacts { strength: Strength::DeviceBoundClaimed, device_bound: true, synced: false, ..SYNCED };
/// The same, its maker proved.
pub(crate) const ATTESTED: ProofFacts = ProofFacts { strength: Strength::Attested, attested: true, ..DEVICE_BOUND };

fn on(table: &str, tier: Tier) -> Resolved {
    resolve(&policy(table), &STAFF, tier, NOW)
}

#[track_caller]
fn check(asked: &Resolved, proof: ProofFacts, lacks: &[Facet]) {
    assert_eq!(serves(asked, &proof, NOW).lacks(), lacks, "{proof:?}");
    assert_eq!(serves(asked, &proof, NOW).is_enough(), lacks.is_empty());
}

#[test]
fn a_passkey_serves_everywhere_by_default_and_nothing_weaker_does() {
    for tier in [Tier::Standard, Tier::Sensitive, Tier::Critical] {
        let asked = on("", tier);
        check(&asked, SYNCED, &[]);
        check(&asked, ATTESTED, &[]);
        check(&asked, ProofFacts::password(NOW), &[Facet::LeastStrength, Facet::PasswordAndTotp]);
        check(&asked, ProofFacts::password_and_totp(NOW), &[Facet::LeastStrength, Facet::PasswordAndTotp]);
        check(&asked, ProofFacts::recovery_code(NOW), &[Facet::LeastStrength, Facet::RecoveryCodes]);
    }
}

#[test]
fn a_passkey_that_did_not_verify_the_person_is_one_factor() {
    let unverified = ProofFacts { user_verified: false, ..SYNCED };
    check(&on("", Tier::Standard), unverified, &[Facet::UserVerified]);
    check(&on("[base.standard]\npassword_and_totp = true", Tier::Standard), unverified, &[Facet::UserVerified]);
    // Where one factor is enough, this one is better than a password.
    let one_factor = "[base.standard]\nleast = \"password\"\npassword_and_totp = true";
    check(&on(one_factor, Tier::Standard), unverified, &[]);
}

#[test]
fn an_unconfirmed_passkey_serves_the_standard_tier_only() {
    let unconfirmed = ProofFacts { binding_confirmed: false, ..ATTESTED };
    check(&on("", Tier::Standard), unconfirmed, &[]);
    check(&on("", Tier::Sensitive), unconfirmed, &[Facet::UnconfirmedBinding]);
    check(&on("", Tier::Critical), unconfirmed, &[Facet::UnconfirmedBinding]);
    let never = on("[base.standard]\nunconfirmed_binding = false", Tier::Standard);
    check(&never, unconfirmed, &[Facet::UnconfirmedBinding]);
}

#[test]
fn keys_are_held_to_what_they_are() {
    let bound = on("[base.standard]\ndevice_bound_only = true", Tier::Standard);
    check(&bound, SYNCED, &[Facet::DeviceBoundOnly]);
    check(&bound, DEVICE_BOUND, &[]);

    let no_copies = on("[base.standard]\nsynced_passkeys = false", Tier::Standard);
    check(&no_copies, SYNCED, &[Facet::SyncedPasskeys]);
    check(&no_copies, DEVICE_BOUND, &[]);

    let attested = on("[base.standard]\nattested_only = true", Tier::Standard);
    check(&attested, DEVICE_BOUND, &[Facet::AttestedOnly]);
    check(&attested, ATTESTED, &[]);
    // A maker may vouch for a key that is synced; that does not make it stay on one device.
    let vouched = ProofFacts { attested: true, ..SYNCED };
    check(&attested, vouched, &[]);

    let strongest = on("[base.standard]\nleast = \"attested\"", Tier::Standard);
    check(&strongest, vouched, &[Facet::LeastStrength]);
    check(&strongest, DEVICE_BOUND, &[Facet::LeastStrength]);
    check(&strongest, ATTESTED, &[]);
}

#[test]
fn facts_that_contradict_each_other_are_read_the_careful_way() {
    let strict = "[base.standard]\nleast = \"attested\"\ndevice_bound_only = true\nattested_only = true";
    let asked = on(strict, Tier::Standard);
    check(&asked, ATTESTED, &[]);
    let copied = ProofFacts { synced: true, ..ATTESTED };
    check(&asked, copied, &[Facet::LeastStrength, Facet::DeviceBoundOnly]);
    let unproved = ProofFacts { attested: false, ..ATTESTED };
    check(&asked, unproved, &[Facet::LeastStrength, Facet::AttestedOnly]);
    let password = ProofFacts { strength: Strength::Password, ..ATTESTED };
    let all = [Facet::LeastStrength, Facet::DeviceBoundOnly, Facet::AttestedOnly, Facet::PasswordAndTotp];
    check(&asked, password, &all);
    // Whatever stood beside a recovery code, it was a recovery code.
    let code = ProofFacts { recovery_code: true, ..ATTESTED };
    let all = [Facet::LeastStrength, Facet::DeviceBoundOnly, Facet::AttestedOnly, Facet::RecoveryCodes];
    check(&asked, code, &all);
}

#[test]
fn each_fallback_has_its_own_switch() {
    let (password, codes) = ("[base.standard]\npassword_and_totp = true", "[base.standard]\nrecovery_codes = true");
    let only_password = on(password, Tier::Standard);
    check(&only_password, ProofFacts::password_and_totp(NOW), &[]);
    check(&only_password, ProofFacts::password(NOW), &[Facet::LeastStrength]);
    check(&only_password, ProofFacts::recovery_code(NOW), &[Facet::RecoveryCodes]);
    let only_codes = on(codes, Tier::Standard);
    check(&only_codes, ProofFacts::recovery_code(NOW), &[]);
    check(&only_codes, ProofFacts::password_and_totp(NOW), &[Facet::PasswordAndTotp]);
    check(&only_codes, SYNCED, &[]);
}

#[test]
fn a_proof_ages_and_a_clock_that_steps_back_far_is_not_believed() {
    let asked = on("[base.standard]\nfresh_seconds = 300", Tier::Standard);
    let aged = |millis: i64| ProofFacts { at: Timestamp::from_millis(NOW.millis() - millis), ..SYNCED };
    check(&asked, aged(300_000), &[]);
    check(&asked, aged(300_001), &[Facet::FreshSeconds]);
    check(&asked, aged(-60_000), &[]);
    check(&asked, aged(-60_001), &[Facet::FreshSeconds, Facet::SessionAbsoluteSeconds]);
    check(&asked, aged(12 * 3_600_000), &[Facet::FreshSeconds]);
    check(&asked, aged(12 * 3_600_000 + 1), &[Facet::FreshSeconds, Facet::SessionAbsoluteSeconds]);
}

#[test]
fn a_caller_may_look_away_from_one_facet_and_no_other() {
    let asked = on("[base.standard]\nfresh_seconds = 300", Tier::Standard);
    let old = ProofFacts { at: NOW.plus_seconds(-301), ..SYNCED };
    assert_eq!(serves(&asked, &old, NOW).ignoring(Facet::FreshSeconds), Verdict::Enough);
    let old_and_weak = ProofFacts { at: NOW.plus_seconds(-301), user_verified: false, ..SYNCED };
    let verdict = serves(&asked, &old_and_weak, NOW).ignoring(Facet::FreshSeconds);
    assert_eq!(verdict.lacks(), [Facet::UserVerified]);
}

#[test]
fn a_requirement_that_was_raised_ends_what_served_before() {
    let (before, after) = (on("", Tier::Sensitive), on("presets = [\"fido_high\"]", Tier::Sensitive));
    check(&before, SYNCED, &[]);
    let lacks = [Facet::LeastStrength, Facet::DeviceBoundOnly, Facet::AttestedOnly, Facet::SyncedPasskeys];
    check(&after, SYNCED, &lacks);
    // Each thing that it lacks can be explained.
    assert!(lacks.into_iter().all(|facet| after.why(facet).is_some()));
}
