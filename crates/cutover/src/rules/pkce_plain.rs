//! PKCE whose challenge is the verifier itself.

use oauth::client_rules::Verdict;

use super::{Judgement, Needs, Rule, Texts, ask, pkce_missing};
use crate::{Client, Pkce, Severity, shape};

pub(super) static RULE: Rule = Rule {
    id: "pkce_plain",
    title: "PKCE with the method plain",
    texts: Texts::Own {
        clause: "RFC 7636 §4.2, §7.2; RFC 9700 §2.1.1",
        explanation: "The server accepts PKCE with the method plain: whoever sees the authorization request holds what redeems the code.",
        fix: "Demand S256. Every maintained library can do it.",
    },
    needs: Needs::Redirects,
    severity: |_| Severity::Medium,
    judge,
};

fn judge(client: &Client) -> Judgement {
    // Registration's predicate on missing PKCE counts plain as missing.
    match ask("pkce_missing", &shape::of(client)) {
        Verdict::Holds => Judgement::Holds,
        Verdict::Breaks { .. } if client.pkce.known() == Some(&Pkce::RequiredPlainAllowed) => {
            Judgement::Breaks(pkce_missing::evidence(client))
        }
        // Where PKCE is not demanded at all, that is the finding.
        Verdict::Breaks { .. } => Judgement::Holds,
        Verdict::Unknown => Judgement::Unknown(pkce_missing::evidence(client)),
    }
}
