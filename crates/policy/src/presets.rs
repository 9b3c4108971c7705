//! Policies that others have written down, as rules to choose by name. Each tightens the base and allows nothing; several may be chosen together.

mod cisa;
mod fido;
mod nist;

use std::sync::Arc;

use crate::{Requirement, Rule, RuleName, Segment, SegmentName, Tiers};

/// A preset. See each variant for where it comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Preset {
    /// NIST SP 800-63B-4, AAL2, for everyone.
    Aal2Workforce,
    /// NIST SP 800-63B-4, AAL3, for privileged people.
    Aal3Administrator,
    /// CISA's order of who goes first: administrators, legal, human resources.
    CisaFirstWave,
    /// FIDO Alliance, moderate assurance.
    FidoModerate,
    /// FIDO Alliance, high assurance.
    FidoHigh,
}

impl Preset {
    /// Every preset.
    pub const ALL: [Self; 5] =
        [Self::Aal2Workforce, Self::Aal3Administrator, Self::CisaFirstWave, Self::FidoModerate, Self::FidoHigh];

    /// The word used in configuration; also the name of its rule, or how the names of its rules begin.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Aal2Workforce => "aal2_workforce",
            Self::Aal3Administrator => "aal3_administrator",
            Self::CisaFirstWave => "cisa_first_wave",
            Self::FidoModerate => "fido_moderate",
            Self::FidoHigh => "fido_high",
        }
    }

    /// Reads the word written by [`Self::as_str`].
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|preset| preset.as_str() == word)
    }

    /// Where it comes from, for a page.
    #[must_use]
    pub const fn source(self) -> &'static str {
        match self {
            Self::Aal2Workforce => "NIST SP 800-63B-4 §2.2, §4.2",
            Self::Aal3Administrator => "NIST SP 800-63B-4 §2.3",
            Self::CisaFirstWave => "CISA, Implementing Phishing-Resistant MFA (2022)",
            Self::FidoModerate => "FIDO Alliance, enterprise white papers (2023), moderate assurance",
            Self::FidoHigh => "FIDO Alliance, High Assurance Enterprise FIDO Authentication (2023)",
        }
    }

    /// Its rules.
    #[must_use]
    pub fn rules(self) -> Vec<Rule> {
        match self {
            Self::Aal2Workforce => vec![nist::aal2_workforce()],
            Self::Aal3Administrator => vec![nist::aal3_administrator()],
            Self::CisaFirstWave => vec![cisa::first_wave()],
            Self::FidoModerate => fido::moderate().into(),
            Self::FidoHigh => fido::high().into(),
        }
    }
}

/// Privileged people: who can change what others may do.
#[must_use]
pub fn administrators() -> Segment {
    Segment { privileged: Some(true), ..Segment::everyone(segment_name("administrators")) }
}

/// Legal staff, by the group `legal`.
#[must_use]
pub fn legal() -> Segment {
    Segment { any_of: vec!["legal".to_owned()], ..Segment::everyone(segment_name("legal")) }
}

/// Human resources, by the groups `human-resources` and `hr`.
#[must_use]
pub fn human_resources() -> Segment {
    let any_of = vec!["human-resources".to_owned(), "hr".to_owned()];
    Segment { any_of, ..Segment::everyone(segment_name("human_resources")) }
}

/// The segments that presets use. A configuration that defines one of these names replaces it everywhere.
#[must_use]
pub fn segments() -> [Segment; 3] {
    [administrators(), legal(), human_resources()]
}

fn segment_name(text: &str) -> SegmentName {
    SegmentName::parse(text).expect("the names of our own segments are names, as the tests of this module check")
}

/// A rule of ours. `name` is written out at each call, so that a search for it finds the rule.
fn rule(name: &str, segments: Vec<Segment>, tiers: Tiers, asks: Requirement, reason: &str) -> Rule {
    let name = RuleName::parse(name).expect("the names of our own rules are names, as the tests of this module check");
    Rule { name, segments, tiers, asks, reason: Some(Arc::from(reason)) }
}

#[cfg(test)]
mod tests {
    use crate::{Policy, bounds::REASON_CHARS_MAX};

    use super::*;

    #[test]
    fn every_preset_has_its_word_and_rules_that_ask_something() {
        for preset in Preset::ALL {
            assert_eq!(Preset::from_word(preset.as_str()), Some(preset));
            assert!(!preset.rules().is_empty());
            for rule in preset.rules() {
                assert!(rule.name.as_str().starts_with(preset.as_str()), "{:?}", rule.name);
                assert!(!Requirement::LOOSEST.at_least_as_strict_as(&rule.asks), "{:?} asks nothing", rule.name);
                let reason = rule.reason.expect("a reason");
                assert!(reason.ends_with('.') && reason.chars().count() <= REASON_CHARS_MAX, "{reason}");
            }
        }
        assert_eq!(Preset::from_word("aal4"), None);
    }

    #[test]
    fn all_presets_together_are_one_policy_of_known_segments() {
        let rules: Vec<_> = Preset::ALL.into_iter().flat_map(Preset::rules).collect();
        for rule in &rules {
            assert!(rule.segments.iter().all(|segment| segments().contains(segment)), "{:?}", rule.name);
        }
        let policy = Policy::default().with(rules).expect("presets go together");
        assert_eq!(policy.groups().into_iter().collect::<Vec<_>>(), ["hr", "human-resources", "legal"]);
    }
}
