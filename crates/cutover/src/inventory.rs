//! All clients, merged and judged.

use std::cmp::Reverse;

use crate::{
    Client, Disagreement, Evidence, Finding, Hints, Judgement, Open, RULES, Rule, Severity,
    merge::{groups, merge},
};

/// What is known about every client, in the order of risk.
#[derive(Debug, Clone)]
pub struct Inventory {
    /// Clients with the worst findings first, then those with most; of equals, by product, environment and name. Clients that the product
    /// made by itself come last.
    pub entries: Vec<Entry>,
}

/// One client.
#[derive(Debug, Clone)]
pub struct Entry {
    /// What all places together say.
    pub client: Client,
    /// What each place says, sorted by file.
    pub places: Vec<Client>,
    /// Broken rules, worst first.
    pub findings: Vec<Finding>,
    /// Rules of which nobody can tell.
    pub open: Vec<Open>,
    /// What places say differently.
    pub disagreements: Vec<Disagreement>,
}

impl Entry {
    /// The worst finding's severity.
    #[must_use]
    pub fn worst(&self) -> Option<Severity> {
        self.findings.iter().map(|finding| finding.severity).max()
    }

    fn of(places: Vec<Client>) -> Self {
        let (client, disagreements) = merge(&places);
        let (mut findings, mut open) = (Vec::new(), Vec::new());
        for rule in RULES {
            match judge(rule, &client, &places) {
                (Judgement::Holds, _) => {}
                (Judgement::Breaks(evidence), contradicted) => {
                    findings.push(Finding::new(rule, &client, evidence, contradicted));
                }
                (Judgement::Unknown(reasons), _) => open.push(Open { rule, reasons }),
            }
        }
        // Stable: rules of one severity stay in the order of the table.
        findings.sort_by_key(|finding| Reverse(finding.severity));
        Self { client, places, findings, open, disagreements }
    }
}

/// What a rule says about a client that these places describe: broken when any place breaks it, else what all together say. The second
/// value tells that some place keeps what another breaks.
fn judge(rule: &'static Rule, client: &Client, places: &[Client]) -> (Judgement, bool) {
    let mut evidence: Vec<Evidence> = Vec::new();
    let mut kept = false;
    if places.len() > 1 {
        for place in places {
            match (rule.judge)(place) {
                Judgement::Breaks(found) => evidence.extend(found),
                Judgement::Holds => kept = true,
                Judgement::Unknown(_) => {}
            }
        }
    }
    let together = (rule.judge)(client);
    if !evidence.is_empty() {
        return (Judgement::Breaks(sorted(evidence)), kept);
    }
    match together {
        Judgement::Holds => (Judgement::Holds, false),
        Judgement::Breaks(found) => (Judgement::Breaks(sorted(found)), kept),
        Judgement::Unknown(reasons) => (Judgement::Unknown(sorted(reasons)), false),
    }
}

fn sorted(mut evidence: Vec<Evidence>) -> Vec<Evidence> {
    evidence.sort();
    evidence.dedup();
    evidence
}

impl Inventory {
    /// Merges and judges what was read. The order of `clients` does not matter.
    #[must_use]
    pub fn of(mut clients: Vec<Client>, hints: &Hints) -> Self {
        for client in &mut clients {
            hints.apply(client);
        }
        let mut entries: Vec<Entry> = groups(clients).into_iter().map(Entry::of).collect();
        entries.sort_by_cached_key(|entry| {
            let client = &entry.client;
            (
                client.builtin,
                Reverse(entry.worst()),
                Reverse(entry.findings.len()),
                client.provider,
                client.environment.clone(),
                client.label().to_owned(),
                client.source.clone(),
            )
        });
        Self { entries }
    }
}
