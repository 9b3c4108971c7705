//! Tokens that are bound to a key: issued, refreshed and presented with it.

use crypto::{b64u, certificate::ClientCertificate};
use model::{Decision, Outcome};
use oauth::{
    AccessTokenFacts, Change, CodeFact, Confirmation, ConsentFact, CredentialFact, RefreshFamily, SpentCode,
    TokenFacts, TokenRefusal, TokenReply,
    authentication::{Chain, ShownCertificate},
    client::SenderRule,
    confirmation::{BindingFault, ShownKeys},
    dpop::DpopProof,
    resource::{ResourceFacts, ResourceRefusal, Scheme},
    still::Standing,
    token,
    userinfo::{UserinfoFacts, check},
};
use serde_json::{Value, json};

use crate::{
    client_certificates::certificate,
    dpop_proofs::Holder,
    world::{Form, World, entropy},
};

type Answer = Result<Outcome<TokenReply, Change>, Outcome<TokenRefusal, Change>>;

/// Sends `form` with these keys.
fn send(
    world: &World,
    form: &Form,
    facts: &TokenFacts<'_>,
    proof: Option<&DpopProof>,
    shown: Option<&ClientCertificate>,
) -> Answer {
    let text = form.text();
    let params = token::form(text.as_bytes()).unwrap();
    let certificate = shown.map(|certificate| ShownCertificate { certificate, chain: Chain::NotTrusted });
    let request = oauth::TokenRequest::read(&params, None, certificate).map_err(Outcome::plain)?;
    match token::handle(&request, &TokenFacts { proof, ..*facts }, world.now, &mut entropy(2)) {
        Decision::Done(outcome) => Ok(outcome),
        Decision::Refused(outcome) => Err(outcome),
        Decision::Need(need) => panic!("nothing is missing, got {need:?}"),
    }
}

fn redeem(world: &World, proof: Option<&DpopProof>, shown: Option<&ClientCertificate>) -> Answer {
    let (code, record) = world.code(&world.query());
    send(world, &world.redemption(&code), &world.facts(CodeFact::Live(&record), None), proof, shown)
}

fn refresh(world: &World, family: &RefreshFamily, token: &str, proof: Option<&DpopProof>) -> Answer {
    send(world, &world.refreshing(token), &world.facts(CodeFact::Unknown, Some(family)), proof, None)
}

fn family(outcome: &Outcome<TokenReply, Change>) -> RefreshFamily {
    let [Change::InsertFamily(family)] = outcome.changes.as_slice() else { panic!("one family") };
    (**family).clone()
}

fn claims(reply: &TokenReply) -> Value {
    serde_json::from_str(reply.access_claims()).unwrap()
}

#[track_caller]
fn refused(found: Answer, fault: BindingFault) {
    // Refused, and nothing more: whoever lacks the key can't end anything.
    assert_eq!(found.expect_err("must be refused"), Outcome::plain(TokenRefusal::Binding(fault)));
}

#[test]
fn a_proof_binds_the_access_token_and_says_so() {
    let world = World::new();
    let proof = Holder::new(&world, 70).proof();
    let outcome = redeem(&world, Some(&proof), None).unwrap();
    assert_eq!(outcome.reply.token_type(), "DPoP");
    assert_eq!(claims(&outcome.reply)["cnf"], json!({"jkt": b64u(&proof.jkt)}));
    assert_eq!(family(&outcome).details.confirmation, Some(Confirmation::Jkt(proof.jkt)));
    let plain = redeem(&world, None, None).unwrap();
    assert_eq!((plain.reply.token_type(), claims(&plain.reply).get("cnf")), ("Bearer", None));
}

