//! What the reports for people say at the top, and in which words.

use std::collections::BTreeMap;

use cutover::{RULES, Rule};

use super::document::{ClientDocument, DefaultDocument, Document, EvidenceDocument, PlaceDocument};

/// The numbers.
pub(super) struct Summary {
    /// Clients that are somebody's.
    pub(super) clients: usize,
    /// Clients that products made by themselves.
    pub(super) builtin: usize,
    /// Clients whose worst finding is high, medium, low.
    pub(super) high: usize,
    pub(super) medium: usize,
    pub(super) low: usize,
    /// Clients without findings of which something is unknown.
    pub(super) open: usize,
    /// Clients that keep every rule, known.
    pub(super) clean: usize,
    /// Files, or parts of them, that could not be read.
    pub(super) unread: usize,
    /// Per rule: broken by, unknown of.
    pub(super) rules: Vec<RuleCount>,
    /// Clients by product.
    pub(super) products: Vec<(String, usize)>,
    /// Defaults that findings rest on.
    pub(super) defaults: Vec<DefaultDocument>,
}

/// One rule's numbers, without built-in clients.
pub(super) struct RuleCount {
    pub(super) rule: &'static Rule,
    pub(super) broken: usize,
    pub(super) open: usize,
}

impl Summary {
    pub(super) fn of(document: &Document) -> Self {
        let own = || document.clients.iter().filter(|client| !client.builtin);
        let worst = |word: &str| own().filter(|client| standing(client) == word).count();
        let rules = RULES
            .into_iter()
            .map(|rule| RuleCount {
                rule,
                broken: own().filter(|client| client.findings.iter().any(|finding| finding.rule == rule.id)).count(),
                open: own().filter(|client| client.open.iter().any(|open| open.rule == rule.id)).count(),
            })
            .collect();
        let mut products: BTreeMap<String, usize> = BTreeMap::new();
        for client in own() {
            *products.entry(client.provider_name.clone()).or_default() += 1;
        }
        let mut defaults: Vec<DefaultDocument> = document
            .clients
            .iter()
            .flat_map(|client| &client.findings)
            .flat_map(|finding| &finding.evidence)
            .filter_map(|evidence| evidence.default.clone())
            .collect();
        defaults.sort();
        defaults.dedup();
        Self {
            clients: own().count(),
            builtin: document.clients.len() - own().count(),
            high: worst("high"),
            medium: worst("medium"),
            low: worst("low"),
            open: worst("unknown"),
            clean: worst("clean"),
            unread: document.notices.iter().filter(|notice| notice.kind == "unread").count(),
            rules,
            products: products.into_iter().collect(),
            defaults,
        }
    }
}

/// `high`, `medium` or `low` by the worst finding; else `unknown` while a rule is open; else `clean`.
pub(super) fn standing(client: &ClientDocument) -> &str {
    match client.findings.first() {
        Some(worst) => &worst.severity,
        None if client.open.is_empty() => "clean",
        None => "unknown",
    }
}

/// `file:line pointer`, as far as they are known.
pub(super) fn place(place: &PlaceDocument) -> String {
    let mut text = place.file.clone();
    if let Some(line) = place.line {
        text.push_str(&format!(":{line}"));
    }
    if let Some(pointer) = &place.pointer {
        text.push(' ');
        text.push_str(pointer);
    }
    text
}

/// What an evidence says, with the default that it rests on.
pub(super) fn evidence(evidence: &EvidenceDocument) -> String {
    match &evidence.default {
        Some(row) => format!("{} (not said; default of {}, {})", evidence.text, row.product, row.versions),
        None => evidence.text.clone(),
    }
}

/// The first line about a client: its product, where it lives, what it is.
pub(super) fn subtitle(client: &ClientDocument) -> String {
    let mut parts = vec![client.provider_name.clone()];
    parts.extend(client.environment.clone());
    parts.push(match &client.kind.value {
        Some(kind) => kind.clone(),
        None => "kind not known".to_owned(),
    });
    match client.enabled.value.as_deref() {
        Some("false") => parts.push("switched off".to_owned()),
        Some(_) => {}
        None => parts.push("not known whether it is switched on".to_owned()),
    }
    parts.extend(client.names.iter().find(|name| **name != client.label).cloned());
    parts.join(" · ")
}

/// Reasons that rules are open, each once, with the rules that it leaves open.
pub(super) fn open_reasons(client: &ClientDocument) -> Vec<(String, Vec<&str>)> {
    let mut reasons: Vec<(String, Vec<&str>)> = Vec::new();
    for open in &client.open {
        for reason in &open.reasons {
            match reasons.iter_mut().find(|(text, _)| *text == reason.text) {
                Some((_, rules)) if rules.contains(&open.rule.as_str()) => {}
                Some((_, rules)) => rules.push(&open.rule),
                None => reasons.push((reason.text.clone(), vec![&open.rule])),
            }
        }
    }
    reasons
}
