//! Scopes against allow-lists, as one readable table.

use context::{Claim, ClaimSet};

use crate::fixture::{all, ask};

/// Which claims come out, for each scope and each allow-list.
const TABLE: &str = "\
scope    | everything                 | name and e-mail | nothing
openid   | -                          | -               | -
profile  | name given_name            | name            | -
email    | email email_verified       | email           | -
address  | address                    | -               | -
phone    | phone_number               | -               | -
groups   | groups                     | -               | -
";

#[test]
fn nothing_leaves_outside_the_intersection() {
    let narrow = ClaimSet::EMPTY.with(Claim::Name).with(Claim::Email);
    let mut table = format!("{:<8} | {:<26} | {:<15} | {}\n", "scope", "everything", "name and e-mail", "nothing");
    for scope in ["openid", "profile", "email", "address", "phone", "groups"] {
        let cell = |allowed| {
            let told = ask(&[scope], &[], allowed, &[]).reply.claims().to_names();
            if told.is_empty() { "-".to_owned() } else { told }
        };
        table.push_str(&format!(
            "{scope:<8} | {:<26} | {:<15} | {}\n",
            cell(all()),
            cell(narrow),
            cell(ClaimSet::EMPTY)
        ));
    }
    assert_eq!(table, TABLE, "\n{table}");
}
