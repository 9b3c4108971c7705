//! A registered client: what it is, how it proves itself, where its answers may go and what it may ask for.

mod about;
mod access;
mod delegation;
pub mod exception;
mod logout;
mod origin;
mod proof;
mod requests;
mod settings;

pub use about::About;
pub use access::AccessRule;
pub use delegation::{Delegation, ExchangeRule, SubjectFrom};
pub use exception::{BadException, Exception, ExceptionRule};
pub use logout::LogoutRules;
pub use origin::ClientOrigin;
pub use proof::{BadTlsSubject, ClientKeys, ClientProof, InlineKeys, SenderRule, TlsSubject};
pub use requests::{RequestRules, ResponseMode};
pub use settings::{BadSettings, ClientSettings};

use model::{ClientId, Tier, Timestamp};

use crate::{RedirectUri, Scope};

/// A registered client (draft-ietf-oauth-v2-1-16 §2).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Client {
    /// Its public identifier. Alone it authenticates nobody (§2.2).
    pub id: ClientId,
    /// The name that people see on the consent page.
    pub name: String,
    /// What kind of program it is.
    pub kind: ClientKind,
    /// Keyed hashes of the secrets it may use, newest first; empty for a public client.
    pub secrets: Vec<[u8; 32]>,
    /// How it authenticates at the token endpoint.
    pub auth: ClientAuth,
    /// Where authorization responses may be sent; full URIs, compared character by character.
    pub redirect_uris: Vec<RedirectUri>,
    /// The scopes it may ask for.
    pub scopes: Vec<Scope>,
    /// The grants it may use.
    pub grants: GrantTypes,
    /// Which subject identifier it sees.
    pub subject: SubjectKind,
    /// Whether the person is asked.
    pub consent: ConsentPolicy,
    /// How much is at stake behind it.
    pub tier: Tier,
    /// Whether it may be used at all.
    pub status: ClientStatus,
    /// Lifetime of an access token, in seconds.
    pub access_token_seconds: i64,
    /// Longest time a refresh token may lie unused, in seconds.
    pub refresh_idle_seconds: i64,
    /// Longest life of a refresh family, in seconds, however often it is used.
    pub refresh_absolute_seconds: i64,
    /// Whom its access tokens are for (`aud`, RFC 9068 §2.2). The issuer's own URL lets them open userinfo.
    pub audience: String,
    /// When it was registered.
    pub created: Timestamp,
    /// Everything beyond the ordinary.
    pub settings: ClientSettings,
}

impl Client {
    /// Whether it can keep a credential (draft-ietf-oauth-v2-1-16 §2.1).
    #[must_use]
    pub fn is_confidential(&self) -> bool {
        match self.auth {
            ClientAuth::None => false,
            ClientAuth::SecretBasic
            | ClientAuth::SecretPost
            | ClientAuth::PrivateKeyJwt
            | ClientAuth::TlsClientAuth
            | ClientAuth::SelfSignedTls => true,
        }
    }

    /// Whether it may ask for `scope`.
    #[must_use]
    pub fn allows_scope(&self, scope: &str) -> bool {
        self.scopes.iter().any(|allowed| allowed.as_str() == scope)
    }

    /// The registered URI that admits `requested`, if one does: simple string comparison, plus the loopback port rule.
    #[must_use]
    pub fn redirect_for(&self, requested: &str) -> Option<&RedirectUri> {
        self.redirect_uris.iter().find(|registered| registered.admits(requested))
    }

    /// Whether every place its answers go to belongs to a domain, so that nobody else can receive them there.
    #[must_use]
    pub fn has_only_https_redirects(&self) -> bool {
        self.redirect_uris.iter().all(|uri| uri.kind() == crate::RedirectKind::Https)
    }
}

/// Whether a client id has the form of the subjects that we compute for people: 43 characters of base64url.
pub(crate) fn looks_like_a_person(id: &str) -> bool {
    id.len() == 43 && id.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'))
}

macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $word:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name { $($(#[$vdoc])* $variant),+ }
        impl $name {
            /// The word used in storage, configuration and the API.
            #[must_use]
            pub const fn as_str(self) -> &'static str { match self { $(Self::$variant => $word),+ } }
            /// Reads the word written by [`Self::as_str`].
            #[must_use]
            pub fn from_word(word: &str) -> Option<Self> { match word { $($word => Some(Self::$variant),)+ _ => None } }
        }
        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> { to.serialize_str(self.as_str()) }
        }
        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
                let word = <String as serde::Deserialize>::deserialize(from)?;
                Self::from_word(&word).ok_or_else(|| serde::de::Error::custom("an unknown word"))
            }
        }
    };
}
pub(crate) use words;

