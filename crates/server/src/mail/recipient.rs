//! Whom a mail goes to.

use std::fmt;

/// Longest address accepted, in bytes (RFC 5321 §4.5.3.1.3: a path of 256 with its brackets).
const ADDRESS_BYTES_MAX: usize = 254;

/// A mail address. A personal value: it has no `Display`, and `Debug` hides it.
#[derive(Clone, PartialEq, Eq)]
pub struct Recipient(lettre::Address);

impl Recipient {
    /// Reads one bare address: no name, no list, no quoted or commented forms, nothing that could end a header or a command.
    ///
    /// # Errors
    /// When the text is anything else.
    pub fn parse(address: &str) -> Result<Self, NotAnAddress> {
        let odd = |c: char| c.is_control() || c.is_whitespace() || "<>()[],;:\\\"".contains(c);
        if address.len() > ADDRESS_BYTES_MAX || address.contains(odd) {
            return Err(NotAnAddress);
        }
        address.parse().map(Self).map_err(|_| NotAnAddress)
    }

    pub(super) fn address(&self) -> &lettre::Address {
        &self.0
    }
}

impl fmt::Debug for Recipient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Recipient(…)")
    }
}

/// The text is not a mail address. What it is instead is not repeated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("expected a mail address such as someone@example.org")]
pub struct NotAnAddress;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_addresses_pass() {
        for text in ["grace@example.org", "g.h+notes@mail.example.org", "o'brien@example.org", "grüße@example.org"] {
            assert!(Recipient::parse(text).is_ok(), "{text}");
        }
    }

    #[test]
    fn whatever_could_reach_further_is_refused() {
        let long = format!("{}@example.org", "a".repeat(ADDRESS_BYTES_MAX));
        for text in [
            "",
            "grace",
            "@example.org",
            "grace@",
            "a@b@example.org",
            "grace@example.org\r\nBcc: all@example.org",
            "grace@example.org\n",
            "grace@example.org\0",
            "grace@example.org, alan@example.org",
            "Grace <grace@example.org>",
            "\"a b\"@example.org",
            "grace@[127.0.0.1]",
            "grace@example.org>\r\nRCPT TO:<alan@example.org",
            "grace@exa mple.org",
            "grace@example.org\u{2028}",
            long.as_str(),
        ] {
            assert_eq!(Recipient::parse(text), Err(NotAnAddress), "{text:?}");
        }
    }

    #[test]
    fn an_address_does_not_print_itself() {
        let shown = format!("{:?}", Recipient::parse("grace@example.org").unwrap());
        assert!(!shown.contains("grace") && !shown.contains("example"), "{shown}");
    }
}
