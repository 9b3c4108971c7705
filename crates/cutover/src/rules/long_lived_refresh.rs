//! Refresh tokens that outlive the reason for which they were granted.

use super::{Evidence, Judgement, Needs, Rule, Texts};
use crate::{Client, Fact, Lifetime, RefreshRotation, Severity};

/// 90 days: a token that is older has outlived a quarter, a project, or its owner's employment.
pub(super) const SECONDS_MAX: u64 = 90 * 86_400;

pub(super) static RULE: Rule = Rule {
    id: "long_lived_refresh",
    title: "Refresh tokens that live too long",
    texts: Texts::Own {
        clause: "OAuth 2.1 §4.3.3; RFC 9700 §4.14.2; RFC 10017",
        explanation: "A refresh token can be used for more than 90 days, or for ever. Whoever copied it holds the account for as long.",
        fix: "Set an end to refresh tokens that are used and a shorter one to those that are not; thirty days and one day suit most applications.",
    },
    needs: Needs::Client,
    severity: |_| Severity::Low,
    judge,
};

fn judge(client: &Client) -> Judgement {
    if client.flows.refresh_token.known() == Some(&false)
        || client.refresh_rotation.known() == Some(&RefreshRotation::NoneIssued)
    {
        return Judgement::Holds;
    }
    let absolute = &client.lifetimes.refresh_absolute;
    let evidence = || {
        vec![Evidence::of(absolute, "lifetime of refresh tokens", |lifetime| format!("refresh tokens live {lifetime}"))]
    };
    match too_long(absolute, SECONDS_MAX) {
        None => Judgement::Unknown(evidence()),
        Some(false) => Judgement::Holds,
        Some(true) if client.flows.refresh_token.known().is_none() => {
            Judgement::Unknown(vec![Evidence::of(&client.flows.refresh_token, "refresh tokens", |_| String::new())])
        }
        Some(true) => Judgement::Breaks(evidence()),
    }
}

/// Whether a lifetime is longer than so many seconds; `None` when it is unknown.
pub(super) fn too_long(fact: &Fact<Lifetime>, seconds_max: u64) -> Option<bool> {
    fact.known().map(|lifetime| match lifetime {
        Lifetime::Seconds(seconds) => *seconds > seconds_max,
        Lifetime::Endless => true,
    })
}
