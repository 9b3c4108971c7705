//! Configuration of foreign identity providers, one file for each format.
//!
//! A reader says whether a file is of its kind, and what clients it describes. It meets secrets and takes none along: of a secret it
//! keeps whether there is one.

mod auth0;
mod cognito;
mod entra;
mod facts;
mod keycloak;
mod okta;
mod placeholder;
mod terraform;

use cutover::{Client, Notice, NoticeKind, Source};

use crate::tree::{Node, parse_json, parse_yaml};

/// A file in the hands of the readers.
#[derive(Debug)]
pub struct Document {
    /// Where it is.
    pub source: Source,
    /// Its text.
    pub text: String,
}

/// A file with its structure.
#[derive(Debug)]
pub struct Parsed<'a> {
    /// The file.
    pub document: &'a Document,
    /// Its documents: one for JSON, any number for YAML.
    pub roots: Vec<Node>,
}

/// Whether a file is of a reader's kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Confidence {
    /// It is not.
    No,
    /// It has the fields, which others might have as well.
    Likely,
    /// Nothing else looks like this.
    Sure,
}

/// What a reader found.
#[derive(Debug, Default)]
pub struct ReadOutcome {
    /// Clients, in the order of the file.
    pub clients: Vec<Client>,
    /// What should be said about the file.
    pub notices: Vec<Notice>,
}

/// A reader of one format.
pub trait Reader: Sync {
    /// Its name in reports: `keycloak`.
    fn name(&self) -> &'static str;
    /// Words of which every file of its kind holds all of at least one row. Files without are never parsed.
    fn words(&self) -> &'static [&'static [&'static str]];
    /// Whether this is a file of its kind.
    fn detects(&self, parsed: &Parsed<'_>) -> Confidence;
    /// Reads it.
    fn read(&self, parsed: &Parsed<'_>) -> ReadOutcome;
}

/// Every reader of single files. Terraform, whose unit is the folder, stands by itself.
pub const READERS: [&dyn Reader; 6] =
    [&keycloak::Keycloak, &auth0::Auth0, &okta::Okta, &entra::Entra, &cognito::Cognito, &terraform::ShownState];

/// What became of a file.
#[derive(Debug)]
pub enum Reading {
    /// No reader knows it.
    NotOurs,
    /// This reader read it.
    Read(&'static str, ReadOutcome),
    /// It looks like ours, and can't be read.
    Unread(Notice),
}

/// Reads one file that is not Terraform's.
#[must_use]
pub fn read_document(document: &Document) -> Reading {
    if document.source.file.ends_with(".tf.json") && terraform::is_about_clients(document) {
        return Reading::Unread(Notice {
            kind: NoticeKind::Unread,
            source: document.source.clone(),
            text: "This is Terraform in its JSON syntax, which is not read yet.".to_owned(),
        });
    }
    let candidates: Vec<&dyn Reader> = READERS
        .into_iter()
        .filter(|reader| reader.words().iter().any(|row| row.iter().all(|word| document.text.contains(word))))
        .collect();
    if candidates.is_empty() {
        return Reading::NotOurs;
    }
    let Some(syntax) = syntax(document) else { return Reading::NotOurs };
    let text = placeholder::quoted(&document.text);
    let roots = match syntax {
        Syntax::Json => parse_json(&text).map(|root| vec![root]),
        Syntax::Yaml => parse_yaml(&text),
    };
    let roots = match roots {
        Ok(roots) => roots,
        Err(fault) => {
            return Reading::Unread(Notice {
                kind: NoticeKind::Unread,
                source: document.source.at_line(fault.line),
                text: format!(
                    "This looks like configuration of {}, but can't be read: {}.",
                    candidates[0].name(),
                    fault.reason
                ),
            });
        }
    };
    let parsed = Parsed { document, roots };
    let best = candidates
        .into_iter()
        .map(|reader| (reader.detects(&parsed), reader))
        .filter(|(confidence, _)| *confidence > Confidence::No)
        // The first of equals: the order of the table decides.
        .reduce(|best, next| if next.0 > best.0 { next } else { best });
    match best {
        Some((_, reader)) => Reading::Read(reader.name(), reader.read(&parsed)),
        None => Reading::NotOurs,
    }
}

/// Reads the Terraform files of one folder, which are one module.
#[must_use]
pub fn read_terraform(documents: &[Document]) -> ReadOutcome {
    terraform::read_folder(documents)
}

/// The name under which Terraform's files are counted.
pub const TERRAFORM: &str = "terraform";

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Syntax {
    Json,
    Yaml,
}

/// JSON shows itself by its first character; YAML hardly does, so it needs a name that says so.
fn syntax(document: &Document) -> Option<Syntax> {
    let name = document.source.file.rsplit('/').next().unwrap_or_default();
    let extension = name.rsplit_once('.').map_or("", |(_, extension)| extension).to_ascii_lowercase();
    let first = document.text.trim_start().chars().next();
    match (extension.as_str(), first) {
        ("yml" | "yaml" | "template", Some('{')) => Some(Syntax::Json),
        ("yml" | "yaml" | "template", _) => Some(Syntax::Yaml),
        (_, Some('{' | '[')) => Some(Syntax::Json),
        _ => None,
    }
}
