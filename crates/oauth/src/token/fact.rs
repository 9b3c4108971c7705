//! What the token endpoint must know.

use model::Person;

use crate::{
    Client, CodeFact, ConsentFact, CredentialFact, Issuer, RefreshFamily, TokenKeys,
    authentication::{AuthenticationFacts, KeyFact},
    device::DeviceGrant,
    dpop::DpopProof,
    exchange::ExchangeFacts,
    still::Standing,
};

/// Facts that the shell loaded for one token request. Begin with [`TokenFacts::new`], and say what was found.
#[derive(Clone, Copy)]
pub struct TokenFacts<'a> {
    /// Who we are.
    pub issuer: &'a Issuer,
    /// The keyed hashes.
    pub keys: &'a TokenKeys,
    /// The client that [`super::TokenRequest::client_id`] names, if it is registered.
    pub client: Option<&'a Client>,
    /// The keys behind its `jwks_uri`, where they were loaded.
    pub client_keys: KeyFact<'a>,
    /// Whether [`super::TokenRequest::assertion_hash`] stands among the spent ones.
    pub assertion_spent: bool,
    /// The request's DPoP proof, verified and spent.
    pub proof: Option<&'a DpopProof>,
    /// What stands under the hash of the presented code; `Unknown` when none was presented.
    pub code: CodeFact<'a>,
    /// What stands under the hash of the presented device code.
    pub device: Option<&'a DeviceGrant>,
    /// Facts for a token exchange, where one is asked for. Its `confirmation` is filled in here.
    pub exchange: Option<&'a ExchangeFacts<'a>>,
    /// The family of the presented refresh token, or the one that the presented code became.
    pub family: Option<&'a RefreshFamily>,
    /// The person of that code, family or device.
    pub person: Option<&'a Person>,
    /// That person's imported subject at the client, where there is one.
    pub mapped_subject: Option<&'a str>,
    /// Whether the session of that code, family or device is live.
    pub session_live: bool,
    /// The person's remembered consent, where the details of that code or family say that one stands behind it.
    pub consent: ConsentFact<'a>,
    /// The passkey of the ceremony behind that code or family.
    pub credential: CredentialFact,
    /// Whether that ceremony satisfies what is demanded of this person at this client now.
    pub requirement_met: bool,
}

crate::quiet::quiet! { TokenFacts<'_> }

impl<'a> TokenFacts<'a> {
    /// Who we are and who asks; nothing else is known yet, and what is not known is a no.
    #[must_use]
    pub const fn new(issuer: &'a Issuer, keys: &'a TokenKeys, client: Option<&'a Client>) -> Self {
        Self {
            issuer,
            keys,
            client,
            client_keys: KeyFact::NotLoaded,
            assertion_spent: false,
            proof: None,
            code: CodeFact::Unknown,
            device: None,
            exchange: None,
            family: None,
            person: None,
            mapped_subject: None,
            session_live: false,
            consent: ConsentFact::Missing,
            credential: CredentialFact::Gone,
            requirement_met: false,
        }
    }

    /// The part that the central question asks for.
    pub(super) const fn standing(&self) -> Standing<'a> {
        Standing {
            person: self.person,
            consent: self.consent,
            credential: self.credential,
            requirement_met: self.requirement_met,
            session_live: self.session_live,
        }
    }

    /// The part that client authentication asks for.
    pub(super) const fn authentication(&self) -> AuthenticationFacts<'a> {
        AuthenticationFacts {
            issuer: self.issuer,
            keys: self.keys,
            client: self.client,
            client_keys: self.client_keys,
            assertion_spent: self.assertion_spent,
        }
    }
}

/// What may turn out to be missing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TokenNeed {
    /// The keys behind this address: fetch them, or fetch them anew where [`KeyFact::Cached`] was given, and ask again.
    ClientKeys {
        /// The client's `jwks_uri`.
        uri: String,
    },
}
