//! The checks of the token endpoint, in the order in which they run: [`OPENING`] for every request, then [`CODE`], [`REFRESH`] or
//! [`CREDENTIALS`]. Device codes and token exchange have lists of their own, in their rooms.

mod audience;
mod client_authentication;
mod code_age;
mod code_key;
mod code_known;
mod code_redirect;
mod code_unspent;
mod code_verifier;
mod credentials_confidential;
mod credentials_scope;
mod credentials_subject;
mod details_unchanged;
mod grant_allowed;
mod grant_type;
mod once;
mod passed;
mod refresh_age;
mod refresh_client;
mod refresh_current;
mod refresh_live;
mod refresh_ours;
mod refresh_scope;
mod sender;
mod still;

pub(crate) use self::{
    audience::meant_for,
    grant_type::Grant,
    passed::{CodePassed, CredentialsPassed, Opening, OwnGrant, RedeemableCode, RefreshPassed, UsableFamily},
    refresh_current::Use,
    sender::shown,
};

use model::{AuditKind, FamilyId, Outcome, PersonId};

use super::{TokenNeed, TokenRefusal};
use crate::{Change, RevocationReason};

/// One check over what the earlier ones left behind: one reason to fail, one clause it serves.
pub(crate) struct Check<F> {
    pub(crate) name: &'static str,
    pub(crate) clause: &'static str,
    pub(crate) run: F,
}

/// Why a list ends early, and what follows.
#[derive(Debug)]
pub(crate) enum Stop {
    /// The request breaks a rule.
    Refused { refusal: TokenRefusal, consequence: Consequence },
    /// Another room refused, and said what follows.
    Decided(Outcome<TokenRefusal, Change>),
    /// A fact is missing.
    Need(TokenNeed),
}

/// What a refusal brings about besides the answer.
#[derive(Debug)]
pub(crate) enum Consequence {
    /// Nothing.
    Nothing,
    /// An entry in the audit, and the end of the family if one is known.
    Record { kind: AuditKind, family: Option<FamilyId>, reason: RevocationReason, person: PersonId },
}

impl From<TokenRefusal> for Stop {
    fn from(refusal: TokenRefusal) -> Self {
        Self::Refused { refusal, consequence: Consequence::Nothing }
    }
}

