//! The judgement over a new password.

use crypto::password::Password;

use super::guess::{self, Pattern};
use crate::limits;

/// What else a sign-in needs besides this password.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Factor {
    /// Nothing: the password alone signs in.
    Only,
    /// A second factor, always.
    OneOfTwo,
}

impl Factor {
    /// Fewest characters (NIST SP 800-63B-4 §3.1.1.2: 15 for a password that stands alone, 8 beside another factor).
    #[must_use]
    pub const fn characters_min(self) -> usize {
        match self {
            Self::Only => limits::PASSWORD_CHARACTERS_MIN_ALONE,
            Self::OneOfTwo => limits::PASSWORD_CHARACTERS_MIN_WITH_SECOND,
        }
    }
}

/// What is known about the person and the place.
#[derive(Debug, Clone, Copy)]
pub struct Context<'a> {
    /// The person's sign-in names, and others that they are known by.
    pub names: &'a [&'a str],
    /// Words that an attacker would try here: the organisation's names, its domains, the product.
    pub words: &'a [&'a str],
    /// What the password is part of.
    pub factor: Factor,
}

/// The question whether a password stands on a list of breached ones. The shell looks it up and judges with the answer.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct BreachLookup {
    /// SHA-1 of the password: what such lists are ordered by. As guessable as the password.
    pub sha1: [u8; 20],
}

impl BreachLookup {
    /// The question about one password.
    #[must_use]
    pub fn of(password: &Password) -> Self {
        Self { sha1: password.sha1() }
    }
}

impl std::fmt::Debug for BreachLookup {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("BreachLookup(…)")
    }
}

/// The answer to [`BreachLookup`]. A list that is configured but can't be read has no answer here: the shell refuses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BreachVerdict {
    /// This installation has no list.
    NoList,
    /// The list doesn't hold it.
    Absent,
    /// The list holds it.
    Found {
        /// In how many accounts it was seen; zero when the list doesn't count.
        times: u64,
    },
}

/// Why a password is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Weakness {
    /// It has fewer characters than it needs.
    TooShort {
        /// How many it needs.
        characters_min: usize,
    },
    /// It contains one of the person's sign-in names.
    ContainsName,
    /// It is easily guessed.
    Guessable(Pattern),
    /// It stands on a list of breached passwords.
    Breached {
        /// In how many accounts it was seen; zero when the list doesn't count.
        times: u64,
    },
}

impl Weakness {
    /// The word used in the API and to find the page's text.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::TooShort { .. } => "too_short",
            Self::ContainsName => "contains_name",
            Self::Guessable(_) => "guessable",
            Self::Breached { .. } => "breached",
        }
    }
}

/// Judges a password that somebody wants to use from now on. What was accepted once is not judged again at sign-in.
///
/// # Errors
/// Every reason against it, at once, so that the person need not find them one by one.
pub fn judge_new(password: &Password, context: &Context<'_>, breach: BreachVerdict) -> Result<(), Vec<Weakness>> {
    let mut weaknesses = Vec::new();
    let characters_min = context.factor.characters_min();
    if password.chars() < characters_min {
        weaknesses.push(Weakness::TooShort { characters_min });
    }
    // A mailbox's own part is what people put into passwords; the domain comes with the organisation's words.
    let names = context.names.iter().flat_map(|name| [*name, local_part(name)]);
    let known: Vec<&str> = names.clone().chain(context.words.iter().copied()).collect();
    let lower = password.expose().to_lowercase();
    let telling = |name: &str| name.chars().count() >= limits::TELLING_NAME_CHARACTERS_MIN;
    if names.into_iter().any(|name| telling(name) && lower.contains(&name.to_lowercase())) {
        weaknesses.push(Weakness::ContainsName);
    }
    weaknesses.extend(guess::pattern(password.expose(), &known, context.factor).map(Weakness::Guessable));
    match breach {
        BreachVerdict::NoList | BreachVerdict::Absent => {}
        BreachVerdict::Found { times } => weaknesses.push(Weakness::Breached { times }),
    }
    if weaknesses.is_empty() { Ok(()) } else { Err(weaknesses) }
}

fn local_part(name: &str) -> &str {
    name.split_once('@').map_or(name, |(local, _)| local)
}

#[cfg(test)]
mod tests {
    use model::Secret;
    use proptest::prelude::*;

    use super::*;

    fn password(text: &str) -> Password {
        Password::parse(Secret::new(text.to_owned())).expect("a password")
    }

