//! The authenticator: makes passkeys and signs with them (WebAuthn L3 §6.3).

use aws_lc_rs::digest::{SHA256, digest};
use serde_json::json;

use crate::{
    AAGUID, Algorithm, AttestationMaker,
    cbor::{self, Entry},
    client::{self, CreationOptions, Refusal, RequestOptions, b64u, from_b64u},
    key::Key,
    knobs::{Attestation, CertificateKnobs, Counter, Knobs, ObjectFlaw, Signer, UserHandleChoice},
    seed::Seed,
};

/// A software authenticator and the browser around it. Cheap to make; `Clone` copies the passkeys with it.
#[derive(Clone)]
pub struct Authenticator {
    seed: Seed,
    created: u64,
    maker: AttestationMaker,
    credentials: Vec<Credential>,
}

/// A passkey that an authenticator holds.
#[derive(Clone)]
pub struct Credential {
    /// Its credential id.
    pub id: Vec<u8>,
    /// Whom it is for.
    pub rp_id: String,
    /// The user handle it was created with.
    pub user_handle: Vec<u8>,
    /// How it signs.
    pub algorithm: Algorithm,
    /// BE, which never changes by itself.
    pub backup_eligible: bool,
    sign_count: u32,
    key: Key,
}

impl Authenticator {
    /// An empty authenticator. Its credential ids and its keys (but RSA ones) follow from `seed`; all authenticators
    /// come from the maker of seed 0 unless [`Self::made_by`] says otherwise.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Self {
            seed: Seed::new(seed).child("authenticator", 0),
            created: 0,
            maker: AttestationMaker::new(0),
            credentials: Vec::new(),
        }
    }

    /// The same authenticator from another maker.
    #[must_use]
    pub fn made_by(mut self, maker: AttestationMaker) -> Self {
        self.maker = maker;
        self
    }

    /// The maker, whose root certificate a relying party may trust.
    #[must_use]
    pub const fn maker(&self) -> &AttestationMaker {
        &self.maker
    }

    /// The passkeys held, oldest first.
    #[must_use]
    pub fn credentials(&self) -> &[Credential] {
        &self.credentials
    }

    /// Answers `navigator.credentials.create()` on a page of `origin`: takes PublicKeyCredentialCreationOptionsJSON and
    /// returns RegistrationResponseJSON.
    ///
    /// # Errors
    /// A [`Refusal`], as a browser would reject the promise.
    pub fn create(&mut self, options_json: &str, origin: &str, knobs: &Knobs) -> Result<String, Refusal> {
        let options: CreationOptions = client::read(options_json)?;
        for excluded in &options.exclude {
            let id = from_b64u(&excluded.id)?;
            if self.credentials.iter().any(|held| held.id == id && held.rp_id == options.rp.id) {
                return Err(Refusal::Excluded);
            }
        }
        let algorithm = choose(&options, knobs)?;
        let credential = Credential {
            id: self.seed.bytes("credential id", self.created, knobs.credential_id_bytes),
            rp_id: options.rp.id,
            user_handle: from_b64u(&options.user.id)?,
            algorithm,
            backup_eligible: knobs.backup_eligible.unwrap_or(true),
            sign_count: match knobs.counter {
                Counter::Silent => 0,
                Counter::Rising => 1,
                Counter::Set(count) => count,
            },
            key: Key::from_seed(algorithm, self.seed.child("credential key", self.created)),
        };
        self.created += 1;
        let client_data = client::client_data("webauthn.create", &options.challenge, origin, knobs);
        let data = authenticator_data(&credential, knobs, true);
        let signed = [data.as_slice(), digest(&SHA256, &client_data).as_ref()].concat();
        let attestation = match (&knobs.attestation, options.attestation.as_str()) {
            (Attestation::AsAsked, "direct" | "enterprise") => {
                &Attestation::PackedCertificate(CertificateKnobs::default())
            }
            (Attestation::AsAsked, _) => &Attestation::None,
            (chosen, _) => chosen,
        };
        let (format, statement) = self.statement(attestation, &credential.key, &signed, knobs);
        let object = attestation_object(format, statement, &data, knobs.object);
        let id = b64u(&credential.id);
        let answer = json!({
            "id": id,
            "rawId": id,
            "type": "public-key",
            "authenticatorAttachment": "platform",
            "response": {
                "clientDataJSON": b64u(&client_data),
                "attestationObject": b64u(&object),
                "authenticatorData": b64u(&data),
                "publicKey": b64u(&credential.key.spki()),
                "publicKeyAlgorithm": algorithm.cose_id(),
                "transports": ["internal", "hybrid"],
            },
            "clientExtensionResults": {"credProps": {"rk": true}},
        });
        // One passkey for each person and relying party (§6.3.2 step 7): the new one takes the place of the old.
        self.credentials.retain(|held| held.rp_id != credential.rp_id || held.user_handle != credential.user_handle);
        self.credentials.push(credential);
        Ok(answer.to_string())
    }

    /// Answers `navigator.credentials.get()` on a page of `origin` with the newest passkey that fits: takes
    /// PublicKeyCredentialRequestOptionsJSON and returns AuthenticationResponseJSON.
    ///
    /// # Errors
    /// A [`Refusal`], as a browser would reject the promise.
    pub fn get(
        &mut self,
        options_json: &str,
        origin: &str,
        user_handle: &UserHandleChoice,
        knobs: &Knobs,
    ) -> Result<String, Refusal> {
        let options: RequestOptions = client::read(options_json)?;
        let mut allowed = Vec::new();
        for descriptor in &options.allow {
            allowed.push(from_b64u(&descriptor.id)?);
        }
        let fits =
            |held: &&mut Credential| held.rp_id == options.rp_id && (allowed.is_empty() || allowed.contains(&held.id));
        let credential = self.credentials.iter_mut().rev().find(fits).ok_or(Refusal::NoCredential)?;
        match knobs.counter {
            Counter::Silent => {}
            Counter::Rising => credential.sign_count = credential.sign_count.saturating_add(1),
            Counter::Set(count) => credential.sign_count = count,
        }
        let client_data = client::client_data("webauthn.get", &options.challenge, origin, knobs);
        let data = authenticator_data(credential, knobs, knobs.credential_in_assertion);
        let signed = [data.as_slice(), digest(&SHA256, &client_data).as_ref()].concat();
        let signature = match knobs.signer {
            Signer::Own => credential.key.sign(&signed),
            Signer::Another => credential.key.another(self.seed).sign(&signed),
        };
        let user_handle = match user_handle {
            UserHandleChoice::Own => Some(b64u(&credential.user_handle)),
            UserHandleChoice::Missing => None,
            UserHandleChoice::Other(bytes) => Some(b64u(bytes)),
        };
        let id = b64u(&credential.id);
        Ok(json!({
            "id": id,
            "rawId": id,
            "type": "public-key",
            "authenticatorAttachment": "platform",
            "response": {
                "clientDataJSON": b64u(&client_data),
                "authenticatorData": b64u(&data),
                "signature": b64u(&signature),
                "userHandle": user_handle,
            },
            "clientExtensionResults": {},
        })
        .to_string())
    }

    /// The format's name and its statement's entries (§8.2, §8.7).
    fn statement(
        &self,
        attestation: &Attestation,
        key: &Key,
        signed: &[u8],
        knobs: &Knobs,
    ) -> (&'static str, Vec<Entry>) {
        let signing = |key: &Key| match knobs.signer {
            Signer::Own => key.sign(signed),
            Signer::Another => key.another(self.seed).sign(signed),
        };
        let packed = |key: &Key| {
            let algorithm = knobs.statement_algorithm.unwrap_or(key.algorithm().cose_id());
            vec![(cbor::text("alg"), cbor::int(algorithm)), (cbor::text("sig"), cbor::bytes(&signing(key)))]
        };
        match attestation {
            Attestation::None | Attestation::AsAsked => ("none", Vec::new()),
            Attestation::PackedSelf => ("packed", packed(key)),
            Attestation::PackedCertificate(certificate) => {
                let (maker_key, path) = self.maker.issue(certificate);
                let mut entries = packed(&maker_key);
                let path: Vec<Vec<u8>> = path.iter().map(|der| cbor::bytes(der)).collect();
                entries.push((cbor::text("x5c"), cbor::array(&path)));
                ("packed", entries)
            }
        }
    }
}

