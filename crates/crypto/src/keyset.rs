//! The keys that we sign tokens with, and JSON Web Tokens (RFC 7519) in their compact form (RFC 7515 §3.1).
//!
//! For each algorithm in use one key is active and signs. The others are published and accepted: those that will sign
//! next, so that everyone has seen them by then, and those that signed before, until nothing that they signed can be
//! alive. A key that was withdrawn is in no set at all. When each key changes its state is decided in [`crate::rotation`].
//!
//! A token's header is never parsed. Our keys know the few headers they have ever written, and a token is ours only if
//! it begins with one of those to the byte. So there is no `alg` to choose (RFC 8725 §3.1), `none` does not exist, a
//! token of one type can't pass for another (RFC 8725 §3.11), and `jwk`, `jku` or `crit` have nobody to speak to.

use std::sync::Arc;

use crate::{SigningAlg, SigningKey, b64::from_b64u_within, b64u_into, from_b64u, signing::SIGNATURE_BYTES_MAX};

/// Longest token that is looked at, in bytes.
pub const TOKEN_BYTES_MAX: usize = 8 * 1024;

/// What a token is for; it stands in the header's `typ` (RFC 8725 §3.11).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum JwtType {
    /// An access token (RFC 9068 §2.1).
    AccessToken,
    /// An ID token (OpenID Connect Core §2).
    IdToken,
    /// A logout token (OpenID Connect Back-Channel Logout §2.4).
    LogoutToken,
    /// An authorization response (JARM §2.1). That specification names no type; one of its own keeps it from passing for an ID token.
    AuthorizationResponse,
    /// An answer of the introspection endpoint (RFC 9701 §5).
    Introspection,
}

impl JwtType {
    /// Every type, in the order of [`JwtType::index`].
    pub(crate) const ALL: [Self; 5] =
        [Self::AccessToken, Self::IdToken, Self::LogoutToken, Self::AuthorizationResponse, Self::Introspection];

    /// The `typ` of the header.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::AccessToken => "at+jwt",
            Self::IdToken => "JWT",
            Self::LogoutToken => "logout+jwt",
            Self::AuthorizationResponse => "oauth-authz-resp+jwt",
            Self::Introspection => "token-introspection+jwt",
        }
    }

    pub(crate) const fn index(self) -> usize {
        match self {
            Self::AccessToken => 0,
            Self::IdToken => 1,
            Self::LogoutToken => 2,
            Self::AuthorizationResponse => 3,
            Self::Introspection => 4,
        }
    }
}

/// Where a key stands in its life. It moves from the first towards the last, and never back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum KeyState {
    /// Published, so that everyone has it before it signs.
    Pending,
    /// Signs, and is published.
    Active,
    /// Signs no more; published until nothing that it signed can be alive.
    Retiring,
    /// Taken out of use at once, because somebody else may have it: not published, and nothing verifies under it.
    Withdrawn,
}

impl KeyState {
    /// Every state.
    pub const ALL: [Self; 4] = [Self::Pending, Self::Active, Self::Retiring, Self::Withdrawn];

    /// The word used in storage and the API.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Active => "active",
            Self::Retiring => "retiring",
            Self::Withdrawn => "withdrawn",
        }
    }

    /// Reads the word written by [`Self::as_str`].
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == word)
    }
}

/// A key set needs a key that signs, and has none for what was asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the key set has no key that signs with this algorithm")]
pub struct NoKey;

/// Why keys make no key set.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadKeySet {
    /// The algorithm that most tokens are signed with has no active key.
    #[error("no {} key is active", .0.as_str())]
    NoActive(SigningAlg),
    /// Two keys of one algorithm are active.
    #[error("more than one {} key is active", .0.as_str())]
    TwoActive(SigningAlg),
    /// Two keys have the same name.
    #[error("two keys have the same kid")]
    SameKid,
}

/// Why a token was refused. For the operator; a caller learns only that the token is invalid.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadToken {
    /// More than [`TOKEN_BYTES_MAX`] bytes.
    #[error("the token is too long")]
    TooLong,
    /// The header is none that a key of this set writes for this type: another issuer's, another type's, a retired
    /// key's, or no token at all.
    #[error("the token does not begin with a header of ours for its type")]
    ForeignHeader,
    /// Not exactly three segments of canonical base64url, the last as long as the key's signatures are.
    #[error("the token is not made of three base64url segments")]
    Malformed,
    /// The signature is not our key's over this header and these claims.
    #[error("the token's signature does not verify")]
    Signature,
}

/// The keys of an issuer. Cloning shares them.
#[derive(Debug, Clone)]
pub struct KeySet(Arc<Keys>);

#[derive(Debug)]
struct Keys {
    /// All that are published and accepted, the default algorithm's active key first.
    published: Vec<Arc<SigningKey>>,
    /// For each algorithm, in the order of [`SigningAlg::index`], where its active key stands.
    active: [Option<usize>; SigningAlg::ALL.len()],
}

impl KeySet {
    /// From the active key followed by the keys that are still accepted. Only the first key's algorithm can sign.
    ///
    /// # Errors
    /// [`NoKey`] when `keys` is empty.
    pub fn new(keys: Vec<Arc<SigningKey>>) -> Result<Self, NoKey> {
        let mut active = [None; SigningAlg::ALL.len()];
        active[keys.first().ok_or(NoKey)?.alg().index()] = Some(0);
        Ok(Self(Arc::new(Keys { published: keys, active })))
    }

