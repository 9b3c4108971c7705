//! How easily a password is guessed by someone who knows how people choose them.
//!
//! The estimate is zxcvbn's: it looks for words, names, dates, keyboard rows and repetitions, and counts the guesses that
//! are needed when those are tried first. It reads the current year from the machine to know recent dates; that is the
//! one thing in this room that does not come as an argument, and it moves a judgement by nothing but years.

use zxcvbn::{
    Score,
    feedback::{Feedback, Warning},
    zxcvbn,
};

use super::Factor;

/// What makes a password easy to guess.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pattern {
    /// It is one of the passwords that everybody tries first, or nearly so.
    Common,
    /// It is a word or a name, perhaps with a digit or two.
    NameOrWord,
    /// It follows the rows of a keyboard.
    Keyboard,
    /// It repeats itself.
    Repetition,
    /// It counts up or down, in letters or digits.
    Sequence,
    /// It is a date or a year.
    Date,
    /// It is too simple in all, without one pattern that stands out.
    Simple,
}

impl Pattern {
    /// The word used in the API and to find the page's text.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Common => "common",
            Self::NameOrWord => "name_or_word",
            Self::Keyboard => "keyboard",
            Self::Repetition => "repetition",
            Self::Sequence => "sequence",
            Self::Date => "date",
            Self::Simple => "simple",
        }
    }
}

/// Fewest of zxcvbn's points, of four, that are enough. Alone: 10⁸ guesses and more, out of reach for anyone whose tries
/// are counted. Beside a second factor: 10⁶ and more, ten thousand times what the throttle lets through in a row.
const fn enough(factor: Factor) -> Score {
    match factor {
        Factor::Only => Score::Three,
        Factor::OneOfTwo => Score::Two,
    }
}

/// What makes `password` guessable, if it is; `known` are words that an attacker would try on this person first. The
/// estimate looks at the first 100 characters, so its cost is bounded.
pub(super) fn pattern(password: &str, known: &[&str], factor: Factor) -> Option<Pattern> {
    let estimate = zxcvbn(password, known);
    if estimate.score() >= enough(factor) {
        return None;
    }
    let Some(warning) = estimate.feedback().and_then(Feedback::warning) else {
        return Some(Pattern::Simple);
    };
    Some(match warning {
        Warning::ThisIsATop10Password
        | Warning::ThisIsATop100Password
        | Warning::ThisIsACommonPassword
        | Warning::ThisIsSimilarToACommonlyUsedPassword => Pattern::Common,
        Warning::AWordByItselfIsEasyToGuess
        | Warning::NamesAndSurnamesByThemselvesAreEasyToGuess
        | Warning::CommonNamesAndSurnamesAreEasyToGuess => Pattern::NameOrWord,
        Warning::StraightRowsOfKeysAreEasyToGuess | Warning::ShortKeyboardPatternsAreEasyToGuess => Pattern::Keyboard,
        Warning::RepeatsLikeAaaAreEasyToGuess | Warning::RepeatsLikeAbcAbcAreOnlySlightlyHarderToGuess => {
            Pattern::Repetition
        }
        Warning::SequencesLikeAbcAreEasyToGuess => Pattern::Sequence,
        Warning::RecentYearsAreEasyToGuess | Warning::DatesAreOftenEasyToGuess => Pattern::Date,
    })
}
