//! People's passwords in the client's hands.

use oauth::client_rules::Verdict;

use super::{Evidence, Judgement, Needs, Rule, Texts, ask};
use crate::{Client, Severity, shape};

pub(super) static RULE: Rule = Rule {
    id: "password_grant",
    title: "Passwords in the application's hands",
    texts: Texts::Registration,
    needs: Needs::Client,
    severity: |_| Severity::High,
    judge,
};

fn judge(client: &Client) -> Judgement {
    let fact = &client.flows.password;
    let evidence = || vec![Evidence::of(fact, "password grant", |_| "the password grant is switched on".to_owned())];
    match ask(RULE.id, &shape::of(client)) {
        Verdict::Holds => Judgement::Holds,
        Verdict::Breaks { .. } => Judgement::Breaks(evidence()),
        Verdict::Unknown => Judgement::Unknown(evidence()),
    }
}
