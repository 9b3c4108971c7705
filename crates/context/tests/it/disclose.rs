//! What is told, and the receipt it leaves.

use context::{Change, Claim, ClaimSet, Omitted, Why, Wish};
use model::{AuditKind, Timestamp};
use serde_json::json;

use crate::fixture::{NOW, PURPOSE, all, ask, client, names, person};

#[test]
fn a_scope_gets_the_known_claims_it_stands_for_and_no_other() {
    let outcome = ask(&["openid", "email"], &[], all(), &[]);
    assert_eq!(names(&outcome.reply), ["email", "email_verified"]);
    let outcome = ask(&["profile"], &[], all(), &[]);
    assert_eq!(names(&outcome.reply), ["name", "given_name"]);
}

#[test]
fn what_the_client_may_never_be_told_is_left_out_and_said_so_to_us() {
    let outcome = ask(&["profile"], &[], ClaimSet::EMPTY.with(Claim::Name), &[]);
    assert_eq!(names(&outcome.reply), ["name"]);
    assert!(outcome.reply.omitted.contains(&Omitted { claim: Claim::GivenName, why: Why::NotAllowed }));
    assert!(outcome.reply.omitted.iter().all(|omitted| omitted.why == Why::NotAllowed), "not even looked up");
}

#[test]
fn openid_alone_tells_nothing_and_leaves_nothing() {
    let outcome = ask(&["openid", "offline_access"], &[], all(), &[]);
    assert!(outcome.reply.members.is_empty() && outcome.changes.is_empty() && outcome.audit.is_empty());
}

#[test]
fn single_claims_can_be_asked_for_without_their_scope() {
    let wish = Wish { claim: Claim::PhoneNumber, values: Vec::new() };
    assert_eq!(names(&ask(&["openid"], &[wish], all(), &[]).reply), ["phone_number"]);
}

#[test]
fn a_value_that_would_not_do_is_not_told() {
    let wish = |values| [Wish { claim: Claim::Email, values }];
    let other = ask(&["email"], &wish(vec![json!("bob@example.com")]), all(), &[]);
    assert_eq!(names(&other.reply), Vec::<&str>::new(), "nor the check mark of an address that is not told");
    assert!(other.changes.is_empty());
    let same = ask(&["email"], &wish(vec![json!("x"), json!("ada@example.com")]), all(), &[]);
    assert_eq!(names(&same.reply), ["email", "email_verified"]);
}

#[test]
fn the_first_telling_leaves_a_receipt_and_a_line_in_the_audit() {
    let outcome = ask(&["email"], &[], all(), &[]);
    let [Change::InsertReceipt(receipt)] = outcome.changes.as_slice() else { panic!("{:?}", outcome.changes) };
    assert_eq!((receipt.person, &receipt.client, receipt.purpose.as_str()), (person(), &client(), PURPOSE));
    assert_eq!((receipt.first, receipt.last, receipt.times), (NOW, NOW, 1));
    assert_eq!(receipt.claims.to_names(), "email email_verified");
    assert_eq!(outcome.audit.iter().map(|event| event.kind).collect::<Vec<_>>(), [AuditKind::Disclosed]);
}

#[test]
fn the_next_telling_counts_and_a_wider_one_leaves_its_own_receipt() {
    let first = ask(&["email"], &[], all(), &[]);
    let Some(Change::InsertReceipt(receipt)) = first.changes.into_iter().next() else { panic!("no receipt") };
    let known = [*receipt];
    let again = ask(&["email"], &[], all(), &known);
    assert_eq!(again.changes, [Change::CountReceipt { id: known[0].id, at: NOW }]);
    assert!(again.audit.is_empty());
    let wider = ask(&["email", "phone"], &[], all(), &known);
    assert!(matches!(wider.changes.as_slice(), [Change::InsertReceipt(_)]));
}

#[test]
fn a_receipt_for_another_purpose_or_client_does_not_count() {
    let first = ask(&["email"], &[], all(), &[]);
    let Some(Change::InsertReceipt(receipt)) = first.changes.into_iter().next() else { panic!("no receipt") };
    let mut elsewhere = (*receipt).clone();
    elsewhere.client = model::ClientId::parse("other").expect("a client id");
    let mut otherwise = (*receipt).clone();
    otherwise.purpose = "to send you offers".to_owned();
    let mut somebody = *receipt;
    somebody.person = model::PersonId::from_bytes([9; 16]);
    somebody.last = Timestamp::from_seconds(0);
    let outcome = ask(&["email"], &[], all(), &[elsewhere, otherwise, somebody]);
    assert!(matches!(outcome.changes.as_slice(), [Change::InsertReceipt(_)]));
}
