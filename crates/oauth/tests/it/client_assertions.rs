//! `private_key_jwt`: what an assertion must say, and that it says it once.

use model::Decision;
use oauth::{
    Change, Client, ClientAuth, Exception, ExceptionRule, RawParams,
    authentication::{
        AuthenticatedClient, AuthenticationFacts, AuthenticationStop, BadAssertion, ClientAuthFault, Credentials,
        KeyFact, authenticate,
    },
    client::ClientKeys,
    token::{TokenNeed, TokenRequest, handle},
};
use serde_json::{Value, json};

use crate::{
    signer::Signer,
    world::{Form, ISSUER, World, entropy},
};

const TYPE: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/// A client that signs, and the claims of an assertion that does.
pub(crate) fn signing() -> (World, Signer, Value) {
    let mut world = World::new();
    let signer = Signer::new(&world, 60);
    signer.register(&mut world);
    world.client.auth = ClientAuth::PrivateKeyJwt;
    world.client.secrets.clear();
    let claims = json!({
        "iss": "app", "sub": "app", "aud": ISSUER, "jti": "one",
        "iat": world.now.seconds(), "exp": world.now.seconds() + 60,
    });
    (world, signer, claims)
}

fn form(assertion: &str) -> Form {
    Form::new().with("client_assertion_type", TYPE).with("client_assertion", assertion)
}

fn facts<'a>(world: &'a World, client_keys: KeyFact<'a>) -> AuthenticationFacts<'a> {
    AuthenticationFacts {
        issuer: &world.issuer,
        keys: &world.keys,
        client: Some(&world.client),
        client_keys,
        assertion_spent: false,
    }
}

/// Whether `form` authenticates the world's client at the endpoint for pushed requests; and the change that it brings.
fn asked(world: &World, form: &Form, facts: &AuthenticationFacts<'_>) -> Result<Option<Change>, AuthenticationStop> {
    let text = form.text();
    let params = RawParams::parse(&text).unwrap();
    let credentials = Credentials::read(None, &params, None)?;
    authenticate(&credentials, facts, "/par", world.now).map(|client: AuthenticatedClient<'_>| {
        let found: &Client = client.client();
        assert_eq!(found.id, world.client.id);
        client.spends()
    })
}

fn signed_by(
    world: &World,
    signer: &Signer,
    typ: Option<&str>,
    claims: &Value,
) -> Result<Option<Change>, AuthenticationStop> {
    asked(world, &form(&signer.sign(typ, claims)), &facts(world, KeyFact::NotLoaded))
}

#[track_caller]
fn refused(found: Result<Option<Change>, AuthenticationStop>, fault: impl Into<ClientAuthFault>) {
    assert_eq!(found, Err(AuthenticationStop::Fault(fault.into())));
}

#[test]
fn a_signed_assertion_proves_the_client_and_is_spent() {
    let (world, signer, claims) = signing();
    for typ in [None, Some("client-authentication+jwt"), Some("JWT"), Some("jwt")] {
        let change = signed_by(&world, &signer, typ, &claims).unwrap().expect("its use is remembered");
        let Change::SpendAssertion { client, until, .. } = change else { panic!("{change:?}") };
        assert_eq!(client, world.client.id);
        assert!(until > world.now.plus_seconds(60), "as long as the assertion lives");
    }
}

#[test]
fn another_kind_of_token_is_no_assertion() {
    let (world, signer, claims) = signing();
    for typ in ["at+jwt", "dpop+jwt", "oauth-authz-req+jwt", "logout+jwt", ""] {
        refused(signed_by(&world, &signer, Some(typ), &claims), BadAssertion::Typ);
    }
}

