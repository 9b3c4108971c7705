//! Access tokens that nobody can call back in time.

use super::{Evidence, Judgement, Needs, Rule, Texts, long_lived_refresh::too_long};
use crate::{Client, Severity};

/// One hour. Most products' default, and the most that a stolen token should be good for where nobody asks whether it was revoked.
const SECONDS_MAX: u64 = 3_600;

pub(super) static RULE: Rule = Rule {
    id: "long_lived_access_token",
    title: "Access tokens that live too long",
    texts: Texts::Own {
        clause: "OAuth 2.1 §1.4, §7.1.3; RFC 9700 §2.2",
        explanation: "Access tokens live for more than an hour. Resource servers that read them by themselves accept a stolen one until it expires.",
        fix: "Let them live for minutes, and have the application fetch new ones with its refresh token.",
    },
    needs: Needs::Client,
    severity: |_| Severity::Low,
    judge,
};

fn judge(client: &Client) -> Judgement {
    // Without any flow there are no tokens.
    if client.flows.all().iter().all(|(_, fact)| fact.known() == Some(&false)) {
        return Judgement::Holds;
    }
    let lifetime = &client.lifetimes.access_token;
    let evidence = || {
        vec![Evidence::of(lifetime, "lifetime of access tokens", |lifetime| format!("access tokens live {lifetime}"))]
    };
    match too_long(lifetime, SECONDS_MAX) {
        None => Judgement::Unknown(evidence()),
        Some(false) => Judgement::Holds,
        Some(true) => Judgement::Breaks(evidence()),
    }
}
