//! Every website may call in the client's name.

use super::{Evidence, Judgement, Needs, Rule, Texts};
use crate::{Client, Severity};

pub(super) static RULE: Rule = Rule {
    id: "wide_cors",
    title: "Every origin may call",
    texts: Texts::Own {
        clause: "RFC 9700 §2.6; OAuth 2.1 §3.2; Fetch Standard, CORS protocol",
        explanation: "The client's list of origins admits every website, so a script anywhere may read what the token endpoint answers to it.",
        fix: "List the origins of the application itself, each in full.",
    },
    needs: Needs::Client,
    severity: |_| Severity::Medium,
    judge,
};

fn judge(client: &Client) -> Judgement {
    let wide: Vec<Evidence> = client
        .origins
        .items
        .iter()
        .filter(|fact| fact.known().is_some_and(|origin| admits_everyone(origin)))
        .map(|fact| Evidence::of(fact, "origin", |origin| format!("origin {origin}")))
        .collect();
    if !wide.is_empty() {
        return Judgement::Breaks(wide);
    }
    let gaps = Evidence::of_gaps(&client.origins, "origins");
    if gaps.is_empty() { Judgement::Holds } else { Judgement::Unknown(gaps) }
}

fn admits_everyone(origin: &str) -> bool {
    matches!(origin.trim(), "*" | "http://*" | "https://*" | "http*://*" | "*://*")
}
