//! Merging does not depend on the order in which files were read, and loses nothing.

use cutover::{Cause, Client, Fact, Hints, Inventory, Value};
use proptest::prelude::*;

use crate::draw::client;

fn text(clients: Vec<Client>) -> String {
    format!("{:?}", Inventory::of(clients, &Hints::default()))
}

proptest! {
    #[test]
    fn the_order_of_reading_does_not_matter(
        (clients, shuffled) in prop::collection::vec(client(), 0..6)
            .prop_flat_map(|clients| (Just(clients.clone()), Just(clients).prop_shuffle()))
    ) {
        prop_assert_eq!(text(clients), text(shuffled));
    }

    #[test]
    fn every_description_is_in_one_entry(clients in prop::collection::vec(client(), 0..6)) {
        let inventory = Inventory::of(clients.clone(), &Hints::default());
        let mut found: Vec<Client> = inventory.entries.into_iter().flat_map(|entry| entry.places).collect();
        let mut expected = clients;
        found.sort();
        expected.sort();
        prop_assert_eq!(found, expected);
    }

    #[test]
    fn a_breach_in_one_place_is_a_breach_of_the_client(clients in prop::collection::vec(client(), 1..5)) {
        for entry in Inventory::of(clients, &Hints::default()).entries {
            for rule in cutover::RULES {
                let somewhere = entry.places.iter().any(|place| matches!((rule.judge)(place), cutover::Judgement::Breaks(_)));
                let found = entry.findings.iter().any(|finding| finding.rule.id == rule.id);
                prop_assert!(found || !somewhere, "{} got lost", rule.id);
            }
        }
    }

    #[test]
    fn what_one_place_leaves_to_a_variable_stays_unknown(clients in prop::collection::vec(client(), 2..5)) {
        for entry in Inventory::of(clients, &Hints::default()).entries {
            let places: Vec<&Fact<bool>> = entry.places.iter().map(|place| &place.flows.implicit).collect();
            let doubted = places
                .iter()
                .any(|fact| matches!(&fact.value, Value::Unknown(cause) if *cause != Cause::NotSaid));
            if doubted {
                prop_assert!(entry.client.flows.implicit.known().is_none());
            }
        }
    }
}

#[test]
fn places_that_disagree_are_both_shown() {
    use cutover::{Provider, Source};
    let place = |file: &str, implicit: bool| {
        let source = Source::file(file);
        let mut client = Client::new(Provider::Auth0, "app", source.clone());
        client.id = Fact::certain("app".to_owned(), source.clone());
        client.flows.implicit = Fact::certain(implicit, source);
        client
    };
    let inventory = Inventory::of(vec![place("a.json", true), place("b.json", false)], &Hints::default());
    let [entry] = inventory.entries.as_slice() else { panic!("one client, not {}", inventory.entries.len()) };
    assert_eq!(entry.disagreements[0].about, "implicit flow");
    assert_eq!(entry.disagreements[0].said.len(), 2);
    let finding = &entry.findings[0];
    assert!(finding.rule.id == "implicit" && finding.contradicted);
    assert_eq!(finding.evidence[0].source, Source::file("a.json"));
}

#[test]
fn hints_name_environments_ids_and_owners() {
    use cutover::{ClientHint, EnvironmentHint, Provider, Source};
    let place = |file: &str| {
        let mut client = Client::new(Provider::Keycloak, "app", Source::file(file));
        client.environment = Some("acme".to_owned());
        client.id = Fact::certain("app".to_owned(), Source::file(file));
        client
    };
    let nameless = Client::new(Provider::Keycloak, "keycloak_openid_client.app", Source::file("prod/main.tf"));
    let clients = || vec![place("dev/realm.json"), place("prod/realm.json"), nameless.clone()];
    assert_eq!(
        Inventory::of(clients(), &Hints::default()).entries.len(),
        2,
        "one realm, and one that nobody can place"
    );
    let environment = |path: &str| EnvironmentHint { path: path.to_owned(), name: path.to_owned(), issuer: None };
    let hints = Hints {
        environments: vec![environment("dev"), environment("prod")],
        clients: vec![ClientHint {
            path: Some("prod".to_owned()),
            client: "keycloak_openid_client.app".to_owned(),
            id: Some("app".to_owned()),
            owner: Some("Team".to_owned()),
        }],
    };
    let inventory = Inventory::of(clients(), &hints);
    let mut places: Vec<usize> = inventory.entries.iter().map(|entry| entry.places.len()).collect();
    places.sort_unstable();
    assert_eq!(places, [1, 2], "the two environments, and the resource with its realm");
    assert!(inventory.entries.iter().any(|entry| entry.client.owners.iter().any(|owner| owner.text == "Team")));
}
