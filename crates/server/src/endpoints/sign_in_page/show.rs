//! `GET /sign-in?j=…`: the page follows what the journey awaits.

use std::sync::Arc;

use axum::{
    extract::{RawQuery, State},
    http::{HeaderMap, StatusCode},
    response::Response,
};
use model::Timestamp;
use oauth::RawParams;
use signin::{JourneyState, Purpose, Refusal, ReturnTo, Workstation};
use web::{
    ChooserPage, ErrorKind, InvitationPage, OtherFactor, PasswordOffer, PasswordPage, SecondFactor, SecondFactorPage,
    SignInNotice, SignInPage, SignInReason, SigninProblem, WaitPage, WaitReason,
};

use super::{Opening, asks, begin, journey_id, page_of, parameter};
use crate::{
    ambient,
    endpoints::ceremony::{self, enrol::display_name},
    memory::journeys::Underway,
    requirement, respond,
    state::App,
    visitor::{Address, Visitor},
};

/// Longest sign-in name shown back, in characters.
const NAME_CHARS_MAX: usize = 254;

/// `GET /sign-in?j=…`
pub(crate) async fn show(
    State(app): State<Arc<App>>,
    address: Address,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Response {
    let now = ambient::now();
    let visitor = Visitor::of(&app, &headers, now);
    let Some(id) = journey_id(query.as_deref()) else {
        // On a shared computer this page is where people come by, and where a tap with the same key signs out.
        return match (visitor.session.is_some(), visitor.workstation) {
            (true, Workstation::Own) => respond::see_other("/account"),
            (true, Workstation::Shared) | (false, _) => fresh(&app, &visitor, address, now),
        };
    };
    let underway = app.journeys.find(id, now);
    let usable = underway.as_ref().zip(visitor.browser.as_ref()).filter(|(u, b)| u.journey.check(b, now).is_ok());
    match usable {
        Some((underway, _)) => page(&app, &visitor, underway, with(query.as_deref()), now),
        None => over(&app, &visitor, underway.as_ref(), address, now),
    }
}

/// A journey to My account that a stranger may begin.
fn fresh(app: &App, visitor: &Visitor, Address(ip): Address, now: Timestamp) -> Response {
    begin(app, visitor, ip, Opening::new(Purpose::SignIn, ReturnTo::Account), now)
}

/// Which of a step's pages was asked for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum With {
    /// Whatever the journey awaits.
    Awaited,
    Passkey,
    RecoveryCode,
}

fn with(query: Option<&str>) -> With {
    let params = query.and_then(|query| RawParams::parse(query).ok());
    match params.as_ref().and_then(|params| params.value("with")) {
        Some("passkey") => With::Passkey,
        Some("recovery_code") => With::RecoveryCode,
        Some(_) | None => With::Awaited,
    }
}

fn page(app: &App, visitor: &Visitor, underway: &Underway, with: With, now: Timestamp) -> Response {
    match (&underway.journey.state, with) {
        (JourneyState::Invited { due }, _) => {
            let html = InvitationPage {
                site: &app.site,
                asks: asks(app, underway),
                journey: underway.journey.id,
                not_now_left: due.not_now_left,
                snooze_days: due.limits.snooze_days,
            }
            .render();
            respond::page(app, StatusCode::OK, InvitationPage::KIND, html, None)
        }
        (JourneyState::AwaitingPassword { .. }, With::Awaited | With::RecoveryCode) => {
            password_page(app, underway, None)
        }
        (JourneyState::AwaitingSecondFactor { .. }, With::Awaited) => {
            second_factor_page(app, underway, default_factor(app, underway, now), None, now)
        }
        (JourneyState::AwaitingSecondFactor { .. }, With::RecoveryCode) => {
            second_factor_page(app, underway, SecondFactor::RecoveryCode, None, now)
        }
        (
            JourneyState::AwaitingOptions
            | JourneyState::AwaitingPasskey { .. }
            | JourneyState::AwaitingPassword { .. }
            | JourneyState::AwaitingSecondFactor { .. }
            | JourneyState::Finished,
            _,
        ) => match (underway.choosing, &visitor.session) {
            (true, Some(session)) => chooser(app, visitor, underway, session.authentication.person),
            (true, None) | (false, _) => sign_in_page(app, visitor, underway, SignInNotice::Nothing, now),
        },
    }
}

