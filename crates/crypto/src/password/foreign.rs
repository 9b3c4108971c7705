//! The forms in which hashes are stored, here and elsewhere, told apart by how they begin.
//!
//! | form | who writes it |
//! |---|---|
//! | `$argon2id$`, `$argon2i$`, `$argon2d$` | we; PHP, Python, Node; Django behind `argon2` |
//! | `$2a$`, `$2b$`, `$2y$` | OpenBSD, PHP, Rails, Spring, Node |
//! | `$pbkdf2-sha256$i=…` and its kin | the PHC string format; our own form for every PBKDF2 |
//! | `$pbkdf2-sha256$29000$…` and its kin | passlib |
//! | `pbkdf2_sha256$…`, `pbkdf2_sha1$…` | Django |
//! | `$scrypt$ln=…` | the PHC string format; passlib |
//! | base64 that begins with a byte 0 or 1 | ASP.NET Identity, versions 2 and 3 |
//! | two JSON texts | Keycloak |

use std::collections::BTreeMap;

use argon2::{Algorithm, Version};
use serde::Deserialize;

use super::{
    BadHash, Params,
    argon::Argon2Hash,
    bcrypt::BcryptHash,
    fields,
    pbkdf2::{Pbkdf2Hash, Prf},
    scrypt::ScryptHash,
    stored::Scheme,
};

/// Longest of Keycloak's two texts, in bytes.
const KEYCLOAK_BYTES_MAX: usize = 4096;

/// What we recognise and refuse by name: fast hashes and the crypt family that is not ours to keep alive, constructions
/// that wrap another hash, and forms whose secret half stands elsewhere. The longer beginning first.
const REFUSED: [(&str, &str); 21] = [
    ("$2x$", "bcrypt by an implementation that mistook characters outside ASCII"),
    ("$2$", "the first bcrypt, of 1997"),
    ("$bcrypt-sha256$", "bcrypt over SHA-256"),
    ("bcrypt_sha256$", "bcrypt over SHA-256"),
    ("bcrypt$", "bcrypt in Django's old form"),
    ("scrypt$", "scrypt in Django's form"),
    ("scrypt:", "scrypt in Werkzeug's form"),
    ("pbkdf2:", "PBKDF2 in Werkzeug's form"),
    ("$fbscrypt$", "Firebase's scrypt, which needs the project's signer key"),
    ("$firescrypt$", "Firebase's scrypt, which needs the project's signer key"),
    ("$7$", "scrypt in crypt's form"),
    ("$y$", "yescrypt"),
    ("$gy$", "yescrypt"),
    ("$1$", "MD5-crypt"),
    ("$apr1$", "MD5-crypt"),
    ("$5$", "SHA-256-crypt"),
    ("$6$", "SHA-512-crypt"),
    ("$P$", "phpass"),
    ("$H$", "phpass"),
    ("md5$", "salted MD5"),
    ("sha1$", "salted SHA-1"),
];

/// Reads a hash in any of the forms that are one text.
pub(super) fn parse(text: &str) -> Result<Scheme, BadHash> {
    if let Some((_, name)) = REFUSED.iter().find(|(beginning, _)| text.starts_with(beginning)) {
        return Err(BadHash::Unsupported(name));
    }
    if text.starts_with('{') {
        return Err(BadHash::Unsupported("a userPassword of an LDAP directory"));
    }
    // Django writes the name of its hasher before what the library gave.
    let text = text.strip_prefix("argon2").filter(|rest| rest.starts_with("$argon2")).unwrap_or(text);
    if let Some(rest) = text.strip_prefix('$') {
        let (name, rest) = rest.split_once('$').ok_or(BadHash::Unrecognised)?;
        return match name {
            "argon2id" => Argon2Hash::parse(Algorithm::Argon2id, rest).map(Scheme::Argon2),
            "argon2i" => Argon2Hash::parse(Algorithm::Argon2i, rest).map(Scheme::Argon2),
            "argon2d" => Argon2Hash::parse(Algorithm::Argon2d, rest).map(Scheme::Argon2),
            "2a" | "2b" | "2y" => BcryptHash::parse(rest).map(Scheme::Bcrypt),
            "pbkdf2" | "pbkdf2-sha1" => Pbkdf2Hash::parse(Prf::Sha1, rest).map(Scheme::Pbkdf2),
            "pbkdf2-sha256" => Pbkdf2Hash::parse(Prf::Sha256, rest).map(Scheme::Pbkdf2),
            "pbkdf2-sha512" => Pbkdf2Hash::parse(Prf::Sha512, rest).map(Scheme::Pbkdf2),
            "scrypt" => ScryptHash::parse(rest).map(Scheme::Scrypt),
            _ => Err(BadHash::Unrecognised),
        };
    }
    match text.split_once('$') {
        Some(("pbkdf2_sha256", rest)) => django_pbkdf2(Prf::Sha256, rest),
        Some(("pbkdf2_sha1", rest)) => django_pbkdf2(Prf::Sha1, rest),
        Some(_) => Err(BadHash::Unrecognised),
        None => aspnet(text),
    }
}

