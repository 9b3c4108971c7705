//! Codes in clear text on the network.

use super::{Judgement, Needs, Rule, Texts, redirects, redirects::Lowered};
use crate::{Client, Provider, Reach, Severity};

pub(super) static RULE: Rule = Rule {
    id: "http_redirect",
    title: "Redirect URIs over http",
    texts: Texts::Registration,
    needs: Needs::Redirects,
    severity: |_| Severity::Medium,
    judge,
};

pub(crate) fn judge(client: &Client) -> Judgement {
    // These two refuse to register http for anything but the device itself, whatever fills the hole.
    let never_http = matches!(client.provider, Provider::Cognito | Provider::Entra);
    let lower = |redirect: &crate::Redirect| match redirect.reach() {
        Reach::Open(_) if never_http => Lowered::Irrelevant,
        Reach::Address(text) => Lowered::Address { text, varies: false },
        Reach::NoScheme => Lowered::Irrelevant,
        Reach::Open(hole) => Lowered::Open(hole),
    };
    redirects::judge(RULE.id, client, lower, |redirect| redirect.text.to_string())
}
