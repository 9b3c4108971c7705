//! `[policy.segments.NAME]`: populations, ours and the organisation's.

use std::collections::BTreeMap;

use model::Employment;

use crate::{
    Rule, Segment, SegmentName,
    bounds::{GROUP_CHARS_MAX, GROUPS_MAX, SEGMENTS_MAX},
    presets,
};

use super::{
    list,
    problem::{Fault, Problems, shown},
    shape::SegmentFile,
};

const KEYS: [&str; 5] = ["employment", "privileged", "groups_any_of", "groups_all_of", "groups_none_of"];
const KINDS: [Employment; 3] = [Employment::Workforce, Employment::Contractor, Employment::Partner];

/// Every segment that a rule may name: those of presets, and the organisation's, which replace them by name.
pub(super) struct Segments(BTreeMap<String, Segment>);

impl Segments {
    pub(super) fn named(&self, name: &str) -> Option<&Segment> {
        self.0.get(name)
    }

    pub(super) fn names(&self) -> Vec<&str> {
        self.0.keys().map(String::as_str).collect()
    }

    /// A preset's rule with the organisation's idea of its segments.
    pub(super) fn put_into(&self, mut rule: Rule) -> Rule {
        for segment in &mut rule.segments {
            if let Some(own) = self.named(segment.name.as_str()) {
                *segment = own.clone();
            }
        }
        rule
    }
}

pub(super) fn check(written: &BTreeMap<String, SegmentFile>, problems: &mut Problems) -> Segments {
    if written.len() > SEGMENTS_MAX {
        problems.push("policy.segments", Fault::TooMany { most: SEGMENTS_MAX });
    }
    let ours = presets::segments().map(|segment| (segment.name.as_str().to_owned(), segment));
    let mut segments = BTreeMap::from(ours);
    for (name, file) in written {
        let path = format!("policy.segments.{}", shown(name));
        let Ok(name) = SegmentName::parse(name) else {
            problems.push(&path, Fault::NotAName);
            continue;
        };
        segments.insert(name.as_str().to_owned(), segment(&path, name, file, problems));
    }
    Segments(segments)
}

fn segment(path: &str, name: SegmentName, file: &SegmentFile, problems: &mut Problems) -> Segment {
    problems.unknown_keys(path, file.unknown.keys(), &KEYS);
    let at = |key: &str| format!("{path}.{key}");
    let kinds = KINDS.map(Employment::as_str);
    let employment = file.employment.as_ref();
    let employment = list::words_if_any(&at("employment"), employment, &kinds, Employment::from_word, problems);
    Segment {
        name,
        employment: employment.unwrap_or_default(),
        privileged: file.privileged,
        any_of: groups(&at("groups_any_of"), file.groups_any_of.as_ref(), problems),
        all_of: groups(&at("groups_all_of"), file.groups_all_of.as_ref(), problems),
        none_of: groups(&at("groups_none_of"), file.groups_none_of.as_ref(), problems),
    }
}

/// Names of groups, which may be any text: they come from directories that have their own ideas of a name.
fn groups(path: &str, list: Option<&Vec<String>>, problems: &mut Problems) -> Vec<String> {
    if list.is_some_and(|list| list.len() > GROUPS_MAX) {
        problems.push(path, Fault::TooMany { most: GROUPS_MAX });
        return Vec::new();
    }
    if list.is_some_and(|list| list.iter().any(|group| !list::is_text(group, GROUP_CHARS_MAX))) {
        problems.push(path, Fault::NotAText { chars_max: GROUP_CHARS_MAX });
        return Vec::new();
    }
    list::words_if_any(path, list, &[], |group| Some(group.to_owned()), problems).unwrap_or_default()
}