words! {
    /// What kind of program a client is. One client id, one kind (draft-ietf-oauth-v2-1-16 §2.1).
    ClientKind {
        /// A program on a server, which can keep a secret.
        Web = "web",
        /// A program in the browser, which can't (RFC 10017).
        Browser = "browser",
        /// A program on someone's device, which can't (RFC 8252 §8.4).
        Native = "native",
        /// A program that acts for itself, without a person.
        Service = "service",
    }
}

words! {
    /// How a client authenticates at the token endpoint (RFC 7591 §2, `token_endpoint_auth_method`).
    ClientAuth {
        /// It can't: a public client.
        None = "none",
        /// `client_id` and secret in the Authorization header (RFC 6749 §2.3.1).
        SecretBasic = "client_secret_basic",
        /// `client_id` and secret in the body (draft-ietf-oauth-v2-1-16 §2.4.1).
        SecretPost = "client_secret_post",
        /// A JWT that it signed (RFC 7523 §2.2, RFC 10070).
        PrivateKeyJwt = "private_key_jwt",
        /// A certificate with a registered name (RFC 8705 §2.1).
        TlsClientAuth = "tls_client_auth",
        /// A certificate with a registered key (RFC 8705 §2.2).
        SelfSignedTls = "self_signed_tls_client_auth",
    }
}

words! {
    /// Whether a person is asked before the client gets anything.
    ConsentPolicy {
        /// Asked for every scope not yet allowed.
        Ask = "ask",
        /// The organisation decided for its people: not asked, as long as nobody can pose as the client.
        Trusted = "trusted",
    }
}

words! {
    /// Whether a client may be used.
    ClientStatus {
        /// It may.
        Active = "active",
        /// It may not, until enabled again.
        Disabled = "disabled",
    }
}

/// Which subject identifier a client sees (OpenID Connect Core §8). Neither is our own person id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SubjectKind {
    /// The same for every client of this kind.
    Public,
    /// One per sector, so that clients of different sectors can't compare notes.
    Pairwise {
        /// The sector: usually the host of the client's redirect URIs.
        sector: String,
    },
}

/// The grants that a client may use, as a small set.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct GrantTypes(u8);

impl GrantTypes {
    /// `authorization_code` (draft-ietf-oauth-v2-1-16 §4.1).
    pub const AUTHORIZATION_CODE: Self = Self(1);
    /// `refresh_token` (draft-ietf-oauth-v2-1-16 §4.3).
    pub const REFRESH_TOKEN: Self = Self(2);
    /// `client_credentials` (draft-ietf-oauth-v2-1-16 §4.2).
    pub const CLIENT_CREDENTIALS: Self = Self(4);
    /// The device authorization grant (RFC 8628).
    pub const DEVICE_CODE: Self = Self(8);
    /// Token exchange (RFC 8693).
    pub const TOKEN_EXCHANGE: Self = Self(16);

    const NAMES: [(Self, &'static str); 5] = [
        (Self::AUTHORIZATION_CODE, "authorization_code"),
        (Self::REFRESH_TOKEN, "refresh_token"),
        (Self::CLIENT_CREDENTIALS, "client_credentials"),
        (Self::DEVICE_CODE, "urn:ietf:params:oauth:grant-type:device_code"),
        (Self::TOKEN_EXCHANGE, "urn:ietf:params:oauth:grant-type:token-exchange"),
    ];

    /// Both sets together.
    #[must_use]
    pub const fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
    /// Whether everything in `other` is in this set.
    #[must_use]
    pub const fn contains(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }
    /// The bits, for storage.
    #[must_use]
    pub const fn bits(self) -> u8 {
        self.0
    }
    /// From stored bits; unknown bits are dropped.
    #[must_use]
    pub const fn from_bits(bits: u8) -> Self {
        Self(bits & 31)
    }
    /// The registered names in this set, in a fixed order.
    pub fn names(self) -> impl Iterator<Item = &'static str> {
        Self::NAMES.into_iter().filter(move |(grant, _)| self.contains(*grant)).map(|(_, name)| name)
    }
    /// The grant of that registered name, if it exists here.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::NAMES.into_iter().find(|(_, known)| *known == name).map(|(grant, _)| grant)
    }
}
