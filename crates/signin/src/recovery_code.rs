//! Recovery codes: ten secrets on paper, each good once, for someone who has nothing else left.
//!
//! A code carries 80 random bits, so that guessing is hopeless whatever the counting (NIST SP 800-63B-4 §3.1.2.2 asks
//! for counting below 64), and a keyed hash is all that is stored. What a code may open is not decided here.

use crypto::{HashKey, equal};
use model::{Entropy, PersonId, Secret};

/// Codes in one set. A person holds one set: a new one replaces the old one whole.
pub const CODES_PER_PERSON: usize = 10;
const CODE_BYTES: usize = 10;
const CODE_CHARACTERS: usize = CODE_BYTES * 8 / 5;
const GROUP_CHARACTERS: usize = 4;
/// Longest text looked at, in bytes: a code, and room for how people write one down.
const TYPED_BYTES_MAX: usize = 64;

/// Digits and letters without those that are mistaken for others (I, L and O) and without U: Crockford's base32.
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// A new set, with the only copy of its texts.
#[derive(Debug)]
pub struct FreshCodes {
    /// The codes, to be shown once: `ABCD-EFGH-JKMN-PQRS`.
    pub shown: Vec<Secret<String>>,
    /// Their hashes, in the same order, to be stored in place of every hash that the person has.
    pub hashes: Vec<[u8; 32]>,
}

/// Makes a set of [`CODES_PER_PERSON`] for one person. Takes 100 bytes of entropy.
#[must_use]
pub fn fresh_codes(person: PersonId, key: &HashKey, entropy: &mut Entropy) -> FreshCodes {
    let codes: [RecoveryCode; CODES_PER_PERSON] =
        std::array::from_fn(|_| RecoveryCode(Secret::new(entropy.take::<CODE_BYTES>())));
    FreshCodes {
        shown: codes.iter().map(RecoveryCode::text).collect(),
        hashes: codes.iter().map(|code| code.hash(person, key)).collect(),
    }
}

/// The text is not a recovery code in form.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("expected a recovery code of 16 letters and digits")]
pub struct NotARecoveryCode;

/// A code that somebody typed, well-formed and otherwise unchecked. Does not print itself.
#[derive(Debug, Clone)]
pub struct RecoveryCode(Secret<[u8; CODE_BYTES]>);

impl RecoveryCode {
    /// Reads what was typed, forgiving what people do to a code: small letters, other groups, spaces and dashes, the
    /// letter O for zero, I and L for one.
    ///
    /// # Errors
    /// [`NotARecoveryCode`] when it is longer or shorter than a code, or holds what no code does.
    pub fn parse(typed: &str) -> Result<Self, NotARecoveryCode> {
        if typed.len() > TYPED_BYTES_MAX {
            return Err(NotARecoveryCode);
        }
        let mut bits = 0_u128;
        let mut count = 0;
        for c in typed.chars().filter(|c| !separates(*c)) {
            bits = bits << 5 | u128::from(value(c)?);
            count += 1;
            if count > CODE_CHARACTERS {
                return Err(NotARecoveryCode);
            }
        }
        if count != CODE_CHARACTERS {
            return Err(NotARecoveryCode);
        }
        let mut bytes = [0; CODE_BYTES];
        bytes.copy_from_slice(&bits.to_be_bytes()[size_of::<u128>() - CODE_BYTES..]);
        Ok(Self(Secret::new(bytes)))
    }

    /// The hash under which it is stored. The person is part of it: a code is worthless with another name.
    fn hash(&self, person: PersonId, key: &HashKey) -> [u8; 32] {
        key.hash("recovery code", &[person.as_bytes(), self.0.expose()])
    }

    fn text(&self) -> Secret<String> {
        let bits = self.0.expose().iter().fold(0_u128, |bits, byte| bits << 8 | u128::from(*byte));
        let mut text = String::with_capacity(CODE_CHARACTERS + CODE_CHARACTERS / GROUP_CHARACTERS);
        for place in 0..CODE_CHARACTERS {
            if place > 0 && place % GROUP_CHARACTERS == 0 {
                text.push('-');
            }
            let shift = (CODE_CHARACTERS - 1 - place) * 5;
            text.push(char::from(ALPHABET[(bits >> shift) as usize & 31]));
        }
        Secret::new(text)
    }
}

/// A code that was found, to be spent: the stored hash goes, in the same commit as whatever it opens. Precondition: it
/// is still stored. Whoever loses that race has shown a code that is spent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[must_use = "a code that is not removed can be used again"]
pub struct SpentCode {
    /// The stored hash.
    pub hash: [u8; 32],
    /// How many codes are left then: tell the person when it is few.
    pub left: usize,
}