/// The page with the passkey button.
pub(super) fn sign_in_page(
    app: &App,
    visitor: &Visitor,
    underway: &Underway,
    notice: SignInNotice,
    now: Timestamp,
) -> Response {
    let offered = offered(app, underway, visitor.workstation, now);
    let own = visitor.workstation == Workstation::Own;
    let reason = match underway.journey.purpose {
        // A page of our own asks for what the person holds anyway. That is no step up unless it says so.
        Purpose::FreshProof(_)
            if !underway.asked.says.is_empty() || (underway.asked.least.is_some() && underway.authorize.is_some()) =>
        {
            SignInReason::StepUp { says: underway.asked.says.clone() }
        }
        Purpose::FreshProof(_) => SignInReason::ConfirmItsYou,
        Purpose::SignIn | Purpose::Enrol(_) | Purpose::AddPasskey(_) => SignInReason::SignIn,
    };
    let html = SignInPage {
        site: &app.site,
        asks: asks(app, underway),
        journey: underway.journey.id,
        reason,
        notice,
        name: if own { name_shown(underway) } else { String::new() },
        password: if own && offered.offers_password() { PasswordOffer::Offered } else { PasswordOffer::Hidden },
        computer: visitor.computer(),
    }
    .render();
    let status = match notice {
        SignInNotice::Problem(problem) => ceremony::status(problem),
        SignInNotice::Nothing | SignInNotice::SignedOut | SignInNotice::SessionEnded | SignInNotice::StartedAgain => {
            StatusCode::OK
        }
    };
    respond::page(app, status, SignInPage::KIND, html, None)
}

/// What this path asks of nobody in particular: whether a password is offered says nothing about a name.
pub(super) fn offered(app: &App, underway: &Underway, workstation: Workstation, now: Timestamp) -> signin::Requirement {
    workstation.asks(&underway.asked.on(requirement::of_nobody(app, underway.journey.tier, now)))
}

/// What was typed, or what the application knows already.
fn name_shown(underway: &Underway) -> String {
    let typed = underway.typed.as_deref().map(str::to_owned);
    let hint = || parameter(underway, "login_hint").filter(|hint| hint.chars().count() <= NAME_CHARS_MAX);
    typed.or_else(hint).unwrap_or_default()
}

pub(super) fn password_page(app: &App, underway: &Underway, problem: Option<SigninProblem>) -> Response {
    let html = PasswordPage {
        site: &app.site,
        asks: asks(app, underway),
        journey: underway.journey.id,
        name: name_shown(underway),
        problem,
    }
    .render();
    respond::page(app, problem.map_or(StatusCode::OK, ceremony::status), PasswordPage::KIND, html, None)
}

pub(super) fn second_factor_page(
    app: &App,
    underway: &Underway,
    with: SecondFactor,
    problem: Option<SigninProblem>,
    now: Timestamp,
) -> Response {
    let offered = offered(app, underway, Workstation::Own, now);
    let both = offered.password_and_totp && offered.recovery_codes;
    let html = SecondFactorPage {
        site: &app.site,
        asks: asks(app, underway),
        journey: underway.journey.id,
        with,
        other: if both { OtherFactor::Offered } else { OtherFactor::Hidden },
        problem,
    }
    .render();
    respond::page(app, problem.map_or(StatusCode::OK, ceremony::status), SecondFactorPage::KIND, html, None)
}

/// The factor that is asked for first: the same for everybody.
fn default_factor(app: &App, underway: &Underway, now: Timestamp) -> SecondFactor {
    let offered = offered(app, underway, Workstation::Own, now);
    if offered.recovery_codes && !offered.password_and_totp {
        SecondFactor::RecoveryCode
    } else {
        SecondFactor::AuthenticatorApp
    }
}

