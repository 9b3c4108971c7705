//! The `packed` format (WebAuthn L3 §8.2).

use crypto::{Algorithm, BadKey, PublicKey};

use super::{Certificate, Claim, TrustPath};
use crate::{
    Fault,
    cbor::{Map, Value},
};

/// Most certificates in a statement, the signing one included.
const CERTIFICATES_MAX: usize = 4;

/// §8.2, verification procedure.
///
/// # Errors
/// [`Fault::AttestationStatement`], [`Fault::AttestationAlgorithm`], [`Fault::AttestationCertificate`] or
/// [`Fault::AttestationSignature`].
pub(super) fn verify(statement: &Map<'_>, claim: &Claim<'_>) -> Result<TrustPath, Fault> {
    // §8.2 step 1.
    let id = statement.text("alg").and_then(Value::as_int).ok_or(Fault::AttestationStatement)?;
    let signature = statement.text("sig").and_then(Value::as_bytes).ok_or(Fault::AttestationStatement)?;
    let algorithm = Algorithm::from_cose_id(id).ok_or(Fault::AttestationAlgorithm)?;
    let signed = [claim.authenticator_data, claim.client_data_hash].concat();
    match (statement.text("x5c"), statement.len()) {
        // §8.2 step 3: self attestation.
        (None, 2) => {
            if claim.credential_key.algorithm() != algorithm {
                return Err(Fault::AttestationAlgorithm);
            }
            check_signature(claim.credential_key, &signed, signature)?;
            Ok(TrustPath::SelfSigned)
        }
        // §8.2 step 2: with certificates.
        (Some(chain), 3) => {
            let path = certificates(chain)?;
            let leaf = path.first().ok_or(Fault::AttestationStatement)?;
            check_signature(&leaf_key(leaf, algorithm)?, &signed, signature)?;
            leaf.check_packed_requirements(claim.aaguid)?;
            Ok(TrustPath::Certificates(path))
        }
        (None | Some(_), _) => Err(Fault::AttestationStatement),
    }
}

fn certificates(chain: &Value<'_>) -> Result<Vec<Certificate>, Fault> {
    let chain = chain.as_array().ok_or(Fault::AttestationStatement)?;
    if chain.len() > CERTIFICATES_MAX {
        return Err(Fault::AttestationStatement);
    }
    let mut path = Vec::new();
    for element in chain {
        path.push(Certificate::parse(element.as_bytes().ok_or(Fault::AttestationStatement)?)?);
    }
    Ok(path)
}

fn leaf_key(leaf: &Certificate, algorithm: Algorithm) -> Result<PublicKey, Fault> {
    leaf.public_key(algorithm).map_err(|fault| match fault {
        BadKey::OtherKind => Fault::AttestationAlgorithm,
        BadKey::Length | BadKey::Point | BadKey::Rsa | BadKey::Encoding => Fault::AttestationCertificate,
    })
}

fn check_signature(key: &PublicKey, signed: &[u8], signature: &[u8]) -> Result<(), Fault> {
    key.verify(signed, signature).map_err(|_| Fault::AttestationSignature)
}
