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

/// A sign-in name in its one form for comparison: without white space around it, in lower case. Personal: does not print itself.
///
/// Lower case follows Unicode's mapping. Names that differ in composition only (`é` as one character or two) are different names.
#[derive(Debug, Clone)]
pub struct SigninName(Secret<String>);

impl SigninName {
    /// Checks and normalises what was typed.
    ///
    /// # Errors
    /// [`Refusal::NameInvalid`] when nothing is left, when more than [`SIGNIN_NAME_CHARS_MAX`] characters are, or when one of them is white space
    /// or doesn't show.
    pub fn parse(typed: &str) -> Result<Self, Refusal> {
        let name = visible(typed, Refusal::NameInvalid)?.to_lowercase();
        let fits = name.chars().count() <= SIGNIN_NAME_CHARS_MAX && !name.contains(char::is_whitespace);
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
    /// [`Refusal::LabelInvalid`] when nothing is left, when more than [`LABEL_CHARS_MAX`] characters are, or when one of them doesn't show.
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
    if text.is_empty() || text.chars().any(hidden) { Err(otherwise) } else { Ok(text) }
}

/// Characters that a reader can't see but that change a name or turn its direction (Unicode: control, line and bidirectional marks, joiners
/// outside emoji sequences are rare enough in names to be refused too, tags).
fn hidden(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{ad}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{180e}' | '\u{200b}'..='\u{200c}' | '\u{200e}'..='\u{200f}'
            | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{feff}' | '\u{ffa0}'
            | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}
