//! Secrets in programs that everyone can read.

use oauth::client_rules::Verdict;

use super::{Evidence, Judgement, Needs, Rule, Texts, ask};
use crate::{Authentication, Client, ClientKind, Severity, shape};

pub(super) static RULE: Rule = Rule {
    id: "secret_in_public_client",
    title: "A secret where it can be read",
    texts: Texts::Registration,
    needs: Needs::Client,
    severity: |_| Severity::Medium,
    judge,
};

fn judge(client: &Client) -> Judgement {
    let mut shape = shape::of(client);
    // A secret of some kind is one, whatever way it is sent.
    if client.authentication.known() == Some(&Authentication::Secret) {
        shape.has_secret = Some(true);
    }
    // Registration knows how a client authenticates from whether it has a secret; elsewhere there are other ways, and saying nothing is
    // not saying "none".
    let keeps_none = matches!(client.kind.known(), Some(ClientKind::Browser | ClientKind::Native));
    match ask(RULE.id, &shape) {
        Verdict::Holds if keeps_none && client.authentication.known().is_none() => {
            Judgement::Unknown(vec![Evidence::of(&client.authentication, "authentication", |_| String::new())])
        }
        Verdict::Holds if keeps_none && client.has_secret.known().is_none() => {
            Judgement::Unknown(vec![Evidence::of(&client.has_secret, "secret", |_| String::new())])
        }
        Verdict::Holds => Judgement::Holds,
        Verdict::Breaks { .. } => Judgement::Breaks(vec![
            Evidence::of(&client.kind, "kind", |kind| format!("it is registered as {}", kind.as_str())),
            if client.has_secret.known() == Some(&true) {
                Evidence::of(&client.has_secret, "secret", |_| "it has a secret".to_owned())
            } else {
                Evidence::of(&client.authentication, "authentication", |method| method.name().to_owned())
            },
        ]),
        Verdict::Unknown => {
            let mut reasons = Vec::new();
            if client.kind.known().is_none() {
                reasons.push(Evidence::of(&client.kind, "kind of program", |_| String::new()));
            } else {
                reasons.push(Evidence::of(&client.has_secret, "secret", |_| String::new()));
            }
            Judgement::Unknown(reasons)
        }
    }
}