    fn judge(text: &str, factor: Factor) -> Vec<Weakness> {
        let context = Context { names: &["ada.lovelace@example.org", "Ada"], words: &["Analytical Engines"], factor };
        judge_new(&password(text), &context, BreachVerdict::NoList).err().unwrap_or_default()
    }

    #[test]
    fn a_password_alone_is_longer_than_one_beside_a_second_factor() {
        // 14 and 15, 7 and 8 characters of no pattern; the accented ones take more bytes than characters.
        assert_eq!(judge("wq7é!tz0oXk#4v", Factor::Only), [Weakness::TooShort { characters_min: 15 }]);
        assert_eq!(judge("wq7é!tz0oXk#4vß", Factor::Only), []);
        assert_eq!(judge("wq7é!tz0", Factor::OneOfTwo), []);
        // Enough beside a second factor; alone it would be too short, and too simple as well.
        let alone = [Weakness::TooShort { characters_min: 15 }, Weakness::Guessable(Pattern::Simple)];
        assert_eq!(judge("wq7é!tz0", Factor::Only), alone);
        assert!(judge("wq7é!tz", Factor::OneOfTwo).contains(&Weakness::TooShort { characters_min: 8 }));
        assert_eq!(judge("lantern orbit mustard quill", Factor::Only), [], "four words without any digit");
    }

    #[test]
    fn what_people_choose_first_is_called_by_its_pattern() {
        for (text, pattern) in [
            ("password", Pattern::Common),
            ("schwarzenegger", Pattern::NameOrWord),
            ("zxcvbnm,./", Pattern::Keyboard),
            ("aaaaaaaaaaaaaaaaaaaa", Pattern::Repetition),
            ("abcdefghijklmnop", Pattern::Sequence),
            ("13.05.1978", Pattern::Date),
        ] {
            let found = judge(text, Factor::OneOfTwo);
            assert_eq!(found, [Weakness::Guessable(pattern)], "{text}");
        }
    }

    #[test]
    fn names_and_the_places_own_words_are_no_secret() {
        for text in ["xX-Ada.Lovelace-Kf83hs", "ADA.LOVELACE@EXAMPLE.ORG 77", "9vk2ada.lovelacewe7f"] {
            assert!(judge(text, Factor::Only).contains(&Weakness::ContainsName), "{text}");
        }
        // A short name is found in too many words to mean anything.
        assert_eq!(judge("armada crossing the quiet canal", Factor::Only), []);
        // Known words make it guessable, and are not forbidden as such.
        let alone = judge("Analytical Engines", Factor::Only);
        assert!(matches!(alone[..], [Weakness::Guessable(_)]), "{alone:?}");
        assert_eq!(judge("Analytical Engines zq0 wintry plover", Factor::Only), []);
    }

    #[test]
    fn a_breached_password_is_refused_however_long() {
        let context = Context { names: &[], words: &[], factor: Factor::Only };
        let long = password("lantern orbit mustard quill");
        for (verdict, expected) in [
            (BreachVerdict::NoList, Ok(())),
            (BreachVerdict::Absent, Ok(())),
            (BreachVerdict::Found { times: 3 }, Err(vec![Weakness::Breached { times: 3 }])),
            (BreachVerdict::Found { times: 0 }, Err(vec![Weakness::Breached { times: 0 }])),
        ] {
            assert_eq!(judge_new(&long, &context, verdict), expected);
        }
        let lookup = BreachLookup::of(&password("password"));
        assert_eq!(lookup.sha1[..4], [0x5b, 0xaa, 0x61, 0xe4]);
        assert_eq!(format!("{lookup:?}"), "BreachLookup(…)");
    }

    #[test]
    fn every_reason_is_told_at_once() {
        let context = Context { names: &["ada@example.org", "lovelace"], words: &[], factor: Factor::Only };
        let found = judge_new(&password("Lovelace1"), &context, BreachVerdict::Found { times: 9 });
        let words: Vec<_> = found.expect_err("weak").into_iter().map(Weakness::word).collect();
        assert_eq!(words, ["too_short", "contains_name", "guessable", "breached"]);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(40))]
        #[test]
        fn no_text_makes_the_estimate_stumble(text in "\\PC{1,120}", name in "\\PC{0,20}") {
            if let Ok(password) = Password::parse(Secret::new(text)) {
                let context = Context { names: &[&name], words: &[&name], factor: Factor::Only };
                let judged = judge_new(&password, &context, BreachVerdict::Absent);
                prop_assert!(password.chars() >= 15 || judged.is_err());
            }
        }
    }
}