    /// From all keys with their states. Tokens are signed with `default` unless another algorithm is asked for. Withdrawn
    /// keys are left out.
    ///
    /// # Errors
    /// [`BadKeySet`]: the default needs an active key, no algorithm has two, and no two keys share a name.
    pub fn with_states(default: SigningAlg, mut keys: Vec<(Arc<SigningKey>, KeyState)>) -> Result<Self, BadKeySet> {
        keys.retain(|(_, state)| *state != KeyState::Withdrawn);
        // What signs first, what will sign next, what signed once; within these the order that the caller gave.
        keys.sort_by_key(|(key, state)| match state {
            KeyState::Active => (0, key.alg() != default),
            KeyState::Pending => (1, false),
            KeyState::Retiring => (2, false),
            KeyState::Withdrawn => (3, false),
        });
        let mut active = [None; SigningAlg::ALL.len()];
        for (index, (key, state)) in keys.iter().enumerate() {
            if keys[..index].iter().any(|(other, _)| other.kid() == key.kid()) {
                return Err(BadKeySet::SameKid);
            }
            if *state == KeyState::Active && active[key.alg().index()].replace(index).is_some() {
                return Err(BadKeySet::TwoActive(key.alg()));
            }
        }
        if active[default.index()] != Some(0) {
            return Err(BadKeySet::NoActive(default));
        }
        Ok(Self(Arc::new(Keys { published: keys.into_iter().map(|(key, _)| key).collect(), active })))
    }

    /// The key that signs unless another algorithm is asked for.
    #[must_use]
    pub fn active(&self) -> &SigningKey {
        &self.0.published[0]
    }

    /// The key that signs with `alg`, if one does.
    #[must_use]
    pub fn key_for(&self, alg: SigningAlg) -> Option<&SigningKey> {
        self.0.active[alg.index()].map(|index| &*self.0.published[index])
    }

    /// The algorithms that a token can be signed with now.
    pub fn algs(&self) -> impl Iterator<Item = SigningAlg> {
        SigningAlg::ALL.into_iter().filter(|&alg| self.signs(alg))
    }

    /// Whether a token can be signed with `alg` now.
    #[must_use]
    pub fn signs(&self, alg: SigningAlg) -> bool {
        self.0.active[alg.index()].is_some()
    }

    /// All keys that are published and accepted, the active one first.
    #[must_use]
    pub fn keys(&self) -> &[Arc<SigningKey>] {
        &self.0.published
    }

    /// The public halves as a JWK Set (RFC 7517 §5).
    #[must_use]
    pub fn jwks_json(&self) -> String {
        let keys: Vec<&str> = self.keys().iter().map(|key| key.jwk_json()).collect();
        format!(r#"{{"keys":[{}]}}"#, keys.join(","))
    }

    /// Signs a token of type `typ` with the active key. `claims_json` is the whole claims object; it is not looked at.
    #[must_use]
    pub fn sign_jwt(&self, typ: JwtType, claims_json: &str) -> String {
        sign_with(self.active(), typ, claims_json)
    }

    /// As [`sign_jwt`](Self::sign_jwt), with the active key of `alg`, for a client that asked for it. Mind
    /// [`SigningAlg::is_slow`].
    ///
    /// # Errors
    /// [`NoKey`] when no key of this algorithm is active.
    pub fn sign(&self, alg: SigningAlg, typ: JwtType, claims_json: &str) -> Result<String, NoKey> {
        self.key_for(alg).map(|key| sign_with(key, typ, claims_json)).ok_or(NoKey)
    }

    /// Checks that a key of this set signed `token` as a token of type `typ`, and gives its claims as JSON bytes.
    /// Whether the claims hold (issuer, audience, time) is the caller's question.
    ///
    /// # Errors
    /// [`BadToken`] says why it is none of ours.
    pub fn verify_jwt(&self, typ: JwtType, token: &str) -> Result<Vec<u8>, BadToken> {
        if token.len() > TOKEN_BYTES_MAX {
            return Err(BadToken::TooLong);
        }
        let (key, rest) = self
            .keys()
            .iter()
            .find_map(|key| token.strip_prefix(key.header(typ)).map(|rest| (key, rest)))
            .ok_or(BadToken::ForeignHeader)?;
        // A second dot among the claims or the signature is no letter of base64url and fails there.
        let (claims, signature) = rest.split_once('.').ok_or(BadToken::Malformed)?;
        if signature.len() != letters(key.signature_bytes()) {
            return Err(BadToken::Malformed);
        }
        let signed = &token[..token.len() - signature.len() - 1];
        let mut buffer = [0; SIGNATURE_BYTES_MAX];
        let signature = from_b64u_within(signature, &mut buffer).map_err(|_| BadToken::Malformed)?;
        key.verify_raw(signed.as_bytes(), signature).map_err(|_| BadToken::Signature)?;
        from_b64u(claims).map_err(|_| BadToken::Malformed)
    }
}

fn sign_with(key: &SigningKey, typ: JwtType, claims_json: &str) -> String {
    let header = key.header(typ);
    let room = header.len() + letters(claims_json.len()) + 1 + letters(key.signature_bytes());
    let mut token = String::with_capacity(room);
    token.push_str(header);
    b64u_into(claims_json.as_bytes(), &mut token);
    // RFC 7515 §5.1 step 5: what is signed is the text of the first two segments with the dot between them.
    let mut buffer = [0; SIGNATURE_BYTES_MAX];
    let signature = key.sign(token.as_bytes(), &mut buffer);
    token.push('.');
    b64u_into(signature, &mut token);
    token
}

/// Base64url letters of so many bytes.
const fn letters(bytes: usize) -> usize {
    (bytes * 4).div_ceil(3)
}

#[cfg(test)]
mod tests;
