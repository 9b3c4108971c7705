//! The passkey as stored, and as it comes out of a registration.

use std::fmt;

use crypto::Algorithm;
use model::{PasskeyId, PersonId, Strength, Timestamp};

/// A stored passkey: the credential record of WebAuthn L3 §4, with whose it is.
#[derive(Clone, PartialEq, Eq)]
pub struct Passkey {
    /// Our id. Safe to show and to log.
    pub id: PasskeyId,
    /// Whose it is.
    pub person: PersonId,
    /// The authenticator's id for it, 1 to 1023 bytes.
    pub credential_id: Vec<u8>,
    /// The public key as the authenticator sent it (COSE_Key, RFC 9052 §7).
    pub public_key: Vec<u8>,
    /// What the key signs with.
    pub algorithm: Algorithm,
    /// The last signature counter seen; 0 when the authenticator keeps none.
    pub sign_count: u32,
    /// BE: it may be copied to other devices. Never changes (§6.1.3).
    pub backup_eligible: bool,
    /// BS: it was copied when last used.
    pub backed_up: bool,
    /// Whether the person was verified when it was created or at a later use (`uvInitialized`).
    pub user_verified: bool,
    /// The authenticator's model, as it claims. Proved only when `attested`.
    pub aaguid: [u8; 16],
    /// How the authenticator may be reached, as it claims.
    pub transports: Vec<Transport>,
    /// Whether the maker's statement leads to a root that we trusted at registration.
    pub attested: bool,
    /// The attestation object as received, to be judged again when metadata changes (§7.1 step 28).
    pub attestation_object: Vec<u8>,
    /// How strong the proof was that allowed the enrolment.
    pub binding: Strength,
    /// When a notice of the enrolment went out to the person, if one did.
    pub noticed: Option<Timestamp>,
    /// When it was used, user-verified, after the person had been told of it and had time to object. Only asked where
    /// the binding was weak.
    pub confirmed: Option<Timestamp>,
    /// When it was enrolled.
    pub created: Timestamp,
    /// When it was last used.
    pub last_used: Option<Timestamp>,
    /// The person's name for it, sealed by the shell. This room never reads it.
    pub label: Vec<u8>,
}

impl Passkey {
    /// The strength of a user-verified sign-in with this passkey.
    #[must_use]
    pub const fn strength(&self) -> Strength {
        strength_of(self.attested, self.backup_eligible)
    }

    /// Whether it may live on more than one device.
    #[must_use]
    pub const fn synced(&self) -> bool {
        self.backup_eligible
    }
}

/// A key that may be copied is never device-bound, whoever attests to it; a key that may not is so only by its own
/// word until the maker's signature says the same.
pub(crate) const fn strength_of(attested: bool, backup_eligible: bool) -> Strength {
    match (backup_eligible, attested) {
        (true, _) => Strength::Passkey,
        (false, false) => Strength::DeviceBoundClaimed,
        (false, true) => Strength::Attested,
    }
}

/// What a registration proved. The shell may store it once it knows that no person has this credential id
/// (WebAuthn L3 §7.1 step 27).
#[derive(Clone, PartialEq, Eq)]
pub struct NewCredential {
    /// The authenticator's id for it, 1 to 1023 bytes.
    pub credential_id: Vec<u8>,
    /// The public key as the authenticator sent it (COSE_Key).
    pub public_key: Vec<u8>,
    /// What the key signs with.
    pub algorithm: Algorithm,
    /// The first signature counter.
    pub sign_count: u32,
    /// BE.
    pub backup_eligible: bool,
    /// BS.
    pub backed_up: bool,
    /// UV; false only where the caller allowed a registration without presence.
    pub user_verified: bool,
    /// The authenticator's model, as it claims.
    pub aaguid: [u8; 16],
    /// How the authenticator may be reached; unknown names are dropped.
    pub transports: Vec<Transport>,
    /// Whether the maker's statement leads to a root that we trust.
    pub attested: bool,
    /// The attestation object as received.
    pub attestation_object: Vec<u8>,
}

/// Without ids and keys that the authenticator chose: whoever reads a log should learn what kind of passkey it is, not
/// be able to recognise it elsewhere.
impl fmt::Debug for Passkey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Passkey")
            .field("id", &self.id)
            .field("person", &self.person)
            .field("algorithm", &self.algorithm)
            .field("strength", &self.strength())
            .finish_non_exhaustive()
    }
}

/// See [`Passkey`].
impl fmt::Debug for NewCredential {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("NewCredential")
            .field("algorithm", &self.algorithm)
            .field("strength", &strength_of(self.attested, self.backup_eligible))
            .finish_non_exhaustive()
    }
}

/// How an authenticator may be reached (WebAuthn L3 §5.8.4).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Transport {
    /// Removable USB.
    Usb,
    /// Near-field communication.
    Nfc,
    /// Bluetooth Low Energy.
    Ble,
    /// ISO/IEC 7816 smart card.
    SmartCard,
    /// Another device, often a telephone.
    Hybrid,
    /// Built into the device.
    Internal,
}

impl Transport {
    /// All of them.
    pub const ALL: [Self; 6] = [Self::Usb, Self::Nfc, Self::Ble, Self::SmartCard, Self::Hybrid, Self::Internal];

    /// The word of the standard.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Usb => "usb",
            Self::Nfc => "nfc",
            Self::Ble => "ble",
            Self::SmartCard => "smart-card",
            Self::Hybrid => "hybrid",
            Self::Internal => "internal",
        }
    }

    /// Reads the word written by [`Self::as_str`]. `cable` is what early browsers called hybrid.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        if word == "cable" {
            return Some(Self::Hybrid);
        }
        Self::ALL.into_iter().find(|transport| transport.as_str() == word)
    }
}