/// Django: `1000000$salt$output`. The salt is the text itself, the output is base64.
fn django_pbkdf2(prf: Prf, rest: &str) -> Result<Scheme, BadHash> {
    let mut parts = rest.split('$');
    let (Some(iterations), Some(salt), Some(output), None) = (parts.next(), parts.next(), parts.next(), parts.next())
    else {
        return Err(BadHash::Malformed);
    };
    let (iterations, output) = (fields::number(iterations)?, fields::bytes(output)?);
    Pbkdf2Hash::new(prf, iterations, salt.as_bytes().to_vec(), output).map(Scheme::Pbkdf2)
}

/// ASP.NET Identity: base64 of a version byte and what that version lays out behind it.
fn aspnet(text: &str) -> Result<Scheme, BadHash> {
    let bytes = fields::bytes(text).map_err(|_| BadHash::Unrecognised)?;
    match bytes.as_slice() {
        // Version 2: PBKDF2 with SHA-1, 1000 rounds, 16 bytes of salt, 32 of output.
        [0, rest @ ..] if rest.len() == 48 => {
            let (salt, output) = rest.split_at(16);
            Pbkdf2Hash::new(Prf::Sha1, 1000, salt.to_vec(), output.to_vec()).map(Scheme::Pbkdf2)
        }
        // Version 3: the pseudorandom function, the rounds and the length of the salt, big-endian; salt; output.
        [1, rest @ ..] => {
            let (prf, rest) = big_endian(rest)?;
            let (iterations, rest) = big_endian(rest)?;
            let (salt_bytes, rest) = big_endian(rest)?;
            let prf = match prf {
                0 => Prf::Sha1,
                1 => Prf::Sha256,
                2 => Prf::Sha512,
                _ => return Err(BadHash::Malformed),
            };
            let (salt, output) = rest.split_at_checked(salt_bytes as usize).ok_or(BadHash::Malformed)?;
            Pbkdf2Hash::new(prf, iterations, salt.to_vec(), output.to_vec()).map(Scheme::Pbkdf2)
        }
        _ => Err(BadHash::Unrecognised),
    }
}

fn big_endian(bytes: &[u8]) -> Result<(u32, &[u8]), BadHash> {
    let (number, rest) = bytes.split_first_chunk().ok_or(BadHash::Malformed)?;
    Ok((u32::from_be_bytes(*number), rest))
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct CredentialData {
    hash_iterations: u32,
    algorithm: String,
    #[serde(default)]
    additional_parameters: BTreeMap<String, Vec<String>>,
}

#[derive(Deserialize)]
struct SecretData {
    value: String,
    salt: String,
}

/// Keycloak: `credentialData` says how, `secretData` holds base64 of output and salt.
pub(super) fn keycloak(credential_data: &str, secret_data: &str) -> Result<Scheme, BadHash> {
    if credential_data.len() > KEYCLOAK_BYTES_MAX || secret_data.len() > KEYCLOAK_BYTES_MAX {
        return Err(BadHash::TooLong);
    }
    let how: CredentialData = serde_json::from_str(credential_data).map_err(|_| BadHash::Malformed)?;
    let what: SecretData = serde_json::from_str(secret_data).map_err(|_| BadHash::Malformed)?;
    let (salt, output) = (fields::bytes(&what.salt)?, fields::bytes(&what.value)?);
    let pbkdf2 = |prf| Pbkdf2Hash::new(prf, how.hash_iterations, salt.clone(), output.clone()).map(Scheme::Pbkdf2);
    match how.algorithm.as_str() {
        "pbkdf2" => pbkdf2(Prf::Sha1),
        "pbkdf2-sha256" => pbkdf2(Prf::Sha256),
        "pbkdf2-sha512" => pbkdf2(Prf::Sha512),
        "argon2" => {
            let (algorithm, version, params) = keycloak_argon2(&how)?;
            Argon2Hash::new(algorithm, version, params, salt, output).map(Scheme::Argon2)
        }
        _ => Err(BadHash::Unsupported("by an algorithm that was added to Keycloak")),
    }
}

fn keycloak_argon2(how: &CredentialData) -> Result<(Algorithm, Version, Params), BadHash> {
    let one = |name: &str| match how.additional_parameters.get(name).map(Vec::as_slice) {
        Some([value]) => Ok(value.as_str()),
        _ => Err(BadHash::Malformed),
    };
    let algorithm = match one("type")? {
        "id" => Algorithm::Argon2id,
        "i" => Algorithm::Argon2i,
        "d" => Algorithm::Argon2d,
        _ => return Err(BadHash::Malformed),
    };
    let version = match one("version")? {
        "1.3" => Version::V0x13,
        "1.0" => Version::V0x10,
        _ => return Err(BadHash::Malformed),
    };
    let (memory_kib, parallelism) = (fields::number(one("memory")?)?, fields::number(one("parallelism")?)?);
    Ok((algorithm, version, Params::new(memory_kib, how.hash_iterations, parallelism)?))
}
