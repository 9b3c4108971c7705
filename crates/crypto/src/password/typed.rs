//! A password as a person typed it, bounded and brought into one form.

use aws_lc_rs::digest;
use model::Secret;
use unicode_normalization::UnicodeNormalization as _;

/// Longest password looked at, in bytes of UTF-8 as typed. NIST SP 800-63B-4 §3.1.1.2 asks for room for 64 characters at
/// least; a bound keeps a stranger from having us normalise and hash megabytes.
pub const PASSWORD_BYTES_MAX: usize = 1024;

/// Why a text can't be a password.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadPassword {
    /// Nothing was typed.
    #[error("expected a password, got nothing")]
    Empty,
    /// It is longer than [`PASSWORD_BYTES_MAX`].
    #[error("expected a password of at most {PASSWORD_BYTES_MAX} bytes")]
    TooLong,
    /// It holds a zero byte. No keyboard makes one, and some of the schemes that we import stop reading there.
    #[error("expected a password without zero bytes")]
    ZeroByte,
}

/// A password in Unicode's composed form (NFC). Does not print itself, and is wiped when dropped.
///
/// NIST SP 800-63B-4 §3.1.1.2 wants one normalised form before hashing, so that `é` typed as one character or as two is
/// the same password; NFC is also what RFC 8265 §4.2 prescribes for passwords. Nothing else is changed: white space and
/// case are the person's own.
///
/// Differs: text with code points that Unicode has not assigned is accepted, although normalisation is promised to be
/// stable for assigned ones only. Refusing them would turn away people whose keyboards are newer than our tables.
#[derive(Debug, Clone)]
pub struct Password {
    normal: Secret<String>,
    /// The text as it came, where it was not in normal form: systems that we import from may have hashed that.
    typed: Option<Secret<String>>,
}

impl Password {
    /// Checks the length, then normalises.
    ///
    /// # Errors
    /// [`BadPassword`].
    pub fn parse(typed: Secret<String>) -> Result<Self, BadPassword> {
        let text = typed.expose();
        if text.is_empty() {
            return Err(BadPassword::Empty);
        }
        if text.len() > PASSWORD_BYTES_MAX {
            return Err(BadPassword::TooLong);
        }
        if text.contains('\0') {
            return Err(BadPassword::ZeroByte);
        }
        // Room for the largest growth that NFC can cause (Unicode UAX #15 §12: three times in UTF-8), so that no
        // half-filled copy stays behind in memory.
        let mut normal = String::with_capacity(text.len() * 3);
        normal.extend(text.nfc());
        let changed = normal != *text;
        Ok(Self { normal: Secret::new(normal), typed: changed.then_some(typed) })
    }

    /// How many characters it has, as NIST SP 800-63B-4 §3.1.1.2 counts: code points.
    #[must_use]
    pub fn chars(&self) -> usize {
        self.normal.expose().chars().count()
    }

    /// The password itself, for judging how guessable it is.
    #[must_use]
    pub fn expose(&self) -> &str {
        self.normal.expose()
    }

    /// Its SHA-1, the form in which public lists of breached passwords are kept. Good for a look-up and nothing else;
    /// as guessable as the password, so it is never stored, logged or sent.
    #[must_use]
    pub fn sha1(&self) -> [u8; 20] {
        let digest = digest::digest(&digest::SHA1_FOR_LEGACY_USE_ONLY, self.normal.expose().as_bytes());
        digest.as_ref().try_into().expect("SHA-1 gives 20 bytes")
    }

    /// The bytes that are hashed.
    pub(super) fn bytes(&self) -> &[u8] {
        self.normal.expose().as_bytes()
    }

    /// The bytes as typed, where they are others.
    pub(super) fn bytes_as_typed(&self) -> Option<&[u8]> {
        self.typed.as_ref().map(|typed| typed.expose().as_bytes())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<Password, BadPassword> {
        Password::parse(Secret::new(text.to_owned()))
    }

    #[test]
    fn composition_makes_no_difference_and_nothing_else_is_touched() {
        let (composed, apart) = (parse("caf\u{e9}").unwrap(), parse("cafe\u{301}").unwrap());
        assert_eq!(composed.expose(), apart.expose());
        assert_eq!((composed.chars(), apart.chars()), (4, 4));
        assert!(composed.bytes_as_typed().is_none());
        assert_eq!(apart.bytes_as_typed(), Some("cafe\u{301}".as_bytes()));
        // NFKC would change both of these.
        for text in [" Pass  word\u{a0}", "ﬁ①"] {
            assert_eq!(parse(text).unwrap().expose(), text);
        }
    }

    #[test]
    fn the_bounds_are_kept_before_anything_is_done() {
        assert_eq!(parse("").err(), Some(BadPassword::Empty));
        assert_eq!(parse("a\0b").err(), Some(BadPassword::ZeroByte));
        assert!(parse(&"a".repeat(PASSWORD_BYTES_MAX)).is_ok());
        assert_eq!(parse(&"a".repeat(PASSWORD_BYTES_MAX + 1)).err(), Some(BadPassword::TooLong));
        // U+1D160 becomes three characters: the largest growth there is.
        let grown = parse(&"\u{1d160}".repeat(256)).unwrap();
        assert_eq!(grown.bytes().len(), 3 * PASSWORD_BYTES_MAX);
    }

    #[test]
    fn the_digest_is_the_one_that_breach_lists_carry() {
        let hex: String = parse("password").unwrap().sha1().iter().map(|b| format!("{b:02X}")).collect();
        assert_eq!(hex, "5BAA61E4C9B93F3F0682250B6CF8331B7EE68FD8");
    }

    #[test]
    fn a_password_does_not_print_itself() {
        assert!(!format!("{:?}", parse("cafe\u{301}")).contains("caf"));
    }
}
