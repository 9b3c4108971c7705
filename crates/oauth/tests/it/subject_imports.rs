//! Importing the identifiers that people had elsewhere.

use std::collections::HashMap;

use model::{AuditKind, PersonId};
use oauth::{
    Change,
    subject::{computed, subject},
    subject_map::{
        MappedAt, MappedSubject, SubjectMapping,
        csv::{BadList, parse},
        plan::{ImportPlan, Known, RemarkKind, plan},
    },
};
use proptest::prelude::*;

use crate::world::World;

fn person(n: u8) -> PersonId {
    PersonId::from_bytes([n; 16])
}

#[derive(Default)]
struct Directory {
    names: HashMap<&'static str, PersonId>,
    mapped: Vec<(PersonId, String)>,
    computed: HashMap<String, PersonId>,
    clients: Vec<&'static str>,
}

impl Known for Directory {
    fn person(&self, name: &str) -> Option<PersonId> {
        self.names.get(name).copied()
    }
    fn mapped_to(&self, person: PersonId) -> Option<String> {
        self.mapped.iter().find(|(who, _)| *who == person).map(|(_, subject)| subject.clone())
    }
    fn mapped_by(&self, subject: &str) -> Option<PersonId> {
        self.mapped.iter().find(|(_, known)| known == subject).map(|(who, _)| *who)
    }
    fn computed_for(&self, subject: &str) -> Option<PersonId> {
        self.computed.get(subject).copied()
    }
    fn is_client(&self, subject: &str) -> bool {
        self.clients.contains(&subject)
    }
}

fn directory() -> Directory {
    Directory {
        names: HashMap::from([("ada", person(1)), ("bob", person(2)), ("cyd", person(3))]),
        ..Directory::default()
    }
}

fn place() -> MappedAt {
    MappedAt::Client(World::new().client.id)
}

fn planned(list: &str, known: &Directory) -> ImportPlan {
    plan(&place(), &parse(format!("sign_in_name,subject\n{list}").as_bytes()).unwrap(), known)
}

#[track_caller]
fn remarks(list: &str, known: &Directory, expected: &[(usize, RemarkKind)]) {
    let plan = planned(list, known);
    assert_eq!(plan.remarks.iter().map(|remark| (remark.line, remark.kind)).collect::<Vec<_>>(), expected);
    assert!(plan.commit().is_err(), "a list with a fault is not imported in parts");
}

#[test]
fn a_clean_list_is_imported_as_a_whole() {
    let plan = planned("ada,auth0|1\r\n\"bob\",\"a,\"\"b\"\"\"\n\n", &directory());
    assert!(plan.is_clean());
    assert_eq!(plan.mappings[1].subject.as_str(), "a,\"b\"");
    let outcome = plan.commit().unwrap();
    assert_eq!((outcome.reply, outcome.changes.len()), (2, 2));
    let expected =
        SubjectMapping { place: place(), person: person(1), subject: MappedSubject::parse("auth0|1").unwrap() };
    assert_eq!(outcome.changes[0], Change::InsertSubjectMapping(Box::new(expected)));
    assert_eq!(outcome.audit[0].kind, AuditKind::SubjectsImported);
}

#[test]
fn an_import_that_is_in_force_changes_nothing() {
    let known = Directory { mapped: vec![(person(1), "x1".to_owned())], ..directory() };
    let plan = planned("ada,x1\n", &known);
    assert_eq!((plan.unchanged, plan.mappings.len()), (1, 0));
    let outcome = plan.commit().unwrap();
    assert!(outcome.changes.is_empty() && outcome.audit.is_empty());
}

#[test]
fn whatever_would_mix_people_up_is_remarked_with_its_line() {
    let known = directory();
    remarks("eve,x\n", &known, &[(2, RemarkKind::UnknownName)]);
    remarks("ada,x1\nada,x2\n", &known, &[(3, RemarkKind::PersonAgain { first: 2 })]);
    remarks("ada,x1\nbob,x1\n", &known, &[(3, RemarkKind::SubjectAgain { first: 2 })]);
    let several = [(4, RemarkKind::UnknownName), (5, RemarkKind::SubjectAgain { first: 2 })];
    remarks("ada,x1\r\n\r\n\"eve\",x2\r\nbob,x1", &known, &several);
    let known = Directory { mapped: vec![(person(1), "x1".to_owned())], ..directory() };
    remarks("ada,x2\n", &known, &[(2, RemarkKind::MappedOtherwise)]);
    remarks("bob,x1\n", &known, &[(2, RemarkKind::SubjectTaken)]);
    let known = Directory { clients: vec!["app"], ..directory() };
    remarks("ada,app\n", &known, &[(2, RemarkKind::IsClient)]);
}

