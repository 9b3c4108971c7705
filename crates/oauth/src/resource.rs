//! Access tokens at our own resources, userinfo first: read from the header, held to their key, and asked anew whether what they
//! stand for still holds (draft-ietf-oauth-v2-1-16 §5; RFC 9449 §7; RFC 8705 §3; RFC 9068 §4).

use model::{Person, Timestamp};

use crate::{
    AccessTokenFacts, Client, EndedBecause, Issuer, RefreshFamily, ScopeSet,
    confirmation::{BindingFault, ShownKeys, for_presented_token},
    dpop::DpopFault,
    family::FamilyState,
    still::{Standing, StillFacts, may, may_hold},
};

/// Longest Authorization header read, in bytes.
const HEADER_BYTES_MAX: usize = 8 * 1024 + 16;

/// How a token is presented.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scheme {
    /// `Bearer` (RFC 6750 §2.1): whoever has it may use it, unless it is bound to a certificate.
    Bearer,
    /// `DPoP` (RFC 9449 §7.1): with a proof.
    Dpop,
}

/// A token in an Authorization header.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct PresentedAccess<'a> {
    /// How it is presented.
    pub scheme: Scheme,
    /// The token. Verify it with `KeySet::verify_jwt`, then [`AccessTokenFacts::parse`]; a DPoP proof is for this text.
    pub token: &'a str,
}

/// Tokens don't print themselves.
impl std::fmt::Debug for PresentedAccess<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "PresentedAccess({:?}, …)", self.scheme)
    }
}

/// Why a resource does not answer. The whole answer is a status and one header (RFC 6750 §3, RFC 9449 §7.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ResourceRefusal {
    /// No token in the Authorization header. A token in the query or the body counts as none.
    #[error("no access token in the authorization header")]
    NoCredentials,
    /// The header can't be read.
    #[error("an authorization header that is too long or has more than one part after the scheme")]
    HeaderBroken,
    /// Not an access token that we signed.
    #[error("not an access token that was signed here")]
    TokenInvalid,
    /// Past its time, or before it.
    #[error("an expired access token")]
    TokenExpired,
    /// Another issuer's, or meant for another audience.
    #[error("an access token for somebody else")]
    TokenForOthers,
    /// It was revoked by itself.
    #[error("a revoked access token")]
    TokenRevoked,
    /// The grant behind it was ended, or there is none.
    #[error("an access token of a grant that has ended")]
    GrantEnded,
    /// What was granted may no longer be used.
    #[error("an access token of {0}")]
    Ended(EndedBecause),
    /// It is presented in the other way.
    #[error("an access token under the wrong scheme")]
    WrongScheme,
    /// Its key is not shown.
    #[error("an access token with {0}")]
    Binding(BindingFault),
    /// The proof beside it does not hold.
    #[error("an access token with {0}")]
    Proof(DpopFault),
    /// It lacks `openid`.
    #[error("an access token without the scope openid")]
    ScopeMissing,
}

/// Challenges are fixed texts, so that nothing of a request can get into a header. One text for all reasons why a token does not
/// count: the reason is for the operator.
const INVALID: [&str; 2] = [
    "Bearer error=\"invalid_token\", error_description=\"the access token is expired, revoked or not meant for this endpoint\"",
    "DPoP error=\"invalid_token\", error_description=\"the access token is expired, revoked or not meant for this endpoint\", algs=\"ES256 ES384 ES512 EdDSA PS256 PS384 PS512\"",
];

impl ResourceRefusal {
    /// HTTP status.
    #[must_use]
    pub const fn status(self) -> u16 {
        match self {
            Self::NoCredentials
            | Self::TokenInvalid
            | Self::TokenExpired
            | Self::TokenForOthers
            | Self::TokenRevoked
            | Self::GrantEnded
            | Self::Ended(_)
            | Self::WrongScheme
            | Self::Binding(_)
            | Self::Proof(_) => 401,
            Self::ScopeMissing => 403,
            Self::HeaderBroken => 400,
        }
    }

