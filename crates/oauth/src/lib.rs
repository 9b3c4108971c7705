//! OAuth 2.1 and OpenID Connect as decisions: may this client, for this person, have a code, a token, an answer?
//!
//! What it must not do: wait, read a clock, draw randomness, open a file, know SQL or an HTTP framework, or know a person's
//! attributes. Requests arrive as text, facts as values; replies leave as values, with their changes and audit events.
//! There is no implicit grant and no password grant in here, behind no switch.
//!
//! Start reading at [`client`], the party that every rule is about; then [`authorize::decide`] and [`token::handle`], whose checks
//! stand in one ordered list each. `docs/clauses.toml` leads from each rule of the standards to its code and its tests.

pub mod about_token;
mod access_token;
mod answer;
pub mod authentication;
pub mod authorization_details;
pub mod authorize;
pub mod change;
mod claims;
pub mod claims_request;
pub mod client;
pub mod client_rules;
pub mod client_secret;
pub mod code;
pub mod confirmation;
pub mod consent;
pub mod device;
pub mod dpop;
pub mod exchange;
pub mod family;
mod grant_details;
mod hint;
pub mod introspection;
pub mod issuer;
mod json_text;
pub mod keys;
pub mod logout;
pub mod metadata;
pub mod metadata_document;
pub mod par;
pub mod params;
mod quiet;
pub mod redirect;
pub mod refresh_token;
pub mod registration;
pub mod request_object;
pub mod resource;
pub mod resource_name;
pub mod response;
pub mod revocation;
pub mod scope;
mod shown_text;
pub mod still;
mod stored;
pub mod subject;
pub mod subject_map;
pub mod token;
pub mod userinfo;

pub use about_token::{AboutRefusal, AboutToken, InHand};
pub use access_token::{AccessTokenFacts, NotAnAccessToken};
pub use authentication::AuthenticatedClient;
pub use authorize::{
    AuthorizeFacts, AuthorizeFault, AuthorizeNeed, AuthorizeRefusal, AuthorizeReply, AuthorizeRequest, ConsentAnswer,
    IdTokenHint, Origin, ParkedRequest, PushedFact, Resolution, ResolveFacts, Shown, SigninReason, StepUpReason,
    WantedProof,
};
pub use change::Change;
pub use client::{
    Client, ClientAuth, ClientKind, ClientSettings, ClientStatus, ConsentPolicy, Exception, ExceptionRule, GrantTypes,
    SubjectKind,
};
pub use code::{CodeFact, CodeRecord, SpentCode};
pub use consent::Consent;
pub use family::{FamilyState, RefreshFamily, RevocationReason};
pub use grant_details::{BadDetails, Confirmation, GrantDetails};
pub use issuer::{Issuer, NotAnIssuer};
pub use keys::TokenKeys;
pub use par::{PushFacts, PushRefusal, Pushed, PushedRequest};
pub use params::{Malformed, RawParams};
pub use redirect::{RedirectFault, RedirectKind, RedirectUri};
pub use refresh_token::RefreshToken;
pub use request_object::{KeysNeed, RequestObjectFault};
pub use response::{AuthorizeResponse, Delivery};
pub use scope::{Scope, ScopeSet};
pub use still::{ConsentFact, CredentialFact, EndedBecause};
pub use token::{ErrorAnswer, Presented, TokenFacts, TokenNeed, TokenRefusal, TokenReply, TokenRequest};
