//! Our own hashes, upgrades, and what is particular to bcrypt and to Unicode.

use model::Secret;

use super::*;

fn password(text: &str) -> Password {
    Password::parse(Secret::new(text.to_owned())).unwrap()
}

fn params(memory_kib: u32, iterations: u32, parallelism: u32) -> Params {
    Params::new(memory_kib, iterations, parallelism).unwrap()
}

#[test]
fn our_own_hash_is_the_one_that_others_compute() {
    let made = hash(&password("correct horse é battery"), *b"0123456789abcdef", params(64, 1, 1));
    // By argon2-cffi, whose library is the reference implementation.
    let reference = "$argon2id$v=19$m=64,t=1,p=1$MDEyMzQ1Njc4OWFiY2RlZg$q2quxcsOvErbPJJb16fXep1nMlsoUH1C0i1o5iNdaO8";
    assert_eq!(made.to_text().expose(), reference);
    assert_eq!(
        (Params::DEFAULT.memory_kib(), Params::DEFAULT.iterations(), Params::DEFAULT.parallelism()),
        (19_456, 2, 1)
    );
}

#[test]
fn a_hash_is_checked_and_needs_no_upgrade_while_the_cost_stands() {
    let current = params(64, 2, 1);
    let stored = hash(&password("one"), [1; 16], current);
    assert_eq!(verify(&stored, &password("one"), current), Verified { ok: true, needs_upgrade: false });
    assert_eq!(verify(&stored, &password("two"), current), Verified { ok: false, needs_upgrade: false });
    // A wrong password never asks for an upgrade, whatever is stored.
    assert_eq!(verify(&stored, &password("two"), params(128, 2, 1)), Verified { ok: false, needs_upgrade: false });
    for (dearer, upgrade) in [
        (params(128, 2, 1), true),
        (params(64, 3, 1), true),
        (params(64, 1, 1), false),
        (params(128, 1, 1), false), // a fair trade
        (params(129, 1, 1), true),
        (params(256, 1, 1), true),
        (params(16, 2, 2), false),
    ] {
        assert_eq!(verify(&stored, &password("one"), dearer).needs_upgrade, upgrade, "{dearer:?}");
    }
}

#[test]
fn the_dummy_costs_the_same_and_is_nobodys() {
    let cost = params(64, 2, 1);
    let dummy = StoredHash::dummy(cost);
    for text in ["a", "password", "0", "ZZZZZZZZZZZZZZZZ"] {
        assert_eq!(verify(&dummy, &password(text), cost), Verified { ok: false, needs_upgrade: false });
    }
    let text = |stored: &StoredHash| stored.to_text().expose().clone();
    let (dummy, own) = (text(&dummy), text(&hash(&password("a"), [1; 16], cost)));
    // Everything that the work depends on is the same: algorithm, version, cost and the lengths of salt and output.
    assert_eq!(dummy.rsplitn(3, '$').last(), own.rsplitn(3, '$').last());
    assert_eq!(dummy.len(), own.len());
}

#[test]
fn bcrypt_sees_seventy_two_bytes_and_we_know() {
    let cost = params(8, 1, 1);
    let check = |stored: &str, typed: &str, ok: bool, needs_upgrade: bool| {
        let stored = StoredHash::parse(stored).unwrap();
        assert_eq!(verify(&stored, &password(typed), cost), Verified { ok, needs_upgrade }, "{typed}");
    };
    // Made by a system that cut after 72 bytes.
    let cut = "$2b$04$zALOksoQlGwfMG.8BtcG8ebfA75ZZV5k0ep.VoXYd.23rn96ohnxy";
    check(cut, &"x".repeat(72), true, true);
    check(cut, &"x".repeat(71), false, false);
    // It matches, but its end was never compared: it must not become the password.
    check(cut, &format!("{}typo", "x".repeat(72)), true, false);
    let whole = "$2b$04$Ei14ljKUNm0z8z6NEbI3YuJfrCr0l7qRxWDkGWvFbOFNosL1LpoPK";
    check(whole, &"x".repeat(71), true, true);
    check(whole, &"x".repeat(72), false, false);
    let other_end = "$2b$04$hHcPpdSU.O1y5W1D1xSmhOxTcHCqQL5IZenTs36g6lcBoQGo/2YuW";
    check(other_end, &format!("{}bcdef", "a".repeat(71)), true, false);
    check(other_end, &format!("{}cbdef", "a".repeat(71)), false, false);
}

#[test]
fn a_hash_of_text_that_was_not_composed_is_found_and_replaced() {
    let cost = params(8, 1, 1);
    let (composed, apart) = (password("caf\u{e9} au lait"), password("cafe\u{301} au lait"));
    // Made elsewhere, from `e` and an accent.
    let text = "$pbkdf2-sha256$i=80,l=32$AAECAwQFBgcICQoLDA0ODw$pzGY+SEmEGXYtX9/2VcpkzowacU8X2cm16zfmRdfvnA";
    let stored = StoredHash::parse(text).unwrap();
    assert_eq!(verify(&stored, &apart, cost), Verified { ok: true, needs_upgrade: true });
    assert!(!verify(&stored, &composed, cost).ok);
    // Ours are made from the one form, whatever was typed; both ways of typing match then, and nothing needs replacing.
    let upgraded = hash(&apart, [7; 16], cost);
    for typed in [&composed, &apart] {
        assert_eq!(verify(&upgraded, typed, cost), Verified { ok: true, needs_upgrade: false });
    }
}