    /// `WWW-Authenticate` (draft-ietf-oauth-v2-1-16 §5.3.1), for a token that came under `scheme`. Without credentials it names no
    /// error, and both schemes (RFC 9449 §7.2). With [`DpopFault::wants_nonce`] the answer needs the header `DPoP-Nonce` as well.
    #[must_use]
    pub const fn www_authenticate(self, scheme: Scheme) -> &'static str {
        match self {
            Self::NoCredentials => "Bearer, DPoP algs=\"ES256 ES384 ES512 EdDSA PS256 PS384 PS512\"",
            Self::HeaderBroken => "Bearer error=\"invalid_request\", error_description=\"send one access token\"",
            Self::TokenInvalid
            | Self::TokenExpired
            | Self::TokenForOthers
            | Self::TokenRevoked
            | Self::GrantEnded
            | Self::Ended(_)
            | Self::WrongScheme
            | Self::Binding(BindingFault::OtherKey | BindingFault::CertificateMissing | BindingFault::KeyMissing) => {
                match scheme {
                    Scheme::Bearer => INVALID[0],
                    Scheme::Dpop => INVALID[1],
                }
            }
            Self::Proof(fault) if fault.wants_nonce() => {
                "DPoP error=\"use_dpop_nonce\", error_description=\"repeat the request with a proof that carries the nonce of this answer\", algs=\"ES256 ES384 ES512 EdDSA PS256 PS384 PS512\""
            }
            Self::Proof(_) | Self::Binding(BindingFault::ProofMissing) => {
                "DPoP error=\"invalid_dpop_proof\", error_description=\"send a fresh proof for this request and this access token\", algs=\"ES256 ES384 ES512 EdDSA PS256 PS384 PS512\""
            }
            Self::ScopeMissing => match scheme {
                Scheme::Bearer => {
                    "Bearer error=\"insufficient_scope\", error_description=\"the access token lacks openid\", scope=\"openid\""
                }
                Scheme::Dpop => {
                    "DPoP error=\"insufficient_scope\", error_description=\"the access token lacks openid\", scope=\"openid\""
                }
            },
        }
    }
}

impl ResourceRefusal {
    /// [`Self::www_authenticate`], with the address of the document that describes the resource (RFC 9728 §5.1) in every challenge, so
    /// that a client which knows nothing of us finds out where tokens come from.
    #[must_use]
    pub fn challenge(self, scheme: Scheme, resource_metadata: &str) -> String {
        let bare = self.www_authenticate(scheme);
        let at = format!("resource_metadata=\"{resource_metadata}\"");
        match bare.strip_prefix("Bearer, ") {
            // A list of challenges: a parameter belongs to the scheme before it.
            Some(others) => format!("Bearer {at}, {others}, {at}"),
            None => format!("{bare}, {at}"),
        }
    }
}

impl From<crate::NotAnAccessToken> for ResourceRefusal {
    fn from(_: crate::NotAnAccessToken) -> Self {
        Self::TokenInvalid
    }
}

/// The token in an Authorization header. The query and the body are never read for one (draft-ietf-oauth-v2-1-16 §5.1).
///
/// # Errors
/// When there is none, or the header can't be read.
pub fn presented(authorization: Option<&str>) -> Result<PresentedAccess<'_>, ResourceRefusal> {
    let header = authorization.ok_or(ResourceRefusal::NoCredentials)?;
    if header.len() > HEADER_BYTES_MAX {
        return Err(ResourceRefusal::HeaderBroken);
    }
    let Some((scheme, token)) = header.split_once(' ') else { return Err(ResourceRefusal::NoCredentials) };
    let scheme = match scheme {
        scheme if scheme.eq_ignore_ascii_case("bearer") => Scheme::Bearer,
        scheme if scheme.eq_ignore_ascii_case("dpop") => Scheme::Dpop,
        _ => return Err(ResourceRefusal::NoCredentials),
    };
    let token = token.trim_matches(' ');
    if token.is_empty() || token.contains([' ', ',']) {
        return Err(ResourceRefusal::HeaderBroken);
    }
    Ok(PresentedAccess { scheme, token })
}

