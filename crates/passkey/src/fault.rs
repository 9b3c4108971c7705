//! Why a ceremony was refused: one variant per reason, each with a word for the operator and the clause it serves.

use std::fmt;

macro_rules! faults {
    ($($(#[$doc:meta])* $name:ident = $word:literal, $step:literal);+ $(;)?) => {
        /// Why a ceremony was refused. Carries nothing that the page sent, so it may be logged as it is.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum Fault { $($(#[$doc])* $name),+ }

        impl Fault {
            /// Every fault, in the order of the steps.
            pub const ALL: &'static [Self] = &[$(Self::$name),+];

            /// A stable word for the operator's log and for sign-in records.
            #[must_use]
            pub const fn as_word(self) -> &'static str {
                match self { $(Self::$name => $word),+ }
            }

            /// The clause that the answer broke.
            #[must_use]
            pub const fn step(self) -> &'static str {
                match self { $(Self::$name => $step),+ }
            }
        }
    };
}

faults! {
    /// The page's JSON is larger than 64 KiB.
    TooLarge = "too_large", "WebAuthn L3 §5.1 (our bound: 64 KiB)";
    /// The page's JSON is no registration or authentication response.
    Json = "json", "WebAuthn L3 §7.1 step 3, §7.2 step 3 (RegistrationResponseJSON, AuthenticationResponseJSON)";
    /// A member that must be base64url is not, or not in its only canonical form.
    Base64 = "base64", "WebAuthn L3 §5.1 (Base64URLString)";
    /// The credential's `type` is not `public-key`.
    CredentialType = "credential_type", "WebAuthn L3 §5.8.2";
    /// `id` and `rawId` differ.
    IdMismatch = "id_mismatch", "WebAuthn L3 §5.1 (id is rawId in base64url)";
    /// The credential id is empty or longer than 1023 bytes.
    CredentialIdLength = "credential_id_length", "WebAuthn L3 §7.1 step 25";
    /// No user handle came, so the answer names nobody.
    UserHandleMissing = "user_handle_missing", "WebAuthn L3 §7.2 step 6";
    /// The user handle is another person's.
    UserHandleMismatch = "user_handle_mismatch", "WebAuthn L3 §7.2 step 6";
    /// The credential answered is not the passkey that it is checked against.
    OtherCredential = "other_credential", "WebAuthn L3 §7.2 step 6";
    /// The client data is not UTF-8, not JSON, too large, or names a known member twice.
    ClientData = "client_data", "WebAuthn L3 §7.1 steps 5 and 6, §7.2 steps 8 and 9";
    /// The client data speaks of another kind of ceremony.
    CeremonyType = "ceremony_type", "WebAuthn L3 §7.1 step 7, §7.2 step 10";
    /// The answer is for another challenge.
    Challenge = "challenge", "WebAuthn L3 §7.1 step 8, §7.2 step 11";
    /// The ceremony ran on an origin that is not ours.
    Origin = "origin", "WebAuthn L3 §7.1 step 9, §7.2 step 12";
    /// The ceremony ran in a frame and no framing is expected.
    CrossOrigin = "cross_origin", "WebAuthn L3 §7.1 step 10, §7.2 step 13";
    /// The page around ours is not one that may frame it.
    TopOrigin = "top_origin", "WebAuthn L3 §7.1 step 11, §7.2 step 14";
    /// CBOR that is broken, nested too deep, too large, indefinite, or with a key given twice.
    Cbor = "cbor", "WebAuthn L3 §7.1 step 13 (CTAP 2.2 §8)";
    /// The attestation object is not a map of exactly `fmt`, `attStmt` and `authData`.
    AttestationObject = "attestation_object", "WebAuthn L3 §6.5.4";
    /// The authenticator data is cut short, carries bytes too many, or its flags belie its contents.
    AuthenticatorData = "authenticator_data", "WebAuthn L3 §6.1";
    /// The authenticator answered for another RP ID.
    RpIdHash = "rp_id_hash", "WebAuthn L3 §7.1 step 14, §7.2 step 15";
    /// Nobody was present.
    UserNotPresent = "user_not_present", "WebAuthn L3 §7.1 step 15, §7.2 step 16";
    /// The authenticator did not verify the person.
    UserNotVerified = "user_not_verified", "WebAuthn L3 §7.1 step 16, §7.2 step 17";
    /// BS without BE: a copy of what can't be copied.
    BackedUpButNotEligible = "backed_up_but_not_eligible", "WebAuthn L3 §7.1 step 17, §7.2 step 18";
    /// BE differs from what it was at registration.
    BackupEligibilityChanged = "backup_eligibility_changed", "WebAuthn L3 §7.2 step 19";
    /// The credential public key is no COSE_Key of the one shape its algorithm allows.
    PublicKey = "public_key", "WebAuthn L3 §6.5.1.1 (RFC 9052 §7, RFC 9053 §7)";
    /// The key's algorithm was not offered.
    AlgorithmNotOffered = "algorithm_not_offered", "WebAuthn L3 §7.1 step 20";
    /// An attestation format that we don't read.
    AttestationFormat = "attestation_format", "WebAuthn L3 §7.1 step 21";
    /// The attestation statement has the wrong shape for its format.
    AttestationStatement = "attestation_statement", "WebAuthn L3 §7.1 step 22 (§8.2, §8.7)";
    /// The attestation statement's algorithm is not that of the key it was made with.
    AttestationAlgorithm = "attestation_algorithm", "WebAuthn L3 §7.1 step 22 (§8.2)";
    /// The attestation certificate breaks the rules for its format.
    AttestationCertificate = "attestation_certificate", "WebAuthn L3 §7.1 step 22 (§8.2.1)";
    /// The attestation signature does not verify.
    AttestationSignature = "attestation_signature", "WebAuthn L3 §7.1 step 22 (§8.2)";
    /// The assertion's signature does not verify.
    Signature = "signature", "WebAuthn L3 §7.2 step 21";
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({})", self.as_word(), self.step())
    }
}
impl std::error::Error for Fault {}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_fault_has_a_word_of_its_own_and_a_clause() {
        let words: BTreeSet<&str> = Fault::ALL.iter().map(|fault| fault.as_word()).collect();
        assert_eq!(words.len(), Fault::ALL.len());
        for fault in Fault::ALL {
            assert!(
                fault.as_word().bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_'),
                "{fault}"
            );
            assert!(fault.step().contains('§'), "{fault}");
        }
        assert_eq!(Fault::Signature.to_string(), "signature (WebAuthn L3 §7.2 step 21)");
    }
}