#[test]
fn the_issuer_is_the_only_audience() {
    let (world, signer, claims) = signing();
    let par = format!("{ISSUER}/par");
    let token = format!("{ISSUER}/token");
    for audience in [
        json!([ISSUER]),
        json!([ISSUER, "https://other.example"]),
        json!(par),
        json!(token),
        json!([par]),
        json!("https://other.example"),
        json!("https://id.example.com/"),
        json!(7),
        json!(null),
        json!([]),
    ] {
        let mut claims = claims.clone();
        claims["aud"] = audience;
        refused(signed_by(&world, &signer, None, &claims), BadAssertion::Audience);
    }
    let mut without = claims.clone();
    without.as_object_mut().unwrap().remove("aud");
    refused(signed_by(&world, &signer, None, &without), BadAssertion::Audience);
}

#[test]
fn a_dated_exception_admits_the_endpoint_as_audience_and_nobody_elses() {
    let (mut world, signer, claims) = signing();
    world.client.settings.exceptions = vec![exception(&world, ExceptionRule::LegacyAssertionAudience)];
    let with = |audience: Value| {
        let mut claims = claims.clone();
        claims["aud"] = audience;
        claims
    };
    let (par, token) = (format!("{ISSUER}/par"), format!("{ISSUER}/token"));
    for audience in [json!(ISSUER), json!(par), json!(token), json!([ISSUER]), json!([token, ISSUER])] {
        assert!(signed_by(&world, &signer, None, &with(audience.clone())).is_ok(), "{audience}");
    }
    for audience in
        [json!([ISSUER, "https://other.example"]), json!(format!("{ISSUER}/userinfo")), json!("https://x.example/par")]
    {
        refused(signed_by(&world, &signer, None, &with(audience)), BadAssertion::Audience);
    }
    world.now = world.now.plus_seconds(30 * 86_400);
    let mut late = with(json!(token));
    late["exp"] = json!(world.now.seconds() + 60);
    refused(signed_by(&world, &signer, None, &late), BadAssertion::Audience);
}

/// An exception for a week.
pub(crate) fn exception(world: &World, rule: ExceptionRule) -> Exception {
    Exception {
        id: model::ExceptionId::from_bytes([7; 16]),
        rule,
        reason: "The supplier's next release sends it right.".to_owned(),
        owner: "ida".to_owned(),
        approved_by: "jon".to_owned(),
        created: world.now,
        expires: world.now.plus_seconds(7 * 86_400),
    }
}

#[test]
fn issuer_and_subject_are_both_the_client() {
    let (world, signer, claims) = signing();
    for (name, value) in [("iss", "other"), ("iss", ""), ("iss", ISSUER)] {
        let mut claims = claims.clone();
        claims[name] = json!(value);
        refused(signed_by(&world, &signer, None, &claims), BadAssertion::Identity);
    }
    // A subject that is another client makes it that client's request, whose keys did not sign it.
    let mut other = claims.clone();
    other["sub"] = json!("other");
    refused(signed_by(&world, &signer, None, &other), ClientAuthFault::ClientUnknown);
    let form = form(&signer.sign(None, &claims)).with("client_id", "other");
    refused(asked(&world, &form, &facts(&world, KeyFact::NotLoaded)), ClientAuthFault::TwoClients);
    let form = form.with("client_id", "app");
    assert!(asked(&world, &form, &facts(&world, KeyFact::NotLoaded)).is_ok());
}

#[test]
fn an_assertion_is_fresh_and_short() {
    let (world, signer, claims) = signing();
    let now = world.now.seconds();
    let with = |name: &str, value: Value| {
        let mut claims = claims.clone();
        claims[name] = value;
        signed_by(&world, &signer, None, &claims)
    };
    assert!(with("exp", json!(now + 1)).is_ok());
    refused(with("exp", json!(now)), BadAssertion::Expired);
    refused(with("exp", json!(now - 1)), BadAssertion::Expired);
    refused(with("exp", json!(null)), BadAssertion::Malformed);
    assert!(with("exp", json!(now + 310)).is_ok());
    refused(with("exp", json!(now + 311)), BadAssertion::TooLong);
    for name in ["iat", "nbf"] {
        assert!(with(name, json!(now + 10)).is_ok(), "clocks differ a little");
        refused(with(name, json!(now + 60)), BadAssertion::Future);
        refused(with(name, json!("soon")), BadAssertion::Malformed);
    }
    let mut without = claims.clone();
    without.as_object_mut().unwrap().remove("exp");
    refused(signed_by(&world, &signer, None, &without), BadAssertion::Expired);
}

