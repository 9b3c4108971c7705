//! From the members of an object to a key. The order matters: private members first, so that no path reads past them.

use base64::{Engine as _, engine::general_purpose::STANDARD};

use super::{
    BadJwk, KID_BYTES_MAX, PublicJwk,
    material::{Curve, Material},
};
use crate::{
    Alg, BadKey, certificate, from_b64u, from_b64u_exact,
    json::{Object, Value},
};

/// RFC 7518 §6.2.2, §6.3.2, §6.4.1 and RFC 8037 §2; `priv` is what newer kinds of key call theirs.
const PRIVATE_MEMBERS: [&str; 9] = ["d", "p", "q", "dp", "dq", "qi", "oth", "k", "priv"];

/// Most certificates in one chain.
const CHAIN_MAX: usize = 8;

pub(super) fn key(object: &Object) -> Result<PublicJwk, BadJwk> {
    if PRIVATE_MEMBERS.into_iter().any(|name| object.has(name)) {
        return Err(BadJwk::Private);
    }
    let kind = kind(object)?;
    let says_use = for_signatures(object)?;
    let says_key_ops = for_verifying(object)?;
    let alg = alg(object)?;
    let material = material(kind, object)?;
    // RFC 8725 §3.1: an algorithm that the key can't do is a mistake of its holder, not a licence to choose another.
    if alg.is_some_and(|alg| !material.can(alg)) {
        return Err(BadKey::OtherKind.into());
    }
    let kid = text(object, "kid")?.map(str::to_owned);
    if kid.as_ref().is_some_and(|kid| kid.len() > KID_BYTES_MAX) {
        return Err(BadJwk::Member("kid"));
    }
    let certificate = certificate_of(object, &material)?;
    Ok(PublicJwk { material, alg, kid, says_use, says_key_ops, certificate })
}

/// What `kty` and `crv` say together.
enum Kind {
    Ec(Curve),
    Ed25519,
    Rsa,
}

fn kind(object: &Object) -> Result<Kind, BadJwk> {
    match required(object, "kty")? {
        "EC" => Curve::from_name(required(object, "crv")?).map(Kind::Ec).ok_or(BadJwk::Unsupported),
        "OKP" => match required(object, "crv")? {
            "Ed25519" => Ok(Kind::Ed25519),
            // Ed448, and the X curves, which sign nothing.
            _ => Err(BadJwk::Unsupported),
        },
        "RSA" => Ok(Kind::Rsa),
        "oct" => Err(BadJwk::Private),
        // RFC 7517 §5: a kind that is not understood.
        _ => Err(BadJwk::Unsupported),
    }
}

fn material(kind: Kind, object: &Object) -> Result<Material, BadJwk> {
    match kind {
        Kind::Ec(curve) => Ok(Material::ec(curve, number(object, "x")?, number(object, "y")?)?),
        Kind::Ed25519 => {
            let x = from_b64u_exact(required(object, "x")?).map_err(|_| BadJwk::Member("x"))?;
            Ok(Material::ed25519(x)?)
        }
        Kind::Rsa => Ok(Material::rsa(number(object, "n")?, number(object, "e")?)?),
    }
}

/// RFC 7517 §4.2. Gives whether the member is there.
fn for_signatures(object: &Object) -> Result<bool, BadJwk> {
    match text(object, "use")? {
        None => Ok(false),
        Some("sig") => Ok(true),
        Some(_) => Err(BadJwk::Unsupported),
    }
}

/// RFC 7517 §4.3: the operations, each at most once. Gives whether the member is there.
fn for_verifying(object: &Object) -> Result<bool, BadJwk> {
    let Some(value) = object.get("key_ops") else { return Ok(false) };
    let operations = value.as_texts().ok_or(BadJwk::Member("key_ops"))?;
    for (index, operation) in operations.iter().enumerate() {
        // The registry has eight operations: a longer list without repetition is no list of them.
        if index >= 16 || operations[..index].contains(operation) {
            return Err(BadJwk::Member("key_ops"));
        }
    }
    if operations.contains(&"verify") { Ok(true) } else { Err(BadJwk::Unsupported) }
}

fn alg(object: &Object) -> Result<Option<Alg>, BadJwk> {
    text(object, "alg")?.map(|name| Alg::from_name(name).ok_or(BadJwk::Unsupported)).transpose()
}

/// RFC 7517 §4.7 and §4.9. The chain's trust is nobody's question here: RFC 8705 §2.2 compares one certificate.
fn certificate_of(object: &Object, material: &Material) -> Result<Option<[u8; 32]>, BadJwk> {
    let named: Option<[u8; 32]> = text(object, "x5t#S256")?
        .map(|text| from_b64u_exact(text).map_err(|_| BadJwk::Member("x5t#S256")))
        .transpose()?;
    let Some(chain) = object.get("x5c") else { return Ok(named) };
    let bad = BadJwk::Member("x5c");
    let chain = chain.as_texts().filter(|chain| chain.len() <= CHAIN_MAX).ok_or(bad)?;
    let first = chain.first().ok_or(bad)?;
    if first.len() > certificate::CERTIFICATE_BYTES_MAX.div_ceil(3) * 4 {
        return Err(bad);
    }
    // RFC 7517 §4.7: base64 proper, not base64url.
    let der = STANDARD.decode(first).map_err(|_| bad)?;
    let public_key = certificate::public_key_der(&der).map_err(|_| bad)?;
    if !material.is_spki(&public_key) {
        return Err(bad);
    }
    let thumbprint = certificate::certificate_thumbprint(&der);
    match named {
        Some(named) if named != thumbprint => Err(BadJwk::Member("x5t#S256")),
        Some(_) | None => Ok(Some(thumbprint)),
    }
}

/// A string, if the member is there.
fn text<'a>(object: &'a Object, name: &'static str) -> Result<Option<&'a str>, BadJwk> {
    match object.get(name) {
        None => Ok(None),
        Some(Value::Text(text)) => Ok(Some(text)),
        Some(
            Value::Null | Value::Bool(_) | Value::Integer(_) | Value::Float(_) | Value::Array(_) | Value::Object(_),
        ) => Err(BadJwk::Member(name)),
    }
}

fn required<'a>(object: &'a Object, name: &'static str) -> Result<&'a str, BadJwk> {
    text(object, name)?.ok_or(BadJwk::Member(name))
}

/// A big-endian number in base64url (RFC 7518 §2).
fn number(object: &Object, name: &'static str) -> Result<Vec<u8>, BadJwk> {
    from_b64u(required(object, name)?).map_err(|_| BadJwk::Member(name))
}
