//! The cryptography of the whole product: hashes, seals, signatures, key sets, and the arithmetic of the audit chain.
//!
//! What it must not do: read a clock, draw randomness (it takes [`model::Entropy`]), touch files, or decide anything
//! about people and clients. No other room calls a cryptographic library for its own rules. The only randomness that is
//! not injected stays inside the library, which offers no way to hand it any: nonces of signatures and primes of RSA keys
//! (see [`signing`]).
//!
//! Start reading at [`root`], from which every other secret key of an installation descends; then [`keyset`] for the
//! tokens we sign and [`rotation`] for when their keys change; [`signature`] for what passkeys and attestation sign, and
//! [`jws`] with [`jwk`] for what clients and other issuers do.

pub mod alg;
pub mod b64;
pub mod certificate;
pub mod chain;
pub mod hash;
pub mod json;
pub mod jwk;
pub mod jws;
pub mod keyset;
pub mod otp;
pub mod password;
pub mod root;
pub mod rotation;
pub mod seal;
pub mod signature;
pub mod signing;
mod spki;

pub use alg::{Alg, KeyKind, RsaBits, SigningAlg};
pub use b64::{NotBase64, b64u, b64u_into, from_b64u, from_b64u_exact};
pub use certificate::{CertificateSubject, ClientCertificate, DistinguishedName, certificate_thumbprint};
pub use chain::{CHAIN_START, chain_hash};
pub use hash::{HashKey, equal, sha256};
pub use json::{BadClaim, BadJson, Claims};
pub use jwk::{BadJwk, JwkSet, PublicJwk};
pub use jws::{BadJws, Jws, JwsHeader};
pub use keyset::{BadKeySet, BadToken, JwtType, KeySet, KeyState, NoKey};
pub use root::{BadRootKeyFile, RootKey};
pub use seal::{SealBroken, SealingKey};
pub use signature::{Algorithm, BadKey, BadSignature, PublicKey};
pub use signing::{BadSigningKey, SigningKey};
