//! Credential public keys: COSE_Key (RFC 9052 §7) in the one shape that each algorithm allows.

use crypto::{Algorithm, PublicKey};

use crate::{
    Fault,
    cbor::{self, Map, Value},
};

/// What we offer and accept, most wanted first (WebAuthn L3 §5.4 recommends the first three).
pub(crate) const OFFERED: [Algorithm; 5] =
    [Algorithm::EdDsa, Algorithm::Es256, Algorithm::Rs256, Algorithm::Es384, Algorithm::Es512];

// Labels of COSE_Key members (RFC 9052 §7.1, RFC 9053 §7, RFC 8230 §4).
const KTY: i64 = 1;
const ALG: i64 = 3;
const CRV: i64 = -1;
const X: i64 = -2;
const Y: i64 = -3;
const RSA_N: i64 = -1;
const RSA_E: i64 = -2;

// Values of `kty`.
const KTY_OKP: i64 = 1;
const KTY_EC2: i64 = 2;
const KTY_RSA: i64 = 3;
// The value of `crv` for Ed25519.
const CRV_ED25519: i64 = 6;

/// Reads a stored key again. It was checked when it was registered, so a fault here means that the store is broken.
///
/// # Errors
/// [`Fault::PublicKey`] or [`Fault::AlgorithmNotOffered`].
pub(crate) fn read(bytes: &[u8]) -> Result<PublicKey, Fault> {
    public_key(&cbor::decode(bytes).map_err(|_| Fault::PublicKey)?)
}

/// Checks a decoded key.
///
/// # Errors
/// [`Fault::AlgorithmNotOffered`] for algorithms we did not ask for, [`Fault::PublicKey`] for every other flaw.
pub(crate) fn public_key(cose: &Value<'_>) -> Result<PublicKey, Fault> {
    let map = cose.as_map().ok_or(Fault::PublicKey)?;
    // WebAuthn L3 §6.5.1.1: `alg` must be there.
    let id = map.int(ALG).and_then(Value::as_int).ok_or(Fault::PublicKey)?;
    let algorithm = OFFERED.into_iter().find(|known| known.cose_id() == id).ok_or(Fault::AlgorithmNotOffered)?;
    match algorithm {
        Algorithm::Es256 => ec2(map, algorithm, 1),
        Algorithm::Es384 => ec2(map, algorithm, 2),
        Algorithm::Es512 => ec2(map, algorithm, 3),
        Algorithm::EdDsa => okp(map),
        Algorithm::Rs256 => rsa(map),
    }
}

/// WebAuthn L3 §5.8.5: ES256, ES384 and ES512 go with P-256, P-384 and P-521, never with a compressed point.
fn ec2(map: &Map<'_>, algorithm: Algorithm, curve: i64) -> Result<PublicKey, Fault> {
    shape(map, KTY_EC2, 5)?;
    number(map, CRV, curve)?;
    PublicKey::from_ec_point(algorithm, bytes(map, X)?, bytes(map, Y)?).map_err(|_| Fault::PublicKey)
}

/// WebAuthn L3 §5.8.5: -8 means Ed25519.
fn okp(map: &Map<'_>) -> Result<PublicKey, Fault> {
    shape(map, KTY_OKP, 4)?;
    number(map, CRV, CRV_ED25519)?;
    let x: &[u8; 32] = bytes(map, X)?.try_into().map_err(|_| Fault::PublicKey)?;
    PublicKey::from_ed25519(x).map_err(|_| Fault::PublicKey)
}

/// RFC 8230 §4.
fn rsa(map: &Map<'_>) -> Result<PublicKey, Fault> {
    shape(map, KTY_RSA, 4)?;
    PublicKey::from_rsa(bytes(map, RSA_N)?, bytes(map, RSA_E)?).map_err(|_| Fault::PublicKey)
}

/// WebAuthn L3 §6.5.1.1: the required members and no optional ones.
fn shape(map: &Map<'_>, kty: i64, members: usize) -> Result<(), Fault> {
    number(map, KTY, kty)?;
    if map.len() == members { Ok(()) } else { Err(Fault::PublicKey) }
}

fn number(map: &Map<'_>, label: i64, expected: i64) -> Result<(), Fault> {
    if map.int(label).and_then(Value::as_int) == Some(expected) { Ok(()) } else { Err(Fault::PublicKey) }
}

fn bytes<'a>(map: &Map<'a>, label: i64) -> Result<&'a [u8], Fault> {
    map.int(label).and_then(Value::as_bytes).ok_or(Fault::PublicKey)
}

#[cfg(test)]
mod tests {
    use super::*;