/// The first algorithm offered that this kit knows, or the one asked for. A lie about `alg` needs no offer.
fn choose(options: &CreationOptions, knobs: &Knobs) -> Result<Algorithm, Refusal> {
    let offered: Vec<Algorithm> = options
        .parameters
        .iter()
        .filter_map(|offer| Algorithm::ALL.into_iter().find(|known| known.cose_id() == offer.alg))
        .collect();
    match knobs.algorithm {
        None => offered.first().copied().ok_or(Refusal::Algorithm),
        Some(wanted) if offered.contains(&wanted) => Ok(wanted),
        Some(_) => Err(Refusal::Algorithm),
    }
}

/// §6.1.
fn authenticator_data(credential: &Credential, knobs: &Knobs, with_credential: bool) -> Vec<u8> {
    let backup_eligible = knobs.backup_eligible.unwrap_or(credential.backup_eligible);
    let flags = [
        (knobs.user_present, 0x01),
        (knobs.user_verified, 0x04),
        (backup_eligible, 0x08),
        (knobs.backed_up.unwrap_or(backup_eligible), 0x10),
        (with_credential, 0x40),
        (knobs.extensions.is_some(), 0x80),
    ];
    let flags = flags.iter().filter(|(set, _)| *set).fold(0, |all, (_, bit)| all | bit);
    let rp_id = knobs.rp_id.as_deref().unwrap_or(&credential.rp_id);
    let mut out = digest(&SHA256, rp_id.as_bytes()).as_ref().to_vec();
    out.push(flags);
    out.extend_from_slice(&credential.sign_count.to_be_bytes());
    if with_credential {
        out.extend_from_slice(&AAGUID);
        // The length has two bytes (§6.5.1); a longer id than fits can't be asked for in earnest.
        let id = &credential.id[..credential.id.len().min(usize::from(u16::MAX))];
        out.extend_from_slice(&(id.len() as u16).to_be_bytes());
        out.extend_from_slice(id);
        out.extend_from_slice(&cose_key(&credential.key, knobs));
    }
    out.extend_from_slice(knobs.extensions.as_deref().unwrap_or_default());
    out.extend_from_slice(&knobs.authenticator_data_trailing);
    out
}

