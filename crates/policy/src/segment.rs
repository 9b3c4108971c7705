//! A population named by a rule.

use model::Employment;

use crate::{PersonFacts, SegmentName};

/// A population, by rule over employment kind, privilege and groups. Every clause must hold; a clause that says nothing holds for everyone, so a
/// segment with no clause is everyone. Neither the order of clauses nor that of groups matters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Segment {
    /// Its name.
    pub name: SegmentName,
    /// One of these kinds; empty: any kind.
    pub employment: Vec<Employment>,
    /// Privileged people, or those who are not; `None`: both.
    pub privileged: Option<bool>,
    /// In at least one of these groups; empty: whatever groups. Names are compared byte for byte.
    pub any_of: Vec<String>,
    /// In every one of these groups.
    pub all_of: Vec<String>,
    /// In none of these groups.
    pub none_of: Vec<String>,
}

impl Segment {
    /// Everyone, under that name.
    #[must_use]
    pub const fn everyone(name: SegmentName) -> Self {
        Self {
            name,
            employment: Vec::new(),
            privileged: None,
            any_of: Vec::new(),
            all_of: Vec::new(),
            none_of: Vec::new(),
        }
    }

    /// Whether the person belongs to it.
    #[must_use]
    pub fn holds(&self, person: &PersonFacts<'_>) -> bool {
        let is_in = |group: &String| person.groups.contains(group);
        (self.employment.is_empty() || self.employment.contains(&person.employment))
            && self.privileged.is_none_or(|privileged| privileged == person.privileged)
            && (self.any_of.is_empty() || self.any_of.iter().any(is_in))
            && self.all_of.iter().all(is_in)
            && !self.none_of.iter().any(is_in)
    }

    /// The groups that it names, repeats included.
    pub(crate) fn groups(&self) -> impl Iterator<Item = &str> {
        self.any_of.iter().chain(&self.all_of).chain(&self.none_of).map(String::as_str)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(groups: &[&str]) -> Vec<String> {
        groups.iter().map(|group| (*group).to_owned()).collect()
    }

    fn check(segment: &Segment, employment: Employment, privileged: bool, groups: &[&str], expected: bool) {
        let (forth, back) = (words(groups), words(groups).into_iter().rev().collect::<Vec<_>>());
        for groups in [&forth, &back] {
            let person = PersonFacts { employment, privileged, groups };
            assert_eq!(segment.holds(&person), expected, "{segment:?} {person:?}");
        }
    }

    #[test]
    fn every_clause_must_hold_and_an_empty_one_does() {
        use Employment::{Contractor, Partner, Workforce};
        let everyone = Segment::everyone(SegmentName::parse("everyone").expect("a name"));
        check(&everyone, Partner, false, &[], true);
        check(&everyone, Workforce, true, &["a", "b"], true);

        let kinds = Segment { employment: vec![Workforce, Contractor], ..everyone.clone() };
        check(&kinds, Workforce, false, &[], true);
        check(&kinds, Contractor, false, &[], true);
        check(&kinds, Partner, false, &[], false);

        let plain = Segment { privileged: Some(false), ..everyone.clone() };
        check(&plain, Workforce, false, &[], true);
        check(&plain, Workforce, true, &[], false);

        let any = Segment { any_of: words(&["legal", "hr"]), ..everyone.clone() };
        check(&any, Workforce, false, &["hr", "lunch"], true);
        check(&any, Workforce, false, &["HR", "lunch"], false);
        check(&any, Workforce, false, &[], false);

        let all = Segment { all_of: words(&["finance", "payments"]), ..everyone.clone() };
        check(&all, Workforce, false, &["payments", "finance", "lunch"], true);
        check(&all, Workforce, false, &["payments"], false);

        let none = Segment { none_of: words(&["interns"]), ..any.clone() };
        check(&none, Workforce, false, &["legal"], true);
        check(&none, Workforce, false, &["legal", "interns"], false);

        let mixed = Segment { employment: vec![Workforce], privileged: Some(true), ..none };
        check(&mixed, Workforce, true, &["legal"], true);
        check(&mixed, Contractor, true, &["legal"], false);
        check(&mixed, Workforce, false, &["legal"], false);
    }
}