#[test]
fn only_the_clients_keys_count() {
    let (mut world, signer, claims) = signing();
    let stranger = Signer::new(&world, 61);
    refused(signed_by(&world, &stranger, None, &claims), BadAssertion::Signature);
    let good = signer.sign(None, &claims);
    let (input, signature) = good.rsplit_once('.').unwrap();
    let flipped = if signature.starts_with('A') { 'B' } else { 'A' };
    let altered = format!("{input}.{flipped}{}", &signature[1..]);
    refused(asked(&world, &form(&altered), &facts(&world, KeyFact::NotLoaded)), BadAssertion::Signature);
    world.client.settings.proof.keys = ClientKeys::None;
    refused(signed_by(&world, &signer, None, &claims), ClientAuthFault::KeysMissing);
}

#[test]
fn a_registered_algorithm_is_the_only_one() {
    let (mut world, signer, claims) = signing();
    world.client.settings.proof.signing_alg = crypto::Alg::from_name("ES256");
    assert!(signed_by(&world, &signer, None, &claims).is_ok());
    world.client.settings.proof.signing_alg = crypto::Alg::from_name("PS256");
    refused(signed_by(&world, &signer, None, &claims), BadAssertion::Algorithm);
}

#[test]
fn unsigned_and_symmetric_assertions_can_not_be_read() {
    let (world, _, claims) = signing();
    for alg in ["none", "HS256", "ES256K"] {
        let header = crypto::b64u(json!({ "alg": alg }).to_string().as_bytes());
        let text = format!("{header}.{}.", crypto::b64u(claims.to_string().as_bytes()));
        refused(asked(&world, &form(&text), &facts(&world, KeyFact::NotLoaded)), BadAssertion::Malformed);
    }
}

#[test]
fn published_keys_are_asked_for_and_asked_for_anew() {
    let (mut world, signer, claims) = signing();
    let uri = "https://app.example.com/jwks.json".to_owned();
    world.client.settings.proof.keys = ClientKeys::Uri(uri.clone());
    let form = form(&signer.sign(None, &claims));
    let need = Err(AuthenticationStop::NeedKeys { uri });
    assert_eq!(asked(&world, &form, &facts(&world, KeyFact::NotLoaded)), need);
    let (right, wrong) = (signer.set(), Signer::new(&world, 61).set());
    assert!(asked(&world, &form, &facts(&world, KeyFact::Cached(&right))).is_ok());
    assert_eq!(asked(&world, &form, &facts(&world, KeyFact::Cached(&wrong))), need, "they may have changed");
    assert!(asked(&world, &form, &facts(&world, KeyFact::Fetched(&right))).is_ok());
    refused(asked(&world, &form, &facts(&world, KeyFact::Fetched(&wrong))), BadAssertion::Signature);
}

