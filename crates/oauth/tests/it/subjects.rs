//! Subject identifiers.

use model::PersonId;
use oauth::{Client, SubjectKind, subject::subject};

use crate::world::World;

fn of(world: &World, kind: SubjectKind, person: PersonId) -> String {
    subject(&Client { subject: kind, ..world.client.clone() }, person, None, &world.keys)
}

fn pairwise(sector: &str) -> SubjectKind {
    SubjectKind::Pairwise { sector: sector.to_owned() }
}

#[test]
fn pairwise_subjects_differ_by_sector_and_person_and_stay_the_same() {
    let world = World::new();
    let (ada, bob) = (PersonId::from_bytes([1; 16]), PersonId::from_bytes([2; 16]));
    let one = of(&world, pairwise("a.example"), ada);
    assert_eq!(one, of(&world, pairwise("a.example"), ada));
    assert_ne!(one, of(&world, pairwise("b.example"), ada));
    assert_ne!(one, of(&world, pairwise("a.example"), bob));
    assert_ne!(one, of(&world, SubjectKind::Public, ada));
}

#[test]
fn no_subject_shows_our_own_id() {
    let world = World::new();
    let person = PersonId::from_bytes([0xab; 16]);
    for kind in [SubjectKind::Public, pairwise("a.example")] {
        let subject = of(&world, kind, person);
        assert_eq!(subject.len(), 43);
        assert!(!subject.contains(&person.to_string()) && !subject.contains(&crypto::b64u(person.as_bytes())));
    }
}

#[test]
fn another_installation_has_other_subjects() {
    let world = World::new();
    let mut other = World::new();
    other.keys = oauth::TokenKeys::new(crypto::HashKey::new(&[7; 32]), crypto::HashKey::new(&[9; 32]));
    let person = PersonId::from_bytes([1; 16]);
    assert_ne!(of(&world, SubjectKind::Public, person), of(&other, SubjectKind::Public, person));
}