#[test]
fn nobody_is_given_the_computed_subject_of_somebody_else() {
    let world = World::new();
    let bobs = computed(&world.client.subject, person(2), &world.keys);
    let known = Directory { computed: HashMap::from([(bobs.clone(), person(2))]), ..directory() };
    remarks(&format!("ada,{bobs}\n"), &known, &[(2, RemarkKind::ComputedForOther)]);
    assert!(planned(&format!("bob,{bobs}\n"), &known).is_clean());
}

#[test]
fn a_list_that_can_not_be_read_is_refused_with_its_line() {
    let check = |list: &[u8], fault: BadList| assert_eq!(parse(list).map(|rows| rows.len()), Err(fault));
    check(b"", BadList::Header);
    check(b"name,subject\n", BadList::Header);
    check(b"\xff", BadList::NotUtf8);
    check(b"sign_in_name,subject\nada\n", BadList::Fields { line: 2 });
    check(b"sign_in_name,subject\nada,x,y\n", BadList::Fields { line: 2 });
    check(b"sign_in_name,subject\n,x\n", BadList::Name { line: 2 });
    check(b"sign_in_name,subject\nada,x\n\"b\nb\",x\n", BadList::Name { line: 3 });
    check("sign_in_name,subject\nada,é\n".as_bytes(), BadList::Subject { line: 2 });
    check(b"sign_in_name,subject\nada,\n", BadList::Subject { line: 2 });
    check(format!("sign_in_name,subject\nada,{}\n", "x".repeat(256)).as_bytes(), BadList::Subject { line: 2 });
    check(b"sign_in_name,subject\nbob,x\nad\"a,x\n", BadList::Quotes { line: 3 });
    check(b"sign_in_name,subject\n\"ada,x\n", BadList::Quotes { line: 2 });
    check(b"sign_in_name,subject\n\"ada\"x,x\n", BadList::Quotes { line: 2 });
    assert_eq!(parse("\u{feff}sign_in_name,subject\r\nada,x".as_bytes()).unwrap().len(), 1);
}

#[test]
fn reports_hold_no_names_and_no_subjects() {
    let rows = parse(b"sign_in_name,subject\nada@example.com,secret-subject\n").unwrap();
    let printed = format!("{rows:?} {:?}", plan(&place(), &rows, &Directory::default()));
    assert!(!printed.contains("ada") && !printed.contains("secret-subject"), "{printed}");
}

proptest! {
    #[test]
    fn what_is_written_by_the_rules_is_read_back(rows in prop::collection::vec(("[a-z@\", ]{0,8}[a-z]", "[a-z|\",]{1,9}"), 0..20)) {
        let quoted = |text: &str| format!("\"{}\"", text.replace('"', "\"\""));
        let mut list = "sign_in_name,subject\r\n".to_owned();
        for (name, subject) in &rows {
            list.push_str(&format!("{},{}\r\n", quoted(name), quoted(subject)));
        }
        let read = parse(list.as_bytes()).unwrap();
        prop_assert_eq!(read.len(), rows.len());
        for (i, (row, (name, subject))) in read.iter().zip(&rows).enumerate() {
            prop_assert_eq!((row.line, row.name.expose().as_str(), row.subject.as_str()), (i + 2, name.trim(), subject.as_str()));
        }
    }

    #[test]
    fn no_list_panics(list in prop::collection::vec(any::<char>(), 0..200)) {
        let text: String = list.into_iter().collect();
        let _ = parse(format!("sign_in_name,subject\n{text}").as_bytes());
    }
}

#[test]
fn an_imported_subject_wins_over_the_computed_one() {
    let world = World::new();
    let computed = subject(&world.client, person(1), None, &world.keys);
    assert_eq!(computed.len(), 43);
    assert_eq!(subject(&world.client, person(1), Some("auth0|1"), &world.keys), "auth0|1");
    let places: Vec<_> = MappedAt::of(&world.client).collect();
    assert_eq!(places, [place(), MappedAt::Sector("app.example.com".to_owned())]);
}
