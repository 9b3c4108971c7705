//! How an authorization response travels: in the query, in a form, or inside a signed token.
//!
//! The engine says what is answered; what it can't do is sign. So a response is a list of parameters with a mode, and
//! [`AuthorizeResponse::deliver`] turns it into an address or a form once somebody lends a key.

use crypto::{JwtType, SigningAlg};
use model::{ClientId, Secret, Timestamp};

use crate::{
    Issuer,
    answer::{JsonObject, Location},
    client::ResponseMode,
};

/// Life of a signed response, in seconds. JARM §2.1 recommends at most ten minutes; the browser needs a moment.
pub const SIGNED_RESPONSE_SECONDS: i64 = 120;

/// An authorization response, success or error, on its way to a checked redirect URI. Its values are secret: one may be a code.
#[derive(Debug, Clone)]
pub struct AuthorizeResponse {
    mode: ResponseMode,
    redirect_uri: String,
    params: Vec<(&'static str, Secret<String>)>,
    issuer: Issuer,
    client: ClientId,
    alg: SigningAlg,
    expires: Timestamp,
}

/// What the shell sends to the browser.
#[derive(Debug, Clone)]
pub enum Delivery {
    /// 303 to this address. Holds the code, hence secret.
    Redirect(Secret<String>),
    /// 200 with a page that posts these fields to `action` (OAuth 2.0 Form Post Response Mode §2). Never cached; its
    /// Content-Security-Policy must name `action` in `form-action`.
    Form {
        /// The redirect URI, query and all.
        action: String,
        /// Names and values, in order.
        fields: Vec<(&'static str, Secret<String>)>,
    },
}

/// For whom a response is, and how it gets there.
pub(crate) struct Envelope<'a> {
    pub(crate) mode: ResponseMode,
    pub(crate) redirect_uri: &'a str,
    pub(crate) issuer: &'a Issuer,
    pub(crate) client: &'a ClientId,
    pub(crate) alg: SigningAlg,
    pub(crate) now: Timestamp,
}

impl AuthorizeResponse {
    pub(crate) fn new(to: Envelope<'_>, params: Vec<(&'static str, Secret<String>)>) -> Self {
        Self {
            mode: to.mode,
            redirect_uri: to.redirect_uri.to_owned(),
            params,
            issuer: to.issuer.clone(),
            client: to.client.clone(),
            alg: to.alg,
            expires: to.now.plus_seconds(SIGNED_RESPONSE_SECONDS),
        }
    }

    /// How it travels.
    #[must_use]
    pub const fn mode(&self) -> ResponseMode {
        self.mode
    }

    /// With what it is signed, in the modes where it is.
    #[must_use]
    pub const fn signed_with(&self) -> Option<SigningAlg> {
        match self.mode {
            ResponseMode::Query | ResponseMode::FormPost => None,
            ResponseMode::QueryJwt | ResponseMode::FormPostJwt => Some(self.alg),
        }
    }

    /// Where it goes.
    #[must_use]
    pub fn redirect_uri(&self) -> &str {
        &self.redirect_uri
    }

    /// What it says, `iss` excepted: `code` and `state`, or `error`, `error_description` and `state`.
    pub fn params(&self) -> impl Iterator<Item = (&'static str, &str)> {
        self.params.iter().map(|(name, value)| (*name, value.expose().as_str()))
    }

    /// The address to send the browser to, for a response in the plain query. None in every other mode: see [`Self::deliver`].
    #[must_use]
    pub fn location(&self) -> Option<Secret<String>> {
        match self.mode {
            ResponseMode::Query => Some(self.in_query()),
            ResponseMode::FormPost | ResponseMode::QueryJwt | ResponseMode::FormPostJwt => None,
        }
    }

    /// Makes it ready to send. `sign` is asked only in the signed modes, once, with the algorithm that the client is registered for.
    ///
    /// # Errors
    /// What `sign` failed with.
    pub fn deliver<E>(&self, sign: impl FnOnce(SigningAlg, JwtType, &str) -> Result<String, E>) -> Result<Delivery, E> {
        match self.mode {
            ResponseMode::Query => Ok(Delivery::Redirect(self.in_query())),
            ResponseMode::FormPost => {
                let mut fields = self.params.clone();
                fields.push(("iss", Secret::new(self.issuer.url().to_owned())));
                Ok(Delivery::Form { action: self.redirect_uri.clone(), fields })
            }
            ResponseMode::QueryJwt => {
                let response = Secret::new(self.signed(sign)?);
                let mut location = Location::new(&self.redirect_uri, response.expose().len() + 16);
                location.push_encoded("response", response.expose());
                Ok(Delivery::Redirect(Secret::new(location.into_text())))
            }
            ResponseMode::FormPostJwt => {
                let fields = vec![("response", Secret::new(self.signed(sign)?))];
                Ok(Delivery::Form { action: self.redirect_uri.clone(), fields })
            }
        }
    }

    fn in_query(&self) -> Secret<String> {
        let mut location = Location::new(&self.redirect_uri, 256);
        for (name, value) in &self.params {
            location.push(name, value.expose());
        }
        // RFC 9207 §2: on every response, errors included.
        location.push_encoded("iss", self.issuer.query_encoded());
        Secret::new(location.into_text())
    }

    /// JARM §2.1: `iss`, `aud` and `exp` beside the parameters; RFC 9207 §2.4: `iss` inside is enough.
    fn signed<E>(&self, sign: impl FnOnce(SigningAlg, JwtType, &str) -> Result<String, E>) -> Result<String, E> {
        let mut json = JsonObject::with_capacity(384);
        json.string("iss", self.issuer.url());
        json.string("aud", self.client.as_str());
        json.number("exp", self.expires.seconds());
        for (name, value) in &self.params {
            json.string(name, value.expose());
        }
        let claims = Secret::new(json.finish());
        sign(self.alg, JwtType::AuthorizationResponse, claims.expose())
    }
}
