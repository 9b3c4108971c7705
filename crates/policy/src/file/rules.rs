//! `[policy.rules.NAME]`: what is asked of some people on some tiers, on top of the base.

use std::{collections::BTreeMap, sync::Arc};

use model::Tier;

use crate::{Requirement, Rule, RuleName, Tiers, bounds::REASON_CHARS_MAX, presets::Preset};

use super::{
    TIERS, list,
    problem::{Fault, Problems, shown},
    segments::Segments,
    settings,
    shape::RuleFile,
};

/// What a rule's table may hold beside facets.
const KEYS: [&str; 3] = ["segments", "tiers", "reason"];

pub(super) fn check(written: &BTreeMap<String, RuleFile>, segments: &Segments, problems: &mut Problems) -> Vec<Rule> {
    let mut rules = Vec::new();
    for (name, file) in written {
        let path = format!("policy.rules.{}", shown(name));
        match RuleName::parse(name) {
            Ok(name) if is_taken(&name) => problems.push(&path, Fault::Taken),
            Ok(name) => rules.push(rule(&path, name, file, segments, problems)),
            Err(_) => problems.push(&path, Fault::NotAName),
        }
    }
    rules
}

/// Whether a preset has a rule of that name, chosen or not: choosing it later must not change what a name means.
fn is_taken(name: &RuleName) -> bool {
    Preset::ALL.into_iter().flat_map(Preset::rules).any(|rule| rule.name == *name)
}

fn rule(path: &str, name: RuleName, file: &RuleFile, segments: &Segments, problems: &mut Problems) -> Rule {
    let at = |key: &str| format!("{path}.{key}");
    let mut asks = Requirement::LOOSEST;
    let facets = settings::put(path, &file.settings, &KEYS, &mut asks, problems);
    for facet in facets.iter().filter(|facet| !asks.limits(**facet)) {
        problems.push(&format!("{path}.{facet}"), Fault::RuleAllows);
    }
    if file.settings.is_empty() {
        problems.push(path, Fault::AsksNothing);
    }
    let whom = list::words_if_any(
        &at("segments"),
        file.segments.as_ref(),
        &segments.names(),
        |word| segments.named(word).cloned(),
        problems,
    );
    let tiers =
        list::words_if_any(&at("tiers"), file.tiers.as_ref(), &TIERS.map(Tier::as_str), Tier::from_word, problems);
    if file.reason.as_ref().is_some_and(|reason| !list::is_text(reason, REASON_CHARS_MAX)) {
        problems.push(&at("reason"), Fault::NotAText { chars_max: REASON_CHARS_MAX });
    }
    Rule {
        name,
        segments: whom.unwrap_or_default(),
        tiers: tiers.map_or(Tiers::ALL, |tiers| Tiers::of(&tiers)),
        asks,
        reason: file.reason.as_deref().map(Arc::from),
    }
}
