//! What the checks leave behind, and the licence that it makes when nothing is missing.

use model::{Session, Timestamp};

use super::{
    CheckedClaims, CheckedClient, CheckedDetails, CheckedRedirect, CheckedResources, CheckedScope, Consented, DpopKey,
    MaxAge, Nonce, Pkce, Prompt, SignedIn, StrongEnough, WantedAcr, access::MayUse, grant::MayUseCodes,
    pushed::RightlyPushed, response_mode::CheckedMode, response_type::CodeOnly, signature::RightlySigned,
};
use crate::{
    RawParams,
    authorize::{AuthorizeFacts, AuthorizeRequest, WantedProof},
    response::Envelope,
};

/// What the checks have left behind so far.
pub(crate) struct Passed<'a> {
    pub(crate) request: &'a AuthorizeRequest<'a>,
    pub(crate) params: &'a RawParams<'a>,
    pub(crate) facts: &'a AuthorizeFacts<'a>,
    pub(crate) now: Timestamp,
    pub(crate) client: Option<CheckedClient<'a>>,
    pub(crate) redirect: Option<CheckedRedirect<'a>>,
    pub(super) mode: Option<CheckedMode>,
    pub(super) pushed: Option<RightlyPushed>,
    pub(super) signature: Option<RightlySigned>,
    pub(super) code_only: Option<CodeOnly>,
    pub(super) may_use_codes: Option<MayUseCodes>,
    pub(super) scope: Option<CheckedScope>,
    pub(super) nonce: Option<Nonce<'a>>,
    pub(super) pkce: Option<Pkce>,
    pub(super) dpop_key: Option<DpopKey>,
    pub(super) resources: Option<CheckedResources>,
    pub(super) details: Option<CheckedDetails>,
    pub(super) claims: Option<CheckedClaims>,
    pub(super) acr: Option<WantedAcr>,
    pub(super) prompt: Option<Prompt>,
    pub(super) max_age: Option<MaxAge>,
    pub(super) signed_in: Option<SignedIn<'a>>,
    pub(super) may_use: Option<MayUse>,
    pub(super) strong_enough: Option<StrongEnough>,
    pub(super) consented: Option<Consented>,
}

/// All values together: the licence to issue a code.
pub(crate) struct Granted<'a> {
    pub(crate) client: CheckedClient<'a>,
    pub(crate) redirect: CheckedRedirect<'a>,
    pub(crate) envelope: Envelope<'a>,
    pub(crate) pushed: Option<[u8; 32]>,
    pub(crate) nonce: Nonce<'a>,
    pub(crate) pkce: Pkce,
    pub(crate) dpop_key: DpopKey,
    pub(crate) resources: CheckedResources,
    pub(crate) details: CheckedDetails,
    pub(crate) claims: CheckedClaims,
    pub(crate) signed_in: SignedIn<'a>,
    pub(crate) strong_enough: StrongEnough,
    pub(crate) consented: Consented,
    pub(crate) state: Option<&'a str>,
}

impl<'a> Passed<'a> {
    pub(crate) const fn new(request: &'a AuthorizeRequest<'a>, facts: &'a AuthorizeFacts<'a>, now: Timestamp) -> Self {
        Self {
            request,
            params: request.params(),
            facts,
            now,
            client: None,
            redirect: None,
            mode: None,
            pushed: None,
            signature: None,
            code_only: None,
            may_use_codes: None,
            scope: None,
            nonce: None,
            pkce: None,
            dpop_key: None,
            resources: None,
            details: None,
            claims: None,
            acr: None,
            prompt: None,
            max_age: None,
            signed_in: None,
            may_use: None,
            strong_enough: None,
            consented: None,
        }
    }

    /// Where an answer may be sent, and how. None before the redirect URI was checked.
    pub(crate) fn envelope(&self) -> Option<Envelope<'a>> {
        let (client, redirect) = (self.client?.get(), self.redirect?);
        let mode = match self.mode {
            Some(mode) => mode.get(),
            // The error that says that a mode is not supported travels in one that is.
            None => super::response_mode::fallback(client),
        };
        Some(Envelope {
            mode,
            redirect_uri: redirect.uri(),
            issuer: self.facts.issuer,
            client: &client.id,
            alg: client.settings.signing,
            now: self.now,
        })
    }

    /// Whether the person proved who they are since the request first came.
    pub(super) fn proved_again(&self, session: &Session) -> bool {
        self.facts.reauthenticated_after.is_some_and(|parked| session.authentication.at >= parked)
    }

    /// What the client wishes the proof to be.
    pub(super) fn wanted(&self) -> WantedProof {
        WantedProof {
            strength: self.acr.as_ref().and_then(WantedAcr::least),
            max_age_seconds: self.max_age.and_then(MaxAge::seconds),
        }
    }

    /// Everything, if every check left its value.
    pub(crate) fn all(&mut self) -> Option<Granted<'a>> {
        // Values that nobody reads later are demanded all the same: their absence would mean that a check did not run.
        self.mode?;
        self.signature.take()?;
        self.code_only.take()?;
        self.may_use_codes.take()?;
        self.scope.take()?;
        self.acr.take()?;
        self.prompt.take()?;
        self.max_age.take()?;
        self.may_use.take()?;
        Some(Granted {
            client: self.client?,
            redirect: self.redirect?,
            envelope: self.envelope()?,
            pushed: self.pushed.take()?.to_spend(),
            nonce: self.nonce.take()?,
            pkce: self.pkce.take()?,
            dpop_key: self.dpop_key.take()?,
            resources: self.resources.take()?,
            details: self.details.take()?,
            claims: self.claims.take()?,
            signed_in: self.signed_in.take()?,
            strong_enough: self.strong_enough.take()?,
            consented: self.consented.take()?,
            state: self.params.value("state"),
        })
    }
}
