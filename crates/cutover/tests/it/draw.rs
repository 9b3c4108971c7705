//! Random clients over few values, so that they often agree and often disagree.

use cutover::{
    Authentication, Cause, Client, ClientKind, DefaultRow, Fact, Flows, Lifetime, List, Matching, Pkce, Provider,
    Redirect, RefreshRotation, Source, Template,
};
use proptest::prelude::*;

pub(crate) static ROW: DefaultRow =
    DefaultRow { product: "Test", versions: "all", setting: "x", value: "y", source: "this test" };

pub(crate) const KINDS: [ClientKind; 4] =
    [ClientKind::Web, ClientKind::Browser, ClientKind::Native, ClientKind::Service];
pub(crate) const PKCE: [Pkce; 4] =
    [Pkce::RequiredS256, Pkce::RequiredPlainAllowed, Pkce::NotRequired, Pkce::NoSuchSwitch];
pub(crate) const METHODS: [Authentication; 4] =
    [Authentication::None, Authentication::Secret, Authentication::SecretPost, Authentication::PrivateKeyJwt];
pub(crate) const ROTATIONS: [RefreshRotation; 3] =
    [RefreshRotation::Rotates, RefreshRotation::Stays, RefreshRotation::NoneIssued];
pub(crate) const LIFETIMES: [Lifetime; 3] = [Lifetime::Seconds(60), Lifetime::Seconds(99_999_999), Lifetime::Endless];
const URIS: [&str; 4] = ["https://a.example/cb", "https://a.example/*", "http://a.example/cb", "myapp://cb"];

fn source() -> impl Strategy<Value = Source> {
    (prop::sample::select(vec!["a.json", "b.tf", "c.yaml"]), 1_u32..3)
        .prop_map(|(file, line)| Source::file(file).at_line(line))
}

fn cause() -> impl Strategy<Value = Cause> {
    prop_oneof![Just(Cause::NotSaid), Just(Cause::Variable("var.x".to_owned())), Just(Cause::Condition("c".to_owned()))]
}

fn fact<T: Clone + std::fmt::Debug + 'static>(values: &[T]) -> impl Strategy<Value = Fact<T>> + use<T> {
    let values = prop::sample::select(values.to_vec());
    (0..4_u8, values, cause(), source()).prop_map(|(certainty, value, cause, source)| match certainty {
        0 | 1 => Fact::certain(value, source),
        2 => Fact::default(value, &ROW, source),
        _ => Fact::unknown(cause, source),
    })
}

fn redirects() -> impl Strategy<Value = List<Redirect>> {
    let texts = URIS.map(|text| Redirect { text: Template::literal(text), matching: Matching::TrailingWildcard });
    let rest = prop::option::weighted(0.3, (cause(), source()));
    (prop::collection::vec(fact(&texts), 0..3), rest).prop_map(|(items, rest)| List { items, rest })
}

fn flows() -> impl Strategy<Value = Flows> {
    prop::collection::vec(fact(&[true, false]), 6).prop_map(|flows| {
        let [code, implicit, password, client_credentials, refresh_token, device_code] =
            flows.try_into().expect("six were drawn");
        Flows { code, implicit, password, client_credentials, refresh_token, device_code }
    })
}

/// Any client.
pub(crate) fn client() -> impl Strategy<Value = Client> {
    let head = (
        prop::sample::select(vec![Provider::Keycloak, Provider::Okta]),
        fact(&["a".to_owned(), "b".to_owned()]),
        prop::option::of(Just("realm".to_owned())),
        source(),
    );
    let facts = (fact(&KINDS), fact(&PKCE), fact(&METHODS), fact(&[true, false]), fact(&ROTATIONS));
    let lifetimes = (fact(&LIFETIMES), fact(&LIFETIMES), fact(&LIFETIMES));
    (head, facts, lifetimes, flows(), redirects(), fact(&[true, false]), any::<bool>()).prop_map(
        |((provider, id, environment, source), facts, lifetimes, flows, redirects, enabled, builtin)| {
            let mut client = Client::new(provider, "resource", source);
            (client.id, client.environment, client.flows, client.redirects) = (id, environment, flows, redirects);
            (client.kind, client.pkce, client.authentication, client.has_secret, client.refresh_rotation) = facts;
            (client.lifetimes.access_token, client.lifetimes.refresh_idle, client.lifetimes.refresh_absolute) =
                lifetimes;
            (client.enabled, client.builtin) = (enabled, builtin);
            client
        },
    )
}