    // The base point of P-256 (SEC 2 §2.4.2): a point that is surely on the curve.
    const P256_X: [u8; 32] = [
        0x6b, 0x17, 0xd1, 0xf2, 0xe1, 0x2c, 0x42, 0x47, 0xf8, 0xbc, 0xe6, 0xe5, 0x63, 0xa4, 0x40, 0xf2, 0x77, 0x03,
        0x7d, 0x81, 0x2d, 0xeb, 0x33, 0xa0, 0xf4, 0xa1, 0x39, 0x45, 0xd8, 0x98, 0xc2, 0x96,
    ];
    const P256_Y: [u8; 32] = [
        0x4f, 0xe3, 0x42, 0xe2, 0xfe, 0x1a, 0x7f, 0x9b, 0x8e, 0xe7, 0xeb, 0x4a, 0x7c, 0x0f, 0x9e, 0x16, 0x2b, 0xce,
        0x33, 0x57, 0x6b, 0x31, 0x5e, 0xce, 0xcb, 0xb6, 0x40, 0x68, 0x37, 0xbf, 0x51, 0xf5,
    ];

    /// {1: kty, 3: alg, -1: crv, -2: x, -3: y} with one-byte numbers.
    fn ec2_key(kty: u8, alg: u8, crv: u8, x: &[u8], y: &[u8]) -> Vec<u8> {
        let string = |bytes: &[u8]| [vec![0x58, u8::try_from(bytes.len()).unwrap()], bytes.to_vec()].concat();
        [vec![0xa5, 0x01, kty, 0x03, alg, 0x20, crv, 0x21], string(x), vec![0x22], string(y)].concat()
    }

    #[track_caller]
    fn check(bytes: &[u8], expected: Result<Algorithm, Fault>) {
        assert_eq!(read(bytes).map(|key| key.algorithm()), expected);
    }

    #[test]
    fn elliptic_curve_keys() {
        check(&ec2_key(2, 0x26, 1, &P256_X, &P256_Y), Ok(Algorithm::Es256));
        check(&ec2_key(1, 0x26, 1, &P256_X, &P256_Y), Err(Fault::PublicKey)); // kty of another family
        check(&ec2_key(2, 0x26, 2, &P256_X, &P256_Y), Err(Fault::PublicKey)); // crv of ES384
        check(&ec2_key(2, 0x27, 1, &P256_X, &P256_Y), Err(Fault::PublicKey)); // alg of EdDSA
        check(&ec2_key(2, 0x25, 1, &P256_X, &P256_Y), Err(Fault::AlgorithmNotOffered)); // -6
        check(&ec2_key(2, 0x28, 1, &P256_X, &P256_Y), Err(Fault::AlgorithmNotOffered)); // -9, ESP256
        check(&ec2_key(2, 0x26, 1, &P256_X, &P256_X), Err(Fault::PublicKey)); // not on the curve
        check(&ec2_key(2, 0x26, 1, &P256_X[1..], &P256_Y), Err(Fault::PublicKey)); // coordinate too short
    }

    #[test]
    fn octet_keys() {
        // {1: kty, 3: -8, -1: crv, -2: x}, with the public key of RFC 8032 §7.1, test 1.
        let x = crypto::from_b64u("11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo").unwrap();
        let key = |kty: u8, crv: u8, x: &[u8]| {
            let length = u8::try_from(x.len()).unwrap();
            [vec![0xa4, 0x01, kty, 0x03, 0x27, 0x20, crv, 0x21, 0x58, length], x.to_vec()].concat()
        };
        check(&key(1, 6, &x), Ok(Algorithm::EdDsa));
        check(&key(1, 7, &x), Err(Fault::PublicKey)); // Ed448
        check(&key(1, 4, &x), Err(Fault::PublicKey)); // X25519
        check(&key(2, 6, &x), Err(Fault::PublicKey)); // kty of another family
        check(&key(1, 6, &x[1..]), Err(Fault::PublicKey)); // too short
        check(&key(1, 6, &[0; 32]), Err(Fault::PublicKey)); // a point of small order
    }

    #[test]
    fn members_missing_or_too_many() {
        let honest = ec2_key(2, 0x26, 1, &P256_X, &P256_Y);
        let mut more = [honest.clone(), vec![0x02, 0x41, 0x00]].concat(); // a kid
        more[0] = 0xa6;
        check(&more, Err(Fault::PublicKey));
        let mut fewer = honest[..honest.len() - 35].to_vec(); // no y
        fewer[0] = 0xa4;
        check(&fewer, Err(Fault::PublicKey));
        check(&[0xa1, 0x01, 0x02], Err(Fault::PublicKey)); // no alg
        check(&[0x00], Err(Fault::PublicKey)); // no map
        check(&[honest, vec![0x00]].concat(), Err(Fault::PublicKey)); // a stored key with more behind it
    }
}
