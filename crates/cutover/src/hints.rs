//! What the person who scans knows and the files don't say.

use crate::{Client, Fact, OwnerHint, Source};

/// Hints for merging. Applied in order; a later one wins.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Hints {
    /// Which folders hold which environment.
    pub environments: Vec<EnvironmentHint>,
    /// What certain clients are.
    pub clients: Vec<ClientHint>,
}

/// Files under one path belong to one environment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EnvironmentHint {
    /// A file or folder, as sources name it: `exports/prod`.
    pub path: String,
    /// The environment's name. Clients of the same product, environment and id are one.
    pub name: String,
    /// The issuer's URL there.
    pub issuer: Option<String>,
}

/// One client's identity or owner.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClientHint {
    /// Only in this file or folder; everywhere when not given.
    pub path: Option<String>,
    /// Its id or name, or what the file calls it.
    pub client: String,
    /// Its `client_id`, where the file does not say.
    pub id: Option<String>,
    /// Who is in charge.
    pub owner: Option<String>,
}

impl Hints {
    /// Adds what the hints say to a client. An id that a file states is not replaced.
    pub(crate) fn apply(&self, client: &mut Client) {
        for hint in &self.environments {
            if is_under(&client.source.file, &hint.path) {
                client.environment = Some(hint.name.clone());
                client.issuer = hint.issuer.clone().or(client.issuer.take());
            }
        }
        for hint in &self.clients {
            let here = hint.path.as_ref().is_none_or(|path| is_under(&client.source.file, path));
            if !here || (client.resource != hint.client && client.label() != hint.client) {
                continue;
            }
            let source = || Source::file("map").at_pointer(&hint.client);
            if let (Some(id), None) = (&hint.id, client.id.known()) {
                client.id = Fact::certain(id.clone(), source());
            }
            if let Some(owner) = &hint.owner {
                client.owners.push(OwnerHint { text: owner.clone(), source: source() });
            }
        }
    }
}

fn is_under(file: &str, path: &str) -> bool {
    let path = path.trim_start_matches("./").trim_end_matches('/');
    file.strip_prefix(path).is_some_and(|rest| rest.is_empty() || path.is_empty() || rest.starts_with(['/', '!']))
}