/// Looks for a typed code among the hashes stored for `person`, of which at most [`CODES_PER_PERSON`] count.
#[must_use]
pub fn spend(code: &RecoveryCode, person: PersonId, key: &HashKey, stored: &[[u8; 32]]) -> Option<SpentCode> {
    let hash = code.hash(person, key);
    let stored = &stored[..stored.len().min(CODES_PER_PERSON)];
    // All are compared, whichever matches: `any` would stop at the first.
    let found = stored.iter().filter(|one| equal(*one, &hash)).count();
    (found > 0).then(|| SpentCode { hash, left: stored.len() - 1 })
}

fn separates(c: char) -> bool {
    c.is_whitespace() || matches!(c, '-' | '\u{2010}'..='\u{2015}' | '\u{2212}' | '.' | '_')
}

fn value(c: char) -> Result<u8, NotARecoveryCode> {
    let letter = match c.to_ascii_uppercase() {
        'O' => '0',
        'I' | 'L' => '1',
        other => other,
    };
    let place = ALPHABET.iter().position(|one| char::from(*one) == letter).ok_or(NotARecoveryCode)?;
    u8::try_from(place).map_err(|_| NotARecoveryCode)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn key() -> HashKey {
        HashKey::new(&[1; 32])
    }

    fn person(n: u8) -> PersonId {
        PersonId::from_bytes([n; 16])
    }

    fn fresh() -> FreshCodes {
        fresh_codes(person(1), &key(), &mut Entropy::new(std::array::from_fn(|i| (i * 7) as u8)))
    }

    fn parsed(text: &str) -> RecoveryCode {
        RecoveryCode::parse(text).expect("a code in form")
    }

    #[test]
    fn a_set_is_ten_different_codes_of_eighty_bits() {
        let codes = fresh();
        let shown: BTreeSet<&str> = codes.shown.iter().map(|code| code.expose().as_str()).collect();
        assert_eq!((shown.len(), codes.hashes.len()), (CODES_PER_PERSON, CODES_PER_PERSON));
        for text in shown {
            let groups: Vec<&str> = text.split('-').collect();
            assert!(groups.len() == 4 && groups.iter().all(|group| group.len() == 4), "{text}");
        }
        // Each character carries five bits: the ends of the range show in the text as they went in.
        for (bytes, text) in [([0xff; 10], "ZZZZ-ZZZZ-ZZZZ-ZZZZ"), ([0; 10], "0000-0000-0000-0000")] {
            let code = RecoveryCode(Secret::new(bytes));
            assert_eq!(code.text().expose(), text);
            assert_eq!(parsed(text).0.expose(), &bytes);
        }
        assert!(!format!("{codes:?}").contains(codes.shown[0].expose()));
    }

    #[test]
    fn each_code_is_found_for_its_own_person_and_once() {
        let FreshCodes { shown, mut hashes } = fresh();
        for (n, text) in shown.iter().enumerate() {
            let code = parsed(text.expose());
            assert_eq!(spend(&code, person(2), &key(), &hashes), None, "somebody else's");
            assert_eq!(spend(&code, person(1), &HashKey::new(&[2; 32]), &hashes), None, "under another key");
            let spent = spend(&code, person(1), &key(), &hashes).expect("a code of the set");
            assert_eq!(spent.left, CODES_PER_PERSON - 1 - n);
            hashes.retain(|hash| *hash != spent.hash);
            assert_eq!(spend(&code, person(1), &key(), &hashes), None, "spent");
        }
        assert!(hashes.is_empty());
        assert_eq!(spend(&parsed("0000-0000-0000-0000"), person(1), &key(), &[]), None);
    }

    #[test]
    fn a_code_is_read_however_it_was_written_down() {
        let expected = *parsed("0123-4567-10AB-CDEF").0.expose();
        for typed in [
            "0123456710ABCDEF",
            "  0123 4567 10ab cdef\n",
            "o123-4567-iOab-cdef",
            "O123–4567–L0AB–CDEF",
            "01-23-45-67-l0-AB-CD-EF",
        ] {
            assert_eq!(parsed(typed).0.expose(), &expected, "{typed}");
        }
    }

    #[test]
    fn what_is_no_code_is_refused() {
        for typed in [
            "",
            "----",
            "0123-4567-10AB-CDE",
            "0123-4567-10AB-CDEFG",
            "0123-4567-10AB-CDEU",
            "0123-4567-10AB-CDE!",
            "0123-4567-10AB-CDEÉ",
            &"0".repeat(17),
            &" ".repeat(65),
            &"0".repeat(100_000),
        ] {
            assert_eq!(RecoveryCode::parse(typed).err(), Some(NotARecoveryCode), "{typed:.30}");
        }
    }
}