/// Facts about one presented access token, as things stand now.
#[derive(Debug, Clone, Copy)]
pub struct ResourceFacts<'a> {
    /// Who we are; our resources have the issuer's own URL as their audience.
    pub issuer: &'a Issuer,
    /// How the token was presented.
    pub scheme: Scheme,
    /// The keys that the request shows; the proof verified for this very token, and spent.
    pub shown: ShownKeys<'a>,
    /// Whether [`AccessTokenFacts::jti`] stands among the revoked ones.
    pub token_revoked: bool,
    /// The token's family.
    pub family: Option<&'a RefreshFamily>,
    /// The token's client.
    pub client: Option<&'a Client>,
    /// The family's client: the same, unless the token was exchanged.
    pub family_client: Option<&'a Client>,
    /// What the family rests on.
    pub standing: Standing<'a>,
}

/// What an access token that counts stands for.
#[derive(Debug, Clone)]
pub struct LiveAccess<'a> {
    /// The client that holds it.
    pub client: &'a Client,
    /// The grant behind it. What it holds is the most that was granted; this token may hold less.
    pub family: &'a RefreshFamily,
    /// The person who granted it.
    pub person: &'a Person,
    /// What this token may do (draft-ietf-oauth-v2-1-16 §5.2): what a resource answers follows from this, and not from the grant.
    pub scope: ScopeSet,
}

/// Whether `token` opens a resource of ours that belongs to a person.
///
/// # Errors
/// Why not.
pub fn check<'a>(
    token: &AccessTokenFacts,
    facts: &ResourceFacts<'a>,
    now: Timestamp,
) -> Result<LiveAccess<'a>, ResourceRefusal> {
    // 1. RFC 9068 §4: our issuer, and meant for us. A token for another resource server is none of ours (OAuth 2.1 §5.2).
    if token.issuer != facts.issuer.url() || !token.is_for(facts.issuer.url()) {
        return Err(ResourceRefusal::TokenForOthers);
    }
    // 2. Its time.
    if !token.is_current(facts.issuer.url(), now) {
        return Err(ResourceRefusal::TokenExpired);
    }
    // 3. RFC 9449 §7.1, §7.2: a token that is bound to a DPoP key is no bearer token, and the other way round; RFC 8705 §3.
    let bound = token.confirmation;
    let scheme = match bound {
        Some(crate::Confirmation::Jkt(_)) => Scheme::Dpop,
        Some(crate::Confirmation::X5t(_)) | None => Scheme::Bearer,
    };
    if scheme != facts.scheme {
        return Err(ResourceRefusal::WrongScheme);
    }
    for_presented_token(bound, facts.shown).map_err(ResourceRefusal::Binding)?;
    // 4. RFC 7009 §2.1: revoked by itself.
    if facts.token_revoked {
        return Err(ResourceRefusal::TokenRevoked);
    }
    // 5. The grant as it stands now: a revocation counts at once, not when the token expires. A token without a grant is a
    // client's own, and opens nothing that belongs to a person.
    let family = facts.family.filter(|family| token.family == Some(family.id)).ok_or(ResourceRefusal::GrantEnded)?;
    if family.state != FamilyState::Live || now >= family.expires {
        return Err(ResourceRefusal::GrantEnded);
    }
    // 6. Everything that the grant rests on, and the client that holds the token.
    let unknown = ResourceRefusal::Ended(EndedBecause::ClientDisabled);
    let client = facts.client.filter(|client| client.id.as_str() == token.client_id).ok_or(unknown)?;
    let granted_to =
        facts.family_client.filter(|client| client.id == family.client).ok_or(ResourceRefusal::GrantEnded)?;
    may(&StillFacts::of_family(granted_to, family, &facts.standing), now).map_err(ResourceRefusal::Ended)?;
    let person = facts.standing.person.ok_or(ResourceRefusal::Ended(EndedBecause::PersonRefused))?;
    may_hold(client, person).map_err(ResourceRefusal::Ended)?;
    // What the client was deregistered for since then is gone.
    let scope = token.scope.filtered(|scope| client.allows_scope(scope));
    Ok(LiveAccess { client, family, person, scope })
}
