//! Single, detailed permissions.

use model::{AuditKind, Detail};
use oauth::{
    AuthorizeFault, Change, ConsentAnswer, ConsentPolicy,
    authorization_details::{BadDetailType, DetailField, DetailType, DetailsFault, FieldKind},
};

use crate::world::{Answer, Form, World};

fn field(name: &str, kind: FieldKind, required: bool) -> DetailField {
    DetailField { name: name.to_owned(), kind, required }
}

fn text() -> FieldKind {
    FieldKind::Text { one_of: Vec::new() }
}

fn texts(one_of: &[&str]) -> FieldKind {
    FieldKind::Texts { one_of: one_of.iter().map(|&text| text.to_owned()).collect() }
}

fn payment() -> DetailType {
    let amount = vec![
        field("value", text(), true),
        field("currency", FieldKind::Text { one_of: vec!["EUR".to_owned(), "CHF".to_owned()] }, true),
    ];
    let fields = vec![
        field("amount", FieldKind::Members(amount), true),
        field("payee", text(), true),
        field("note", text(), false),
        field("times", FieldKind::Integer { least: 1, greatest: 12 }, false),
        field("urgent", FieldKind::Flag, false),
        field("actions", texts(&["initiate", "status"]), false),
        field("locations", texts(&[]), false),
    ];
    DetailType::new("payment", fields, "Pay {amount.value} {amount.currency} to {payee} ({note}, {urgent}, {actions})")
        .unwrap()
}

/// A world that knows payments, and a client that may ask for them.
fn paying() -> World {
    let mut world = World::new();
    world.detail_types = vec![payment(), DetailType::new("urn:other", Vec::new(), "Something else").unwrap()];
    world.client.settings.requests.authorization_details_types = vec!["payment".to_owned()];
    world
}

const ORDINARY: &str = r#"[{"type":"payment","amount":{"value":"12.50","currency":"EUR"},"payee":"Ada"}]"#;

fn asking(world: &World, details: &str) -> Form {
    world.query().with("authorization_details", details)
}

#[track_caller]
fn refused(details: &str, expected: DetailsFault) {
    let world = paying();
    let (fault, answer) = world.sent_back(&asking(&world, details));
    assert_eq!(fault, AuthorizeFault::Details(expected), "{details}");
    assert_eq!(answer.value("error").as_deref(), Some("invalid_authorization_details"));
}

