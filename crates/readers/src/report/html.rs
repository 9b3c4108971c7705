//! The report as one HTML file: no script, nothing fetched, good to print.

use askama::Template;
use cutover::Rule;

use super::{
    document::{ClientDocument, Document, FindingDocument},
    summary::{Summary, evidence, open_reasons, place, standing, subtitle},
};

/// The whole report.
///
/// # Errors
/// When writing fails, which to memory it does not.
pub fn html(document: &Document) -> Result<String, askama::Error> {
    let own = |wanted: &[&str]| -> Vec<Card<'_>> {
        let of = document.clients.iter().filter(|client| !client.builtin && wanted.contains(&standing(client)));
        of.map(Card::of).collect()
    };
    Report {
        document,
        summary: Summary::of(document),
        cards: own(&["high", "medium", "low"]),
        open: own(&["unknown"]),
        clean: own(&["clean"]),
        builtin: document.clients.iter().filter(|client| client.builtin).map(Card::of).collect(),
        notices: document
            .notices
            .iter()
            .map(|notice| Line { text: format!("{}: {}", notice.kind, notice.text), at: place(&notice.at) })
            .collect(),
    }
    .render()
}

#[derive(Template)]
#[template(path = "report.html")]
struct Report<'a> {
    document: &'a Document,
    summary: Summary,
    cards: Vec<Card<'a>>,
    open: Vec<Card<'a>>,
    clean: Vec<Card<'a>>,
    builtin: Vec<Card<'a>>,
    notices: Vec<Line>,
}

/// One client.
struct Card<'a> {
    label: &'a str,
    subtitle: String,
    places: Vec<String>,
    owners: Vec<Line>,
    findings: Vec<Finding<'a>>,
    open: Vec<Line>,
    disagreements: Vec<(&'a str, Vec<Line>)>,
    rules: String,
}

/// Some words and where they come from.
struct Line {
    text: String,
    at: String,
}

struct Finding<'a> {
    document: &'a FindingDocument,
    title: &'static str,
    explanation: &'static str,
    fix: &'static str,
    clause: &'static str,
    evidence: Vec<Line>,
}

impl<'a> Card<'a> {
    fn of(client: &'a ClientDocument) -> Self {
        let rules: Vec<&str> = client.findings.iter().map(|finding| finding.rule.as_str()).collect();
        Self {
            label: &client.label,
            subtitle: subtitle(client),
            places: client.places.iter().map(place).collect(),
            owners: client.owners.iter().map(|owner| Line { text: owner.text.clone(), at: place(&owner.at) }).collect(),
            findings: client.findings.iter().map(Finding::of).collect(),
            open: open_reasons(client).into_iter().map(|(text, rules)| Line { text, at: rules.join(", ") }).collect(),
            disagreements: client
                .disagreements
                .iter()
                .map(|one| {
                    let voices = one.said.iter().map(|voice| Line { text: voice.text.clone(), at: place(&voice.at) });
                    (one.about.as_str(), voices.collect())
                })
                .collect(),
            rules: rules.join(", "),
        }
    }
}

impl<'a> Finding<'a> {
    fn of(document: &'a FindingDocument) -> Self {
        let rule = Rule::named(&document.rule);
        Self {
            document,
            title: rule.map_or("", |rule| rule.title),
            explanation: rule.map_or("", Rule::explanation),
            fix: rule.map_or("", Rule::fix),
            clause: rule.map_or("", Rule::clause),
            evidence: document.evidence.iter().map(|one| Line { text: evidence(one), at: place(&one.at) }).collect(),
        }
    }
}
