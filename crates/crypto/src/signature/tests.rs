//! Keys and signatures of another implementation, each beside its nearest neighbour that must be refused.

use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED, UnparsedPublicKey};

use super::*;

const MESSAGE: &[u8] = b"signed by another implementation";

macro_rules! data {
    ($name:literal) => {
        include_bytes!(concat!("../../tests/data/", $name)).as_slice()
    };
}

/// Algorithm, key and signature.
const GOOD: [(Algorithm, &[u8], &[u8]); 5] = [
    (Algorithm::Es256, data!("es256.spki"), data!("es256.sig")),
    (Algorithm::Es384, data!("es384.spki"), data!("es384.sig")),
    (Algorithm::Es512, data!("es512.spki"), data!("es512.sig")),
    (Algorithm::EdDsa, data!("eddsa.spki"), data!("eddsa.sig")),
    (Algorithm::Rs256, data!("rs256.spki"), data!("rs256.sig")),
];

fn refusal(algorithm: Algorithm, der: &[u8]) -> Option<BadKey> {
    PublicKey::from_spki_der(algorithm, der).err()
}

fn hex<const N: usize>(text: &str) -> [u8; N] {
    assert_eq!(text.len(), 2 * N);
    std::array::from_fn(|i| u8::from_str_radix(&text[2 * i..2 * i + 2], 16).unwrap())
}

#[test]
fn signatures_of_another_implementation_verify() {
    for (algorithm, der, signature) in GOOD {
        let key = PublicKey::from_spki_der(algorithm, der).unwrap();
        assert_eq!(key.algorithm(), algorithm);
        assert_eq!(key.verify(MESSAGE, signature), Ok(()), "{algorithm:?}");
        assert_eq!(key.clone().verify(b"another message", signature), Err(BadSignature), "{algorithm:?}");
    }
}

#[test]
fn a_signature_with_any_byte_changed_added_or_missing_is_refused() {
    for (algorithm, der, signature) in GOOD {
        let key = PublicKey::from_spki_der(algorithm, der).unwrap();
        for i in 0..signature.len() {
            let mut changed = signature.to_vec();
            changed[i] ^= 1;
            assert_eq!(key.verify(MESSAGE, &changed), Err(BadSignature), "{algorithm:?} byte {i}");
        }
        assert_eq!(key.verify(MESSAGE, &signature[..signature.len() - 1]), Err(BadSignature));
        assert_eq!(key.verify(MESSAGE, &[signature, &[0]].concat()), Err(BadSignature));
        assert_eq!(key.verify(MESSAGE, &[]), Err(BadSignature));
        assert_eq!(key.verify(MESSAGE, &vec![0x30; SIGNATURE_BYTES_MAX + 1]), Err(BadSignature));
    }
}

#[test]
fn one_algorithms_key_is_never_used_for_another() {
    for (algorithm, der, _) in GOOD {
        for other in Algorithm::ALL.into_iter().filter(|other| *other != algorithm) {
            assert_eq!(refusal(other, der), Some(BadKey::OtherKind), "{algorithm:?} as {other:?}");
        }
    }
}

#[test]
fn another_padding_of_the_same_rsa_key_is_refused() {
    let key = PublicKey::from_spki_der(Algorithm::Rs256, data!("rs256.spki")).unwrap();
    assert_eq!(key.verify(MESSAGE, data!("rs256-padded-as-pss.sig")), Err(BadSignature));
}

#[test]
fn an_ecdsa_signature_in_the_form_of_jws_is_refused() {
    // The same r and s as in the good signature, but side by side instead of in DER: one form only is accepted.
    let der = data!("es256.sig");
    let r_bytes = usize::from(der[3]);
    let (r, s) = (&der[4..4 + r_bytes], &der[6 + r_bytes..]);
    let mut raw = [0; 64];
    for (half, number) in raw.chunks_mut(32).zip([r, s]) {
        let number = &number[number.len().saturating_sub(32)..];
        half[32 - number.len()..].copy_from_slice(number);
    }
    let spki = data!("es256.spki");
    assert!(UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, spki).verify(MESSAGE, &raw).is_ok());
    let key = PublicKey::from_spki_der(Algorithm::Es256, spki).unwrap();
    assert_eq!(key.verify(MESSAGE, &raw), Err(BadSignature));
}

#[test]
fn weak_or_foreign_keys_are_refused() {
    assert_eq!(refusal(Algorithm::Rs256, data!("rsa-of-1024-bits.spki")), Some(BadKey::Rsa));
    assert_eq!(refusal(Algorithm::Rs256, data!("rsa-with-exponent-3.spki")), Some(BadKey::Rsa));
    assert_eq!(refusal(Algorithm::Es256, data!("curve-secp256k1.spki")), Some(BadKey::Encoding));
    assert_eq!(refusal(Algorithm::Es256, data!("p256-point-compressed.spki")), Some(BadKey::Encoding));
}

#[test]
fn an_encoding_cut_extended_or_changed_never_parses_as_the_same_key() {
    for (algorithm, der, signature) in GOOD {
        for end in 0..der.len() {
            assert_eq!(refusal(algorithm, &der[..end]), Some(BadKey::Encoding), "{algorithm:?} cut at {end}");
        }
        assert_eq!(refusal(algorithm, &[der, &[0]].concat()), Some(BadKey::Encoding));
        for i in 0..der.len() {
            let mut changed = der.to_vec();
            changed[i] ^= 2;
            let verdict = PublicKey::from_spki_der(algorithm, &changed).map(|key| key.verify(MESSAGE, signature));
            assert_ne!(verdict.ok(), Some(Ok(())), "{algorithm:?} byte {i}");
        }
    }
}