/// An ordinary payment with one more member.
fn with(member: &str) -> String {
    format!(r#"[{{"type":"payment","amount":{{"value":"1","currency":"EUR"}},"payee":"Ada",{member}}}]"#)
}

#[test]
fn a_detail_of_a_known_type_is_kept_compactly() {
    let world = paying();
    let kept = world.granted(&asking(&world, &ORDINARY.replace(',', " ,\n"))).reply.record.details.clone();
    let expected = r#"[{"amount":{"currency":"EUR","value":"12.50"},"payee":"Ada","type":"payment"}]"#;
    assert_eq!(kept.authorization_details.as_deref(), Some(expected));
    for member in [
        r#""times":12"#,
        r#""urgent":false"#,
        r#""actions":["status","initiate"]"#,
        r#""locations":["https://id.example.com"]"#,
    ] {
        world.passes(&asking(&world, &with(member)));
    }
}

#[test]
fn types_must_be_known_and_the_clients() {
    refused(r#"[{"type":"transfer"}]"#, DetailsFault::TypeUnknown(1));
    refused(r#"[{"type":"urn:other"}]"#, DetailsFault::TypeNotAllowed(1));
    refused(r#"[{"payee":"Ada"}]"#, DetailsFault::TypeMissing(1));
    refused(r#"[{"type":7}]"#, DetailsFault::TypeMissing(1));
    let second = format!(r#"{},{{"type":"transfer"}}]"#, &ORDINARY[..ORDINARY.len() - 1]);
    refused(&second, DetailsFault::TypeUnknown(2));
}

#[test]
fn fields_must_be_known_there_and_right() {
    refused(&with(r#""reference":"x""#), DetailsFault::FieldUnknown(1));
    refused(r#"[{"type":"payment","payee":"Ada"}]"#, DetailsFault::FieldMissing(1));
    refused(r#"[{"type":"payment","payee":"Ada","amount":{"value":"1"}}]"#, DetailsFault::FieldMissing(1));
    let inner = r#"[{"type":"payment","payee":"Ada","amount":{"value":"1","currency":"EUR","type":"x"}}]"#;
    refused(inner, DetailsFault::FieldUnknown(1));
    for member in [
        r#""note":7"#,
        r#""note":"""#,
        r#""note":null"#,
        r#""times":0"#,
        r#""times":13"#,
        r#""times":1.5"#,
        r#""urgent":"yes""#,
        r#""actions":[]"#,
        r#""actions":["delete"]"#,
        r#""actions":"status""#,
    ] {
        refused(&with(member), DetailsFault::FieldInvalid(1));
    }
    let dollars = ORDINARY.replace("EUR", "USD");
    refused(&dollars, DetailsFault::FieldInvalid(1));
    refused(&with(&format!(r#""note":"{}""#, "n".repeat(513))), DetailsFault::FieldInvalid(1));
}

#[test]
fn words_can_not_be_turned_around() {
    for hostile in ["\\u202e", "\\u2066", "\\u200b", "\\u0007", "\\u2028", "\\ufeff"] {
        refused(&with(&format!(r#""note":"a{hostile}b""#)), DetailsFault::FieldInvalid(1));
    }
}

#[test]
fn locations_are_held_to_the_clients_resources() {
    refused(&with(r#""locations":["https://other.example"]"#), DetailsFault::LocationNotAllowed(1));
    let mut world = paying();
    world.client.settings.requests.resources = vec!["https://other.example".to_owned()];
    world.passes(&asking(&world, &with(r#""locations":["https://other.example"]"#)));
}

#[test]
fn what_is_no_array_of_details_is_refused() {
    for text in
        ["{}", "[]", "null", "[1]", "[", r#"[{"type":"payment","type":"payment"}]"#, r#"[],"other":[]"#, r#"[]} {"#]
    {
        refused(text, DetailsFault::Malformed);
    }
    let many = format!("[{}]", vec![&ORDINARY[1..ORDINARY.len() - 1]; 17].join(","));
    refused(&many, DetailsFault::Malformed);
    let deep = format!(r#"[{{"type":"payment","note":{}{}}}]"#, "[".repeat(40), "]".repeat(40));
    refused(&deep, DetailsFault::Malformed);
}

#[test]
fn people_are_shown_each_detail_every_time() {
    let mut world = paying();
    world.client.consent = ConsentPolicy::Ask;
    let query = asking(&world, &with(r#""note":"rent","urgent":true,"actions":["initiate","status"]"#));
    let Answer::Ask { shown, .. } = world.authorize(&query) else { panic!("a question") };
    assert_eq!(shown.details.len(), 1);
    assert_eq!(shown.details[0].text, "Pay 1 EUR to Ada (rent, yes, initiate, status)");
    assert!(!format!("{shown:?}").contains("Ada"));

    world.answer = ConsentAnswer::Allowed { person: world.person.id, shown: shown.clone() };
    let outcome = world.granted(&query);
    let [Change::RememberConsent { scope, .. }] = outcome.changes.as_slice() else {
        panic!("the scopes are remembered")
    };
    assert_eq!(scope.as_str(), "openid orders");
    assert_eq!(outcome.audit[0].kind, AuditKind::ConsentGiven);
    assert_eq!(outcome.audit[0].details, [("details", Detail::Number(1))], "how many, and not what they say");

    // The answer counts for this payment and for no other.
    let other = asking(&world, &ORDINARY.replace("Ada", "Eve"));
    assert!(matches!(world.authorize(&other), Answer::Ask { .. }));
    // Nor tomorrow for the same one.
    world.answer = ConsentAnswer::NotAsked;
    let scope = oauth::ScopeSet::parse("openid orders").unwrap();
    let consent = oauth::Consent { person: world.person.id, client: world.client.id.clone(), scope, at: world.now };
    world.consent = Some(consent);
    let Answer::Ask { shown, .. } = world.authorize(&query) else { panic!("a question") };
    assert!(shown.scope.is_empty() && shown.details.len() == 1);
}

#[test]
fn a_missing_value_shows_as_a_dash_and_braces_in_values_stay_braces() {
    let mut world = paying();
    world.client.consent = ConsentPolicy::Ask;
    let Answer::Ask { shown, .. } = world.authorize(&asking(&world, &ORDINARY.replace("Ada", "{note}"))) else {
        panic!()
    };
    assert_eq!(shown.details[0].text, "Pay 12.50 EUR to {note} (–, –, –)");
}

#[test]
fn some_details_are_asked_about_even_where_the_client_is_trusted() {
    let mut world = paying();
    world.passes(&asking(&world, ORDINARY));
    world.detail_types = vec![payment().always_asked()];
    let query = asking(&world, ORDINARY);
    let Answer::Ask { shown, .. } = world.authorize(&query) else { panic!("a question") };
    assert!(shown.scope.is_empty() && shown.details.len() == 1, "the rest was the organisation's to decide");
    world.answer = ConsentAnswer::Allowed { person: world.person.id, shown };
    let outcome = world.granted(&query);
    assert!(outcome.changes.is_empty() && outcome.audit.len() == 1);
    world.answer = ConsentAnswer::NotAsked;
    assert_eq!(world.sent_back(&query.with("prompt", "none")).0, AuthorizeFault::ConsentRequired);
}

#[test]
fn a_type_is_checked_when_it_is_made() {
    let made = |name: &str, fields: Vec<DetailField>, words: &str| DetailType::new(name, fields, words).err();
    assert_eq!(made("", Vec::new(), "x"), Some(BadDetailType::Name));
    assert_eq!(made("two words", Vec::new(), "x"), Some(BadDetailType::Name));
    assert_eq!(made("a", Vec::new(), " "), Some(BadDetailType::Words));
    assert_eq!(made("a", Vec::new(), "Do {it}"), Some(BadDetailType::UnknownPlaceholder("it".to_owned())));
    assert_eq!(made("a", vec![field("it", text(), true)], "Do {it"), None);
    assert_eq!(
        made("a", vec![field("it", text(), true)], "Do {th"),
        Some(BadDetailType::UnknownPlaceholder("th".to_owned()))
    );
    for name in ["", "type", "a.b", "a{b"] {
        assert_eq!(made("a", vec![field(name, text(), true)], "x"), Some(BadDetailType::Field(name.to_owned())));
    }
    let twice = vec![field("a", text(), true), field("a", FieldKind::Flag, true)];
    assert_eq!(made("a", twice, "x"), Some(BadDetailType::Field("a".to_owned())));
    let whole = vec![field("all", FieldKind::Members(vec![field("one", text(), true)]), true)];
    assert_eq!(made("a", whole.clone(), "Do {all}"), Some(BadDetailType::UnknownPlaceholder("all".to_owned())));
    assert_eq!(made("a", whole, "Do {all.one}"), None);
    let nested = |inner: Vec<DetailField>| vec![field("n", FieldKind::Members(inner), true)];
    assert_eq!(
        made("a", nested(nested(nested(vec![field("x", text(), true)]))), "x"),
        Some(BadDetailType::Field("x".to_owned()))
    );
}
