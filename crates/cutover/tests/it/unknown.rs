//! What is unknown never turns clean: if any value of a fact would break a rule, then not knowing the fact does not keep it.

use cutover::{Answer, Authentication, Cause, Client, Fact, Judgement, RULES, Source, columns};
use proptest::prelude::*;

use crate::draw::{KINDS, LIFETIMES, METHODS, PKCE, ROTATIONS, client};

/// Sets one fact to its n-th value, or to unknown.
type Set = fn(&mut Client, Option<usize>) -> usize;

fn put<T: Clone>(fact: &mut Fact<T>, values: &[T], index: Option<usize>) -> usize {
    let here = Source::file("here");
    *fact = match index {
        Some(index) => Fact::certain(values[index].clone(), here),
        None => Fact::unknown(Cause::Variable("var.x".to_owned()), here),
    };
    values.len()
}

const FACTS: [Set; 10] = [
    |c, i| put(&mut c.flows.code, &[true, false], i),
    |c, i| put(&mut c.flows.implicit, &[true, false], i),
    |c, i| put(&mut c.flows.password, &[true, false], i),
    |c, i| put(&mut c.flows.refresh_token, &[true, false], i),
    |c, i| put(&mut c.kind, &KINDS, i),
    |c, i| put(&mut c.pkce, &PKCE, i),
    |c, i| put(&mut c.authentication, &METHODS, i),
    |c, i| put(&mut c.has_secret, &[true, false], i),
    |c, i| put(&mut c.refresh_rotation, &ROTATIONS, i),
    |c, i| put(&mut c.lifetimes.access_token, &LIFETIMES, i),
];

/// Who authenticates with a secret has one: no file says otherwise and means it.
fn is_sane(client: &Client) -> bool {
    !(client.has_secret.known() == Some(&false)
        && matches!(client.authentication.known(), Some(Authentication::Secret | Authentication::SecretPost)))
}

proptest! {
    #[test]
    fn not_knowing_a_fact_never_keeps_a_rule_that_some_value_breaks(client in client()) {
        for set in FACTS {
            let mut unknown = client.clone();
            let values = set(&mut unknown, None);
            for rule in RULES {
                let breaks = (0..values).any(|index| {
                    let mut known = client.clone();
                    set(&mut known, Some(index));
                    is_sane(&known) && matches!((rule.judge)(&known), Judgement::Breaks(_))
                });
                if breaks {
                    prop_assert_ne!((rule.judge)(&unknown), Judgement::Holds, "{}", rule.id);
                }
            }
        }
    }

    #[test]
    fn a_column_says_no_only_of_what_is_known(client in client()) {
        let answers = columns(&client);
        prop_assert_eq!(answers.implicit == Answer::Unknown, client.flows.implicit.known().is_none());
        prop_assert_eq!(answers.ropc == Answer::Unknown, client.flows.password.known().is_none());
        prop_assert_eq!(answers.public_client == Answer::Unknown, client.authentication.known().is_none());
        if !client.redirects.is_complete() {
            prop_assert_ne!(answers.wildcard_redirect, Answer::No);
            prop_assert_ne!(answers.http_non_loopback_redirect, Answer::No);
        }
    }
}