#[test]
fn an_assertion_needs_an_identifier_and_works_once() {
    let (world, signer, claims) = signing();
    for jti in [json!(""), json!("x".repeat(257)), json!(7), json!(null)] {
        let mut claims = claims.clone();
        claims["jti"] = jti;
        refused(signed_by(&world, &signer, None, &claims), BadAssertion::Jti);
    }
    let text = form(&signer.sign(None, &claims)).text();
    let params = RawParams::parse(&text).unwrap();
    let credentials = Credentials::read(None, &params, None).unwrap();
    let hash = credentials.assertion_hash(&world.keys).unwrap();
    let spent = AuthenticationFacts { assertion_spent: true, ..facts(&world, KeyFact::NotLoaded) };
    let found = authenticate(&credentials, &spent, "/token", world.now).map(|client| client.spends());
    refused(found, BadAssertion::Replayed);
    let Ok(Some(Change::SpendAssertion { jti_hash, .. })) = signed_by(&world, &signer, None, &claims) else {
        panic!("an assertion is spent")
    };
    assert_eq!(jti_hash, hash, "what is looked up is what is written");
    let mut other = claims.clone();
    other["jti"] = json!("two");
    let Ok(Some(Change::SpendAssertion { jti_hash: second, .. })) = signed_by(&world, &signer, None, &other) else {
        panic!("an assertion is spent")
    };
    assert_ne!(jti_hash, second);
}

#[test]
fn a_client_uses_the_method_it_is_registered_for() {
    let (mut world, signer, claims) = signing();
    let bare = Form::new().with("client_id", "app");
    let known = |world: &World, form: &Form| asked(world, form, &facts(world, KeyFact::NotLoaded));
    refused(known(&world, &bare), ClientAuthFault::AssertionMissing);
    refused(known(&world, &bare.clone().with("client_secret", "guess")), ClientAuthFault::OtherMethod);
    let assertion = form(&signer.sign(None, &claims));
    refused(known(&world, &assertion.clone().with("client_secret", "x")), ClientAuthFault::TwoMethods);
    refused(
        known(
            &world,
            &assertion
                .clone()
                .with("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:saml2-bearer"),
        ),
        BadAssertion::Kind,
    );
    refused(known(&world, &assertion.clone().without("client_assertion_type")), BadAssertion::Kind);
    refused(known(&world, &assertion.clone().without("client_assertion")), BadAssertion::Malformed);
    for (auth, fault) in [
        (ClientAuth::SecretBasic, ClientAuthFault::OtherMethod),
        (ClientAuth::SecretPost, ClientAuthFault::OtherMethod),
        (ClientAuth::TlsClientAuth, ClientAuthFault::OtherMethod),
        (ClientAuth::SelfSignedTls, ClientAuthFault::OtherMethod),
        (ClientAuth::None, ClientAuthFault::SecretUnexpected),
    ] {
        world.client.auth = auth;
        refused(known(&world, &assertion), fault);
    }
}

#[test]
fn a_token_request_spends_its_assertion_whatever_follows() {
    let (world, signer, claims) = signing();
    let ask = |form: Form| {
        let text = form.text();
        let params = RawParams::parse(&text).unwrap();
        let request = TokenRequest::read(&params, None, None).unwrap();
        handle(&request, &world.facts(oauth::CodeFact::Unknown, None), world.now, &mut entropy(2))
    };
    let assertion = form(&signer.sign(None, &claims));
    let refused = ask(assertion.clone().with("grant_type", "authorization_code").with("code", "lgc_unknown"));
    let Decision::Refused(outcome) = refused else { panic!("an unknown code is refused") };
    assert!(matches!(outcome.changes.as_slice(), [Change::SpendAssertion { .. }]), "{:?}", outcome.changes);
    assert_eq!(outcome.reply, oauth::TokenRefusal::CodeUnknown);
}

#[test]
fn a_token_request_asks_for_published_keys() {
    let (mut world, signer, claims) = signing();
    let uri = "https://app.example.com/jwks.json".to_owned();
    world.client.settings.proof.keys = ClientKeys::Uri(uri.clone());
    let text = form(&signer.sign(None, &claims)).with("grant_type", "client_credentials").text();
    let params = RawParams::parse(&text).unwrap();
    let request = TokenRequest::read(&params, None, None).unwrap();
    let found = handle(&request, &world.facts(oauth::CodeFact::Unknown, None), world.now, &mut entropy(2));
    assert!(matches!(found, Decision::Need(TokenNeed::ClientKeys { uri: asked }) if asked == uri));
}
