//! Issuing passes.

use crypto::HashKey;
use model::{Entropy, PersonStatus, Strength};
use signin::{PassIssuer, PassRequest, Refusal, limits, pass_hash};

use crate::{
    device::Device,
    world::{World, granted},
};

#[test]
fn a_pass_is_stored_as_a_hash_only() {
    let mut world = World::new();
    let person = world.person();
    let (pass, token) = world.pass(&person, PassIssuer::Operator);
    let token = token.expose();
    assert!(token.starts_with("lgp_") && token.len() == 47, "the form that leak scanners know");
    assert_eq!(pass_hash(&world.key, token), Some(pass.hash));
    assert_ne!(pass_hash(&HashKey::new(&[1; 32]), token), Some(pass.hash));
    let malformed = [
        String::new(),
        token.replace("lgp_", ""),
        token.replace("lgp_", "LGP_"),
        format!("{token}A"),
        format!("{token}="),
        token[..46].to_owned(),
        "lgp_".repeat(10_000),
    ];
    for text in malformed {
        assert_eq!(pass_hash(&world.key, &text), None, "{text:.60}");
    }
    assert!(pass.usable(world.now));
    assert_eq!(pass.expires, world.now.plus_seconds(limits::PASS_SECONDS_DEFAULT));
}

#[test]
fn the_issuer_decides_what_a_pass_proves() {
    let mut world = World::new();
    let (admin, person) = (world.person(), world.person());
    assert_eq!(world.pass(&person, PassIssuer::Operator).0.binding, Strength::Passkey);
    assert_eq!(world.pass(&person, PassIssuer::Administrator(admin.id)).0.binding, Strength::Password);
}

#[test]
fn a_life_is_kept_within_bounds() {
    let mut world = World::new();
    let person = world.person();
    for (asked, got) in [(-5, 60), (0, 60), (3600, 3600), (i64::MAX, limits::PASS_SECONDS_MAX)] {
        let request = PassRequest { person: &person, held: 0, issuer: PassIssuer::Operator, seconds: asked };
        let decided = signin::issue_pass(&request, &world.key, world.now, &mut Entropy::new([3; 256]));
        let pass = granted(decided).expect("a pass").reply.pass;
        assert_eq!(pass.expires, world.now.plus_seconds(got), "{asked}");
        assert!(!pass.usable(world.now.plus_seconds(got)));
    }
}

#[test]
fn no_pass_for_someone_who_has_a_passkey_or_may_not_sign_in() {
    let mut world = World::new();
    let mut person = world.enrolled_person(&mut Device::new(1));
    let issue = |person: &_, held| {
        let request = PassRequest { person, held, issuer: PassIssuer::Operator, seconds: 3600 };
        granted(signin::issue_pass(&request, &world.key, world.now, &mut Entropy::new([3; 256]))).err()
    };
    assert_eq!(issue(&person, 1), Some(Refusal::ProveExistingFirst));
    assert_eq!(issue(&person, 0), None);
    person.status = PersonStatus::Disabled;
    assert_eq!(issue(&person, 0), Some(Refusal::PersonRefused));
}

#[test]
fn a_link_that_somebody_kept_stays_dead_when_the_passkeys_are_reset() {
    let mut world = World::new();
    let person = world.person();
    let (used, _) = world.pass(&person, PassIssuer::Operator);
    let (kept, _) = world.pass(&person, PassIssuer::Operator);
    let browser = world.browser();
    world.enrol_by_pass(&browser, &used, &mut Device::new(1)).expect("a first passkey");
    let passkeys = world.kept.passkeys_of(person.id);
    let mut entropy = world.entropy();
    let reset = signin::reset_passkeys(&model::Actor::Operator, person.id, &passkeys, world.now, &mut entropy);
    world.commit(&reset.changes).expect("reset");
    let refused = world.enrol_by_pass(&browser, &kept, &mut Device::new(2));
    assert_eq!(refused.err(), Some(Refusal::PassInvalid));
    let (fresh, _) = world.pass(&person, PassIssuer::Operator);
    world.enrol_by_pass(&browser, &fresh, &mut Device::new(2)).expect("a new link lets them start again");
}
