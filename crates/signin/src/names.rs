//! What people type: sign-in names and passkey labels, checked before they are hashed or sealed.

use crypto::HashKey;
use model::Secret;

use crate::Refusal;

/// Longest sign-in name, in characters (the longest mailbox that SMTP can carry: RFC 5321 §4.5.3.1, with its erratum).
pub const SIGNIN_NAME_CHARS_MAX: usize = 254;
/// Longest passkey label, in characters.
pub const LABEL_CHARS_MAX: usize = 64;
/// Longest text looked at, in bytes: four for each character, and room for white space around it.
const TYPED_BYTES_MAX: usize = 1100;

/// A sign-in name in its one form for comparison: without white space around it, in lower case. Personal: does not
/// print itself.
///
/// Lower case follows Unicode's mapping. Names that differ in composition only (`é` as one character or two) are
/// different names.
#[derive(Debug, Clone)]
pub struct SigninName(Secret<String>);

impl SigninName {
    /// Checks and normalises what was typed.
    ///
    /// # Errors
    /// [`Refusal::NameInvalid`] when nothing is left, when more than [`SIGNIN_NAME_CHARS_MAX`] characters are, or when
    /// one of them is white space or doesn't show.
    pub fn parse(typed: &str) -> Result<Self, Refusal> {
        let name = visible(typed, Refusal::NameInvalid)?.to_lowercase();
        // Joiners are invisible as well, and two names that look the same must be one.
        let misleading = |c: char| c.is_whitespace() || matches!(c, '\u{200c}' | '\u{200d}');
        let fits = name.chars().count() <= SIGNIN_NAME_CHARS_MAX && !name.contains(misleading);
        if fits { Ok(Self(Secret::new(name))) } else { Err(Refusal::NameInvalid) }
    }

    /// The keyed hash under which the store finds it.
    #[must_use]
    pub fn hash(&self, key: &HashKey) -> [u8; 32] {
        key.hash("sign-in name", &[self.0.expose().as_bytes()])
    }

    /// The name itself, for sealing.
    #[must_use]
    pub fn expose(&self) -> &str {
        self.0.expose()
    }
}

/// The name that a person gives a passkey. Personal: does not print itself.
#[derive(Debug, Clone)]
pub struct Label(Secret<String>);

impl Label {
    /// Checks what was typed; white space around it is dropped.
    ///
    /// # Errors
    /// [`Refusal::LabelInvalid`] when nothing is left, when more than [`LABEL_CHARS_MAX`] characters are, or when one
    /// of them doesn't show.
    pub fn parse(typed: &str) -> Result<Self, Refusal> {
        let label = visible(typed, Refusal::LabelInvalid)?;
        if label.chars().count() > LABEL_CHARS_MAX {
            return Err(Refusal::LabelInvalid);
        }
        Ok(Self(Secret::new(label.to_owned())))
    }

    /// The label itself, for sealing and for the page.
    #[must_use]
    pub fn expose(&self) -> &str {
        self.0.expose()
    }
}

/// The text without white space around it, when it is neither empty nor beyond bounds and every character shows.
fn visible(typed: &str, otherwise: Refusal) -> Result<&str, Refusal> {
    if typed.len() > TYPED_BYTES_MAX {
        return Err(otherwise);
    }
    let text = typed.trim();
    let joiner = |c| matches!(c, '\u{200c}' | '\u{200d}');
    if text.chars().all(joiner) || text.chars().any(hidden) { Err(otherwise) } else { Ok(text) }
}

/// Characters that a reader can't see but that change a text or turn its direction: controls, fillers, line, bidirectional
/// and annotation marks, tags. The two joiners stay: Persian and some emoji are misspelt without them.
fn hidden(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{ad}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{180e}' | '\u{200b}' | '\u{200e}'..='\u{200f}'
            | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{feff}' | '\u{ffa0}'
            | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_trimmed_and_lower_cased() {
        for (typed, name) in
            [(" Ada@Example.org\t", "ada@example.org"), ("ÄNNE", "änne"), ("a", "a"), ("ΣΊΣΥΦΟΣ", "σίσυφος")]
        {
            assert_eq!(SigninName::parse(typed).expect(typed).expose(), name);
        }
    }

    #[test]
    fn a_name_that_can_not_be_one_is_refused() {
        let long = "a".repeat(SIGNIN_NAME_CHARS_MAX + 1);
        // `İ` becomes two characters in lower case, so the bound is kept after the mapping.
        let grows = "İ".repeat(SIGNIN_NAME_CHARS_MAX);
        let huge = " ".repeat(5000) + "ada";
        for typed in [
            "",
            "  ",
            "a b",
            "a\u{a0}b",
            "a\nb",
            "a\u{0}",
            "a\u{200b}b",
            "a\u{200d}b",
            "a\u{202e}b",
            &long,
            &grows,
            &huge,
        ] {
            assert_eq!(SigninName::parse(typed).err(), Some(Refusal::NameInvalid), "{typed:.20?}");
        }
        assert!(SigninName::parse(&"é".repeat(SIGNIN_NAME_CHARS_MAX)).is_ok());
    }

    #[test]
    fn one_name_has_one_hash_under_one_key() {
        let hash = |typed: &str, key: [u8; 32]| SigninName::parse(typed).expect(typed).hash(&HashKey::new(&key));
        assert_eq!(hash("Ada", [1; 32]), hash(" ada ", [1; 32]));
        assert_ne!(hash("ada", [1; 32]), hash("ada", [2; 32]));
        assert_ne!(hash("ada", [1; 32]), hash("adb", [1; 32]));
    }

    #[test]
    fn a_label_keeps_its_letters() {
        for (typed, label) in [
            (" My key ", "My key"),
            ("Büro 🔑", "Büro 🔑"),
            ("👩\u{200d}💻", "👩\u{200d}💻"),
            ("می\u{200c}روم", "می\u{200c}روم"),
        ] {
            assert_eq!(Label::parse(typed).expect(typed).expose(), label);
        }
        assert!(Label::parse(&"ж".repeat(LABEL_CHARS_MAX)).is_ok());
        let long = "ж".repeat(LABEL_CHARS_MAX + 1);
        for typed in ["", " \t", "a\u{7}b", "a\nb", "a\u{202e}b", "\u{feff}", "\u{200d}", &long] {
            assert_eq!(Label::parse(typed).err(), Some(Refusal::LabelInvalid), "{typed:.20?}");
        }
    }

    #[test]
    fn typed_text_does_not_print_itself() {
        let both = format!("{:?} {:?}", SigninName::parse("ada"), Label::parse("Ada's key"));
        assert!(!both.to_lowercase().contains("ada"), "{both}");
    }
}
