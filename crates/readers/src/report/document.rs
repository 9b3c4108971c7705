//! The JSON form. Its members and words are a promise; `schema/inventory.schema.json` states it, and a test compares the two.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// `format` of every document of this kind.
pub(super) const FORMAT: &str = "lockgate-inventory";
/// The version that is written and read here.
pub(super) const VERSION: u32 = 1;

/// Everything that a scan found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Document {
    /// Always `lockgate-inventory`.
    pub format: String,
    /// Counts up when a reader of older documents would misunderstand a newer one.
    pub version: u32,
    /// When the scan ended (RFC 3339).
    pub scanned_at: String,
    /// What was looked at.
    pub files: Counts,
    /// How many files each reader read, by the reader's name.
    pub readers: BTreeMap<String, u64>,
    /// Clients after merging, worst first.
    pub clients: Vec<ClientDocument>,
    /// One row for each client as found in a file, before merging.
    pub rows: Vec<Row>,
    /// What could not be read, and other remarks about files.
    pub notices: Vec<NoticeDocument>,
}

/// Files of a scan.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    /// All that were met.
    pub seen: u64,
    /// Those that a reader read.
    pub read: u64,
    /// Those of no known format.
    pub skipped: u64,
    /// Bytes that were looked at.
    pub bytes: u64,
}

/// One client.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClientDocument {
    /// `keycloak`, `auth0` …
    pub provider: String,
    /// The product's name.
    pub provider_name: String,
    /// Realm, tenant or pool.
    pub environment: Option<String>,
    /// The issuer's URL.
    pub issuer: Option<String>,
    /// The best name for machines that there is.
    pub label: String,
    /// `client_id`.
    pub id: FactDocument,
    /// Names for people.
    pub names: Vec<String>,
    /// What the file calls it.
    pub resource: String,
    /// Every place that describes it.
    pub places: Vec<PlaceDocument>,
    /// `web`, `browser`, `native`, `service`.
    pub kind: FactDocument,
    /// Flows.
    pub flows: FlowsDocument,
    /// `required_s256`, `required_plain_allowed`, `not_required`, `no_such_switch`.
    pub pkce: FactDocument,
    /// Redirect URIs.
    pub redirects: Vec<RedirectDocument>,
    /// Why there may be more of them.
    pub redirects_open: Option<EvidenceDocument>,
    /// `none`, `secret`, `client_secret_basic` …
    pub authentication: FactDocument,
    /// `true` or `false`. Never the secret.
    pub has_secret: FactDocument,
    /// Seconds, or `endless`.
    pub access_token_seconds: FactDocument,
    /// Seconds, or `endless`.
    pub refresh_idle_seconds: FactDocument,
    /// Seconds, or `endless`.
    pub refresh_absolute_seconds: FactDocument,
    /// `rotates`, `stays`, `none_issued`.
    pub refresh_rotation: FactDocument,
    /// The claim by which the application knows people.
    pub subject_claim: FactDocument,
    /// Who may be in charge.
    pub owners: Vec<OwnerDocument>,
    /// Whether it may be used.
    pub enabled: FactDocument,
    /// Whether the product made it by itself.
    pub builtin: bool,
    /// Broken rules, worst first.
    pub findings: Vec<FindingDocument>,
    /// Rules of which nobody can tell.
    pub open: Vec<OpenDocument>,
    /// What places say differently.
    pub disagreements: Vec<DisagreementDocument>,
}

/// A fact.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FactDocument {
    /// `stated`, `default` or `unknown`.
    pub certainty: String,
    /// The value; absent when unknown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
    /// Why it is unknown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub because: Option<String>,
    /// The default that it rests on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub default: Option<DefaultDocument>,
    /// Where.
    pub at: PlaceDocument,
}

/// The six flows; values are `true` and `false`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FlowsDocument {
    /// A code from the authorization endpoint.
    pub code: FactDocument,
    /// An access token from the authorization endpoint.
    pub implicit: FactDocument,
    /// A person's password in the client's hands.
    pub password: FactDocument,
    /// The client for itself.
    pub client_credentials: FactDocument,
    /// Refresh tokens.
    pub refresh_token: FactDocument,
    /// The device grant.
    pub device_code: FactDocument,
}

/// A place in a file.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct PlaceDocument {
    /// The file, relative to the scanned folder.
    pub file: String,
    /// The line, from 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub line: Option<u32>,
    /// A JSON pointer or a resource's address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pointer: Option<String>,
}

