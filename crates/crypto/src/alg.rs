//! The signature algorithms of JSON Web Signatures (RFC 7518 §3.1, RFC 8037 §3.1) that this house knows, and the kinds of
//! key that it signs with.
//!
//! There is no variant for `none` and none for the `HS*` family: what can't be written down can't be accepted by mistake
//! (RFC 8725 §3.1, §3.2).

/// An algorithm under which we verify what others signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Alg {
    /// ECDSA on P-256 with SHA-256.
    Es256,
    /// ECDSA on P-384 with SHA-384.
    Es384,
    /// ECDSA on P-521 with SHA-512.
    Es512,
    /// EdDSA, on Ed25519 only.
    EdDsa,
    /// RSASSA-PSS with SHA-256 and a salt as long as the hash.
    Ps256,
    /// RSASSA-PSS with SHA-384.
    Ps384,
    /// RSASSA-PSS with SHA-512.
    Ps512,
    /// RSASSA-PKCS1-v1_5 with SHA-256.
    Rs256,
}

impl Alg {
    /// Every algorithm that we verify.
    pub const ALL: [Self; 8] =
        [Self::Es256, Self::Es384, Self::Es512, Self::EdDsa, Self::Ps256, Self::Ps384, Self::Ps512, Self::Rs256];

    /// The name in the IANA registry "JSON Web Signature and Encryption Algorithms".
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Es256 => "ES256",
            Self::Es384 => "ES384",
            Self::Es512 => "ES512",
            Self::EdDsa => "EdDSA",
            Self::Ps256 => "PS256",
            Self::Ps384 => "PS384",
            Self::Ps512 => "PS512",
            Self::Rs256 => "RS256",
        }
    }

    /// The algorithm of that name, if we verify it. Names are case-sensitive (RFC 7515 §4.1.1). `Ed25519` is the fully specified name of
    /// what we verify as `EdDSA` (RFC 9864 §2.2), and newer clients use no other.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        let name = if name == "Ed25519" { "EdDSA" } else { name };
        Self::ALL.into_iter().find(|alg| alg.as_str() == name)
    }

    /// Every name under which we verify, for metadata.
    pub fn names() -> impl Iterator<Item = &'static str> {
        Self::ALL.into_iter().map(Self::as_str).chain(["Ed25519"])
    }
}

/// An algorithm that we sign with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SigningAlg {
    /// ECDSA on P-256 with SHA-256: the usual one.
    Es256,
    /// EdDSA on Ed25519.
    EdDsa,
    /// RSASSA-PSS with SHA-256.
    Ps256,
    /// RSASSA-PKCS1-v1_5 with SHA-256: what every client library can verify.
    Rs256,
}

impl SigningAlg {
    /// Every algorithm that we can sign with, in the order of [`SigningAlg::index`].
    pub const ALL: [Self; 4] = [Self::Es256, Self::EdDsa, Self::Ps256, Self::Rs256];

    /// The same algorithm among those that we verify.
    #[must_use]
    pub const fn alg(self) -> Alg {
        match self {
            Self::Es256 => Alg::Es256,
            Self::EdDsa => Alg::EdDsa,
            Self::Ps256 => Alg::Ps256,
            Self::Rs256 => Alg::Rs256,
        }
    }

    /// The registered name; see [`Alg::as_str`].
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        self.alg().as_str()
    }

    /// The algorithm of that name, if we sign with it.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|alg| alg.as_str() == name)
    }

    /// Whether one signature takes so long (RSA: about twenty times as long as the others) that a thread which serves
    /// many requests should leave it to a pool of its own.
    #[must_use]
    pub const fn is_slow(self) -> bool {
        match self {
            Self::Es256 | Self::EdDsa => false,
            Self::Ps256 | Self::Rs256 => true,
        }
    }

    pub(crate) const fn index(self) -> usize {
        match self {
            Self::Es256 => 0,
            Self::EdDsa => 1,
            Self::Ps256 => 2,
            Self::Rs256 => 3,
        }
    }
}

/// Length of an RSA modulus.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RsaBits {
    /// 2048 bits: the least that RFC 7518 §3.3 and §3.5 allow.
    Bits2048,
    /// 3072 bits: 128 bits of security (NIST SP 800-57 part 1 §5.6.1.1).
    Bits3072,
}

/// What kind of key to make, or what kind a key is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum KeyKind {
    /// A key on P-256.
    Es256,
    /// A key on Ed25519.
    EdDsa,
    /// An RSA key that signs with PSS and nothing else.
    Ps256(RsaBits),
    /// An RSA key that signs with PKCS #1 v1.5 and nothing else.
    Rs256(RsaBits),
}

impl KeyKind {
    /// Every kind.
    pub const ALL: [Self; 6] = [
        Self::Es256,
        Self::EdDsa,
        Self::Ps256(RsaBits::Bits2048),
        Self::Ps256(RsaBits::Bits3072),
        Self::Rs256(RsaBits::Bits2048),
        Self::Rs256(RsaBits::Bits3072),
    ];

    /// How a key of this kind signs.
    #[must_use]
    pub const fn alg(self) -> SigningAlg {
        match self {
            Self::Es256 => SigningAlg::Es256,
            Self::EdDsa => SigningAlg::EdDsa,
            Self::Ps256(_) => SigningAlg::Ps256,
            Self::Rs256(_) => SigningAlg::Rs256,
        }
    }

    /// The word used in configuration, storage and the API.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Es256 => "ES256",
            Self::EdDsa => "EdDSA",
            Self::Ps256(RsaBits::Bits2048) => "PS256-2048",
            Self::Ps256(RsaBits::Bits3072) => "PS256-3072",
            Self::Rs256(RsaBits::Bits2048) => "RS256-2048",
            Self::Rs256(RsaBits::Bits3072) => "RS256-3072",
        }
    }

    /// Reads the word written by [`Self::as_str`].
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == word)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_is_read_back_and_no_other() {
        for alg in Alg::ALL {
            assert_eq!(Alg::from_name(alg.as_str()), Some(alg));
        }
        for (index, alg) in SigningAlg::ALL.into_iter().enumerate() {
            assert_eq!(SigningAlg::from_name(alg.as_str()), Some(alg));
            assert_eq!((alg.index(), Alg::from_name(alg.as_str())), (index, Some(alg.alg())));
        }
        for kind in KeyKind::ALL {
            assert_eq!(KeyKind::from_word(kind.as_str()), Some(kind));
            assert!(kind.as_str().starts_with(kind.alg().as_str()));
        }
        for foreign in ["none", "None", "", "HS256", "HS384", "HS512", "es256", "ES256K", "RS384", "RS512", "Ed448"] {
            assert_eq!(Alg::from_name(foreign), None, "{foreign}");
            assert_eq!(SigningAlg::from_name(foreign), None, "{foreign}");
        }
    }

    #[test]
    fn only_rsa_is_slow() {
        let slow: Vec<&str> = SigningAlg::ALL.into_iter().filter(|alg| alg.is_slow()).map(SigningAlg::as_str).collect();
        assert_eq!(slow, ["PS256", "RS256"]);
    }
}
