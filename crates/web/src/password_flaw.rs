//! What is wrong with a new password, in the words that people see. Never the password itself, nor the part of it that was found.

/// One thing that is wrong with a new password.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PasswordFlaw {
    /// It has fewer characters than it needs.
    TooShort {
        /// The least number.
        characters_min: usize,
    },
    /// It holds the person's name or sign-in name.
    ContainsName,
    /// It is built on a name or a word that belongs here, such as the organisation's.
    NameOrWord,
    /// It is among the passwords that everybody tries first.
    Common,
    /// It follows the keys of the keyboard.
    Keyboard,
    /// It repeats itself.
    Repetition,
    /// It counts or spells on, such as abcd or 2345.
    Sequence,
    /// It is built on a date.
    Date,
    /// It is put together from few and simple parts.
    Simple,
    /// It stands in a list of stolen passwords.
    Breached {
        /// How often it was seen there.
        times: u64,
    },
}

impl PasswordFlaw {
    /// What is wrong and what to do, in one sentence.
    #[must_use]
    pub fn words(self) -> String {
        let sentence = match self {
            Self::TooShort { characters_min } => return format!("It needs at least {characters_min} characters."),
            Self::Breached { times: 0 | 1 } => return "It stands in a public list of stolen passwords.".to_owned(),
            Self::Breached { times } => {
                return format!("It was stolen elsewhere and stands in public lists, {times} times.");
            }
            Self::ContainsName => "Leave your own name out of it.",
            Self::NameOrWord => "It is built on a name or word that is easy to guess here.",
            Self::Common => "It is one that everybody tries first.",
            Self::Keyboard => "It follows the keys of the keyboard.",
            Self::Repetition => "It repeats itself.",
            Self::Sequence => "It counts or spells on, such as 2345.",
            Self::Date => "It is built on a date.",
            Self::Simple => "It is put together from few and simple parts. Add a word or two.",
        };
        sentence.to_owned()
    }
}
