//! From a scan and its inventory to the document.

use cutover::{
    Client, DefaultRow, Entry, Evidence, Fact, Finding, Hints, Inventory, Notice, Open, Redirect, Source, Value,
    columns,
};

use super::{
    document::{
        ClientDocument, Counts, DefaultDocument, DisagreementDocument, Document, EvidenceDocument, FORMAT,
        FactDocument, FindingDocument, FlowsDocument, NoticeDocument, OpenDocument, OwnerDocument, PlaceDocument,
        RedirectDocument, Row, VERSION, VoiceDocument,
    },
    words,
};
use crate::Scan;

/// Merges, judges and writes down what a scan read. `scanned_at` is RFC 3339.
#[must_use]
pub fn compose(scan: Scan, hints: &Hints, scanned_at: &str) -> Document {
    let Scan { clients, notices, files, readers } = scan;
    // Before merging and without hints: the rows tell what each file says.
    let mut rows: Vec<Row> = clients.iter().map(row).collect();
    rows.sort();
    let inventory = Inventory::of(clients, hints);
    Document {
        format: FORMAT.to_owned(),
        version: VERSION,
        scanned_at: scanned_at.to_owned(),
        files: Counts { seen: files.seen, read: files.read, skipped: files.skipped, bytes: files.bytes },
        readers: readers.into_iter().map(|(name, count)| (name.to_owned(), count)).collect(),
        clients: inventory.entries.iter().map(client).collect(),
        rows,
        notices: notices.iter().map(notice).collect(),
    }
}

fn row(client: &Client) -> Row {
    let answers = columns(client);
    let word = |answer: cutover::Answer| answer.as_word().to_owned();
    Row {
        file: client.source.file.to_string(),
        client_id: client.label().to_owned(),
        implicit: word(answers.implicit),
        ropc: word(answers.ropc),
        pkce_enforced: word(answers.pkce_enforced),
        wildcard_redirect: word(answers.wildcard_redirect),
        http_non_loopback_redirect: word(answers.http_non_loopback_redirect),
        public_client: word(answers.public_client),
    }
}

fn client(entry: &Entry) -> ClientDocument {
    let client = &entry.client;
    let flag = |of: &Fact<bool>| fact(of, bool::to_string);
    let seconds = |of: &Fact<cutover::Lifetime>| fact(of, |lifetime| words::lifetime(*lifetime));
    ClientDocument {
        provider: client.provider.as_word().to_owned(),
        provider_name: client.provider.name().to_owned(),
        environment: client.environment.clone(),
        issuer: client.issuer.clone(),
        label: client.label().to_owned(),
        id: fact(&client.id, String::clone),
        names: client.names.clone(),
        resource: client.resource.clone(),
        places: entry.places.iter().map(|one| place(&one.source)).collect(),
        kind: fact(&client.kind, |kind| kind.as_str().to_owned()),
        flows: FlowsDocument {
            code: flag(&client.flows.code),
            implicit: flag(&client.flows.implicit),
            password: flag(&client.flows.password),
            client_credentials: flag(&client.flows.client_credentials),
            refresh_token: flag(&client.flows.refresh_token),
            device_code: flag(&client.flows.device_code),
        },
        pkce: fact(&client.pkce, |pkce| words::pkce(*pkce).to_owned()),
        redirects: client.redirects.items.iter().map(redirect).collect(),
        redirects_open: client.redirects.rest.as_ref().map(|(cause, source)| EvidenceDocument {
            text: cause.to_string(),
            at: place(source),
            default: None,
        }),
        authentication: fact(&client.authentication, |method| words::authentication(*method).to_owned()),
        has_secret: flag(&client.has_secret),
        access_token_seconds: seconds(&client.lifetimes.access_token),
        refresh_idle_seconds: seconds(&client.lifetimes.refresh_idle),
        refresh_absolute_seconds: seconds(&client.lifetimes.refresh_absolute),
        refresh_rotation: fact(&client.refresh_rotation, |rotation| words::rotation(*rotation).to_owned()),
        subject_claim: fact(&client.subject_claim, String::clone),
        owners: client
            .owners
            .iter()
            .map(|owner| OwnerDocument { text: owner.text.clone(), at: place(&owner.source) })
            .collect(),
        enabled: flag(&client.enabled),
        builtin: client.builtin,
        findings: entry.findings.iter().map(finding).collect(),
        open: entry.open.iter().map(open).collect(),
        disagreements: entry
            .disagreements
            .iter()
            .map(|disagreement| DisagreementDocument {
                about: disagreement.about.to_owned(),
                said: disagreement
                    .said
                    .iter()
                    .map(|(text, source)| VoiceDocument { text: text.clone(), at: place(source) })
                    .collect(),
            })
            .collect(),
    }
}

fn fact<T>(fact: &Fact<T>, say: impl Fn(&T) -> String) -> FactDocument {
    let at = place(&fact.source);
    match &fact.value {
        Value::Certain(value) => {
            FactDocument { certainty: "stated".to_owned(), value: Some(say(value)), because: None, default: None, at }
        }
        Value::Default(value, row) => FactDocument {
            certainty: "default".to_owned(),
            value: Some(say(value)),
            because: None,
            default: Some(default(row)),
            at,
        },
        Value::Unknown(cause) => FactDocument {
            certainty: "unknown".to_owned(),
            value: None,
            because: Some(cause.to_string()),
            default: None,
            at,
        },
    }
}

fn redirect(fact: &Fact<Redirect>) -> RedirectDocument {
    let at = place(&fact.source);
    match &fact.value {
        Value::Certain(redirect) | Value::Default(redirect, _) => RedirectDocument {
            uri: Some(redirect.text.to_string()),
            matching: Some(words::matching(redirect.matching).to_owned()),
            varies: Some(redirect.looseness().map_or("unknown", words::looseness).to_owned()),
            because: None,
            at,
        },
        Value::Unknown(cause) => {
            RedirectDocument { uri: None, matching: None, varies: None, because: Some(cause.to_string()), at }
        }
    }
}

fn finding(finding: &Finding) -> FindingDocument {
    FindingDocument {
        rule: finding.rule.id.to_owned(),
        severity: finding.severity.as_word().to_owned(),
        exposure: finding.exposure.as_word().to_owned(),
        confidence: finding.confidence.as_word().to_owned(),
        contradicted: finding.contradicted,
        evidence: finding.evidence.iter().map(evidence).collect(),
    }
}

fn open(open: &Open) -> OpenDocument {
    OpenDocument { rule: open.rule.id.to_owned(), reasons: open.reasons.iter().map(evidence).collect() }
}

fn evidence(evidence: &Evidence) -> EvidenceDocument {
    EvidenceDocument {
        text: evidence.text.clone(),
        at: place(&evidence.source),
        default: evidence.default.map(default),
    }
}

fn default(row: &DefaultRow) -> DefaultDocument {
    DefaultDocument {
        product: row.product.to_owned(),
        versions: row.versions.to_owned(),
        setting: row.setting.to_owned(),
        value: row.value.to_owned(),
        source: row.source.to_owned(),
    }
}

fn notice(notice: &Notice) -> NoticeDocument {
    NoticeDocument { kind: notice.kind.as_word().to_owned(), text: notice.text.clone(), at: place(&notice.source) }
}

fn place(source: &Source) -> PlaceDocument {
    PlaceDocument {
        file: source.file.to_string(),
        line: source.line,
        pointer: source.pointer.as_deref().map(str::to_owned),
    }
}
