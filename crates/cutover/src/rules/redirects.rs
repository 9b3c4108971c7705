//! What the three rules on redirect URIs share: each entry is put before registration's predicate, and unknown entries are doubts.

use oauth::client_rules::{Doubts, Verdict};

use super::{Evidence, Judgement, ask};
use crate::{Client, Redirect, shape};

/// How one entry goes before the predicate.
pub(super) enum Lowered {
    /// As this address; `varies` when the server takes it for more than one.
    Address { text: String, varies: bool },
    /// It has nothing that the rule asks about.
    Irrelevant,
    /// What decides is filled in elsewhere.
    Open(String),
}

/// Asks rule `id` about the redirect URIs of `client`.
pub(super) fn judge(
    id: &str,
    client: &Client,
    lower: impl Fn(&Redirect) -> Lowered,
    say: impl Fn(&Redirect) -> String,
) -> Judgement {
    let mut reasons = Evidence::of_gaps(&client.redirects, "redirect URIs");
    let mut addresses = Vec::new();
    let mut varying = Vec::new();
    let mut facts = Vec::new();
    for fact in &client.redirects.items {
        let Some(redirect) = fact.known() else { continue };
        match lower(redirect) {
            Lowered::Address { text, varies } => {
                if varies {
                    varying.push(text.clone());
                }
                addresses.push(text);
                facts.push((fact, redirect));
            }
            Lowered::Irrelevant => {}
            Lowered::Open(hole) => reasons.push(Evidence {
                text: format!("{} depends on {hole}", redirect.text),
                source: fact.source.clone(),
                default: None,
            }),
        }
    }
    let mut shape = shape::of(client);
    shape.redirect_uris = Some(addresses.clone());
    shape.varying_redirect_uris = Some(varying);
    shape.doubts = Doubts { redirect_uris: !reasons.is_empty(), ..shape.doubts };
    match ask(id, &shape) {
        Verdict::Holds => Judgement::Holds,
        Verdict::Unknown => Judgement::Unknown(reasons),
        Verdict::Breaks { evidence } => {
            let broken = addresses.iter().zip(facts).filter(|(address, _)| evidence.contains(address));
            Judgement::Breaks(
                broken.map(|(_, (fact, redirect))| Evidence::of(fact, "redirect URI", |_| say(redirect))).collect(),
            )
        }
    }
}
