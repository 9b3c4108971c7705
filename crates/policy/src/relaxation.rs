//! Dated exceptions: one rule taken away for one client or person.

use model::{ClientId, PersonId, Timestamp};

use crate::RuleName;

/// Longest an exception may still run, in seconds: 90 days. One that claims more is not believed, whoever wrote it.
pub const RELAXATION_SECONDS_MAX: i64 = 90 * 24 * 60 * 60;

/// One rule taken away for one client or person until a moment. Reason, owner and the second person's approval are the caller's to keep;
/// this is what is left of an exception when a requirement is resolved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Relaxation {
    /// The rule. Base and floors can't be taken away, so a relaxation that names them does nothing.
    pub rule: RuleName,
    /// For whom.
    pub whom: RelaxedFor,
    /// The first moment at which it no longer counts.
    pub until: Timestamp,
}

/// For whom a rule is taken away.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RelaxedFor {
    /// One person, everywhere.
    Person(PersonId),
    /// One client, for everyone who uses it.
    Client(ClientId),
}

/// Who asks through what, with the exceptions that somebody granted. The list may hold other people's: only those that fit count.
#[derive(Debug, Clone, Copy)]
pub struct Exceptions<'a> {
    /// The person, where known.
    pub person: Option<PersonId>,
    /// The client, if one asks.
    pub client: Option<&'a ClientId>,
    /// Exceptions, in any order.
    pub relaxations: &'a [Relaxation],
}

impl Exceptions<'_> {
    /// No exception at all.
    pub const NONE: Self = Self { person: None, client: None, relaxations: &[] };

    /// The moment until which `rule` is taken away, if it is: the latest of all exceptions that fit.
    pub(crate) fn lifted_until(&self, rule: &RuleName, now: Timestamp) -> Option<Timestamp> {
        let counts = |one: &&Relaxation| one.rule == *rule && self.fits(&one.whom) && one.is_live(now);
        self.relaxations.iter().filter(counts).map(|one| one.until).max()
    }

    fn fits(&self, whom: &RelaxedFor) -> bool {
        match whom {
            RelaxedFor::Person(person) => self.person == Some(*person),
            RelaxedFor::Client(client) => self.client == Some(client),
        }
    }
}

impl Relaxation {
    /// Whether it still runs, and for no longer than an exception may.
    #[must_use]
    pub fn is_live(&self, now: Timestamp) -> bool {
        now < self.until && self.until <= now.plus_seconds(RELAXATION_SECONDS_MAX)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_exception_ends_on_time_and_is_not_believed_beyond_the_longest() {
        let until = Timestamp::from_seconds(1_000_000_000);
        let rule = RuleName::parse("a-rule").expect("a name");
        let one = Relaxation { rule, whom: RelaxedFor::Person(PersonId::from_bytes([1; 16])), until };
        for (seconds_before, expected) in
            [(0, false), (-1, false), (1, true), (RELAXATION_SECONDS_MAX, true), (RELAXATION_SECONDS_MAX + 1, false)]
        {
            assert_eq!(one.is_live(until.plus_seconds(-seconds_before)), expected, "{seconds_before}");
        }
    }

    #[test]
    fn an_exception_fits_its_person_or_its_client_and_no_other() {
        let now = Timestamp::from_seconds(1_000_000_000);
        let rule = RuleName::parse("a-rule").expect("a name");
        let (ann, ben) = (PersonId::from_bytes([1; 16]), PersonId::from_bytes([2; 16]));
        let client = |id: &str| ClientId::parse(id).expect("a client id");
        let (wiki, bank) = (client("wiki"), client("bank"));
        let of = |whom, seconds| Relaxation { rule: rule.clone(), whom, until: now.plus_seconds(seconds) };
        let relaxations = [of(RelaxedFor::Person(ann), 10), of(RelaxedFor::Client(wiki.clone()), 20)];
        let until = |person, client| {
            let seen = Exceptions { person, client, relaxations: &relaxations }.lifted_until(&rule, now);
            seen.map(|until| until.millis_since(now) / 1000)
        };
        assert_eq!(until(Some(ann), None), Some(10));
        assert_eq!(until(Some(ben), Some(&wiki)), Some(20));
        assert_eq!(until(Some(ann), Some(&wiki)), Some(20));
        assert_eq!(until(Some(ben), Some(&bank)), None);
        assert_eq!(until(None, None), None);
    }
}