#[test]
fn a_client_whose_tokens_must_be_bound_gets_no_others() {
    let mut world = World::new();
    let (proof, certificate) = (Holder::new(&world, 70).proof(), certificate(&world, 1));
    let mut with = |sender| {
        world.client.settings.proof.sender = sender;
        let tries =
            [(None, None), (Some(&proof), None), (None, Some(&certificate)), (Some(&proof), Some(&certificate))];
        tries.map(|(proof, certificate)| match redeem(&world, proof, certificate) {
            Ok(outcome) => claims(&outcome.reply).get("cnf").cloned().ok_or(None),
            Err(outcome) => match outcome.reply {
                TokenRefusal::Binding(fault) => Err(Some(fault)),
                other => panic!("{other:?}"),
            },
        })
    };
    let (key, cert) = (json!({"jkt": b64u(&proof.jkt)}), json!({"x5t#S256": b64u(&[1; 32])}));
    use BindingFault::{CertificateMissing, KeyMissing, ProofMissing};
    assert_eq!(with(SenderRule::Any), [Err(None), Ok(key.clone()), Err(None), Ok(key.clone())]);
    assert_eq!(
        with(SenderRule::Dpop),
        [Err(Some(ProofMissing)), Ok(key.clone()), Err(Some(ProofMissing)), Ok(key.clone())]
    );
    let missing = Err(Some(CertificateMissing));
    assert_eq!(with(SenderRule::Mtls), [missing.clone(), missing, Ok(cert.clone()), Ok(cert.clone())]);
    assert_eq!(with(SenderRule::DpopOrMtls), [Err(Some(KeyMissing)), Ok(key.clone()), Ok(cert), Ok(key)]);
}

#[test]
fn a_code_is_redeemed_with_the_key_that_asked_for_it() {
    let world = World::new();
    let (holder, thief) = (Holder::new(&world, 70).proof(), Holder::new(&world, 71).proof());
    let (code, mut record) = world.code(&world.query());
    record.dpop_jkt = Some(holder.jkt);
    let try_with =
        |proof| send(&world, &world.redemption(&code), &world.facts(CodeFact::Live(&record), None), proof, None);
    assert!(try_with(Some(&holder)).is_ok());
    refused(try_with(Some(&thief)), BindingFault::OtherKey);
    refused(try_with(None), BindingFault::ProofMissing);
    // A replay of a spent code by a thief without the key must not end what it became.
    let left = SpentCode::of(&record, Some(model::FamilyId::from_bytes([1; 16])));
    let record = left.record();
    let spent = CodeFact::Spent { record: &record, family: left.family() };
    refused(
        send(&world, &world.redemption(&code), &world.facts(spent, None), Some(&thief), None),
        BindingFault::OtherKey,
    );
}

#[test]
fn a_public_client_refreshes_with_the_same_key_only() {
    let mut world = World::native();
    world.client.consent = oauth::ConsentPolicy::Trusted;
    world.redirects(&["https://app.example.com/cb"]);
    let (holder, thief) = (Holder::new(&world, 70).proof(), Holder::new(&world, 71).proof());
    let outcome = redeem(&world, Some(&holder), None).unwrap();
    let family = family(&outcome);
    let token = outcome.reply.refresh_token().unwrap().expose().clone();
    refused(refresh(&world, &family, &token, None), BindingFault::ProofMissing);
    refused(refresh(&world, &family, &token, Some(&thief)), BindingFault::OtherKey);
    let again = refresh(&world, &family, &token, Some(&holder)).unwrap();
    assert_eq!(again.reply.token_type(), "DPoP");
}

#[test]
fn a_confidential_client_may_change_its_key_but_not_drop_it() {
    let world = World::new();
    let (first, second) = (Holder::new(&world, 70).proof(), Holder::new(&world, 71).proof());
    let outcome = redeem(&world, Some(&first), None).unwrap();
    let family = family(&outcome);
    let token = outcome.reply.refresh_token().unwrap().expose().clone();
    let again = refresh(&world, &family, &token, Some(&second)).unwrap();
    assert_eq!(claims(&again.reply)["cnf"], json!({"jkt": b64u(&second.jkt)}), "bound to the key shown now");
    refused(refresh(&world, &family, &token, None), BindingFault::ProofMissing);
}

