//! DPoP proofs: the checks of RFC 9449 §4.3, one by one.

use std::sync::Arc;

use crypto::{SigningKey, b64u, sha256};
use model::Timestamp;
use oauth::dpop::{DpopFault, DpopHeader, DpopProof, Expect, NonceKey, NonceNeed, NonceRule, nonce, verify};
use serde_json::{Value, json};

use crate::world::{World, entropy};

pub(crate) const TOKEN_URL: &str = "https://id.example.com/token";

/// A key of whoever sends tokens.
pub(crate) struct Holder {
    key: Arc<SigningKey>,
    pub(crate) now: Timestamp,
    nonces: NonceKey,
}

impl Holder {
    pub(crate) fn new(world: &World, seed: u8) -> Self {
        let key = Arc::new(SigningKey::generate(world.now, &mut entropy(seed)));
        Self { key, now: world.now, nonces: NonceKey::fresh(&mut entropy(90)) }
    }

    fn jwk(&self) -> Value {
        let whole: Value = serde_json::from_str(self.key.jwk_json()).unwrap();
        json!({"kty": whole["kty"], "crv": whole["crv"], "x": whole["x"], "y": whole["y"]})
    }

    fn claims(&self) -> Value {
        json!({"jti": "a", "htm": "POST", "htu": TOKEN_URL, "iat": self.now.seconds()})
    }

    /// A compact JWS of exactly these parts.
    fn sign(&self, header: &Value, claims: &Value) -> String {
        let input = format!("{}.{}", b64u(header.to_string().as_bytes()), b64u(claims.to_string().as_bytes()));
        format!("{input}.{}", b64u(&self.key.sign_raw(input.as_bytes())))
    }

    fn header(&self) -> Value {
        json!({"typ": "dpop+jwt", "alg": "ES256", "jwk": self.jwk()})
    }

    fn with(&self, name: &str, value: Value) -> String {
        let mut claims = self.claims();
        match value {
            Value::Null => drop(claims.as_object_mut().unwrap().remove(name)),
            value => claims[name] = value,
        }
        self.sign(&self.header(), &claims)
    }

    fn check(&self, proof: &str, change: impl for<'a> FnOnce(&mut Expect<'a>)) -> Result<DpopProof, DpopFault> {
        let need = NonceNeed::IssuedBefore(Timestamp::from_seconds(0));
        let nonce = NonceRule { key: &self.nonces, need };
        let mut expect = Expect { method: "POST", url: TOKEN_URL, access_token: None, nonce };
        change(&mut expect);
        verify(DpopHeader::One(proof), &expect, self.now).map(|proof| proof.expect("there is a header"))
    }

    /// A proof that holds, as the engine is given it.
    pub(crate) fn proof(&self) -> DpopProof {
        self.check(&self.sign(&self.header(), &self.claims()), |_| {}).unwrap()
    }

    #[track_caller]
    fn refused(&self, proof: &str, fault: DpopFault) {
        assert_eq!(self.check(proof, |_| {}), Err(fault));
    }
}

#[test]
fn a_proof_names_its_key_and_its_use() {
    let world = World::new();
    let holder = Holder::new(&world, 70);
    let proof = holder.proof();
    let jwk = crypto::PublicJwk::parse(holder.jwk().to_string().as_bytes()).unwrap();
    assert_eq!(proof.jkt, jwk.thumbprint_bytes());
    assert!(proof.until > world.now.plus_seconds(60), "remembered for as long as it would be accepted");
    assert_eq!(proof.replay_key, holder.proof().replay_key, "the same proof, the same use");
    let other = holder.check(&holder.with("jti", json!("b")), |_| {}).unwrap();
    assert_ne!(other.replay_key, proof.replay_key);
    assert_ne!(Holder::new(&world, 71).proof().replay_key, proof.replay_key, "another key, another use");
}

#[test]
fn one_header_or_none() {
    let world = World::new();
    let holder = Holder::new(&world, 70);
    let nonce = NonceRule { key: &holder.nonces, need: NonceNeed::Always };
    let expect = Expect { method: "POST", url: TOKEN_URL, access_token: None, nonce };
    assert_eq!(verify(DpopHeader::None, &expect, world.now), Ok(None));
    assert_eq!(verify(DpopHeader::Several, &expect, world.now), Err(DpopFault::Several));
}

