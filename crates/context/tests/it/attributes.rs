//! Reading and writing attributes.

use context::{Attributes, BadAttributes, Claim};

use crate::fixture::attributes;

fn refused(text: &str) -> BadAttributes {
    Attributes::parse(text).expect_err(text)
}

#[test]
fn what_is_written_is_read_again() {
    let kept = Attributes::parse(&attributes().to_json()).expect("our own form");
    assert_eq!(kept.clone().with_groups(&["crew".to_owned(), "legal".to_owned()]), attributes());
    assert_eq!(kept.get(Claim::Groups), None, "groups stand in the person's record");
}

#[test]
fn unknown_members_and_wrong_kinds_are_refused_by_name() {
    assert_eq!(refused("[]"), BadAttributes::NotAnObject);
    assert_eq!(refused("{"), BadAttributes::NotAnObject);
    assert_eq!(refused(r#"{"shoe_size":41}"#), BadAttributes::Unknown("shoe_size".to_owned()));
    assert_eq!(refused(r#"{"groups":["a"]}"#), BadAttributes::Derived("groups"));
    assert_eq!(refused(r#"{"updated_at":1}"#), BadAttributes::Derived("updated_at"));
    for (text, claim) in [
        (r#"{"name":1}"#, "name"),
        (r#"{"name":""}"#, "name"),
        (r#"{"name":"a\u0000b"}"#, "name"),
        (r#"{"email_verified":"true"}"#, "email_verified"),
        (r#"{"address":"Bath"}"#, "address"),
        (r#"{"address":{}}"#, "address"),
        (r#"{"address":{"planet":"Earth"}}"#, "address"),
    ] {
        assert!(matches!(refused(text), BadAttributes::Value { claim: c, .. } if c == claim), "{text}");
    }
    let long = format!(r#"{{"name":"{}"}}"#, "x".repeat(1025));
    assert!(matches!(refused(&long), BadAttributes::Value { claim: "name", .. }));
    assert_eq!(refused(&format!(r#"{{"name":"{}"}}"#, "x".repeat(70_000))), BadAttributes::TooLong);
}

#[test]
fn nothing_personal_is_printed() {
    let shown = format!("{:?} {:?}", attributes(), attributes().get(Claim::Address));
    for secret in ["Ada", "Lock", "example.com", "Bath", "1225", "crew"] {
        assert!(!shown.contains(secret), "{shown}");
    }
    let error = refused(r#"{"email_verified":"ada@example.com"}"#).to_string();
    assert!(!error.contains("ada"), "{error}");
}
