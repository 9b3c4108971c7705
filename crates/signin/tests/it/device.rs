//! A person's device: the software authenticator of `testkit`, with the settings that tests turn.

use serde_json::{Value, json};
use testkit::{Attestation, Authenticator, CertificateKnobs, Knobs, UserHandleChoice};

use crate::world::ORIGIN;

/// One authenticator in one browser page. The public fields are how it behaves next time.
#[derive(Clone)]
pub(crate) struct Device {
    authenticator: Authenticator,
    pub(crate) origin: &'static str,
    pub(crate) user_handle: UserHandleChoice,
    pub(crate) knobs: Knobs,
}

impl Device {
    /// A telephone or laptop whose passkeys are synced, and that counts nothing.
    /// Two devices of one seed make the same passkey, key and id.
    pub(crate) fn new(seed: u64) -> Self {
        Self::with(seed, Knobs::default())
    }

    /// A security key: its passkey stays on it, and it counts.
    pub(crate) fn security_key(seed: u64) -> Self {
        Self::with(seed, Knobs::device_bound())
    }

    /// A security key whose maker vouches for it.
    pub(crate) fn attested(seed: u64) -> Self {
        let attestation = Attestation::PackedCertificate(CertificateKnobs::default());
        Self::with(seed, Knobs { attestation, ..Knobs::device_bound() })
    }

    /// The certificate that a relying party trusts if it trusts this device's maker.
    pub(crate) fn maker_root(&self) -> Vec<u8> {
        self.authenticator.maker().root_der()
    }

    /// A device with a passkey for this relying party that the relying party doesn't know.
    pub(crate) fn with_unknown_passkey(seed: u64) -> Self {
        let mut device = Self::new(seed);
        device.create(&creation_options(json!("AAAA")).to_string());
        device
    }

    fn with(seed: u64, knobs: Knobs) -> Self {
        Self { authenticator: Authenticator::new(seed), origin: ORIGIN, user_handle: UserHandleChoice::Own, knobs }
    }

    /// The credential id of its passkey.
    pub(crate) fn credential_id(&self) -> Vec<u8> {
        self.authenticator.credentials().last().expect("a passkey").id.clone()
    }

    /// The user handle that its passkey was made for.
    pub(crate) fn own_user_handle(&self) -> Vec<u8> {
        self.authenticator.credentials().last().expect("a passkey").user_handle.clone()
    }

    /// Answers creation options: RegistrationResponseJSON.
    pub(crate) fn create(&mut self, options: &str) -> String {
        self.authenticator.create(options, self.origin, &self.knobs).expect("options that this device can answer")
    }

    /// Answers request options: AuthenticationResponseJSON.
    pub(crate) fn get(&mut self, options: &str) -> String {
        let asked: Value = serde_json::from_str(options).expect("options are JSON");
        assert_eq!(asked["allowCredentials"], json!([]), "options must not say who has passkeys");
        let answer = self.authenticator.get(options, self.origin, &self.user_handle, &self.knobs);
        answer.expect("options that this device can answer")
    }
}

/// Creation options with the challenge of some other options.
pub(crate) fn creation_options(challenge: Value) -> Value {
    json!({
        "rp": {"id": "id.example.org"},
        "user": {"id": "AA"},
        "challenge": challenge,
        "pubKeyCredParams": [{"type": "public-key", "alg": -7}],
    })
}