#[test]
fn a_proof_is_one_well_formed_jwt() {
    let holder = Holder::new(&World::new(), 70);
    let good = holder.sign(&holder.header(), &holder.claims());
    for broken in ["", "a", "a.b.c", &good[1..], &format!("{good}.x"), &format!("{good}, {good}"), &"a".repeat(5000)] {
        holder.refused(broken, DpopFault::Malformed);
    }
}

#[test]
fn the_type_is_that_of_a_proof() {
    let holder = Holder::new(&World::new(), 70);
    for typ in [json!("JWT"), json!("at+jwt"), json!(""), Value::Null] {
        let mut header = holder.header();
        match typ {
            Value::Null => drop(header.as_object_mut().unwrap().remove("typ")),
            typ => header["typ"] = typ,
        }
        holder.refused(&holder.sign(&header, &holder.claims()), DpopFault::Typ);
    }
}

#[test]
fn unsigned_symmetric_and_old_algorithms_are_refused() {
    let holder = Holder::new(&World::new(), 70);
    for (alg, fault) in
        [("none", DpopFault::Malformed), ("HS256", DpopFault::Malformed), ("RS256", DpopFault::Algorithm)]
    {
        let mut header = holder.header();
        header["alg"] = json!(alg);
        holder.refused(&holder.sign(&header, &holder.claims()), fault);
    }
}

#[test]
fn the_key_is_there_public_and_the_one_that_signed() {
    let world = World::new();
    let (holder, stranger) = (Holder::new(&world, 70), Holder::new(&world, 71));
    let mut without = holder.header();
    without.as_object_mut().unwrap().remove("jwk");
    holder.refused(&holder.sign(&without, &holder.claims()), DpopFault::KeyMissing);
    let mut private = holder.header();
    private["jwk"]["d"] = json!(b64u(&[1; 32]));
    holder.refused(&holder.sign(&private, &holder.claims()), DpopFault::Malformed);
    let mut symmetric = holder.header();
    symmetric["jwk"] = json!({"kty": "oct", "k": b64u(&[1; 32])});
    holder.refused(&holder.sign(&symmetric, &holder.claims()), DpopFault::Malformed);
    holder.refused(&holder.sign(&stranger.header(), &holder.claims()), DpopFault::Signature);
}

#[test]
fn every_claim_must_be_there() {
    let holder = Holder::new(&World::new(), 70);
    for name in ["jti", "htm", "htu", "iat"] {
        holder.refused(&holder.with(name, Value::Null), DpopFault::ClaimMissing);
        holder.refused(&holder.with(name, json!(["x"])), DpopFault::ClaimMissing);
    }
    holder.refused(&holder.with("jti", json!("")), DpopFault::ClaimMissing);
    holder.refused(&holder.with("jti", json!("j".repeat(257))), DpopFault::ClaimMissing);
}

#[test]
fn a_proof_is_for_one_method() {
    let holder = Holder::new(&World::new(), 70);
    for method in ["GET", "post", ""] {
        holder.refused(&holder.with("htm", json!(method)), DpopFault::Method);
    }
}

#[test]
fn a_proof_is_for_one_address_however_it_is_spelled() {
    let holder = Holder::new(&World::new(), 70);
    for same in [
        TOKEN_URL,
        "HTTPS://ID.example.COM/token",
        "https://id.example.com:443/token",
        "https://id.example.com/token?x=1",
        "https://id.example.com/token#x",
    ] {
        assert!(holder.check(&holder.with("htu", json!(same)), |_| {}).is_ok(), "{same}");
    }
    for other in [
        "http://id.example.com/token",
        "https://id.example.com/TOKEN",
        "https://id.example.com/token/",
        "https://id.example.com/userinfo",
        "https://id.example.com:8443/token",
        "https://id.example.com.evil.example/token",
        "https://id.example.com@evil.example/token",
        "https://user@id.example.com/token",
        "id.example.com/token",
        "https:///token",
        "",
    ] {
        holder.refused(&holder.with("htu", json!(other)), DpopFault::Url);
    }
}

