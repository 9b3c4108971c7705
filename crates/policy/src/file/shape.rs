//! What serde reads. These types promise only what the configuration looks like; the checked types are elsewhere.

use std::collections::BTreeMap;

use serde::{Deserialize, de::IgnoredAny};

/// The `[policy]` table as written. Tables of tables are kept by name, so no order can get in.
#[derive(Debug, Clone, Default, Deserialize)]
pub struct PolicyFile {
    #[serde(default)]
    pub(super) presets: Vec<String>,
    /// By the tier's word.
    #[serde(default)]
    pub(super) base: BTreeMap<String, Settings>,
    #[serde(default)]
    pub(super) segments: BTreeMap<String, SegmentFile>,
    #[serde(default)]
    pub(super) rules: BTreeMap<String, RuleFile>,
    // Collected and not denied by serde, so that they are reported with everything else and with the words that are known.
    #[serde(flatten)]
    pub(super) unknown: BTreeMap<String, IgnoredAny>,
}

/// `[policy.segments.NAME]`.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct SegmentFile {
    pub(super) employment: Option<Vec<String>>,
    pub(super) privileged: Option<bool>,
    pub(super) groups_any_of: Option<Vec<String>>,
    pub(super) groups_all_of: Option<Vec<String>>,
    pub(super) groups_none_of: Option<Vec<String>>,
    #[serde(flatten)]
    pub(super) unknown: BTreeMap<String, IgnoredAny>,
}

/// `[policy.rules.NAME]`.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct RuleFile {
    pub(super) segments: Option<Vec<String>>,
    pub(super) tiers: Option<Vec<String>>,
    pub(super) reason: Option<String>,
    #[serde(flatten)]
    pub(super) settings: Settings,
}

/// Facets by their words, and whatever else was written there.
pub(super) type Settings = BTreeMap<String, Setting>;

/// The value of one setting, whatever it should have been.
#[derive(Debug, Clone, Deserialize)]
#[serde(untagged)]
pub(super) enum Setting {
    Flag(bool),
    Number(i64),
    Word(String),
    Other(IgnoredAny),
}
