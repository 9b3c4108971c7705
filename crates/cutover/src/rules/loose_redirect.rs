//! Redirect URIs that admit more than one address.

use super::{Judgement, Needs, Rule, Texts, redirects, redirects::Lowered};
use crate::{Client, Looseness, Redirect, Severity};

pub(super) static RULE: Rule = Rule {
    id: "loose_redirect",
    title: "Redirect URIs that vary",
    texts: Texts::Registration,
    needs: Needs::Redirects,
    severity,
    judge,
};

fn judge(client: &Client) -> Judgement {
    redirects::judge(RULE.id, client, lower, |redirect| match redirect.looseness() {
        Ok(Looseness::HostVaries) => format!("{}: the host may vary", redirect.text),
        Ok(Looseness::PathVaries) => format!("{}: what follows the host may vary", redirect.text),
        Ok(Looseness::Fixed) | Err(_) => redirect.text.to_string(),
    })
}

fn lower(redirect: &Redirect) -> Lowered {
    match redirect.looseness() {
        Ok(looseness) => Lowered::Address { text: redirect.text.to_string(), varies: looseness != Looseness::Fixed },
        Err(hole) => Lowered::Open(hole),
    }
}

fn severity(client: &Client) -> Severity {
    let any_host = client
        .redirects
        .items
        .iter()
        .filter_map(|fact| fact.known())
        .any(|redirect| redirect.looseness() == Ok(Looseness::HostVaries));
    if any_host { Severity::High } else { Severity::Medium }
}
