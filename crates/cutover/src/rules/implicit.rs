//! Tokens in the authorization response.

use oauth::client_rules::Verdict;

use super::{Evidence, Judgement, Needs, Rule, Texts, ask};
use crate::{Client, Severity, shape};

pub(super) static RULE: Rule = Rule {
    id: "implicit",
    title: "Tokens in the browser's address",
    texts: Texts::Registration,
    needs: Needs::Redirects,
    severity: |_| Severity::High,
    judge,
};

fn judge(client: &Client) -> Judgement {
    let fact = &client.flows.implicit;
    let evidence = || vec![Evidence::of(fact, "implicit flow", |_| "the implicit flow is switched on".to_owned())];
    match ask(RULE.id, &shape::of(client)) {
        Verdict::Holds => Judgement::Holds,
        Verdict::Breaks { .. } => Judgement::Breaks(evidence()),
        Verdict::Unknown => Judgement::Unknown(evidence()),
    }
}
