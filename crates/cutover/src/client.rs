//! The normal form of a client.

use crate::{Cause, ClientKind, Fact, Lifetimes, List, Provider, Redirect, Source};

/// One OAuth client as one place describes it, or as several do after merging.
///
/// There is no field for a secret on purpose: what a reader met is gone when it has built this.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Client {
    /// The product that it is registered with.
    pub provider: Provider,
    /// The realm, tenant, domain or user pool, as the file names it.
    pub environment: Option<String>,
    /// The issuer's URL, where the file gives it away.
    pub issuer: Option<String>,
    /// `client_id`. Unknown where the provider assigns it and the file was written before.
    pub id: Fact<String>,
    /// Names for people, best first.
    pub names: Vec<String>,
    /// What the file calls the thing: a resource's address, a key, or the id again. Never empty.
    pub resource: String,
    /// Where its description begins.
    pub source: Source,
    /// What kind of program it is.
    pub kind: Fact<ClientKind>,
    /// Which flows it may use.
    pub flows: Flows,
    /// Whether the server demands PKCE of it.
    pub pkce: Fact<Pkce>,
    /// Where answers may be sent.
    pub redirects: List<Redirect>,
    /// Origins that may call the token endpoint from a browser; `*` and `+` as the product writes them.
    pub origins: List<String>,
    /// How it authenticates at the token endpoint.
    pub authentication: Fact<Authentication>,
    /// Whether it has a secret, whatever it is for.
    pub has_secret: Fact<bool>,
    /// How long its tokens live.
    pub lifetimes: Lifetimes,
    /// What happens to a refresh token that is used.
    pub refresh_rotation: Fact<RefreshRotation>,
    /// The claim by which the application knows people, where that is visible.
    pub subject_claim: Fact<String>,
    /// Who may be in charge of it.
    pub owners: Vec<OwnerHint>,
    /// Whether it may be used at all.
    pub enabled: Fact<bool>,
    /// Whether the product made it by itself. Such clients are counted, and shown on request.
    pub builtin: bool,
}

/// Which flows a client may use. What the client *receives from the authorization endpoint* is what counts, whatever the product
/// calls it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Flows {
    /// A code from the authorization endpoint.
    pub code: Fact<bool>,
    /// An access token from the authorization endpoint: the implicit grant, or a hybrid one with `token`. An ID token alone is not
    /// meant.
    pub implicit: Fact<bool>,
    /// The person's password in the client's hands, under whatever name the product has for it.
    pub password: Fact<bool>,
    /// The client acts for itself.
    pub client_credentials: Fact<bool>,
    /// Refresh tokens.
    pub refresh_token: Fact<bool>,
    /// The device grant (RFC 8628).
    pub device_code: Fact<bool>,
}

/// One of the flows, to name it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Flow {
    /// [`Flows::code`].
    Code,
    /// [`Flows::implicit`].
    Implicit,
    /// [`Flows::password`].
    Password,
    /// [`Flows::client_credentials`].
    ClientCredentials,
    /// [`Flows::refresh_token`].
    RefreshToken,
    /// [`Flows::device_code`].
    DeviceCode,
}

impl Flows {
    /// Every flow with its fact.
    #[must_use]
    pub fn all(&self) -> [(Flow, &Fact<bool>); 6] {
        [
            (Flow::Code, &self.code),
            (Flow::Implicit, &self.implicit),
            (Flow::Password, &self.password),
            (Flow::ClientCredentials, &self.client_credentials),
            (Flow::RefreshToken, &self.refresh_token),
            (Flow::DeviceCode, &self.device_code),
        ]
    }

    fn same(make: impl Fn() -> Fact<bool>) -> Self {
        Self {
            code: make(),
            implicit: make(),
            password: make(),
            client_credentials: make(),
            refresh_token: make(),
            device_code: make(),
        }
    }

    /// Somebody said that there are none: a resource server, a bearer-only client.
    #[must_use]
    pub fn none(source: &Source) -> Self {
        Self::same(|| Fact::certain(false, source.clone()))
    }

    /// Nobody said anything, for this reason.
    #[must_use]
    pub fn unknown(cause: &Cause, source: &Source) -> Self {
        Self::same(|| Fact::unknown(cause.clone(), source.clone()))
    }
}

/// Whether the server demands PKCE. What the client sends by itself is another matter, which configuration can't tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Pkce {
    /// A code request without `code_challenge` is refused, and so is the method `plain`.
    RequiredS256,
    /// A code request without `code_challenge` is refused; `plain` is accepted, or is what is demanded.
    RequiredPlainAllowed,
    /// A code request without `code_challenge` is accepted.
    NotRequired,
    /// The product has no such switch for this client, and accepts requests without.
    NoSuchSwitch,
}

/// How a client authenticates at the token endpoint.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Authentication {
    /// Not at all: a public client. An empty secret is none.
    None,
    /// With a secret, in a way that the file does not narrow down.
    Secret,
    /// `client_secret_basic`.
    SecretBasic,
    /// `client_secret_post`.
    SecretPost,
    /// `client_secret_jwt`.
    SecretJwt,
    /// `private_key_jwt`, also by federation with a workload's identity.
    PrivateKeyJwt,
    /// `tls_client_auth`, `self_signed_tls_client_auth`.
    MutualTls,
}

/// What happens to a refresh token that is used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RefreshRotation {
    /// It is replaced, and using it again is noticed.
    Rotates,
    /// It stays good.
    Stays,
    /// There are no refresh tokens.
    NoneIssued,
}

/// A hint at who is in charge.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct OwnerHint {
    /// A name, an address, a team; as written.
    pub text: String,
    /// Where.
    pub source: Source,
}

impl Client {
    /// A client of which nothing is known but that this place describes it. Readers fill in what they find; what they don't fill in
    /// stays unknown.
    #[must_use]
    pub fn new(provider: Provider, resource: impl Into<String>, source: Source) -> Self {
        fn not_said<T>(source: &Source) -> Fact<T> {
            Fact::unknown(Cause::NotSaid, source.clone())
        }
        Self {
            provider,
            environment: None,
            issuer: None,
            id: not_said(&source),
            names: Vec::new(),
            resource: resource.into(),
            kind: not_said(&source),
            flows: Flows::unknown(&Cause::NotSaid, &source),
            pkce: not_said(&source),
            redirects: List::unknown(Cause::NotSaid, source.clone()),
            origins: List::unknown(Cause::NotSaid, source.clone()),
            authentication: not_said(&source),
            has_secret: not_said(&source),
            lifetimes: Lifetimes::not_said(&source),
            refresh_rotation: not_said(&source),
            subject_claim: not_said(&source),
            owners: Vec::new(),
            enabled: not_said(&source),
            builtin: false,
            source,
        }
    }

    /// The best name that there is for machines: the id, or the first name, or what the file calls it.
    #[must_use]
    pub fn label(&self) -> &str {
        self.id.known().or(self.names.first()).unwrap_or(&self.resource)
    }
}