#[test]
fn a_length_in_a_longer_form_than_needed_is_refused() {
    let der = data!("eddsa.spki");
    let long = [&[der[0], 0x81, der[1]], &der[2..]].concat();
    assert_eq!(refusal(Algorithm::EdDsa, &long), Some(BadKey::Encoding));
    let rsa = data!("rs256.spki");
    assert_eq!(rsa[..2], [0x30, 0x82]);
    let indefinite = [&[0x30, 0x80], &rsa[4..], &[0, 0]].concat();
    assert_eq!(refusal(Algorithm::Rs256, &indefinite), Some(BadKey::Encoding));
    assert_eq!(refusal(Algorithm::Rs256, &vec![0x30; 1 << 20]), Some(BadKey::Encoding));
}

#[test]
fn points_off_the_curve_or_of_another_length_are_refused() {
    let der = data!("es256.spki");
    let (x, y) = der[der.len() - 64..].split_at(32);
    assert!(PublicKey::from_ec_point(Algorithm::Es256, x, y).is_ok());
    let mut off = y.to_vec();
    off[31] ^= 1;
    let check = |algorithm, x: &[u8], y: &[u8]| PublicKey::from_ec_point(algorithm, x, y).err();
    assert_eq!(check(Algorithm::Es256, x, &off), Some(BadKey::Point));
    assert_eq!(check(Algorithm::Es256, &[0; 32], &[0; 32]), Some(BadKey::Point));
    assert_eq!(check(Algorithm::Es256, &[0xff; 32], &[0xff; 32]), Some(BadKey::Point));
    assert_eq!(check(Algorithm::Es256, &x[1..], y), Some(BadKey::Length));
    assert_eq!(check(Algorithm::Es256, &[&[0], x].concat(), y), Some(BadKey::Length));
    assert_eq!(check(Algorithm::Es384, x, y), Some(BadKey::Length));
    assert_eq!(check(Algorithm::EdDsa, x, y), Some(BadKey::OtherKind));
    assert_eq!(check(Algorithm::Rs256, x, y), Some(BadKey::OtherKind));
}

#[test]
fn the_first_example_of_rfc_8032() {
    let key = hex("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a");
    let signature: [u8; 64] = hex(concat!(
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155",
        "5fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b"
    ));
    let key = PublicKey::from_ed25519(&key).unwrap();
    assert_eq!(key.verify(b"", &signature), Ok(()));
    assert_eq!(key.verify(b"x", &signature), Err(BadSignature));
}

#[test]
fn ed25519_points_of_small_order_are_refused_with_either_sign() {
    for mut y in SMALL_ORDER_Y {
        assert_eq!(PublicKey::from_ed25519(&y).err(), Some(BadKey::Point));
        y[31] |= 0x80;
        assert_eq!(PublicKey::from_ed25519(&y).err(), Some(BadKey::Point));
    }
}

#[test]
fn ed25519_bytes_that_are_no_point_verify_nothing() {
    // y = 2 has no x on the curve.
    let mut y = [0; 32];
    y[0] = 2;
    let verdict = PublicKey::from_ed25519(&y).map(|key| key.verify(MESSAGE, &[0; 64]));
    assert!(matches!(verdict, Err(BadKey::Point) | Ok(Err(BadSignature))));
}

#[test]
fn rsa_parts_must_be_minimal_odd_and_in_range() {
    let good = |length: usize| {
        let mut modulus = vec![0xa5; length];
        modulus[length - 1] |= 1;
        modulus
    };
    let check = |modulus: &[u8], exponent: &[u8]| PublicKey::from_rsa(modulus, exponent).err();
    let usual = [1, 0, 1];
    assert_eq!(check(&good(256), &usual), None);
    assert_eq!(check(&good(1024), &usual), None);
    assert_eq!(check(&good(255), &usual), Some(BadKey::Rsa));
    assert_eq!(check(&good(1025), &usual), Some(BadKey::Rsa));
    let mut bits_2047 = good(256);
    bits_2047[0] = 0x7f;
    assert_eq!(check(&bits_2047, &usual), Some(BadKey::Rsa));
    let mut even = good(256);
    even[255] ^= 1;
    assert_eq!(check(&even, &usual), Some(BadKey::Rsa));
    for exponent in [&[3][..], &[1], &[0xff, 0xff], &[1, 0, 0], &[1, 0, 2], &[1, 0, 0, 0, 1]] {
        assert_eq!(check(&good(256), exponent), Some(BadKey::Rsa), "{exponent:?}");
    }
    assert_eq!(check(&good(256), &[]), Some(BadKey::Length));
    assert_eq!(check(&good(256), &[0, 1, 0, 1]), Some(BadKey::Length));
    assert_eq!(check(&[], &usual), Some(BadKey::Length));
    assert_eq!(check(&[&[0], &good(256)[..]].concat(), &usual), Some(BadKey::Length));
}

#[test]
fn cose_numbers_go_there_and_back() {
    for algorithm in Algorithm::ALL {
        assert_eq!(Algorithm::from_cose_id(algorithm.cose_id()), Some(algorithm));
    }
    // ES256K, PS256, RS1, HMAC, nothing.
    for id in [-47, -37, -65535, 5, 0, 7, i64::MIN] {
        assert_eq!(Algorithm::from_cose_id(id), None, "{id}");
    }
}

#[test]
fn a_key_does_not_print_its_bytes() {
    let key = PublicKey::from_spki_der(Algorithm::Es256, data!("es256.spki")).unwrap();
    assert_eq!(format!("{key:?}"), "PublicKey { algorithm: Es256, .. }");
}