/// Presents the token of `claims` at userinfo.
fn present(
    world: &World,
    outcome: &Outcome<TokenReply, Change>,
    scheme: Scheme,
    shown: ShownKeys<'_>,
) -> Result<(), ResourceRefusal> {
    let family = family(outcome);
    let token = AccessTokenFacts::parse(outcome.reply.access_claims().as_bytes()).unwrap();
    let resource = ResourceFacts {
        issuer: &world.issuer,
        scheme,
        shown,
        token_revoked: false,
        family: Some(&family),
        client: Some(&world.client),
        family_client: Some(&world.client),
        standing: Standing {
            person: Some(&world.person),
            consent: ConsentFact::NotNeeded,
            credential: CredentialFact::Present,
            requirement_met: true,
            session_live: true,
        },
    };
    check(&token, &UserinfoFacts { resource, keys: &world.keys, mapped_subject: None }, world.now).map(drop)
}

#[test]
fn a_bound_token_opens_nothing_without_its_key() {
    let mut world = World::new();
    let (holder, thief) = (Holder::new(&world, 70).proof(), Holder::new(&world, 71).proof());
    let bound = redeem(&world, Some(&holder), None).unwrap();
    let with = |proof| ShownKeys { proof: Some(proof), certificate: None };
    let nothing = ShownKeys::default();
    assert_eq!(present(&world, &bound, Scheme::Dpop, with(&holder)), Ok(()));
    assert_eq!(
        present(&world, &bound, Scheme::Dpop, with(&thief)),
        Err(ResourceRefusal::Binding(BindingFault::OtherKey))
    );
    assert_eq!(
        present(&world, &bound, Scheme::Dpop, nothing),
        Err(ResourceRefusal::Binding(BindingFault::ProofMissing))
    );
    // RFC 9449 §7.1, §7.2: no way down to a bearer token, and none up.
    assert_eq!(present(&world, &bound, Scheme::Bearer, with(&holder)), Err(ResourceRefusal::WrongScheme));
    let plain = redeem(&world, None, None).unwrap();
    assert_eq!(present(&world, &plain, Scheme::Dpop, with(&holder)), Err(ResourceRefusal::WrongScheme));
    assert_eq!(present(&world, &plain, Scheme::Bearer, nothing), Ok(()));

    world.client.settings.proof.sender = SenderRule::Mtls;
    let (mine, other) = (certificate(&world, 1), certificate(&world, 2));
    let with = |certificate| ShownKeys {
        proof: None,
        certificate: Some(ShownCertificate { certificate, chain: Chain::NotTrusted }),
    };
    let bound = redeem(&world, None, Some(&mine)).unwrap();
    assert_eq!(bound.reply.token_type(), "Bearer", "RFC 8705 §3: still presented as a bearer token");
    assert_eq!(present(&world, &bound, Scheme::Bearer, with(&mine)), Ok(()));
    assert_eq!(
        present(&world, &bound, Scheme::Bearer, with(&other)),
        Err(ResourceRefusal::Binding(BindingFault::OtherKey))
    );
    assert_eq!(
        present(&world, &bound, Scheme::Bearer, nothing),
        Err(ResourceRefusal::Binding(BindingFault::CertificateMissing))
    );
}

#[test]
fn a_code_without_a_challenge_takes_no_verifier() {
    let world = World::new();
    let (code, mut record) = world.code(&world.query());
    record.challenge = None;
    let facts = world.facts(CodeFact::Live(&record), None);
    let with = world.redemption(&code);
    let found = send(&world, &with, &facts, None, None).unwrap_err();
    assert_eq!(found, Outcome::plain(TokenRefusal::VerifierUnexpected));
    assert!(send(&world, &with.without("code_verifier"), &facts, None, None).is_ok());
}
