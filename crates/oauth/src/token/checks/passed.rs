//! What the checks have left behind, list by list.

use model::Timestamp;

use super::{
    Grant, Run, code_age::InTime, code_known::CodeOfClient, code_redirect::SameRedirect, code_unspent::FirstUse,
    code_verifier::Answered, grant_allowed::GrantAllowed, person::PersonStays, refresh_age::NotExpired,
    refresh_client::FamilyOfClient, refresh_current::Current, refresh_live::Live, refresh_scope::NarrowedScope,
    session::SessionHolds,
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
    pub(super) grant: Option<Grant>,
    pub(super) client: Option<AuthenticatedClient<'a>>,
    pub(super) allowed: Option<GrantAllowed>,
}

impl<'a> Opening<'a> {
    pub(crate) const fn new(request: &'a TokenRequest<'a>, facts: &'a TokenFacts<'a>) -> Self {
        Self { request, facts, grant: None, client: None, allowed: None }
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
    pub(super) age: Option<InTime>,
    pub(super) unspent: Option<FirstUse>,
    pub(super) person: Option<PersonStays>,
    pub(super) session: Option<SessionHolds>,
}

/// The licence to turn a code into tokens.
pub(crate) struct RedeemableCode<'a> {
    client: AuthenticatedClient<'a>,
    code: CodeOfClient<'a>,
}

impl<'a> RedeemableCode<'a> {
    pub(crate) const fn client(&self) -> &'a Client {
        self.client.client()
    }
    pub(crate) const fn record(&self) -> &'a CodeRecord {
        self.code.record()
    }
    /// The key that the family and its first access token are bound to.
    pub(crate) const fn confirmation(&self) -> Option<Confirmation> {
        self.record().details.confirmation
    }
    /// For whom the first access token is meant.
    pub(crate) fn audience(&self) -> Audience<'a> {
        Audience::One(&self.client().audience)
    }
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
            age: None,
            unspent: None,
            person: None,
            session: None,
        }
    }

    pub(crate) fn all(self) -> Run<RedeemableCode<'a>> {
        match self {
            Self {
                client,
                code: Some(code),
                redirect: Some(SameRedirect { .. }),
                verifier: Some(Answered { .. }),
                age: Some(InTime { .. }),
                unspent: Some(FirstUse { .. }),
                person: Some(PersonStays { .. }),
                session: Some(SessionHolds { .. }),
                ..
            } => Ok(RedeemableCode { client, code }),
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
    pub(super) current: Option<Current>,
    pub(super) age: Option<NotExpired>,
    pub(super) person: Option<PersonStays>,
    pub(super) session: Option<SessionHolds>,
    pub(super) scope: Option<NarrowedScope>,
}

/// The licence to turn a refresh token into its successor.
pub(crate) struct UsableFamily<'a> {
    client: AuthenticatedClient<'a>,
    family: FamilyOfClient<'a>,
    scope: NarrowedScope,
}

impl<'a> UsableFamily<'a> {
    pub(crate) const fn client(&self) -> &'a Client {
        self.client.client()
    }
    pub(crate) const fn family(&self) -> &'a RefreshFamily {
        self.family.get()
    }
    pub(crate) const fn scope(&self) -> &ScopeSet {
        self.scope.get()
    }
    /// The key that the access token is bound to.
    pub(crate) const fn confirmation(&self) -> Option<Confirmation> {
        self.family().details.confirmation
    }
    /// For whom the access token is meant.
    pub(crate) fn audience(&self) -> Audience<'a> {
        Audience::One(&self.client().audience)
    }
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
            current: None,
            age: None,
            person: None,
            session: None,
            scope: None,
        }
    }

    pub(crate) fn all(self) -> Run<UsableFamily<'a>> {
        match self {
            Self {
                client,
                token: Some(_),
                family: Some(family),
                live: Some(Live { .. }),
                current: Some(Current { .. }),
                age: Some(NotExpired { .. }),
                person: Some(PersonStays { .. }),
                session: Some(SessionHolds { .. }),
                scope: Some(scope),
                ..
            } => Ok(UsableFamily { client, family, scope }),
            _ => Err(TokenRefusal::Incomplete.into()),
        }
    }
}
