//! `tls_client_auth` and `self_signed_tls_client_auth`.

use crypto::certificate::ClientCertificate;
use oauth::{
    ClientAuth, RawParams,
    authentication::{
        AuthenticationFacts, AuthenticationStop, Chain, ClientAuthFault, Credentials, KeyFact, ShownCertificate,
        authenticate,
    },
    client::{ClientKeys, InlineKeys, TlsSubject},
};

use crate::{signer::Signer, world::World};

/// A certificate as it comes from the connection.
pub(crate) fn certificate(world: &World, thumbprint: u8) -> ClientCertificate {
    ClientCertificate {
        thumbprint: [thumbprint; 32],
        subject: "CN=app,O=Example".parse().unwrap(),
        dns: vec!["app.example.com".to_owned()],
        uris: vec!["spiffe://example/app".to_owned()],
        ips: vec!["192.0.2.7".parse().unwrap()],
        emails: vec!["app@example.com".to_owned()],
        not_before: world.now.plus_seconds(-60),
        not_after: world.now.plus_seconds(60),
    }
}

fn ask(world: &World, shown: Option<ShownCertificate<'_>>, client_keys: KeyFact<'_>) -> Result<(), AuthenticationStop> {
    let params = RawParams::parse("client_id=app").unwrap();
    let credentials = Credentials::read(None, &params, shown)?;
    let facts = AuthenticationFacts {
        issuer: &world.issuer,
        keys: &world.keys,
        client: Some(&world.client),
        client_keys,
        assertion_spent: false,
    };
    authenticate(&credentials, &facts, "/token", world.now).map(drop)
}

fn by_name(subject: TlsSubject) -> World {
    let mut world = World::new();
    world.client.auth = ClientAuth::TlsClientAuth;
    world.client.secrets.clear();
    world.client.settings.proof.tls_subject = Some(subject);
    world
}

#[track_caller]
fn refused(found: Result<(), AuthenticationStop>, fault: ClientAuthFault) {
    assert_eq!(found, Err(AuthenticationStop::Fault(fault)));
}

#[test]
fn a_trusted_certificate_with_the_registered_name_proves_the_client() {
    for subject in [
        TlsSubject::Dn("CN=app, O=Example".to_owned()),
        TlsSubject::SanDns("app.example.com".to_owned()),
        TlsSubject::SanUri("spiffe://example/app".to_owned()),
        TlsSubject::SanIp("192.0.2.7".to_owned()),
        TlsSubject::SanEmail("app@example.com".to_owned()),
    ] {
        let world = by_name(subject);
        let certificate = certificate(&world, 1);
        let shown = |chain| Some(ShownCertificate { certificate: &certificate, chain });
        assert_eq!(ask(&world, shown(Chain::Trusted), KeyFact::NotLoaded), Ok(()));
        refused(ask(&world, shown(Chain::NotTrusted), KeyFact::NotLoaded), ClientAuthFault::CertificateNotTrusted);
    }
}

#[test]
fn a_name_counts_in_its_own_field_only() {
    for subject in [
        TlsSubject::Dn("CN=app".to_owned()),
        TlsSubject::Dn("O=Example,CN=app,OU=x".to_owned()),
        TlsSubject::SanDns("app".to_owned()),
        TlsSubject::SanDns("192.0.2.7".to_owned()),
        TlsSubject::SanIp("192.0.2.8".to_owned()),
        TlsSubject::SanEmail("app.example.com".to_owned()),
        TlsSubject::SanUri("app.example.com".to_owned()),
    ] {
        let world = by_name(subject.clone());
        let certificate = certificate(&world, 1);
        let shown = ShownCertificate { certificate: &certificate, chain: Chain::Trusted };
        refused(ask(&world, Some(shown), KeyFact::NotLoaded), ClientAuthFault::CertificateWrong);
    }
    let world = by_name(TlsSubject::SanIp("no address".to_owned()));
    let certificate = certificate(&world, 1);
    let shown = ShownCertificate { certificate: &certificate, chain: Chain::Trusted };
    refused(ask(&world, Some(shown), KeyFact::NotLoaded), ClientAuthFault::KeysMissing);
}

#[test]
fn a_certificate_counts_in_its_time_and_must_be_there() {
    let mut world = by_name(TlsSubject::SanDns("app.example.com".to_owned()));
    let certificate = certificate(&world, 1);
    let shown = ShownCertificate { certificate: &certificate, chain: Chain::Trusted };
    refused(ask(&world, None, KeyFact::NotLoaded), ClientAuthFault::CertificateMissing);
    world.now = world.now.plus_seconds(61);
    refused(ask(&world, Some(shown), KeyFact::NotLoaded), ClientAuthFault::CertificateExpired);
}

#[test]
fn a_self_signed_certificate_is_known_by_its_key() {
    let mut world = World::new();
    world.client.auth = ClientAuth::SelfSignedTls;
    world.client.secrets.clear();
    let jwks = |thumbprint: u8| {
        let jwk = Signer::new(&world, 60).jwks();
        let with = format!(r#""x5t#S256":"{}","kty""#, crypto::b64u(&[thumbprint; 32]));
        jwk.replacen("\"kty\"", &with, 1)
    };
    let (registered, other) = (jwks(1), jwks(2));
    world.client.settings.proof.keys = ClientKeys::Inline(InlineKeys::parse(registered.clone()).unwrap());
    let (known, stranger) = (certificate(&world, 1), certificate(&world, 9));
    let shown = |certificate| Some(ShownCertificate { certificate, chain: Chain::NotTrusted });
    assert_eq!(ask(&world, shown(&known), KeyFact::NotLoaded), Ok(()));
    refused(ask(&world, shown(&stranger), KeyFact::NotLoaded), ClientAuthFault::CertificateWrong);
    refused(ask(&world, None, KeyFact::NotLoaded), ClientAuthFault::CertificateMissing);

    let uri = "https://app.example.com/jwks.json".to_owned();
    world.client.settings.proof.keys = ClientKeys::Uri(uri.clone());
    let need = Err(AuthenticationStop::NeedKeys { uri });
    let (right, wrong) = [registered, other].map(|text| crypto::JwkSet::parse(text.as_bytes()).unwrap()).into();
    assert_eq!(ask(&world, shown(&known), KeyFact::NotLoaded), need);
    assert_eq!(ask(&world, shown(&known), KeyFact::Cached(&wrong)), need);
    assert_eq!(ask(&world, shown(&known), KeyFact::Fetched(&right)), Ok(()));
    refused(ask(&world, shown(&known), KeyFact::Fetched(&wrong)), ClientAuthFault::CertificateWrong);
}

#[test]
fn a_certificate_alone_proves_no_client_that_is_registered_otherwise() {
    let world = World::new();
    let certificate = certificate(&world, 1);
    let shown = ShownCertificate { certificate: &certificate, chain: Chain::Trusted };
    refused(ask(&world, Some(shown), KeyFact::NotLoaded), ClientAuthFault::SecretMissing);
}