/// A redirect URI; only `at` and `because` when it is unknown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RedirectDocument {
    /// As registered, holes as written.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub uri: Option<String>,
    /// The product's matching rule.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub matching: Option<String>,
    /// `nothing`, `path`, `host`; `unknown` when a hole decides.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub varies: Option<String>,
    /// Why it is unknown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub because: Option<String>,
    /// Where.
    pub at: PlaceDocument,
}

/// Who may be in charge.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OwnerDocument {
    /// As written.
    pub text: String,
    /// Where.
    pub at: PlaceDocument,
}

/// A broken rule.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FindingDocument {
    /// The rule's id.
    pub rule: String,
    /// `low`, `medium`, `high`.
    pub severity: String,
    /// `configured`, `reachable`.
    pub exposure: String,
    /// `stated`, `by_default`.
    pub confidence: String,
    /// Whether another place keeps the rule.
    pub contradicted: bool,
    /// Where it shows.
    pub evidence: Vec<EvidenceDocument>,
}

/// A rule of which nobody can tell.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpenDocument {
    /// The rule's id.
    pub rule: String,
    /// Why.
    pub reasons: Vec<EvidenceDocument>,
}

/// One thing that a judgement rests on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EvidenceDocument {
    /// What.
    pub text: String,
    /// Where.
    pub at: PlaceDocument,
    /// The default that it rests on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub default: Option<DefaultDocument>,
}

/// A row of the table of defaults.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct DefaultDocument {
    /// The product.
    pub product: String,
    /// Its versions.
    pub versions: String,
    /// The setting.
    pub setting: String,
    /// What is done when it is absent.
    pub value: String,
    /// Where that is written.
    pub source: String,
}

/// What places say differently.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DisagreementDocument {
    /// About what.
    pub about: String,
    /// Who says what.
    pub said: Vec<VoiceDocument>,
}

/// What one place says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct VoiceDocument {
    /// What.
    pub text: String,
    /// Where.
    pub at: PlaceDocument,
}

/// One client in one file. Answers are `0`, `1`, `na`, `unknown`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Row {
    /// The file, relative to the scanned folder.
    pub file: String,
    /// `client_id`, or the best name that there is.
    pub client_id: String,
    /// An access token would come from the authorization endpoint.
    pub implicit: String,
    /// The client may hand over a person's password.
    pub ropc: String,
    /// The server refuses a code request without PKCE.
    pub pkce_enforced: String,
    /// More than a loopback port may vary.
    pub wildcard_redirect: String,
    /// `http` to another machine.
    pub http_non_loopback_redirect: String,
    /// No authentication at the token endpoint.
    pub public_client: String,
}

/// A remark about a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NoticeDocument {
    /// `unread`, `partial`, `remark`.
    pub kind: String,
    /// What.
    pub text: String,
    /// Where.
    pub at: PlaceDocument,
}

/// Why a document can't be read.
#[derive(Debug, thiserror::Error)]
pub enum DocumentError {
    /// It is no JSON, or not of this shape.
    #[error("this is no inventory: {0}")]
    Shape(#[from] serde_json::Error),
    /// It is some other JSON.
    #[error("this is no inventory: it does not say \"format\": \"{FORMAT}\"")]
    Format,
    /// Another version wrote it.
    #[error("this inventory has version {0}, and this program reads version {VERSION}; scan again with this program")]
    Version(u32),
}

impl Document {
    /// As JSON on one line: indented, large inventories are twice as long.
    ///
    /// # Errors
    /// When the writer fails.
    pub fn write(&self, out: &mut dyn std::io::Write) -> std::io::Result<()> {
        serde_json::to_writer(&mut *out, self)?;
        out.write_all(b"\n")
    }

    /// Reads what [`Self::write`] wrote.
    ///
    /// # Errors
    /// When it is something else, or of another version.
    pub fn read(bytes: &[u8]) -> Result<Self, DocumentError> {
        // The head first: a newer document may have another shape.
        #[derive(Deserialize)]
        struct Head {
            format: String,
            version: u32,
        }
        let head: Head = serde_json::from_slice(bytes)?;
        if head.format != FORMAT {
            return Err(DocumentError::Format);
        }
        if head.version != VERSION {
            return Err(DocumentError::Version(head.version));
        }
        Ok(serde_json::from_slice(bytes)?)
    }
}
