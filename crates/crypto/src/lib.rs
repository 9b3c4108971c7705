//! The cryptography of the whole product: hashes, seals, signatures, key sets, and the arithmetic of the audit chain.
//!
//! What it must not do: read a clock, draw randomness (it takes [`model::Entropy`]), touch files, or decide anything
//! about people and clients. No other room calls a cryptographic library for its own rules. The one randomness that is
//! not injected is ECDSA's nonce, inside the library (see [`signing`]).
//!
//! Start reading at [`root`], from which every other secret key of an installation descends; then [`keyset`] for the
//! tokens we sign and [`signature`] for what other people signed.

pub mod b64;
pub mod chain;
pub mod hash;
pub mod keyset;
pub mod otp;
pub mod password;
pub mod root;
pub mod seal;
pub mod signature;
pub mod signing;
mod spki;

pub use b64::{NotBase64, b64u, b64u_into, from_b64u, from_b64u_exact};
pub use chain::{CHAIN_START, chain_hash};
pub use hash::{HashKey, equal, sha256};
pub use keyset::{BadToken, JwtType, KeySet, NoKey};
pub use root::{BadRootKeyFile, RootKey};
pub use seal::{SealBroken, SealingKey};
pub use signature::{Algorithm, BadKey, BadSignature, PublicKey};
pub use signing::{BadSigningKey, SigningKey};