/// The public key in CTAP2's canonical order: 1, 3, -1, -2, -3.
fn cose_key(key: &Key, knobs: &Knobs) -> Vec<u8> {
    let algorithm = knobs.key_algorithm.unwrap_or(key.algorithm().cose_id());
    let mut entries: Vec<Entry> =
        key.cose_members().into_iter().map(|(label, value)| (cbor::int(label), value)).collect();
    entries.insert(1, (cbor::int(3), cbor::int(algorithm)));
    entries.extend(knobs.key_extra.clone());
    cbor::map(&entries)
}

/// §6.5.4.
fn attestation_object(format: &str, mut statement: Vec<Entry>, data: &[u8], flaw: ObjectFlaw) -> Vec<u8> {
    if flaw == ObjectFlaw::StatementExtra {
        statement.push((cbor::text("ver"), cbor::text("2.0")));
    }
    let mut encoded_statement = cbor::map(&statement);
    if flaw == ObjectFlaw::DeepNesting {
        encoded_statement = cbor::map(&[(cbor::text("x"), [vec![0x81; 4000], vec![0x80]].concat())]);
    }
    let format = if let ObjectFlaw::Format(other) = flaw { other } else { format };
    let mut entries = vec![
        (cbor::text("fmt"), cbor::text(format)),
        (cbor::text("attStmt"), encoded_statement),
        (cbor::text("authData"), cbor::bytes(data)),
    ];
    match flaw {
        ObjectFlaw::KeyTwice => entries.insert(0, (cbor::text("fmt"), cbor::text("none"))),
        ObjectFlaw::ExtraMember => entries.push((cbor::text("epAtt"), vec![0xf4])),
        ObjectFlaw::None
        | ObjectFlaw::Trailing
        | ObjectFlaw::DeepNesting
        | ObjectFlaw::IndefiniteLength
        | ObjectFlaw::Format(_)
        | ObjectFlaw::StatementExtra => {}
    }
    let mut object = cbor::map(&entries);
    match flaw {
        ObjectFlaw::Trailing => object.push(0x00),
        ObjectFlaw::IndefiniteLength => {
            object[0] = 0xbf;
            object.push(0xff);
        }
        ObjectFlaw::None
        | ObjectFlaw::KeyTwice
        | ObjectFlaw::ExtraMember
        | ObjectFlaw::DeepNesting
        | ObjectFlaw::Format(_)
        | ObjectFlaw::StatementExtra => {}
    }
    object
}
