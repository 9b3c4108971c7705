//! The right person is signed in, recently enough.

use model::{Person, Secret, Session};

use super::{MaxAge, Passed, Prompt, Stop};
use crate::{
    authorize::{AuthorizeFault, AuthorizeNeed, IdTokenHint, SigninReason},
    claims_request::ClaimWish,
    hint,
    subject::subject,
};

/// Longest `login_hint` passed on, in bytes. A longer one is no sign-in name.
const LOGIN_HINT_BYTES_MAX: usize = 256;

/// A live session of a person who may sign in, with a proof as fresh as the request wants it.
pub(crate) struct SignedIn<'a> {
    session: &'a Session,
    person: &'a Person,
}

impl<'a> SignedIn<'a> {
    pub(crate) const fn session(&self) -> &'a Session {
        self.session
    }
    pub(crate) const fn person(&self) -> &'a Person {
        self.person
    }
}

pub(super) fn check(passed: &mut Passed<'_>) -> Result<(), Stop> {
    let (prompt, max_age) =
        (passed.prompt.ok_or(AuthorizeFault::Incomplete)?, passed.max_age.ok_or(AuthorizeFault::Incomplete)?);
    let hinted = hinted_subject(passed)?;

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
    if !is_expected(passed, hinted.as_deref(), person)? {
        // OpenID Connect Core §3.1.2.1: never an answer about someone else. A sign-in that was asked for and still is someone
        // else's ends the request, or it would ask for ever.
        return Err(if passed.proved_again(session) {
            AuthorizeFault::OtherPerson.into()
        } else {
            ask(passed, prompt, SigninReason::OtherPerson)
        });
    }
    passed.signed_in = Some(SignedIn { session, person });
    Ok(())
}

/// Whether this is whom the request is about, by its hint and by the `sub` that its claims ask for (§5.5.1).
fn is_expected(passed: &Passed<'_>, hinted: Option<&str>, person: &Person) -> Result<bool, AuthorizeFault> {
    let claims = passed.claims.as_ref().ok_or(AuthorizeFault::Incomplete)?;
    if hinted.is_none() && claims.subjects().next().is_none() {
        return Ok(true);
    }
    let client = passed.client.ok_or(AuthorizeFault::Incomplete)?.get();
    let subject = subject(client, person.id, passed.facts.mapped_subject, passed.facts.keys);
    let named = |wish: &ClaimWish| wish.texts().any(|text| text == subject);
    Ok(hinted.is_none_or(|hinted| hinted == subject) && claims.subjects().all(named))
}

/// Whom `id_token_hint` names, if the request has one.
fn hinted_subject(passed: &Passed<'_>) -> Result<Option<String>, Stop> {
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

/// Why the session's proof does not serve this request, if it does not.
fn not_enough(passed: &Passed<'_>, session: &Session, prompt: Prompt, max_age: MaxAge) -> Option<SigninReason> {
    if passed.proved_again(session) {
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
    AuthorizeNeed::SignIn {
        client: client.get().id.clone(),
        client_name: client.get().name.clone(),
        host: redirect.host().to_owned(),
        login_hint,
        reason,
        wanted: passed.wanted(),
    }
    .into()
}