type Run<P> = Result<P, Stop>;
type OpeningCheck = Check<fn(&mut Opening<'_>) -> Run<()>>;
type CodeCheck = Check<fn(&mut CodePassed<'_>) -> Run<()>>;
type RefreshCheck = Check<fn(&mut RefreshPassed<'_>) -> Run<()>>;
type CredentialsCheck = Check<fn(&mut CredentialsPassed<'_>) -> Run<()>>;

/// For every request.
#[rustfmt::skip]
pub(crate) const OPENING: [OpeningCheck; 5] = [
    Check { name: "once",                  clause: "OAuth 2.1 §3.2: no parameter twice, but resource",                    run: once::check },
    Check { name: "grant_type",            clause: "OAuth 2.1 §3.2.2, §10: a grant that exists; no password",             run: grant_type::check },
    Check { name: "client_authentication", clause: "OAuth 2.1 §2.4, §3.2.2: required where possible, verified when sent", run: client_authentication::check },
    Check { name: "grant_allowed",         clause: "OAuth 2.1 §3.2.4: the client is registered for the grant",            run: grant_allowed::check },
    Check { name: "details_unchanged",     clause: "RFC 9396 §6: what was granted is not changed here",                   run: details_unchanged::check },
];

/// For `grant_type=authorization_code`. Everything that could be wrong with a presentation comes before the question whether it
/// is the second one, because only a presentation that is otherwise valid may revoke (OAuth 2.1 §7.5.2).
#[rustfmt::skip]
pub(crate) const CODE: [CodeCheck; 9] = [
    Check { name: "code_known",    clause: "OAuth 2.1 §4.1.3: a code of this client",                             run: code_known::check },
    Check { name: "code_redirect", clause: "OAuth 2.1 §10.2, RFC 6749 §4.1.3: redirect_uri, where sent",          run: code_redirect::check },
    Check { name: "code_verifier", clause: "RFC 7636 §4.1, §4.6; OAuth 2.1 §4.1.3: the challenge is answered",    run: code_verifier::check },
    Check { name: "code_key",      clause: "RFC 9449 §10: the key that asked for the code",                       run: code_key::check },
    Check { name: "sender",        clause: "RFC 9449 §5, RFC 8705 §3: a key to bind tokens to, where needed",     run: sender::check_code },
    Check { name: "audience",      clause: "RFC 8707 §2.2: no resource that was not granted",                     run: audience::check_code },
    Check { name: "code_age",      clause: "OAuth 2.1 §4.1.2: short-lived",                                       run: code_age::check },
    Check { name: "code_unspent",  clause: "OAuth 2.1 §4.1.3, §7.5.2: once; a valid replay ends what it became",  run: code_unspent::check },
    Check { name: "still",         clause: "OAuth 2.1 §1.3, OpenID Connect Core §11: what was granted may be used", run: still::check_code },
];

/// For `grant_type=refresh_token`. The key is asked for before the question whether the token is a replay, which ends the family.
#[rustfmt::skip]
pub(crate) const REFRESH: [RefreshCheck; 9] = [
    Check { name: "refresh_ours",    clause: "OAuth 2.1 §4.3.1: made here, unaltered",                            run: refresh_ours::check },
    Check { name: "refresh_client",  clause: "OAuth 2.1 §4.3: bound to its client",                               run: refresh_client::check },
    Check { name: "refresh_live",    clause: "OAuth 2.1 §4.3.1: the grant is still active",                       run: refresh_live::check },
    Check { name: "sender",          clause: "RFC 9449 §5, RFC 8705 §4: the key that the grant is bound to",      run: sender::check_refresh },
    Check { name: "refresh_current", clause: "OAuth 2.1 §4.3.1, RFC 9700 §4.14.2: a replay ends the family",      run: refresh_current::check },
    Check { name: "refresh_age",     clause: "OAuth 2.1 §4.3.3, RFC 10017: idle and absolute end",                run: refresh_age::check },
    Check { name: "still",           clause: "OAuth 2.1 §4.3.1, RFC 10017: what was granted may be used",         run: still::check_refresh },
    Check { name: "refresh_scope",   clause: "OAuth 2.1 §4.3.1: no more than was granted",                        run: refresh_scope::check },
    Check { name: "audience",        clause: "RFC 8707 §2.2: no resource that was not granted",                   run: audience::check_refresh },
];

/// For `grant_type=client_credentials`.
#[rustfmt::skip]
pub(crate) const CREDENTIALS: [CredentialsCheck; 5] = [
    Check { name: "credentials_confidential", clause: "OAuth 2.1 §4.2: confidential clients only",                     run: credentials_confidential::check },
    Check { name: "credentials_subject",      clause: "OAuth 2.1 §7.4: a client's sub is no person's",                 run: credentials_subject::check },
    Check { name: "credentials_scope",        clause: "OAuth 2.1 §4.2: scopes of its own, none of a person's",         run: credentials_scope::check },
    Check { name: "audience",                 clause: "RFC 8707 §2.2: no resource that it is not registered for",      run: audience::check_credentials },
    Check { name: "sender",                   clause: "RFC 9449 §5, RFC 8705 §3: a key to bind tokens to, where needed", run: sender::check_credentials },
];

/// All checks and their clauses, list by list and in order, for documents and tests.
pub fn check_list() -> impl Iterator<Item = (&'static str, &'static str)> {
    OPENING
        .iter()
        .map(|check| (check.name, check.clause))
        .chain(CODE.iter().map(|check| (check.name, check.clause)))
        .chain(REFRESH.iter().map(|check| (check.name, check.clause)))
        .chain(CREDENTIALS.iter().map(|check| (check.name, check.clause)))
}
