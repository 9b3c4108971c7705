use super::*;
use crate::limits::SessionLimits;

const NOW: Timestamp = Timestamp::from_seconds(1_790_000_000);
const TIERS: [Tier; 3] = [Tier::Standard, Tier::Sensitive, Tier::Critical];

fn passkey(strength: Strength, confirmed: bool) -> Shown {
    Shown {
        strength,
        recovery_code: false,
        user_verified: true,
        synced: strength == Strength::Passkey,
        attested: strength == Strength::Attested,
        confirmed,
        at: NOW,
        seen: NOW,
    }
}

/// Everything that a configuration could allow.
fn lax(tier: Tier) -> Requirement {
    Requirement {
        least: Strength::Password,
        password_and_totp: true,
        recovery_codes: true,
        unconfirmed_serves: true,
        ..Requirement::passkeys_only(tier)
    }
}

#[track_caller]
fn check(requirement: &Requirement, shown: &Shown, expected: &[Lack]) {
    let lacks = serves(requirement, shown, NOW).err().unwrap_or_default();
    assert_eq!(lacks, expected, "{requirement:?} {shown:?}");
}

#[test]
fn floors_hold_whatever_is_configured() {
    for tier in TIERS {
        let lax = lax(tier);
        let beyond_standard = tier != Tier::Standard;
        let one = |lack, missing: bool| if missing { vec![lack] } else { Vec::new() };
        check(&lax, &Shown::password(NOW), &one(Lack::Strength, beyond_standard));
        check(&lax, &Shown::password_and_totp(NOW), &[]);
        check(&lax, &Shown::recovery_code(NOW), &one(Lack::RecoveryCodes, tier == Tier::Critical));
        check(&lax, &passkey(Strength::Attested, false), &one(Lack::Confirmed, beyond_standard));
        check(&lax, &passkey(Strength::Passkey, true), &[]);
    }
}

#[test]
fn by_default_only_passkeys_serve() {
    for tier in TIERS {
        let requirement = Requirement::passkeys_only(tier);
        check(&requirement, &Shown::password(NOW), &[Lack::Strength, Lack::PasswordAndTotp]);
        check(&requirement, &Shown::password_and_totp(NOW), &[Lack::Strength, Lack::PasswordAndTotp]);
        check(&requirement, &Shown::recovery_code(NOW), &[Lack::Strength, Lack::RecoveryCodes]);
        check(&requirement, &passkey(Strength::Passkey, true), &[]);
        check(&requirement, &Shown { user_verified: false, ..passkey(Strength::Passkey, true) }, &[Lack::UserVerified]);
    }
}

#[test]
fn each_facet_is_asked_for_by_itself() {
    let base = Requirement::passkeys_only(Tier::Critical);
    let bound = Requirement { device_bound_only: true, ..base.clone() };
    check(&bound, &passkey(Strength::Passkey, true), &[Lack::DeviceBound]);
    check(&bound, &passkey(Strength::DeviceBoundClaimed, true), &[]);
    let attested = Requirement { attested_only: true, ..base.clone() };
    check(&attested, &passkey(Strength::DeviceBoundClaimed, true), &[Lack::Attested]);
    check(&attested, &passkey(Strength::Attested, true), &[]);
    let own_device = Requirement { synced_passkeys: false, ..base.clone() };
    check(&own_device, &passkey(Strength::Passkey, true), &[Lack::Synced]);
    let strong = Requirement { least: Strength::Attested, ..base };
    check(&strong, &passkey(Strength::DeviceBoundClaimed, true), &[Lack::Strength]);
}

#[test]
fn a_proof_grows_old_and_a_session_idle() {
    let sessions = SessionLimits { absolute_seconds: 1000, idle_seconds: 100 };
    let requirement = Requirement { fresh_seconds: 500, sessions, ..Requirement::passkeys_only(Tier::Standard) };
    // (age of the proof, time without use, what is missing)
    let cases: [(i64, i64, &[Lack]); 6] = [
        (500, 100, &[]),
        (501, 100, &[Lack::Fresh]),
        (500, 101, &[Lack::Seen]),
        (-60, 0, &[]),
        (-61, 0, &[Lack::Fresh]),
        (0, -61, &[Lack::Seen]),
    ];
    for (age, idle, expected) in cases {
        let (at, seen) = (NOW.plus_seconds(-age), NOW.plus_seconds(-idle));
        check(&requirement, &Shown { at, seen, ..passkey(Strength::Passkey, true) }, expected);
    }
}

#[test]
fn whoever_shares_a_workstation_needs_a_key_of_their_own() {
    let requirement = lax(Tier::Standard).on_shared_workstation();
    check(&requirement, &passkey(Strength::DeviceBoundClaimed, true), &[]);
    check(&requirement, &passkey(Strength::Passkey, true), &[Lack::Strength, Lack::Synced, Lack::DeviceBound]);
    for weak in [Shown::password(NOW), Shown::password_and_totp(NOW), Shown::recovery_code(NOW)] {
        assert!(serves(&requirement, &weak, NOW).is_err());
    }
}
