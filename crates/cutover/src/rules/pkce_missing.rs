//! Codes that whoever steals them can redeem.

use oauth::client_rules::Verdict;

use super::{Evidence, Judgement, Needs, Rule, Texts, ask};
use crate::{Authentication, Client, Pkce, Severity, shape};

pub(super) static RULE: Rule = Rule {
    id: "pkce_missing",
    title: "PKCE is not demanded",
    texts: Texts::Registration,
    needs: Needs::Redirects,
    // A stolen code of a confidential client still needs the client's secret.
    severity: |client| match client.authentication.known() {
        Some(Authentication::None) | None => Severity::High,
        Some(_) => Severity::Medium,
    },
    judge,
};

fn judge(client: &Client) -> Judgement {
    match ask(RULE.id, &shape::of(client)) {
        Verdict::Holds => Judgement::Holds,
        // Registration sees the method `plain` here as well; in the inventory it has a rule of its own.
        Verdict::Breaks { .. } if client.pkce.known() == Some(&Pkce::RequiredPlainAllowed) => Judgement::Holds,
        Verdict::Breaks { .. } => Judgement::Breaks(evidence(client)),
        Verdict::Unknown => Judgement::Unknown(evidence(client)),
    }
}

pub(super) fn evidence(client: &Client) -> Vec<Evidence> {
    let mut evidence = vec![Evidence::of(&client.pkce, "PKCE", |pkce| {
        match pkce {
            Pkce::RequiredS256 => "PKCE with S256 is demanded",
            Pkce::RequiredPlainAllowed => "PKCE is demanded, and the method plain is accepted",
            Pkce::NotRequired => "code requests without PKCE are accepted",
            Pkce::NoSuchSwitch => {
                "the product has no switch for it; whether the application sends PKCE shows in its code or in logs"
            }
        }
        .to_owned()
    })];
    if client.flows.code.known().is_none() {
        evidence.push(Evidence::of(&client.flows.code, "code flow", |_| String::new()));
    }
    evidence
}