#[test]
fn a_proof_is_fresh() {
    let holder = Holder::new(&World::new(), 70);
    let now = holder.now.seconds();
    for fresh in [now, now - 60, now + 10] {
        assert!(holder.check(&holder.with("iat", json!(fresh)), |_| {}).is_ok());
    }
    for stale in [now - 61, now + 11, 0, now + 3600] {
        holder.refused(&holder.with("iat", json!(stale)), DpopFault::Time);
    }
}

#[test]
fn a_nonce_must_be_ours_and_current() {
    let mut holder = Holder::new(&World::new(), 70);
    let ours = nonce::current(&holder.nonces, holder.now);
    assert_eq!(ours.len(), 22);
    let always = |expect: &mut Expect<'_>| expect.nonce.need = NonceNeed::Always;
    assert_eq!(holder.check(&holder.with("nonce", Value::Null), always), Err(DpopFault::Nonce));
    assert!(holder.check(&holder.with("nonce", json!(ours)), always).is_ok());
    for wrong in [json!("x"), json!(""), json!(7), json!(b64u(&[0; 16]))] {
        // Sent though not needed: still it must be right.
        holder.refused(&holder.with("nonce", wrong), DpopFault::Nonce);
    }
    holder.now = holder.now.plus_seconds(60);
    assert!(holder.check(&holder.with("nonce", json!(ours)), always).is_ok(), "the one before still counts");
    holder.now = holder.now.plus_seconds(60);
    assert_eq!(holder.check(&holder.with("nonce", json!(ours)), always), Err(DpopFault::Nonce));
    let foreign = nonce::current(&NonceKey::fresh(&mut entropy(91)), holder.now);
    assert_eq!(holder.check(&holder.with("nonce", json!(foreign)), always), Err(DpopFault::Nonce));
}

#[test]
fn a_proof_from_before_the_start_must_carry_a_nonce() {
    let holder = Holder::new(&World::new(), 70);
    let started = |at: Timestamp| move |expect: &mut Expect<'_>| expect.nonce.need = NonceNeed::IssuedBefore(at);
    let proof = holder.with("nonce", Value::Null);
    assert!(holder.check(&proof, started(holder.now.plus_seconds(-10))).is_ok());
    // A clock that is ten seconds ahead could have sent this one before the start.
    assert_eq!(holder.check(&proof, started(holder.now.plus_seconds(-9))), Err(DpopFault::Nonce));
    assert_eq!(holder.check(&proof, started(holder.now)), Err(DpopFault::Nonce));
    let with = holder.with("nonce", json!(nonce::current(&holder.nonces, holder.now)));
    assert!(holder.check(&with, started(holder.now)).is_ok());
}

#[test]
fn with_an_access_token_the_proof_is_for_that_token() {
    let holder = Holder::new(&World::new(), 70);
    let ath = b64u(&sha256(b"the token"));
    let with_token = |expect: &mut Expect<'_>| expect.access_token = Some("the token");
    assert!(holder.check(&holder.with("ath", json!(ath)), with_token).is_ok());
    for wrong in [Value::Null, json!(""), json!(b64u(&sha256(b"another"))), json!("the token")] {
        assert_eq!(holder.check(&holder.with("ath", wrong), with_token), Err(DpopFault::Token));
    }
}

#[test]
fn a_nonce_is_asked_for_only_of_whoever_holds_the_key() {
    let world = World::new();
    let (holder, stranger) = (Holder::new(&world, 70), Holder::new(&world, 71));
    let forged = holder.sign(&stranger.header(), &holder.claims());
    let always = |expect: &mut Expect<'_>| expect.nonce.need = NonceNeed::Always;
    assert_eq!(holder.check(&forged, always), Err(DpopFault::Signature));
}

#[test]
fn a_client_is_told_how_to_go_on() {
    let answer = DpopFault::Nonce.answer();
    assert_eq!((answer.status, answer.www_authenticate), (400, None));
    assert!(answer.body.starts_with(r#"{"error":"use_dpop_nonce","#));
    for fault in [DpopFault::Several, DpopFault::Time, DpopFault::Replayed, DpopFault::Signature, DpopFault::Url] {
        assert!(!fault.wants_nonce());
        assert!(fault.answer().body.starts_with(r#"{"error":"invalid_dpop_proof","#));
    }
}
