use model::{Entropy, Timestamp};

use super::*;
use crate::{KeyKind, b64u};

const CLAIMS: &str = r#"{"iss":"https://id.example","sub":"a"}"#;

fn key(seed: u8) -> Arc<SigningKey> {
    let mut entropy = Entropy::new(std::array::from_fn(|i| seed.wrapping_add(i as u8)));
    Arc::new(SigningKey::generate(Timestamp::from_seconds(1_800_000_000), &mut entropy))
}

fn set(seeds: &[u8]) -> KeySet {
    KeySet::new(seeds.iter().map(|&seed| key(seed)).collect()).unwrap()
}

/// Signs any header and claims with the active key, as an attacker who could choose the header would wish to.
fn signed_with_header(keys: &KeySet, header: &str) -> String {
    let signed = format!("{}.{}", b64u(header.as_bytes()), b64u(CLAIMS.as_bytes()));
    let signature = keys.active().sign_raw(signed.as_bytes());
    format!("{signed}.{}", b64u(&signature))
}

fn refusal(keys: &KeySet, token: &str) -> Option<BadToken> {
    keys.verify_jwt(JwtType::AccessToken, token).err()
}

#[test]
fn a_token_of_each_type_verifies_as_that_type_only() {
    let keys = set(&[1]);
    for typ in JwtType::ALL {
        let token = keys.sign_jwt(typ, CLAIMS);
        for asked in JwtType::ALL {
            let expected = if asked == typ { Ok(CLAIMS.as_bytes().to_vec()) } else { Err(BadToken::ForeignHeader) };
            assert_eq!(keys.verify_jwt(asked, &token), expected, "{typ:?} as {asked:?}");
        }
    }
}

