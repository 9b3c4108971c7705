//! How values of other rooms, and a few of ours, look inside the JSON columns that keep a client's settings and a grant's details.
//! Every reader checks what it reads: a damaged row is an error, never a default.

/// Moments, as milliseconds since the Unix epoch.
pub(crate) mod millis {
    use model::Timestamp;
    use serde::{Deserialize, Deserializer, Serializer};

    pub(crate) fn serialize<S: Serializer>(value: &Timestamp, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_i64(value.millis())
    }
    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Timestamp, D::Error> {
        i64::deserialize(from).map(Timestamp::from_millis)
    }
}

/// Whatever has one text form that reads back as itself: ids.
pub(crate) mod text {
    use std::{fmt::Display, str::FromStr};

    use serde::{Deserialize, Deserializer, Serializer, de::Error};

    pub(crate) fn serialize<T: Display, S: Serializer>(value: &T, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(value)
    }
    pub(crate) fn deserialize<'de, T: FromStr, D: Deserializer<'de>>(from: D) -> Result<T, D::Error> {
        let text = String::deserialize(from)?;
        text.parse().map_err(|_| D::Error::custom("a malformed id"))
    }
}

/// The same, where it may be missing.
pub(crate) mod optional_text {
    use std::{fmt::Display, str::FromStr};

    use serde::{Deserialize, Deserializer, Serializer, de::Error};

    pub(crate) fn serialize<T: Display, S: Serializer>(value: &Option<T>, to: S) -> Result<S::Ok, S::Error> {
        match value {
            Some(value) => to.collect_str(value),
            None => to.serialize_none(),
        }
    }
    pub(crate) fn deserialize<'de, T: FromStr, D: Deserializer<'de>>(from: D) -> Result<Option<T>, D::Error> {
        let text = Option::<String>::deserialize(from)?;
        text.map(|text| text.parse().map_err(|_| D::Error::custom("a malformed id"))).transpose()
    }
}

/// Client ids, which have their own grammar.
pub(crate) mod client_id {
    use model::ClientId;
    use serde::{Deserialize, Deserializer, Serializer, de::Error};

    pub(crate) fn serialize<S: Serializer>(value: &ClientId, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(value.as_str())
    }
    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<ClientId, D::Error> {
        ClientId::parse(&String::deserialize(from)?).map_err(|_| D::Error::custom("a malformed client id"))
    }
}

/// Hashes, as base64url.
pub(crate) mod hash {
    use serde::{Deserialize, Deserializer, Serializer, de::Error};

    pub(crate) fn serialize<S: Serializer>(value: &[u8; 32], to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(&crypto::b64u(value))
    }
    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<[u8; 32], D::Error> {
        crypto::from_b64u_exact(&String::deserialize(from)?).map_err(|_| D::Error::custom("a malformed hash"))
    }
}

/// Algorithms, by their registered names, where one may be missing.
pub(crate) mod optional_alg {
    use crypto::alg::Alg;
    use serde::{Deserialize, Deserializer, Serializer, de::Error};

    // The signature is serde's.
    #[expect(clippy::ref_option, reason = "serde calls it with a reference to the field")]
    pub(crate) fn serialize<S: Serializer>(value: &Option<Alg>, to: S) -> Result<S::Ok, S::Error> {
        match value {
            Some(value) => to.serialize_some(value.as_str()),
            None => to.serialize_none(),
        }
    }
    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Alg>, D::Error> {
        let name = Option::<String>::deserialize(from)?;
        name.map(|name| Alg::from_name(&name).ok_or_else(|| D::Error::custom("an unknown algorithm"))).transpose()
    }
}

/// Algorithms that we sign with, by their registered names.
pub(crate) mod signing_alg {
    use crypto::alg::SigningAlg;
    use serde::{Deserialize, Deserializer, Serializer, de::Error};

    pub(crate) fn serialize<S: Serializer>(value: &SigningAlg, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(value.as_str())
    }
    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<SigningAlg, D::Error> {
        SigningAlg::from_name(&String::deserialize(from)?).ok_or_else(|| D::Error::custom("an unknown algorithm"))
    }
}

/// Sets of scopes, as a scope parameter.
pub(crate) mod scopes {
    use serde::{Deserialize, Deserializer, Serializer, de::Error};

    use crate::ScopeSet;

    pub(crate) fn serialize<S: Serializer>(value: &ScopeSet, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(value.as_str())
    }
    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<ScopeSet, D::Error> {
        ScopeSet::parse(&String::deserialize(from)?).map_err(D::Error::custom)
    }
}

/// Lists of redirect URIs.
pub(crate) mod redirects {
    use serde::{Deserialize, Deserializer, Serializer, de::Error};

    use crate::RedirectUri;

    pub(crate) fn serialize<S: Serializer>(value: &[RedirectUri], to: S) -> Result<S::Ok, S::Error> {
        to.collect_seq(value.iter().map(RedirectUri::as_str))
    }
    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<RedirectUri>, D::Error> {
        let texts = Vec::<String>::deserialize(from)?;
        texts.iter().map(|text| RedirectUri::parse(text).map_err(D::Error::custom)).collect()
    }
}
