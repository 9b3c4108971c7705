//! Redirect URIs that run something, or that any program may claim.

use super::{Judgement, Needs, Rule, Texts, redirects, redirects::Lowered};
use crate::{Client, Reach, Severity};

pub(super) static RULE: Rule = Rule {
    id: "dangerous_scheme_redirect",
    title: "Redirect URIs of a dangerous scheme",
    texts: Texts::Registration,
    needs: Needs::Redirects,
    severity: |_| Severity::Medium,
    judge,
};

fn judge(client: &Client) -> Judgement {
    let lower = |redirect: &crate::Redirect| match redirect.reach() {
        Reach::Address(text) => Lowered::Address { text, varies: false },
        Reach::NoScheme => Lowered::Irrelevant,
        Reach::Open(hole) => Lowered::Open(hole),
    };
    redirects::judge(RULE.id, client, lower, |redirect| redirect.text.to_string())
}
