//! Out of its wrapping: a request that was pushed or signed becomes its parameters.

use model::Timestamp;

use super::{AuthorizeFault, AuthorizeRefusal, AuthorizeRequest, Origin, PushedFact};
use crate::{
    Client, ClientStatus, Issuer, RawParams,
    authentication::KeyFact,
    par::request_uri,
    params::LOWERED_BYTES_MAX,
    request_object::{self, KeysNeed, Unverified, Verifying},
};

/// What the shell loaded for undressing one request.
#[derive(Debug, Clone)]
pub struct ResolveFacts<'a> {
    /// Who we are.
    pub issuer: &'a Issuer,
    /// The client that [`super::client_id`] names, if it is registered.
    pub client: Option<&'a Client>,
    /// The keys behind the client's `jwks_uri`, where they were loaded. Start with [`KeyFact::NotLoaded`]; asked for with [`Resolution::Need`].
    pub client_keys: KeyFact<'a>,
    /// What is kept under [`super::pushed_key`].
    pub pushed: PushedFact<'a>,
}

/// What became of a request's wrapping.
#[derive(Debug, Clone)]
pub enum Resolution<'a> {
    /// The request: decide it.
    Request(AuthorizeRequest<'a>),
    /// The client's keys are needed: fetch them and ask again. When they can't be fetched, answer with
    /// [`AuthorizeFault::KeysUnavailable`] on a page.
    Need(KeysNeed),
    /// There is no request in it that could be believed, so nobody knows where an answer should go: a page.
    Refused(AuthorizeRefusal),
}

/// Undresses a request. Nothing of it is checked but its wrapping.
#[must_use]
pub fn resolve<'a>(params: RawParams<'a>, facts: &ResolveFacts<'a>, now: Timestamp) -> Resolution<'a> {
    match opened(params, facts, now) {
        Ok(request) => Resolution::Request(request),
        Err(Closed::Need(need)) => Resolution::Need(need),
        Err(Closed::Fault(fault)) => Resolution::Refused(AuthorizeRefusal::Page(fault)),
    }
}

enum Closed {
    Need(KeysNeed),
    Fault(AuthorizeFault),
}

impl From<AuthorizeFault> for Closed {
    fn from(fault: AuthorizeFault) -> Self {
        Self::Fault(fault)
    }
}

fn opened<'a>(params: RawParams<'a>, facts: &ResolveFacts<'a>, now: Timestamp) -> Result<AuthorizeRequest<'a>, Closed> {
    // A wrapping that came twice is none: the check for repetition tells it apart from one that did not come.
    if params.value("request_uri").is_some_and(request_uri::is_ours) {
        // OpenID Connect Core §6.2, RFC 9126 §4: one or the other.
        if params.one("request") != Ok(None) {
            return Err(AuthorizeFault::RequestAndRequestUri.into());
        }
        return Ok(pushed(&params, facts, now)?);
    }
    // A foreign request_uri, or an object from a client that signs nothing, goes on as it came, to be refused by name.
    let signs = facts.client.is_some_and(|client| named(&params, client).is_some() && request_object::is_for(client));
    match (params.value("request"), params.one("request_uri")) {
        (Some(object), Ok(None)) if signs => signed(object, &params, facts, now),
        (_, _) => Ok(AuthorizeRequest::new(params, Origin::Plain)),
    }
}

/// RFC 9126 §4: the request under this name, while it lives, for the client that pushed it.
fn pushed<'a>(
    params: &RawParams<'_>,
    facts: &ResolveFacts<'a>,
    now: Timestamp,
) -> Result<AuthorizeRequest<'a>, AuthorizeFault> {
    let client = active(params, facts)?;
    match facts.pushed {
        PushedFact::Live { key, record } if record.client == client.id && now < record.expires => {
            let params = RawParams::parse_within(record.text.expose(), LOWERED_BYTES_MAX);
            let params = params.map_err(AuthorizeFault::Malformed)?;
            Ok(AuthorizeRequest::new(params, Origin::Pushed { key, signed: record.signed }))
        }
        // Another client's request is as unknown to this one as one that never was.
        PushedFact::Live { .. } | PushedFact::Unknown | PushedFact::NotNamed => Err(AuthorizeFault::RequestUriUnknown),
        PushedFact::Spent => Err(AuthorizeFault::RequestUriSpent),
    }
}

/// RFC 9101 §6.3: the parameters in the object, and no others.
fn signed<'a>(
    object: &str,
    params: &RawParams<'_>,
    facts: &ResolveFacts<'_>,
    now: Timestamp,
) -> Result<AuthorizeRequest<'a>, Closed> {
    let client = active(params, facts)?;
    let verifying = Verifying { issuer: facts.issuer, client, client_keys: facts.client_keys, now };
    match request_object::verify(object, verifying) {
        Ok(params) => Ok(AuthorizeRequest::new(params, Origin::Signed)),
        Err(Unverified::Need(need)) => Err(Closed::Need(need)),
        Err(Unverified::Fault(fault)) => Err(AuthorizeFault::RequestObject(fault).into()),
    }
}

/// The client outside, which everything inside is held against.
fn active<'a>(params: &RawParams<'_>, facts: &ResolveFacts<'a>) -> Result<&'a Client, AuthorizeFault> {
    if params.one("client_id") == Ok(None) || params.one("client_id").is_err() {
        return Err(AuthorizeFault::ClientIdMissing);
    }
    let client = facts.client.filter(|client| named(params, client).is_some()).ok_or(AuthorizeFault::ClientUnknown)?;
    match client.status {
        ClientStatus::Active => Ok(client),
        ClientStatus::Disabled => Err(AuthorizeFault::ClientDisabled),
    }
}

/// The client's id, when the request names this client.
fn named<'p>(params: &'p RawParams<'_>, client: &Client) -> Option<&'p str> {
    params.value("client_id").filter(|id| *id == client.id.as_str())
}
