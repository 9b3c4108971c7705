//! Sets of public keys (RFC 7517 §5), as clients and other issuers publish them.

use std::sync::Arc;

use super::{BadJwk, JWK_DEPTH_MAX, PublicJwk};
use crate::{
    BadKey,
    json::{Bounds, Value, parse_object},
    jws::{BadJws, Jws, JwsHeader},
};

/// Most bytes of one set.
pub const JWK_SET_BYTES_MAX: usize = 64 * 1024;
/// Most keys of one set, those that are skipped included.
pub const JWK_SET_KEYS_MAX: usize = 32;
/// The object, its array, and the keys with their own depth, of which the outermost object is one level.
const JWK_SET_DEPTH_MAX: usize = 2 + JWK_DEPTH_MAX - 1;

/// Most keys that are tried for one signature. Holders of more than so many keys name them apart (OpenID Connect Core
/// §10.1); without a bound, one message would cost as many verifications as its sender has keys.
const TRIES_MAX: usize = 4;

/// Keys that verify, in the order in which their holder lists them. Cloning shares them.
#[derive(Debug, Clone, Default)]
pub struct JwkSet {
    keys: Arc<[PublicJwk]>,
    skipped: usize,
}

impl JwkSet {
    /// Reads a set.
    ///
    /// Keys of kinds that we don't know, for encryption, or outside the sizes that we take, are skipped and counted, so
    /// that their holder can publish them for others (RFC 7517 §5).
    ///
    /// Differs: RFC 7517 §5 would skip broken keys too. We refuse the set: who publishes a key that can't be read has made
    /// a mistake, and should hear of it when the set is registered, not when a signature fails. One private or symmetric
    /// key refuses the whole set as well.
    ///
    /// # Errors
    /// [`BadJwk`].
    pub fn parse(json: &[u8]) -> Result<Self, BadJwk> {
        let object = parse_object(json, Bounds { bytes_max: JWK_SET_BYTES_MAX, depth_max: JWK_SET_DEPTH_MAX })?;
        let members = object.get("keys").and_then(Value::as_array).ok_or(BadJwk::NotASet)?;
        if members.len() > JWK_SET_KEYS_MAX {
            return Err(BadJwk::TooManyKeys);
        }
        let (mut keys, mut skipped) = (Vec::new(), 0);
        for member in members {
            let member = member.as_object().ok_or(BadJwk::NotASet)?;
            match PublicJwk::from_object(member) {
                Ok(key) => keys.push(key),
                Err(BadJwk::Unsupported | BadJwk::Key(BadKey::Rsa)) => skipped += 1,
                Err(
                    bad @ (BadJwk::Json(_)
                    | BadJwk::Member(_)
                    | BadJwk::Private
                    | BadJwk::Key(BadKey::OtherKind | BadKey::Length | BadKey::Point | BadKey::Encoding)
                    | BadJwk::NotASet
                    | BadJwk::TooManyKeys),
                ) => return Err(bad),
            }
        }
        Ok(Self { keys: keys.into(), skipped })
    }

    /// The keys that verify.
    #[must_use]
    pub fn keys(&self) -> &[PublicJwk] {
        &self.keys
    }

    /// How many keys were skipped.
    #[must_use]
    pub fn skipped(&self) -> usize {
        self.skipped
    }

    /// The set as compact JSON, without what was skipped.
    #[must_use]
    pub fn to_json(&self) -> String {
        let keys: Vec<String> = self.keys.iter().map(PublicJwk::to_json).collect();
        format!(r#"{{"keys":[{}]}}"#, keys.join(","))
    }

    /// The keys that may have signed under `header`: they fit its algorithm, and bear its `kid` when it has one.
    pub fn candidates<'a>(&'a self, header: &'a JwsHeader) -> impl Iterator<Item = &'a PublicJwk> {
        self.keys.iter().filter(|key| is_candidate(key, header))
    }

    /// Checks that a key of this set signed, and gives it. An embedded key (`jwk`) counts for nothing here.
    ///
    /// # Errors
    /// [`BadJws::NoKey`] when no key comes into question, so that a set which may be stale can be fetched anew;
    /// [`BadJws::Signature`] when none of the first four that do has signed.
    pub fn verify(&self, jws: &Jws<'_>) -> Result<&PublicJwk, BadJws> {
        let mut verdict = BadJws::NoKey;
        for key in self.keys.iter().filter(|key| is_candidate(key, &jws.header)).take(TRIES_MAX) {
            match jws.verify(key) {
                Ok(()) => return Ok(key),
                Err(bad) => verdict = bad,
            }
        }
        Err(verdict)
    }
}

fn is_candidate(key: &PublicJwk, header: &JwsHeader) -> bool {
    key.fits(header.alg) && (header.kid.is_none() || header.kid.as_deref() == key.kid())
}