fn chooser(app: &App, visitor: &Visitor, underway: &Underway, person: model::PersonId) -> Response {
    let names = || -> Result<(String, String), Refusal> {
        let signin_name = app.store.signin_names(person).map_err(ceremony::sign_in::unavailable)?.into_iter().next();
        Ok((display_name(app, person)?, signin_name.unwrap_or_default()))
    };
    let Ok((display, signin_name)) = names() else {
        return respond::error(app, StatusCode::SERVICE_UNAVAILABLE, ErrorKind::Unavailable, "");
    };
    let html = ChooserPage {
        site: &app.site,
        asks: asks(app, underway),
        journey: underway.journey.id,
        person: display,
        signin_name,
        computer: visitor.computer(),
    }
    .render();
    respond::page(app, StatusCode::OK, ChooserPage::KIND, html, None)
}

/// A step of the weaker way was refused: the page that says so and offers what can be done next.
pub(super) fn refused(
    app: &App,
    visitor: &Visitor,
    underway: Option<&Underway>,
    refusal: &Refusal,
    now: Timestamp,
) -> Response {
    tracing::info!(refusal = refusal.word(), why = %refusal, "sign-in step refused");
    if let Refusal::Throttled { seconds } = refusal {
        return wait(app, underway, WaitReason::TooManyTries, *seconds);
    }
    let problem = ceremony::words(refusal);
    if matches!(refusal, Refusal::Unavailable) {
        return respond::error(app, StatusCode::SERVICE_UNAVAILABLE, ErrorKind::Unavailable, "");
    }
    // The journey as it is stored by now: a step may have moved it.
    let current = underway.and_then(|underway| app.journeys.find(underway.journey.id, now));
    let usable = current.as_ref().zip(visitor.browser.as_ref()).filter(|(u, b)| u.journey.check(b, now).is_ok());
    match usable {
        Some((underway, _)) => match &underway.journey.state {
            JourneyState::AwaitingPassword { .. } => password_page(app, underway, Some(problem)),
            JourneyState::AwaitingOptions
            | JourneyState::AwaitingPasskey { .. }
            | JourneyState::AwaitingSecondFactor { .. }
            | JourneyState::Invited { .. }
            | JourneyState::Finished => sign_in_page(app, visitor, underway, SignInNotice::Problem(problem), now),
        },
        None => respond::error(app, StatusCode::GONE, ErrorKind::JourneyExpired, ""),
    }
}

/// The waiting page: 429 for too many tries, 503 for a full pool.
pub(super) fn wait(app: &App, underway: Option<&Underway>, reason: WaitReason, seconds: u32) -> Response {
    // The page with the passkey, whatever step the journey is at: that is what can be used at once.
    let again = underway
        .map_or_else(|| "/sign-in".to_owned(), |underway| format!("{}&with=passkey", page_of(underway.journey.id)));
    let html = WaitPage { site: &app.site, reason, seconds: seconds.max(1), again }.render();
    let status = match reason {
        WaitReason::TooManyTries | WaitReason::TooManyDeviceCodes => StatusCode::TOO_MANY_REQUESTS,
        WaitReason::Busy => StatusCode::SERVICE_UNAVAILABLE,
    };
    respond::retry_after(respond::page(app, status, WaitPage::KIND, html, None), seconds)
}

/// The journey is over, or another browser's. What an application asked for can't be picked up again: the application has to ask anew.
fn over(app: &App, visitor: &Visitor, underway: Option<&Underway>, address: Address, now: Timestamp) -> Response {
    match underway {
        Some(u) if u.authorize.is_some() => respond::error(app, StatusCode::GONE, ErrorKind::JourneyExpired, ""),
        Some(_) | None if visitor.session.is_some() => respond::see_other("/account"),
        Some(_) | None => fresh(app, visitor, address, now),
    }
}
