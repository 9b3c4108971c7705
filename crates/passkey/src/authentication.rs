//! Authentication: WebAuthn L3 §7.2, step by step.

use model::{Amr, Strength};

use crate::{
    AuthenticationResponse, Challenge, Fault, Passkey, RelyingParty,
    authenticator_data::AuthenticatorData,
    client_data::{self, Ceremony},
    cose,
};

/// What the relying party knows when an assertion arrives.
#[derive(Clone, Copy)]
pub struct AuthenticationFacts<'a> {
    /// Us.
    pub rp: &'a RelyingParty,
    /// The challenge of this ceremony. The caller has spent it.
    pub challenge: &'a Challenge,
    /// The passkey stored under the credential id that the answer names.
    pub passkey: &'a Passkey,
    /// The user handle of the person whom that passkey belongs to.
    pub user_handle: &'a [u8; 32],
}

/// What an assertion proved. The caller stores the counter and the backup state.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Assertion {
    /// The authenticator's counter, to be stored.
    pub sign_count: u32,
    /// BS, to be stored.
    pub backed_up: bool,
    /// The counter did not rise although someone counts: perhaps a copy of the key. A signal, no refusal.
    pub counter_risk: bool,
    /// How strong this sign-in was.
    pub strength: Strength,
    /// Its method references.
    pub amr: Amr,
}

/// Verifies an assertion. Steps 1 and 2 belong to the page; 3, 4 and the bounds to [`AuthenticationResponse::parse`];
/// step 5 is void because our options never list credentials.
///
/// # Errors
/// The [`Fault`] of the first step that fails. Nothing may be changed then.
pub fn verify_authentication(
    response: &AuthenticationResponse,
    facts: &AuthenticationFacts<'_>,
) -> Result<Assertion, Fault> {
    verify(response, facts, Verification::Required)
}

/// Whether step 17 asks for UV. Product code always does; the standard's own vectors, half of which come without, are
/// the reason that this can be said at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verification {
    /// UV must be set.
    Required,
    /// UV is ignored.
    #[cfg(test)]
    Ignored,
}

pub(crate) fn verify(
    response: &AuthenticationResponse,
    facts: &AuthenticationFacts<'_>,
    verification: Verification,
) -> Result<Assertion, Fault> {
    let passkey = facts.passkey;
    // §7.2 step 6: the caller looked the passkey up by the id in the answer; both the id and the person are compared
    // again, so that an answer can never count for someone else.
    if response.credential_id != passkey.credential_id {
        return Err(Fault::OtherCredential);
    }
    let user_handle = response.user_handle.as_deref().ok_or(Fault::UserHandleMissing)?;
    if !crypto::equal(user_handle, facts.user_handle) {
        return Err(Fault::UserHandleMismatch);
    }
    // §7.2 steps 7 to 14: client data, type, challenge, origin, frames.
    client_data::check(&response.client_data, Ceremony::Get, facts.challenge, facts.rp)?;
    let data = AuthenticatorData::parse(&response.authenticator_data)?;
    // §6.1: an assertion never carries a credential.
    if data.credential.is_some() {
        return Err(Fault::AuthenticatorData);
    }
    // §7.2 step 15.
    if !crypto::equal(data.rp_id_hash, &crypto::sha256(facts.rp.id.as_bytes())) {
        return Err(Fault::RpIdHash);
    }
    // §7.2 step 16.
    if !data.flags.user_present() {
        return Err(Fault::UserNotPresent);
    }
    // §7.2 step 17: our options require it.
    if verification == Verification::Required && !data.flags.user_verified() {
        return Err(Fault::UserNotVerified);
    }
    // §7.2 step 18.
    if data.flags.backed_up() && !data.flags.backup_eligible() {
        return Err(Fault::BackedUpButNotEligible);
    }
    // §7.2 step 19: BE is fixed for life (§6.1.3); BS may move and is returned below.
    if data.flags.backup_eligible() != passkey.backup_eligible {
        return Err(Fault::BackupEligibilityChanged);
    }
    // §7.2 steps 20 and 21. The key decides how it is verified, and it is the stored one.
    let signed = [response.authenticator_data.as_slice(), &crypto::sha256(&response.client_data)].concat();
    let key = cose::read(&passkey.public_key)?;
    key.verify(&signed, &response.signature).map_err(|_| Fault::Signature)?;
    // §7.2 step 22: a counter that stands still or goes back is told, and policy judges it.
    let counted = data.sign_count != 0 || passkey.sign_count != 0;
    let counter_risk = counted && data.sign_count <= passkey.sign_count;
    // §7.2 step 23, extensions: none of their outputs changes what we decide.
    // §7.2 steps 24 and 25: the caller commits the new state with the sign-in. A counter that went back does not lower
    // the stored one, or the second copy of a key would make the first look suspicious only once.
    Ok(Assertion {
        sign_count: data.sign_count.max(passkey.sign_count),
        backed_up: data.flags.backed_up(),
        counter_risk,
        strength: passkey.strength(),
        amr: method_references(passkey, data.flags.user_verified()),
    })
}

/// RFC 8176 §2. Only a maker's statement tells that hardware guards the key; a passkey that verified the person is
/// two factors in one: the device, and what unlocks it.
fn method_references(passkey: &Passkey, user_verified: bool) -> Amr {
    let possession = match passkey.strength() {
        Strength::Attested => Amr::HWK,
        Strength::DeviceBoundClaimed | Strength::Passkey | Strength::TwoFactor | Strength::Password => Amr::POP,
    };
    if user_verified { possession.and(Amr::USER).and(Amr::MFA) } else { possession }
}
