//! What one core signs, verifies, hashes and seals.

use std::hint::black_box;

use aws_lc_rs::{
    aead::{AES_256_GCM_SIV, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey},
    digest, hmac,
    rand::SystemRandom,
    signature::{
        ECDSA_P256_SHA256_FIXED, ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, Ed25519KeyPair, KeyPair,
        ParsedPublicKey,
    },
};
use probes::{repeat, report};

/// Repetitions between two looks at the clock, so that the clock does not count.
const BATCH: u32 = 64;

/// `work` returns what it made, so that the compiler can't leave it out.
fn measure<T>(name: &str, mut work: impl FnMut() -> T) {
    let batch = || {
        for _ in 0..BATCH {
            black_box(work());
        }
    };
    report(name, &repeat(1, batch), BATCH);
}

fn main() -> Result<(), aws_lc_rs::error::Unspecified> {
    let random = SystemRandom::new();
    let message = [7; 450]; // about what a token signs

    let key = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING)?;
    let signature = key.sign(&random, &message)?;
    let public = ParsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, key.public_key().as_ref())?;
    measure("ES256 sign, 450 B", || key.sign(&random, &message));
    measure("ES256 verify, key parsed once", || public.verify_sig(&message, signature.as_ref()));

    let key = Ed25519KeyPair::generate()?;
    measure("Ed25519 sign, 450 B", || key.sign(&message));

    for bytes in [64, 1024] {
        let data = vec![1; bytes];
        measure(&format!("SHA-256, {bytes} B"), || digest::digest(&digest::SHA256, &data));
    }
    let key = hmac::Key::new(hmac::HMAC_SHA256, &[3; 32]);
    measure("HMAC-SHA-256, 64 B", || hmac::sign(&key, &[1; 64]));

    let key = LessSafeKey::new(UnboundKey::new(&AES_256_GCM_SIV, &[5; 32])?);
    let mut data = [1; 128];
    measure("AES-256-GCM-SIV seal, 128 B", || {
        let nonce = Nonce::assume_unique_for_key([0; NONCE_LEN]);
        key.seal_in_place_separate_tag(nonce, Aad::empty(), &mut data)
    });

    let mut fresh = [0; 32];
    measure("randomness, 32 B", || aws_lc_rs::rand::fill(&mut fresh));
    Ok(())
}