#[test]
fn the_header_says_algorithm_type_and_key() {
    let keys = set(&[1]);
    for (typ, word) in [
        (JwtType::AccessToken, "at+jwt"),
        (JwtType::IdToken, "JWT"),
        (JwtType::LogoutToken, "logout+jwt"),
        (JwtType::AuthorizationResponse, "oauth-authz-resp+jwt"),
        (JwtType::Introspection, "token-introspection+jwt"),
    ] {
        let token = keys.sign_jwt(typ, CLAIMS);
        let segments: Vec<&str> = token.split('.').collect();
        assert_eq!(segments.len(), 3);
        let header = String::from_utf8(from_b64u(segments[0]).unwrap()).unwrap();
        assert_eq!(header, format!(r#"{{"alg":"ES256","typ":"{word}","kid":"{}"}}"#, keys.active().kid()));
        assert_eq!(from_b64u(segments[1]).unwrap(), CLAIMS.as_bytes());
        assert_eq!(from_b64u(segments[2]).unwrap().len(), 64);
    }
}

#[test]
fn a_token_fills_its_buffer_exactly() {
    let keys = set(&[1]);
    for length in 0..20 {
        let token = keys.sign_jwt(JwtType::IdToken, &"x".repeat(length));
        assert_eq!(token.len(), token.capacity(), "{length}");
    }
}

#[test]
fn tokens_outlive_rotation_until_their_key_leaves_the_set() {
    let old = set(&[1]);
    let token = old.sign_jwt(JwtType::AccessToken, CLAIMS);
    assert_eq!(refusal(&set(&[2, 1]), &token), None);
    assert_eq!(refusal(&set(&[2, 3, 1]), &token), None);
    assert_eq!(refusal(&set(&[2]), &token), Some(BadToken::ForeignHeader));
}

#[test]
fn the_active_key_signs() {
    let keys = set(&[2, 1]);
    let token = keys.sign_jwt(JwtType::AccessToken, CLAIMS);
    assert_eq!(refusal(&set(&[2]), &token), None);
    assert_eq!(refusal(&set(&[1]), &token), Some(BadToken::ForeignHeader));
    assert_eq!((keys.active().kid(), keys.keys().len()), (key(2).kid(), 2));
}

#[test]
fn algorithm_confusion_is_refused_even_under_a_good_signature() {
    let keys = set(&[1]);
    let kid = keys.active().kid();
    let good = format!(r#"{{"alg":"ES256","typ":"at+jwt","kid":"{kid}"}}"#);
    assert_eq!(refusal(&keys, &signed_with_header(&keys, &good)), None);
    for header in [
        format!(r#"{{"alg":"none","typ":"at+jwt","kid":"{kid}"}}"#),
        format!(r#"{{"alg":"HS256","typ":"at+jwt","kid":"{kid}"}}"#),
        format!(r#"{{"alg":"ES384","typ":"at+jwt","kid":"{kid}"}}"#),
        format!(r#"{{"alg":"ES256","typ":"application/at+jwt","kid":"{kid}"}}"#),
        format!(r#"{{"typ":"at+jwt","alg":"ES256","kid":"{kid}"}}"#),
        format!(r#"{{"alg":"ES256","typ":"at+jwt","kid":"{kid}","crit":["x"],"x":1}}"#),
        format!(r#"{{"alg":"ES256","typ":"at+jwt","kid":"{kid}","jwk":{}}}"#, keys.active().jwk_json()),
        r#"{"alg":"ES256","typ":"at+jwt"}"#.to_owned(),
        String::new(),
    ] {
        assert_eq!(refusal(&keys, &signed_with_header(&keys, &header)), Some(BadToken::ForeignHeader), "{header}");
    }
    let unsigned = format!("{}.{}.", b64u(br#"{"alg":"none"}"#), b64u(CLAIMS.as_bytes()));
    assert_eq!(refusal(&keys, &unsigned), Some(BadToken::ForeignHeader));
}

#[test]
fn another_keys_signature_under_our_header_is_refused() {
    let (ours, theirs) = (set(&[1]), set(&[2]));
    let signed = format!("{}{}", ours.active().header(JwtType::AccessToken), b64u(CLAIMS.as_bytes()));
    let forged = format!("{signed}.{}", b64u(&theirs.active().sign_raw(signed.as_bytes())));
    assert_eq!(refusal(&ours, &forged), Some(BadToken::Signature));
    // Both keys are ours: still each header answers for its own key.
    assert_eq!(refusal(&set(&[1, 2]), &forged), Some(BadToken::Signature));
}

#[test]
fn a_token_with_any_letter_changed_is_refused() {
    let keys = set(&[1]);
    let token = keys.sign_jwt(JwtType::AccessToken, CLAIMS);
    for i in 0..token.len() {
        let other = if token.as_bytes()[i] == b'A' { "B" } else { "A" };
        let changed = format!("{}{other}{}", &token[..i], &token[i + 1..]);
        assert!(refusal(&keys, &changed).is_some(), "letter {i}");
    }
}

#[test]
fn a_token_cut_anywhere_or_with_more_segments_is_refused() {
    let keys = set(&[1]);
    let token = keys.sign_jwt(JwtType::AccessToken, CLAIMS);
    let header = keys.active().header(JwtType::AccessToken);
    for end in 0..token.len() {
        let expected = if end < header.len() { BadToken::ForeignHeader } else { BadToken::Malformed };
        assert_eq!(refusal(&keys, &token[..end]), Some(expected), "cut at {end}");
    }
    let segments: Vec<&str> = token.split('.').collect();
    for hostile in [
        format!("{token}."),
        format!("{token}.{}", segments[2]),
        format!("{header}.{}", &token[header.len()..]),
        format!("{header}{}..{}", segments[1], segments[2]),
        format!("{token}="),
        format!("{token}\n"),
        format!("{header}é.{}", segments[2]),
        format!("{header}.é"),
    ] {
        assert!(matches!(refusal(&keys, &hostile), Some(BadToken::Malformed | BadToken::Signature)), "{hostile}");
    }
    assert_eq!(refusal(&keys, &format!(" {token}")), Some(BadToken::ForeignHeader));
}

#[test]
fn the_length_is_bounded_before_anything_else() {
    let keys = set(&[1]);
    let fits = keys.sign_jwt(JwtType::AccessToken, &"x".repeat(5900));
    assert!(fits.len() < TOKEN_BYTES_MAX);
    assert_eq!(refusal(&keys, &fits), None);
    let signed_by_us_but_long = keys.sign_jwt(JwtType::AccessToken, &"x".repeat(TOKEN_BYTES_MAX));
    assert_eq!(refusal(&keys, &signed_by_us_but_long), Some(BadToken::TooLong));
    assert_eq!(refusal(&keys, &".".repeat(1 << 20)), Some(BadToken::TooLong));
}

#[test]
fn the_key_set_publishes_every_key_and_no_secret() {
    let keys = set(&[2, 1]);
    let json: serde_json::Value = serde_json::from_str(&keys.jwks_json()).unwrap();
    let published = json["keys"].as_array().unwrap();
    assert_eq!(published.len(), 2);
    for (jwk, key) in published.iter().zip(keys.keys()) {
        assert_eq!(jwk["kid"], key.kid());
        let mut names: Vec<&str> = jwk.as_object().unwrap().keys().map(String::as_str).collect();
        names.sort_unstable();
        assert_eq!(names, ["alg", "crv", "kid", "kty", "use", "x", "y"]);
    }
}

#[test]
fn a_set_without_keys_is_refused() {
    assert_eq!(KeySet::new(Vec::new()).err(), Some(NoKey));
}

fn eddsa(seed: u8) -> Arc<SigningKey> {
    let mut entropy = Entropy::new(std::array::from_fn(|i| seed.wrapping_add(i as u8)));
    Arc::new(SigningKey::generate_kind(KeyKind::EdDsa, Timestamp::from_seconds(1_800_000_000), &mut entropy))
}

fn kids(keys: &KeySet) -> Vec<&str> {
    keys.keys().iter().map(|key| key.kid()).collect()
}

#[test]
fn states_decide_who_signs_who_is_published_and_who_is_accepted() {
    let (pending, active, retiring, withdrawn) = (key(1), key(2), key(3), key(4));
    let keys = KeySet::with_states(
        SigningAlg::Es256,
        vec![
            (Arc::clone(&retiring), KeyState::Retiring),
            (Arc::clone(&withdrawn), KeyState::Withdrawn),
            (Arc::clone(&pending), KeyState::Pending),
            (Arc::clone(&active), KeyState::Active),
        ],
    )
    .unwrap();
    assert_eq!(kids(&keys), [active.kid(), pending.kid(), retiring.kid()]);
    assert_eq!(keys.active().kid(), active.kid());
    let published = crate::JwkSet::parse(keys.jwks_json().as_bytes()).unwrap();
    assert_eq!(published.keys().iter().filter_map(|key| key.kid()).collect::<Vec<_>>(), kids(&keys));
    for (signer, accepted) in [(pending, true), (active, true), (retiring, true), (withdrawn, false)] {
        let token = KeySet::new(vec![signer]).unwrap().sign_jwt(JwtType::AccessToken, CLAIMS);
        assert_eq!(refusal(&keys, &token), (!accepted).then_some(BadToken::ForeignHeader));
    }
}

#[test]
fn each_algorithm_has_its_own_active_key() {
    let keys = KeySet::with_states(
        SigningAlg::Es256,
        vec![(eddsa(9), KeyState::Active), (key(1), KeyState::Active), (eddsa(8), KeyState::Retiring)],
    )
    .unwrap();
    assert_eq!(keys.algs().collect::<Vec<_>>(), [SigningAlg::Es256, SigningAlg::EdDsa]);
    assert_eq!(keys.active().kid(), key(1).kid());
    assert_eq!(keys.key_for(SigningAlg::EdDsa).map(SigningKey::kid), Some(eddsa(9).kid()));
    assert_eq!(keys.sign(SigningAlg::Rs256, JwtType::IdToken, CLAIMS), Err(NoKey));
    assert!(keys.signs(SigningAlg::EdDsa) && !keys.signs(SigningAlg::Ps256));
    let token = keys.sign(SigningAlg::EdDsa, JwtType::IdToken, CLAIMS).unwrap();
    assert_eq!(token.len(), token.capacity());
    let header = String::from_utf8(from_b64u(token.split('.').next().unwrap()).unwrap()).unwrap();
    assert_eq!(header, format!(r#"{{"alg":"EdDSA","typ":"JWT","kid":"{}"}}"#, eddsa(9).kid()));
    assert_eq!(keys.verify_jwt(JwtType::IdToken, &token), Ok(CLAIMS.as_bytes().to_vec()));
    assert_eq!(keys.verify_jwt(JwtType::AccessToken, &token), Err(BadToken::ForeignHeader));
    let usual = keys.sign_jwt(JwtType::IdToken, CLAIMS);
    assert!(usual.starts_with(key(1).header(JwtType::IdToken)));
}

#[test]
fn signatures_of_every_length_are_taken_apart_exactly() {
    let rsa = |bytes: &[u8]| Arc::new(SigningKey::for_test(bytes));
    for signer in [
        key(1),
        eddsa(2),
        rsa(include_bytes!("../../tests/data/jose/test-rsa-2048.pkcs8")),
        rsa(include_bytes!("../../tests/data/jose/test-rsa-3072.pkcs8")),
    ] {
        let keys = KeySet::new(vec![signer]).unwrap();
        let token = keys.sign_jwt(JwtType::AccessToken, CLAIMS);
        assert_eq!((refusal(&keys, &token), token.len()), (None, token.capacity()));
        let (signed, signature) = token.rsplit_once('.').unwrap();
        for hostile in ["", "A", &signature[1..], &format!("{signature}A"), &format!("A{}", &signature[..21])] {
            assert_eq!(refusal(&keys, &format!("{signed}.{hostile}")), Some(BadToken::Malformed));
        }
        let other = "A".repeat(signature.len());
        assert_eq!(refusal(&keys, &format!("{signed}.{other}")), Some(BadToken::Signature));
    }
}

#[test]
fn sets_that_contradict_themselves_are_refused() {
    let refusal = |keys| KeySet::with_states(SigningAlg::Es256, keys).err();
    let none = Some(BadKeySet::NoActive(SigningAlg::Es256));
    assert_eq!(refusal(vec![]), none);
    assert_eq!(refusal(vec![(key(1), KeyState::Pending), (key(2), KeyState::Retiring)]), none);
    assert_eq!(refusal(vec![(key(1), KeyState::Withdrawn)]), none);
    assert_eq!(refusal(vec![(eddsa(1), KeyState::Active)]), none);
    let two = vec![(key(1), KeyState::Active), (key(2), KeyState::Active)];
    assert_eq!(refusal(two), Some(BadKeySet::TwoActive(SigningAlg::Es256)));
    let same = vec![(key(1), KeyState::Active), (key(1), KeyState::Retiring)];
    assert_eq!(refusal(same), Some(BadKeySet::SameKid));
    assert_eq!(refusal(vec![(key(1), KeyState::Active), (key(1), KeyState::Withdrawn)]), None);
    assert_eq!(BadKeySet::TwoActive(SigningAlg::EdDsa).to_string(), "more than one EdDSA key is active");
}

#[test]
fn state_words_are_read_back() {
    for state in KeyState::ALL {
        assert_eq!(KeyState::from_word(state.as_str()), Some(state));
    }
    assert_eq!(KeyState::from_word("Active"), None);
}
