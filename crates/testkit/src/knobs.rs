//! Everything an authenticator or a browser can be told to do otherwise. `Knobs::default()` is honest.

use crate::Algorithm;

/// How one ceremony differs from an honest one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Knobs {
    /// UP.
    pub user_present: bool,
    /// UV.
    pub user_verified: bool,
    /// BE. None: set when creating, and as created when using.
    pub backup_eligible: Option<bool>,
    /// BS. None: as BE.
    pub backed_up: Option<bool>,
    /// The signature counter.
    pub counter: Counter,
    /// The key's algorithm. None: the first one offered that this kit knows.
    pub algorithm: Option<Algorithm>,
    /// The attestation statement.
    pub attestation: Attestation,
    /// Who signs.
    pub signer: Signer,
    /// Bytes in the new credential id.
    pub credential_id_bytes: usize,
    /// `type` of the client data.
    pub client_data_type: Option<&'static str>,
    /// Another challenge than that of the options.
    pub challenge: Option<Vec<u8>>,
    /// `crossOrigin` of the client data; None leaves the member out.
    pub cross_origin: Option<bool>,
    /// `topOrigin` of the client data.
    pub top_origin: Option<String>,
    /// Raw bytes put behind the last member of the client data, comma included.
    pub client_data_extra: Vec<u8>,
    /// The RP ID that is hashed, if not that of the options.
    pub rp_id: Option<String>,
    /// Extension outputs, encoded: sets ED and follows the authenticator data.
    pub extensions: Option<Vec<u8>>,
    /// Bytes behind the authenticator data, signed with it.
    pub authenticator_data_trailing: Vec<u8>,
    /// Puts a credential into an assertion (AT), where none belongs.
    pub credential_in_assertion: bool,
    /// Another `alg` in the public key.
    pub key_algorithm: Option<i64>,
    /// A member more in the public key: encoded key and value.
    pub key_extra: Option<(Vec<u8>, Vec<u8>)>,
    /// Another `alg` in the attestation statement.
    pub statement_algorithm: Option<i64>,
    /// What is wrong with the attestation object, outside of what is signed.
    pub object: ObjectFlaw,
}

impl Default for Knobs {
    fn default() -> Self {
        Self {
            user_present: true,
            user_verified: true,
            backup_eligible: None,
            backed_up: None,
            counter: Counter::Silent,
            algorithm: None,
            attestation: Attestation::AsAsked,
            signer: Signer::Own,
            credential_id_bytes: 32,
            client_data_type: None,
            challenge: None,
            cross_origin: Some(false),
            top_origin: None,
            client_data_extra: Vec::new(),
            rp_id: None,
            extensions: None,
            authenticator_data_trailing: Vec::new(),
            credential_in_assertion: false,
            key_algorithm: None,
            key_extra: None,
            statement_algorithm: None,
            object: ObjectFlaw::None,
        }
    }
}

impl Knobs {
    /// An authenticator whose keys never leave it and that counts its signatures.
    #[must_use]
    pub fn device_bound() -> Self {
        Self { backup_eligible: Some(false), counter: Counter::Rising, ..Self::default() }
    }
}

/// What the signature counter does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Counter {
    /// Always 0: the authenticator does not count.
    Silent,
    /// One more at each use.
    Rising,
    /// This value.
    Set(u32),
}

/// The attestation statement of a new passkey.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Attestation {
    /// `none` when the options ask for none, else the maker's certificate.
    AsAsked,
    /// `none`.
    None,
    /// `packed`, signed by the new key itself.
    PackedSelf,
    /// `packed`, signed by the maker's key.
    PackedCertificate(CertificateKnobs),
}

/// How an attestation certificate differs from an honest one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CertificateKnobs {
    /// The key of the attestation certificate.
    pub algorithm: Algorithm,
    /// Authorities between the root and the attestation certificate; they are part of the statement.
    pub intermediates: usize,
    /// `pathLenConstraint` of the root; an honest maker sets none.
    pub root_path_length: Option<u8>,
    /// Whether the intermediates say that they may issue.
    pub intermediates_may_issue: bool,
    /// Whether the intermediates' keys say that they sign certificates (`keyUsage`).
    pub intermediates_sign_certificates: bool,
    /// X.509 version 3, as required; false leaves version and extensions out.
    pub version_3: bool,
    /// Whether the attestation certificate calls itself an authority.
    pub authority: bool,
    /// The subject's organisational unit.
    pub unit: &'static str,
    /// The extension that names the model.
    pub aaguid: AaguidExtension,
    /// When the attestation certificate is valid.
    pub validity: Validity,
    /// Adds a critical extension that nobody knows.
    pub unknown_critical: bool,
    /// Adds the `basicConstraints` a second time.
    pub extension_twice: bool,
    /// Signs the attestation certificate with a key that is not its issuer's.
    pub forged: bool,
    /// Names an issuer that the certificate does not come from, whose key signed it all the same.
    pub issuer_renamed: bool,
}

impl Default for CertificateKnobs {
    fn default() -> Self {
        Self {
            algorithm: Algorithm::Es256,
            intermediates: 0,
            root_path_length: None,
            intermediates_may_issue: true,
            intermediates_sign_certificates: true,
            version_3: true,
            authority: false,
            unit: "Authenticator Attestation",
            aaguid: AaguidExtension::Matching,
            validity: Validity::Current,
            unknown_critical: false,
            extension_twice: false,
            forged: false,
            issuer_renamed: false,
        }
    }
}

/// `id-fido-gen-ce-aaguid` in an attestation certificate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AaguidExtension {
    /// The model of the authenticator data.
    Matching,
    /// Another model.
    Other,
    /// The right model, marked critical.
    Critical,
    /// Left out.
    Missing,
}

/// When an attestation certificate is valid.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Validity {
    /// From 2020 to the end of 2049.
    Current,
    /// In 2020 only.
    Past,
    /// In 2049 only.
    Future,
}

/// Who signs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Signer {
    /// The key that should.
    Own,
    /// Another key of the same kind.
    Another,
}

/// What is wrong with an attestation object.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ObjectFlaw {
    /// Nothing.
    None,
    /// Bytes follow it.
    Trailing,
    /// `fmt` comes twice.
    KeyTwice,
    /// A fourth member.
    ExtraMember,
    /// A statement of arrays within arrays.
    DeepNesting,
    /// A map of indefinite length.
    IndefiniteLength,
    /// Another format's name on the same statement.
    Format(&'static str),
    /// A member more in the statement.
    StatementExtra,
}

/// Which user handle an assertion carries.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum UserHandleChoice {
    /// The one that the passkey was created for.
    Own,
    /// None.
    Missing,
    /// These bytes.
    Other(Vec<u8>),
}
