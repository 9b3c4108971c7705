//! Authenticator data (WebAuthn L3 §6.1): what the authenticator signs.

use crate::{Fault, cbor};

const HEADER_BYTES: usize = 37;
const AAGUID_BYTES: usize = 16;

/// The flags byte (§6.1). Bits 1 and 5 are reserved and read by nobody.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Flags(u8);

impl Flags {
    /// UP: somebody was there.
    pub(crate) const fn user_present(self) -> bool {
        self.0 & 0x01 != 0
    }
    /// UV: the authenticator verified the person.
    pub(crate) const fn user_verified(self) -> bool {
        self.0 & 0x04 != 0
    }
    /// BE: the key may be backed up.
    pub(crate) const fn backup_eligible(self) -> bool {
        self.0 & 0x08 != 0
    }
    /// BS: the key is backed up.
    pub(crate) const fn backed_up(self) -> bool {
        self.0 & 0x10 != 0
    }
    const fn has_credential(self) -> bool {
        self.0 & 0x40 != 0
    }
    const fn has_extensions(self) -> bool {
        self.0 & 0x80 != 0
    }
}

/// Authenticator data, taken apart.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct AuthenticatorData<'a> {
    /// SHA-256 of the RP ID that the authenticator answered for.
    pub(crate) rp_id_hash: &'a [u8],
    /// What it says about person and key.
    pub(crate) flags: Flags,
    /// Its signature counter.
    pub(crate) sign_count: u32,
    /// The new credential; in registrations only.
    pub(crate) credential: Option<AttestedCredential<'a>>,
}

/// Attested credential data (§6.5.1).
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct AttestedCredential<'a> {
    /// The authenticator's model.
    pub(crate) aaguid: [u8; AAGUID_BYTES],
    /// The credential id, of any length: §7.1 step 25 bounds it.
    pub(crate) credential_id: &'a [u8],
    /// The public key as it was encoded.
    pub(crate) public_key: &'a [u8],
    /// The public key, decoded.
    pub(crate) cose: cbor::Value<'a>,
}

impl<'a> AuthenticatorData<'a> {
    /// Takes authenticator data apart. The flags say what must follow, and nothing else may.
    ///
    /// # Errors
    /// [`Fault::AuthenticatorData`], or [`Fault::Cbor`] for the key and the extensions.
    pub(crate) fn parse(bytes: &'a [u8]) -> Result<Self, Fault> {
        let (header, mut rest) = bytes.split_at_checked(HEADER_BYTES).ok_or(Fault::AuthenticatorData)?;
        let flags = Flags(header[32]);
        let sign_count = u32::from_be_bytes([header[33], header[34], header[35], header[36]]);
        let mut credential = None;
        if flags.has_credential() {
            let (parsed, after) = AttestedCredential::parse(rest)?;
            credential = Some(parsed);
            rest = after;
        }
        if flags.has_extensions() {
            let (extensions, after) = cbor::decode_first(rest)?;
            // §6.1: a map. What it holds is ignored, as §7.1 step 28 and §7.2 step 23 allow.
            extensions.as_map().ok_or(Fault::AuthenticatorData)?;
            rest = after;
        }
        if !rest.is_empty() {
            return Err(Fault::AuthenticatorData);
        }
        Ok(Self { rp_id_hash: &header[..32], flags, sign_count, credential })
    }
}

impl<'a> AttestedCredential<'a> {
    fn parse(bytes: &'a [u8]) -> Result<(Self, &'a [u8]), Fault> {
        let (aaguid, rest) = bytes.split_first_chunk::<AAGUID_BYTES>().ok_or(Fault::AuthenticatorData)?;
        let (length, rest) = rest.split_first_chunk::<2>().ok_or(Fault::AuthenticatorData)?;
        let length = usize::from(u16::from_be_bytes(*length));
        let (credential_id, key_and_rest) = rest.split_at_checked(length).ok_or(Fault::AuthenticatorData)?;
        let (cose, after) = cbor::decode_first(key_and_rest)?;
        let public_key = &key_and_rest[..key_and_rest.len() - after.len()];
        Ok((Self { aaguid: *aaguid, credential_id, public_key, cose }, after))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn header(flags: u8) -> Vec<u8> {
        [vec![7; 32], vec![flags, 0, 0, 1, 2]].concat()
    }

    #[track_caller]
    fn check(bytes: &[u8], expected: Fault) {
        assert_eq!(AuthenticatorData::parse(bytes), Err(expected));
    }

    #[test]
    fn an_assertion_without_extensions() {
        let bytes = header(0x1d);
        let data = AuthenticatorData::parse(&bytes).unwrap();
        assert_eq!((data.rp_id_hash, data.sign_count), (&[7; 32][..], 258));
        assert!(data.flags.user_present() && data.flags.user_verified());
        assert!(data.flags.backup_eligible() && data.flags.backed_up());
        assert_eq!(data.credential, None);
    }

    #[test]
    fn extensions_are_one_map_and_the_end() {
        assert!(AuthenticatorData::parse(&[header(0x81), vec![0xa0]].concat()).is_ok());
        check(&header(0x81), Fault::Cbor);
        check(&[header(0x81), vec![0x00]].concat(), Fault::AuthenticatorData);
        check(&[header(0x81), vec![0xa0, 0x00]].concat(), Fault::AuthenticatorData);
        check(&[header(0x01), vec![0xa0]].concat(), Fault::AuthenticatorData);
    }

    #[test]
    fn data_cut_short() {
        check(&header(0x01)[..36], Fault::AuthenticatorData);
        check(&header(0x41), Fault::AuthenticatorData);
        check(&[header(0x41), vec![0; 17]].concat(), Fault::AuthenticatorData);
        check(&[header(0x41), vec![0; 16], vec![0, 9, 1]].concat(), Fault::AuthenticatorData);
        check(&[header(0x41), vec![0; 16], vec![0, 1, 1]].concat(), Fault::Cbor);
    }
}
