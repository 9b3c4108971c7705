//! Broken rules, and how much they matter.

use crate::{Client, Evidence, Needs, Rule};

/// How bad a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// To be mended when the client is touched anyway.
    Low,
    /// To be mended in a planned wave.
    Medium,
    /// To be mended first.
    High,
}

impl Severity {
    /// The word for machines.
    #[must_use]
    pub const fn as_word(self) -> &'static str {
        match self {
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
        }
    }

    const fn one_less(self) -> Self {
        match self {
            Self::High => Self::Medium,
            Self::Medium | Self::Low => Self::Low,
        }
    }
}

/// How far a fault is from being used, as far as configuration can tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Exposure {
    /// It is written down, but the client is switched off, or no flow leads there.
    Configured,
    /// Somebody could use it today. Also where nobody can tell that they could not.
    Reachable,
}

impl Exposure {
    /// The word for machines.
    #[must_use]
    pub const fn as_word(self) -> &'static str {
        match self {
            Self::Configured => "configured",
            Self::Reachable => "reachable",
        }
    }

    /// What a client's other facts say about a broken rule that needs this.
    pub(crate) fn of(client: &Client, needs: Needs) -> Self {
        let off = client.enabled.known() == Some(&false);
        let unreachable = match needs {
            Needs::Client => false,
            Needs::Redirects => {
                let flows = &client.flows;
                (flows.code.known() == Some(&false) && flows.implicit.known() == Some(&false))
                    || (client.redirects.is_complete() && client.redirects.items.is_empty())
            }
        };
        if off || unreachable { Self::Configured } else { Self::Reachable }
    }
}

/// On what a finding rests.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Confidence {
    /// On what a file says.
    Stated,
    /// On what the product does when the file is silent.
    ByDefault,
}

impl Confidence {
    /// The word for machines.
    #[must_use]
    pub const fn as_word(self) -> &'static str {
        match self {
            Self::Stated => "stated",
            Self::ByDefault => "by_default",
        }
    }
}

/// A rule that a client breaks.
#[derive(Debug, Clone)]
pub struct Finding {
    /// Which.
    pub rule: &'static Rule,
    /// How bad it is for this client.
    pub severity: Severity,
    /// How far it is from being used.
    pub exposure: Exposure,
    /// On what it rests.
    pub confidence: Confidence,
    /// Where it shows; sorted, at least one.
    pub evidence: Vec<Evidence>,
    /// Places that describe the client and keep the rule, when others break it.
    pub contradicted: bool,
}

impl Finding {
    /// A finding about `client`, which breaks `rule` by this evidence.
    pub(crate) fn new(rule: &'static Rule, client: &Client, evidence: Vec<Evidence>, contradicted: bool) -> Self {
        let exposure = Exposure::of(client, rule.needs);
        let severity = match exposure {
            Exposure::Reachable => (rule.severity)(client),
            Exposure::Configured => (rule.severity)(client).one_less(),
        };
        // One place that says it is enough.
        let stated = evidence.iter().any(|one| one.default.is_none());
        let confidence = if stated { Confidence::Stated } else { Confidence::ByDefault };
        Self { rule, severity, exposure, confidence, evidence, contradicted }
    }
}

/// A rule of which nobody can tell whether a client keeps it.
#[derive(Debug, Clone)]
pub struct Open {
    /// Which.
    pub rule: &'static Rule,
    /// Why; sorted, at least one.
    pub reasons: Vec<Evidence>,
}
