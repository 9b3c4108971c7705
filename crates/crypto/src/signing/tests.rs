use std::collections::HashSet;

use model::{Secret, entropy::ENTROPY_BYTES};

use super::*;
use crate::{Algorithm, PublicKey, from_b64u_exact};

fn entropy(seed: u8) -> Entropy {
    Entropy::new(std::array::from_fn(|i| seed.wrapping_add(i as u8)))
}

fn sealing(byte: u8) -> SealingKey {
    SealingKey::new(&Secret::new([byte; 32]))
}

fn id(byte: u8) -> KeyId {
    KeyId::from_bytes([byte; 16])
}

const NOW: Timestamp = Timestamp::from_seconds(1_800_000_000);

/// RFC 7515 appendix A.3.1.
fn key_of_the_rfc() -> SigningKey {
    let scalar = from_b64u_exact("jpsQnnGQmL-YBIffH1136cspYG6-0iY7X1fCE9-E9LI").unwrap();
    SigningKey::from_scalar(id(1), NOW, &scalar).unwrap()
}

#[test]
fn the_example_of_rfc_7515_appendix_a_3_verifies() {
    let signed = concat!(
        "eyJhbGciOiJFUzI1NiJ9.",
        "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFt",
        "cGxlLmNvbS9pc19yb290Ijp0cnVlfQ"
    );
    let signature: [u8; 64] = from_b64u_exact(concat!(
        "DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSA",
        "pmWQxfKTUJqPP3-Kg6NU1Q"
    ))
    .unwrap();
    let key = key_of_the_rfc();
    assert_eq!(key.verify_raw(signed.as_bytes(), &signature), Ok(()));
    for i in 0..signature.len() {
        let mut changed = signature;
        changed[i] ^= 1;
        assert_eq!(key.verify_raw(signed.as_bytes(), &changed), Err(BadSignature), "byte {i}");
    }
}

#[test]
fn the_public_half_is_the_one_of_the_rfc() {
    // The kid: RFC 7638's digest of that key, cut to 16 bytes, computed by another implementation.
    assert_eq!(
        key_of_the_rfc().jwk_json(),
        concat!(
            r#"{"kty":"EC","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU","#,
            r#""y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0","#,
            r#""alg":"ES256","use":"sig","kid":"oKIywvGUpTVTyxMQ3bwIIQ"}"#
        )
    );
}

#[test]
fn a_generated_key_signs_what_it_verifies_and_nothing_else() {
    let key = SigningKey::generate(NOW, &mut entropy(1));
    let signature = key.sign_raw(b"message");
    assert_eq!(signature.len(), SIGNATURE_BYTES);
    assert_eq!(key.verify_raw(b"message", &signature), Ok(()));
    assert_eq!(key.verify_raw(b"massage", &signature), Err(BadSignature));
    let other = SigningKey::generate(NOW, &mut entropy(2));
    assert_ne!(other.kid(), key.kid());
    assert_eq!(other.verify_raw(b"message", &signature), Err(BadSignature));
    for wrong in [&[][..], &signature[1..], &[0; 64], &[0; 65], &[0xff; 64]] {
        assert_eq!(key.verify_raw(b"message", wrong), Err(BadSignature));
    }
}

#[test]
fn signatures_of_one_message_differ_in_every_part() {
    // A repeated nonce shows as a repeated r, and gives the private key away.
    let key = SigningKey::generate(NOW, &mut entropy(1));
    let seen: HashSet<Vec<u8>> = (0..50).map(|_| key.sign_raw(b"m")[..32].to_vec()).collect();
    assert_eq!(seen.len(), 50);
}

#[test]
fn the_same_entropy_gives_the_same_key() {
    let (a, b) = (SigningKey::generate(NOW, &mut entropy(5)), SigningKey::generate(NOW, &mut entropy(5)));
    assert_eq!((a.id(), a.kid()), (b.id(), b.kid()));
    assert_eq!(a.created(), NOW);
}

#[test]
fn candidates_out_of_range_are_replaced() {
    for byte in [0x00, 0xff] {
        let key = SigningKey::generate(NOW, &mut Entropy::new([byte; ENTROPY_BYTES]));
        assert_eq!(key.verify_raw(b"m", &key.sign_raw(b"m")), Ok(()));
    }
    let mut below = ORDER;
    below[31] -= 1;
    let mut one = [0; 32];
    one[31] = 1;
    for (scalar, good) in [([0; 32], false), (one, true), (below, true), (ORDER, false), ([0xff; 32], false)] {
        assert_eq!(SigningKey::from_scalar(id(1), NOW, &scalar).is_ok(), good, "{scalar:x?}");
    }
}

#[test]
fn a_sealed_key_comes_back_the_same_under_its_own_id_only() {
    let key = SigningKey::generate(NOW, &mut entropy(1));
    let sealed = key.to_sealed(&sealing(1), &mut entropy(9));
    let again = SigningKey::from_sealed(key.id(), NOW, &sealing(1), &sealed).unwrap();
    assert_eq!((again.id(), again.created(), again.kid()), (key.id(), NOW, key.kid()));
    assert_eq!(again.verify_raw(b"m", &key.sign_raw(b"m")), Ok(()));
    let broken = Some(BadSigningKey::Seal(SealBroken));
    assert_eq!(SigningKey::from_sealed(id(9), NOW, &sealing(1), &sealed).err(), broken);
    assert_eq!(SigningKey::from_sealed(key.id(), NOW, &sealing(2), &sealed).err(), broken);
    assert_eq!(SigningKey::from_sealed(key.id(), NOW, &sealing(1), &sealed[1..]).err(), broken);
}

#[test]
fn a_seal_that_holds_no_private_key_is_refused() {
    for contents in [&[][..], &[1; 31], &[1; 33], &[0; 32], &ORDER] {
        let sealed = sealing(1).seal(&place(id(1)), contents, &mut entropy(9));
        let refused = SigningKey::from_sealed(id(1), NOW, &sealing(1), &sealed).err();
        assert_eq!(refused, Some(BadSigningKey::Scalar), "{contents:?}");
    }
}

#[test]
fn the_published_point_is_the_public_key_of_the_private_one() {
    let key = key_of_the_rfc();
    let jwk: serde_json::Value = serde_json::from_str(key.jwk_json()).unwrap();
    let part = |name: &str| from_b64u_exact::<32>(jwk[name].as_str().unwrap()).unwrap();
    assert!(PublicKey::from_ec_point(Algorithm::Es256, &part("x"), &part("y")).is_ok());
    assert!(jwk.get("d").is_none());
}

#[test]
fn a_key_prints_its_public_name_only() {
    let key = key_of_the_rfc();
    let printed = format!("{key:?}");
    assert_eq!(printed, format!("SigningKey {{ id: {:?}, kid: \"oKIywvGUpTVTyxMQ3bwIIQ\", .. }}", id(1)));
}
