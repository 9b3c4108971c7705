//! The right person is signed in, recently enough.

use model::{Secret, Session};

use super::{MaxAge, Passed, Prompt, Stop};
use crate::{
    authorize::{AuthorizeFault, AuthorizeNeed, IdTokenHint, SigninReason},
    hint,
};

/// Longest `login_hint` passed on, in bytes. A longer one is no sign-in name.
const LOGIN_HINT_BYTES_MAX: usize = 256;

/// A live session of a person who may sign in, with a proof as fresh as the request wants it.
pub(crate) struct SignedIn<'a>(&'a Session);

impl<'a> SignedIn<'a> {
    pub(crate) const fn session(&self) -> &'a Session {
        self.0
    }
}

pub(super) fn check(passed: &mut Passed<'_>) -> Result<(), Stop> {
    let (prompt, max_age) =
        (passed.prompt.ok_or(AuthorizeFault::Incomplete)?, passed.max_age.ok_or(AuthorizeFault::Incomplete)?);
    let expected_subject = expected_subject(passed)?;

    let session = passed.facts.session.filter(|session| passed.now < session.expires);
    let Some(session) = session else { return Err(ask(passed, prompt, SigninReason::NoSession)) };
    let person = passed
        .facts
        .person
        .filter(|person| person.id == session.authentication.person)
        .ok_or(AuthorizeFault::PersonRefused)?;
    if !person.may_sign_in(passed.now) {
        return Err(AuthorizeFault::PersonRefused.into());
    }
    if let Some(reason) = not_enough(passed, session, prompt, max_age) {
        return Err(ask(passed, prompt, reason));
    }
    if let Some(expected) = expected_subject {
        let client = passed.client.ok_or(AuthorizeFault::Incomplete)?.get();
        if crate::subject::subject(client, person.id, passed.facts.keys) != expected {
            // OpenID Connect Core §3.1.2.1: never an answer about someone else. A sign-in that was asked for and still is
            // someone else's ends the request, or it would ask for ever.
            return Err(if proved_again(passed, session) {
                AuthorizeFault::OtherPerson.into()
            } else {
                ask(passed, prompt, SigninReason::OtherPerson)
            });
        }
    }
    passed.signed_in = Some(SignedIn(session));
    Ok(())
}

/// Whom `id_token_hint` names, if the request has one.
fn expected_subject(passed: &Passed<'_>) -> Result<Option<String>, Stop> {
    if passed.params.value("id_token_hint").is_none() {
        return Ok(None);
    }
    match passed.facts.id_token_hint {
        IdTokenHint::NotSent | IdTokenHint::Unverifiable => Err(AuthorizeFault::HintInvalid.into()),
        IdTokenHint::Claims(claims) => {
            let client = passed.client.ok_or(AuthorizeFault::Incomplete)?.get();
            let subject = hint::subject_for(claims, passed.facts.issuer, client).ok_or(AuthorizeFault::HintInvalid)?;
            Ok(Some(subject))
        }
    }
}

/// Whether the person proved who they are since the request first came.
fn proved_again(passed: &Passed<'_>, session: &Session) -> bool {
    passed.facts.reauthenticated_after.is_some_and(|parked| session.authentication.at >= parked)
}

/// Why the session's proof does not serve this request, if it does not.
fn not_enough(passed: &Passed<'_>, session: &Session, prompt: Prompt, max_age: MaxAge) -> Option<SigninReason> {
    if proved_again(passed, session) {
        return None;
    }
    match prompt {
        Prompt::Some { select_account: true, .. } => return Some(SigninReason::ChooseAccount),
        Prompt::Some { login: true, .. } => return Some(SigninReason::FreshProof),
        Prompt::Some { .. } | Prompt::None => {}
    }
    // OpenID Connect Core §3.1.2.1: older than max_age means sign in again; 0 always does, as prompt=login.
    let limit_millis = max_age.seconds()?.saturating_mul(1000);
    let age_millis = passed.now.millis_since(session.authentication.at);
    (limit_millis == 0 || age_millis > limit_millis).then_some(SigninReason::TooOld)
}

fn ask(passed: &Passed<'_>, prompt: Prompt, reason: SigninReason) -> Stop {
    if prompt.forbids_asking() {
        return AuthorizeFault::LoginRequired.into();
    }
    let (Some(client), Some(redirect)) = (passed.client, &passed.redirect) else {
        return AuthorizeFault::Incomplete.into();
    };
    let login_hint = passed
        .params
        .value("login_hint")
        .filter(|hint| hint.len() <= LOGIN_HINT_BYTES_MAX && !hint.chars().any(char::is_control))
        .map(|hint| Secret::new(hint.to_owned()));
    Stop::Ask(AuthorizeNeed::SignIn {
        client: client.get().id.clone(),
        client_name: client.get().name.clone(),
        host: redirect.host().to_owned(),
        login_hint,
        reason,
    })
}
