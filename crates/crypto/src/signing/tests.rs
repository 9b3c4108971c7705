use std::collections::HashSet;

use model::{Secret, entropy::ENTROPY_BYTES};

use super::{pair::ORDER, *};
use crate::{Algorithm, PublicJwk, PublicKey, RsaBits, from_b64u_exact};

/// As sealed: the mark of the kind, and PKCS #8. Made for the tests; the search for primes is slow.
const PS256: &[u8] = &marked::<1218>(b'P', include_bytes!("../../tests/data/jose/test-rsa-2048.pkcs8"));
const RS256: &[u8] = &marked::<1218>(b'R', include_bytes!("../../tests/data/jose/test-rsa-2048.pkcs8"));
const RS256_3072: &[u8] = &marked::<1795>(b'R', include_bytes!("../../tests/data/jose/test-rsa-3072.pkcs8"));
const RSA_4096: &[u8] = &marked::<2375>(b'R', include_bytes!("../../tests/data/jose/test-rsa-4096.pkcs8"));

const fn marked<const N: usize>(mark: u8, pkcs8: &[u8]) -> [u8; N] {
    let mut bytes = [mark; N];
    bytes.split_at_mut(1).1.copy_from_slice(pkcs8);
    bytes
}

/// A key of each kind, the RSA ones from their files.
fn one_of_each() -> Vec<SigningKey> {
    let from = |byte, secret| SigningKey::from_pair(id(byte), NOW, Pair::from_secret(secret).unwrap()).unwrap();
    vec![
        SigningKey::generate(NOW, &mut entropy(1)),
        SigningKey::generate_kind(KeyKind::EdDsa, NOW, &mut entropy(2)),
        from(3, PS256),
        from(4, RS256),
        from(5, RS256_3072),
    ]
}

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
    SigningKey::from_pair(id(1), NOW, Pair::from_scalar(&scalar).unwrap()).unwrap()
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
        assert_eq!(Pair::from_scalar(&scalar).is_ok(), good, "{scalar:x?}");
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
    let (scalar, material) = (BadSigningKey::Scalar, BadSigningKey::Material);
    for (contents, expected) in [
        (&[][..], material),
        (&[1; 31], material),
        (&[1; 33], material),
        (&[0; 32], scalar),
        (&ORDER, scalar),
        (b"E", material),
        (&[b'E'; 32 + 2], material),
        (b"P", material),
        (b"R0123456789", material),
        (RSA_4096, material),
    ] {
        let sealed = sealing(1).seal(&place(id(1)), contents, &mut entropy(9));
        let refused = SigningKey::from_sealed(id(1), NOW, &sealing(1), &sealed).err();
        assert_eq!(refused, Some(expected), "{contents:?}");
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

#[test]
fn each_kind_signs_in_the_form_that_its_jwk_verifies() {
    let keys = one_of_each();
    let jwks: Vec<PublicJwk> = keys.iter().map(|key| PublicJwk::parse(key.jwk_json().as_bytes()).unwrap()).collect();
    for (at, key) in keys.iter().enumerate() {
        let signature = key.sign_raw(b"message");
        assert_eq!(signature.len(), key.signature_bytes());
        assert_eq!(key.verify_raw(b"message", &signature), Ok(()));
        assert_eq!(key.verify_raw(b"massage", &signature), Err(BadSignature));
        assert_eq!(key.verify_raw(b"message", &signature[1..]), Err(BadSignature));
        assert_eq!((jwks[at].alg(), jwks[at].kid()), (Some(key.alg().alg()), Some(key.kid())));
        let accepts = |other: &usize| jwks[*other].verify(key.alg().alg(), b"message", &signature).is_ok();
        // The PS256 and the RS256 key of 2048 bits have the same numbers: their `alg` keeps them apart.
        assert_eq!((0..keys.len()).filter(accepts).collect::<Vec<_>>(), [at], "{:?}", key.kind());
    }
}

#[test]
fn each_kind_knows_itself() {
    let kinds: Vec<KeyKind> = one_of_each().iter().map(SigningKey::kind).collect();
    let (two, three) = (RsaBits::Bits2048, RsaBits::Bits3072);
    assert_eq!(
        kinds,
        [KeyKind::Es256, KeyKind::EdDsa, KeyKind::Ps256(two), KeyKind::Rs256(two), KeyKind::Rs256(three)]
    );
}

#[test]
fn each_kind_comes_back_from_its_seal() {
    for key in one_of_each() {
        let sealed = key.to_sealed(&sealing(1), &mut entropy(9));
        let again = SigningKey::from_sealed(key.id(), NOW, &sealing(1), &sealed).unwrap();
        assert_eq!((again.kind(), again.kid(), again.jwk_json()), (key.kind(), key.kid(), key.jwk_json()));
        assert_eq!(again.verify_raw(b"m", &key.sign_raw(b"m")), Ok(()));
        assert_eq!(key.verify_raw(b"m", &again.sign_raw(b"m")), Ok(()));
    }
}

#[test]
fn a_seal_of_the_first_version_is_the_bare_number() {
    let scalar = from_b64u_exact::<32>("jpsQnnGQmL-YBIffH1136cspYG6-0iY7X1fCE9-E9LI").unwrap();
    let sealed = sealing(1).seal(&place(id(1)), &scalar, &mut entropy(9));
    let key = SigningKey::from_sealed(id(1), NOW, &sealing(1), &sealed).unwrap();
    assert_eq!((key.kind(), key.kid()), (KeyKind::Es256, key_of_the_rfc().kid()));
    assert_eq!(sealing(1).open(&place(id(1)), &key.to_sealed(&sealing(1), &mut entropy(8))).unwrap(), scalar);
}

#[test]
fn the_example_of_rfc_8037_appendix_a() {
    let seed = from_b64u_exact::<32>("nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A").unwrap();
    let key = SigningKey::from_pair(id(1), NOW, Pair::from_seed(&seed).unwrap()).unwrap();
    assert_eq!(
        key.jwk_json(),
        concat!(
            r#"{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo","#,
            r#""alg":"EdDSA","use":"sig","kid":"kPrK_qmxVWaYVA9wwBF6Ig"}"#
        )
    );
    let signature = key.sign_raw(b"eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc");
    assert_eq!(
        b64u(&signature),
        "hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg"
    );
}

#[test]
fn what_another_implementation_signed_with_our_rsa_key_verifies() {
    let keys = one_of_each();
    for (key, text) in [
        (&keys[2], include_str!("../../tests/data/jose/other-ps256.jws")),
        (&keys[3], include_str!("../../tests/data/jose/other-rs256.jws")),
    ] {
        let (signed, signature) = text.trim_end().rsplit_once('.').unwrap();
        let signature = from_b64u_exact::<256>(signature).unwrap();
        assert_eq!(key.verify_raw(signed.as_bytes(), &signature), Ok(()), "{:?}", key.kind());
    }
}

#[test]
fn no_kind_publishes_a_private_member() {
    for key in one_of_each() {
        let jwk: serde_json::Value = serde_json::from_str(key.jwk_json()).unwrap();
        let names: Vec<&str> = jwk.as_object().unwrap().keys().map(String::as_str).collect();
        let known = ["alg", "crv", "e", "kid", "kty", "n", "use", "x", "y"];
        assert!(names.iter().all(|name| known.contains(name)), "{names:?}");
    }
}

#[test]
fn a_fresh_rsa_key_is_whole_and_unlike_any_other() {
    let fresh = || SigningKey::generate_kind(KeyKind::Ps256(RsaBits::Bits2048), NOW, &mut entropy(1));
    let (key, other) = (fresh(), fresh());
    assert_eq!(key.kind(), KeyKind::Ps256(RsaBits::Bits2048));
    assert_eq!(key.verify_raw(b"m", &key.sign_raw(b"m")), Ok(()));
    let again = SigningKey::from_sealed(key.id(), NOW, &sealing(1), &key.to_sealed(&sealing(1), &mut entropy(9)));
    assert_eq!(again.unwrap().kid(), key.kid());
    // The primes don't come from the entropy that is handed in.
    assert_ne!(key.kid(), other.kid());
}
