//! What the checks have left behind, list by list.

use model::Timestamp;

use super::{
    Grant, Run, audience::MeantFor, code_age::InTime, code_key::KeyShown, code_known::CodeOfClient,
    code_redirect::SameRedirect, code_unspent::FirstUse, code_verifier::Answered,
    credentials_confidential::Confidential, credentials_scope::OwnScope, credentials_subject::OwnSubject,
    grant_allowed::GrantAllowed, refresh_age::NotExpired, refresh_client::FamilyOfClient, refresh_current::Use,
    refresh_live::Live, refresh_scope::NarrowedScope, sender::Sender, still::StillHolds,
};
use crate::{
    AuthenticatedClient, Client, CodeRecord, Confirmation, RefreshFamily, ScopeSet,
    claims::Audience,
    refresh_token::RefreshToken,
    token::{TokenFacts, TokenRefusal, TokenRequest},
};

/// Before the grant is known.
pub(crate) struct Opening<'a> {
    pub(super) request: &'a TokenRequest<'a>,
    pub(super) facts: &'a TokenFacts<'a>,
    pub(super) now: Timestamp,
    pub(super) grant: Option<Grant>,
    pub(super) client: Option<AuthenticatedClient<'a>>,
    pub(super) allowed: Option<GrantAllowed>,
}

impl<'a> Opening<'a> {
    pub(crate) const fn new(request: &'a TokenRequest<'a>, facts: &'a TokenFacts<'a>, now: Timestamp) -> Self {
        Self { request, facts, now, grant: None, client: None, allowed: None }
    }

    pub(crate) fn all(self) -> Run<(Grant, AuthenticatedClient<'a>)> {
        match self {
            Self { grant: Some(grant), client: Some(client), allowed: Some(GrantAllowed { .. }), .. } => {
                Ok((grant, client))
            }
            _ => Err(TokenRefusal::Incomplete.into()),
        }
    }
}

/// While a code is checked.
pub(crate) struct CodePassed<'a> {
    pub(super) request: &'a TokenRequest<'a>,
    pub(super) facts: &'a TokenFacts<'a>,
    pub(super) now: Timestamp,
    pub(super) client: AuthenticatedClient<'a>,
    pub(super) code: Option<CodeOfClient<'a>>,
    pub(super) redirect: Option<SameRedirect>,
    pub(super) verifier: Option<Answered>,
    pub(super) key: Option<KeyShown>,
    pub(super) sender: Option<Sender>,
    pub(super) audience: Option<MeantFor<'a>>,
    pub(super) age: Option<InTime>,
    pub(super) unspent: Option<FirstUse>,
    pub(super) still: Option<StillHolds>,
}

/// The licence to turn a code into tokens.
pub(crate) struct RedeemableCode<'a> {
    pub(crate) client: &'a Client,
    pub(crate) record: &'a CodeRecord,
    /// The key that the family and its first access token are bound to.
    pub(crate) confirmation: Option<Confirmation>,
    /// For whom the first access token is meant.
    pub(crate) audience: Audience<'a>,
    _made_here: (),
}

impl<'a> CodePassed<'a> {
    pub(crate) const fn new(
        request: &'a TokenRequest<'a>,
        facts: &'a TokenFacts<'a>,
        now: Timestamp,
        client: AuthenticatedClient<'a>,
    ) -> Self {
        Self {
            request,
            facts,
            now,
            client,
            code: None,
            redirect: None,
            verifier: None,
            key: None,
            sender: None,
            audience: None,
            age: None,
            unspent: None,
            still: None,
        }
    }

    pub(crate) fn all(self) -> Run<RedeemableCode<'a>> {
        match self {
            Self {
                client,
                code: Some(code),
                redirect: Some(SameRedirect { .. }),
                verifier: Some(Answered { .. }),
                key: Some(KeyShown { .. }),
                sender: Some(sender),
                audience: Some(audience),
                age: Some(InTime { .. }),
                unspent: Some(FirstUse { .. }),
                still: Some(StillHolds { .. }),
                ..
            } => Ok(RedeemableCode {
                client: client.client(),
                record: code.record(),
                confirmation: sender.get(),
                audience: audience.get(),
                _made_here: (),
            }),
            _ => Err(TokenRefusal::Incomplete.into()),
        }
    }
}

