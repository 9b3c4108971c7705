//! A device that holds one passkey: ES256, no attestation, and fields that tests turn to make it lie.

use crypto::{KeySet, b64u, from_b64u, sha256};
use model::{Entropy, Timestamp};
use serde_json::{Value, json};

use crate::world::ORIGIN;

/// One authenticator with room for one passkey. The public fields are what it will claim next time.
pub(crate) struct Device {
    signs: KeySet,
    pub(crate) credential_id: Vec<u8>,
    /// The user handle that it got when its passkey was made; what it answers with.
    pub(crate) user_handle: String,
    pub(crate) origin: &'static str,
    pub(crate) user_verified: bool,
    /// BE and BS.
    pub(crate) synced: bool,
    pub(crate) backed_up: bool,
    /// The next counter. Raised by each use, unless it is 0.
    pub(crate) counter: u32,
}

impl Device {
    /// A telephone or laptop whose passkeys are synced, and that counts nothing.
    pub(crate) fn new(seed: u8) -> Self {
        let key = crypto::SigningKey::generate(Timestamp::from_seconds(1), &mut Entropy::new([seed; 256]));
        Self {
            signs: KeySet::new(vec![key.into()]).expect("one key"),
            credential_id: sha256(&[seed]).to_vec(),
            user_handle: String::new(),
            origin: ORIGIN,
            user_verified: true,
            synced: true,
            backed_up: true,
            counter: 0,
        }
    }

    /// A security key: its passkey stays on it, and it counts.
    pub(crate) fn security_key(seed: u8) -> Self {
        Self { synced: false, backed_up: false, counter: 1, ..Self::new(seed) }
    }

    /// Answers creation options: RegistrationResponseJSON.
    pub(crate) fn create(&mut self, options: &str) -> String {
        let options: Value = serde_json::from_str(options).expect("options are JSON");
        self.user_handle = text(&options["user"]["id"]);
        let client_data = self.client_data("webauthn.create", &options);
        let mut data = self.authenticator_data(&text(&options["rp"]["id"]), 0x40);
        data.extend_from_slice(&[0; 16]);
        data.extend_from_slice(&u16::try_from(self.credential_id.len()).expect("short").to_be_bytes());
        data.extend_from_slice(&self.credential_id);
        data.extend_from_slice(&self.cose_key());
        // {"fmt": "none", "attStmt": {}, "authData": bytes} in CBOR.
        let mut object = b"\xa3\x63fmt\x64none\x67attStmt\xa0\x68authData\x58".to_vec();
        object.push(u8::try_from(data.len()).expect("fits a one-byte length"));
        object.extend_from_slice(&data);
        self.response(json!({
            "clientDataJSON": b64u(client_data.as_bytes()),
            "attestationObject": b64u(&object),
            "transports": ["internal"],
        }))
    }

    /// Answers request options: AuthenticationResponseJSON.
    pub(crate) fn get(&mut self, options: &str) -> String {
        let options: Value = serde_json::from_str(options).expect("options are JSON");
        assert_eq!(options["allowCredentials"], json!([]), "options must not say who has passkeys");
        let client_data = self.client_data("webauthn.get", &options);
        let data = self.authenticator_data(&text(&options["rpId"]), 0);
        let signed = [data.as_slice(), &sha256(client_data.as_bytes())].concat();
        let signature = der(&self.signs.active().sign_raw(&signed));
        self.response(json!({
            "clientDataJSON": b64u(client_data.as_bytes()),
            "authenticatorData": b64u(&data),
            "signature": b64u(&signature),
            "userHandle": self.user_handle,
        }))
    }

    fn response(&self, response: Value) -> String {
        let id = b64u(&self.credential_id);
        json!({
            "id": id, "rawId": id, "type": "public-key", "clientExtensionResults": {},
            "authenticatorAttachment": "platform", "response": response,
        })
        .to_string()
    }

    fn client_data(&self, ceremony: &str, options: &Value) -> String {
        json!({"type": ceremony, "challenge": options["challenge"], "origin": self.origin, "crossOrigin": false})
            .to_string()
    }

    /// WebAuthn L3 §6.1: hash of the RP ID, flags, counter.
    fn authenticator_data(&mut self, rp_id: &str, more_flags: u8) -> Vec<u8> {
        let flag = |set: bool, bit: u8| if set { bit } else { 0 };
        let flags = 1 | flag(self.user_verified, 4) | flag(self.synced, 8) | flag(self.backed_up, 16) | more_flags;
        let mut data = sha256(rp_id.as_bytes()).to_vec();
        data.push(flags);
        data.extend_from_slice(&self.counter.to_be_bytes());
        self.counter += u32::from(self.counter != 0);
        data
    }

    /// The public key as COSE_Key: {1: 2, 3: -7, -1: 1, -2: x, -3: y}.
    fn cose_key(&self) -> Vec<u8> {
        let jwks: Value = serde_json::from_str(&self.signs.jwks_json()).expect("a key set is JSON");
        let coordinate = |name: &str| from_b64u(&text(&jwks["keys"][0][name])).expect("base64url");
        let mut cose = vec![0xa5, 1, 2, 3, 0x26, 0x20, 1, 0x21, 0x58, 32];
        cose.extend_from_slice(&coordinate("x"));
        cose.extend_from_slice(&[0x22, 0x58, 32]);
        cose.extend_from_slice(&coordinate("y"));
        cose
    }
}

fn text(value: &Value) -> String {
    value.as_str().expect("a text").to_owned()
}

/// An ECDSA signature r‖s as the DER that authenticators send (RFC 3279 §2.2.3).
fn der(raw: &[u8]) -> Vec<u8> {
    let mut body = Vec::new();
    for half in raw.chunks(32) {
        let zeros = half.iter().take_while(|byte| **byte == 0).count();
        let mut digits = half[zeros..].to_vec();
        if digits.first().is_none_or(|byte| *byte >= 0x80) {
            digits.insert(0, 0);
        }
        body.extend_from_slice(&[2, digits.len() as u8]);
        body.extend_from_slice(&digits);
    }
    [vec![0x30, body.len() as u8], body].concat()
}