/// While a refresh token is checked.
pub(crate) struct RefreshPassed<'a> {
    pub(super) request: &'a TokenRequest<'a>,
    pub(super) facts: &'a TokenFacts<'a>,
    pub(super) now: Timestamp,
    pub(super) client: AuthenticatedClient<'a>,
    pub(super) token: Option<RefreshToken>,
    pub(super) family: Option<FamilyOfClient<'a>>,
    pub(super) live: Option<Live>,
    pub(super) sender: Option<Sender>,
    pub(super) current: Option<Use>,
    pub(super) age: Option<NotExpired>,
    pub(super) still: Option<StillHolds>,
    pub(super) scope: Option<NarrowedScope>,
    pub(super) audience: Option<MeantFor<'a>>,
}

/// The licence to turn a refresh token into its successor.
pub(crate) struct UsableFamily<'a> {
    pub(crate) client: &'a Client,
    pub(crate) family: &'a RefreshFamily,
    /// As it was presented.
    pub(crate) token: RefreshToken,
    /// Whether it is the first time.
    pub(crate) used: Use,
    /// What the new access token may do.
    pub(crate) scope: ScopeSet,
    /// The key that it is bound to.
    pub(crate) confirmation: Option<Confirmation>,
    /// For whom it is meant.
    pub(crate) audience: Audience<'a>,
    _made_here: (),
}

impl<'a> RefreshPassed<'a> {
    pub(crate) const fn new(
        request: &'a TokenRequest<'a>,
        facts: &'a TokenFacts<'a>,
        now: Timestamp,
        client: AuthenticatedClient<'a>,
    ) -> Self {
        Self {
            request,
            facts,
            now,
            client,
            token: None,
            family: None,
            live: None,
            sender: None,
            current: None,
            age: None,
            still: None,
            scope: None,
            audience: None,
        }
    }

    pub(crate) fn all(self) -> Run<UsableFamily<'a>> {
        match self {
            Self {
                client,
                token: Some(token),
                family: Some(family),
                live: Some(Live { .. }),
                sender: Some(sender),
                current: Some(used),
                age: Some(NotExpired { .. }),
                still: Some(StillHolds { .. }),
                scope: Some(scope),
                audience: Some(audience),
                ..
            } => Ok(UsableFamily {
                client: client.client(),
                family: family.get(),
                token,
                used,
                scope: scope.get(),
                confirmation: sender.get(),
                audience: audience.get(),
                _made_here: (),
            }),
            _ => Err(TokenRefusal::Incomplete.into()),
        }
    }
}

/// While a client asks for itself.
pub(crate) struct CredentialsPassed<'a> {
    pub(super) request: &'a TokenRequest<'a>,
    pub(super) facts: &'a TokenFacts<'a>,
    pub(super) client: AuthenticatedClient<'a>,
    pub(super) confidential: Option<Confidential>,
    pub(super) subject: Option<OwnSubject>,
    pub(super) scope: Option<OwnScope>,
    pub(super) audience: Option<MeantFor<'a>>,
    pub(super) sender: Option<Sender>,
}

/// The licence to give a client a token of its own.
pub(crate) struct OwnGrant<'a> {
    pub(crate) client: &'a Client,
    pub(crate) scope: ScopeSet,
    pub(crate) audience: Audience<'a>,
    pub(crate) confirmation: Option<Confirmation>,
    _made_here: (),
}

impl<'a> CredentialsPassed<'a> {
    pub(crate) const fn new(
        request: &'a TokenRequest<'a>,
        facts: &'a TokenFacts<'a>,
        client: AuthenticatedClient<'a>,
    ) -> Self {
        Self { request, facts, client, confidential: None, subject: None, scope: None, audience: None, sender: None }
    }

    pub(crate) fn all(self) -> Run<OwnGrant<'a>> {
        match self {
            Self {
                client,
                confidential: Some(Confidential { .. }),
                subject: Some(OwnSubject { .. }),
                scope: Some(scope),
                audience: Some(audience),
                sender: Some(sender),
                ..
            } => Ok(OwnGrant {
                client: client.client(),
                scope: scope.get(),
                audience: audience.get(),
                confirmation: sender.get(),
                _made_here: (),
            }),
            _ => Err(TokenRefusal::Incomplete.into()),
        }
    }
}
