//! Everything the application answers, in one table, and the guard every request passes.

use std::sync::atomic::Ordering;

use axum::{
    Router,
    body::Body,
    extract::{RawQuery, Request, State},
    middleware::{self, Next},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use http::{HeaderMap, HeaderValue, Method, StatusCode, header};

use crate::{
    ambient,
    app::App,
    attacks, pages,
    pages::{Notice, Problem},
    provider::ProviderFault,
    query::Query,
    signin, tokens,
    visits::{Pending, Shared, Visit},
};

/// Name of the one cookie.
const COOKIE: &str = "harbour";

/// The routes and the guard around them.
pub(crate) fn router(app: App) -> Router {
    let callback_path = app.settings.callback_path.clone();
    Router::new()
        .route("/", get(home))
        .route("/login", get(login))
        .route("/vault", get(vault))
        .route(&callback_path, get(callback))
        .route("/refresh", post(refresh))
        .route("/userinfo", post(userinfo))
        .route("/sign-out", post(sign_out))
        .route("/attack/replay-code", post(replay_code))
        .route("/attack/wrong-redirect", post(wrong_redirect))
        .route("/status", get(status))
        .route("/harbour.css", get(stylesheet))
        .route("/harbour.svg", get(favicon))
        .fallback(async || page(StatusCode::NOT_FOUND, pages::problem(&Problem::NotFound)))
        .layer(middleware::from_fn_with_state(app.clone(), guard))
        .with_state(app)
}

/// The visitor and, when new, the cookie to hand out.
async fn home(State(app): State<App>, headers: HeaderMap) -> Response {
    let now = ambient::now_seconds();
    let Some((_, visit)) = visitor(&app, &headers, now) else {
        return page(StatusCode::OK, pages::home(&app, &mut Visit::default(), now));
    };
    let mut visit = visit.lock().await;
    page(StatusCode::OK, pages::home(&app, &mut visit, now))
}

async fn login(State(app): State<App>, headers: HeaderMap) -> Response {
    let leaving = signin::leave(&app).await;
    left(&app, &headers, leaving).await
}

/// The vault asks for a proof of this moment.
async fn vault(State(app): State<App>, headers: HeaderMap) -> Response {
    let leaving = signin::leave_for_vault(&app, ambient::now_seconds()).await;
    left(&app, &headers, leaving).await
}

async fn left(app: &App, headers: &HeaderMap, leaving: Result<(String, Pending), ProviderFault>) -> Response {
    let now = ambient::now_seconds();
    let (url, pending) = match leaving {
        Ok(leaving) => leaving,
        Err(fault) => return failed(&Problem::Grant(tokens::GrantFault::Provider(fault))),
    };
    if let Some((_, visit)) = visitor(app, headers, now) {
        visit.lock().await.pending = Some(pending);
        return see_other(&url);
    }
    let (cookie, _) = app.visits.open(Visit { pending: Some(pending), ..Visit::default() }, now);
    with_cookie(see_other(&url), &cookie)
}

async fn callback(State(app): State<App>, RawQuery(query): RawQuery, headers: HeaderMap) -> Response {
    let now = ambient::now_seconds();
    let Some(answer) = Query::parse(query.as_deref().unwrap_or_default()) else {
        return failed(&Problem::NotStartedHere);
    };
    let Some((old_cookie, visit)) = visitor(&app, &headers, now) else { return failed(&Problem::NotStartedHere) };
    let mut visit = visit.lock().await;
    match signin::come_back(&app, &mut visit, &answer, now).await {
        Err(problem) => failed(&problem),
        Ok(signed_in) => {
            // Signing in always changes the cookie, so that nobody who planted one is signed in along with the visitor.
            let wrong_redirect = visit.wrong_redirect.take();
            app.visits.close(&old_cookie);
            let fresh = Visit { signed_in: Some(signed_in), wrong_redirect, ..Visit::default() };
            let (cookie, _) = app.visits.open(fresh, now);
            with_cookie(see_other("/"), &cookie)
        }
    }
}

async fn refresh(State(app): State<App>, headers: HeaderMap) -> Response {
    let now = ambient::now_seconds();
    let Some((_, visit)) = visitor(&app, &headers, now) else { return see_other("/") };
    let mut visit = visit.lock().await;
    let Some(signed_in) = &mut visit.signed_in else { return see_other("/") };
    let notice = match tokens::refresh_visit(&app, signed_in, now).await {
        Ok(()) => {
            app.tally.refreshed.fetch_add(1, Ordering::Relaxed);
            Notice::Refreshed
        }
        Err(fault) => Notice::RefreshFailed(fault.to_string()),
    };
    visit.notice = Some(notice);
    see_other("/")
}

async fn userinfo(State(app): State<App>, headers: HeaderMap) -> Response {
    let now = ambient::now_seconds();
    let Some((_, visit)) = visitor(&app, &headers, now) else { return see_other("/") };
    let mut visit = visit.lock().await;
    let Some(signed_in) = &mut visit.signed_in else { return see_other("/") };
    let notice = match tokens::userinfo(&app, &signed_in.tokens.access, signed_in.claims.subject()).await {
        Ok(claims) => {
            signed_in.userinfo = Some(pages::plain_rows(&claims));
            Notice::UserinfoAnswered
        }
        Err(fault) => {
            signed_in.userinfo = None;
            Notice::UserinfoFailed(fault.to_string())
        }
    };
    visit.notice = Some(notice);
    see_other("/")
}

/// Local only: the visitor stays signed in to the sign-in service, and the page says so.
async fn sign_out(State(app): State<App>, headers: HeaderMap) -> Response {
    let now = ambient::now_seconds();
    if let Some((cookie, _)) = visitor(&app, &headers, now) {
        app.visits.close(&cookie);
    }
    let (cookie, _) = app.visits.open(Visit { notice: Some(Notice::SignedOut), ..Visit::default() }, now);
    with_cookie(see_other("/"), &cookie)
}

async fn replay_code(State(app): State<App>, headers: HeaderMap) -> Response {
    let now = ambient::now_seconds();
    let Some((_, visit)) = visitor(&app, &headers, now) else { return see_other("/") };
    let mut visit = visit.lock().await;
    let Some(signed_in) = &mut visit.signed_in else { return see_other("/") };
    let outcome = attacks::replay_code(&app, signed_in, now).await;
    visit.replay = Some(outcome);
    see_other("/#replay")
}

async fn wrong_redirect(State(app): State<App>, headers: HeaderMap) -> Response {
    let now = ambient::now_seconds();
    let outcome = attacks::wrong_redirect(&app).await;
    if let Some((_, visit)) = visitor(&app, &headers, now) {
        visit.lock().await.wrong_redirect = Some(outcome);
        return see_other("/#redirect");
    }
    let (cookie, _) = app.visits.open(Visit { wrong_redirect: Some(outcome), ..Visit::default() }, now);
    with_cookie(see_other("/#redirect"), &cookie)
}

/// Numbers for the tour's ticks; nothing about any person.
async fn status(State(app): State<App>) -> Response {
    let tally = &app.tally;
    let body = format!(
        r#"{{"signed_in_count":{},"refresh_count":{},"replay_refused":{},"wrong_redirect_refused":{}}}"#,
        tally.signed_in.load(Ordering::Relaxed),
        tally.refreshed.load(Ordering::Relaxed),
        tally.replay_refused.load(Ordering::Relaxed),
        tally.wrong_redirect_refused.load(Ordering::Relaxed),
    );
    ([(header::CONTENT_TYPE, "application/json")], body).into_response()
}

async fn stylesheet() -> Response {
    ([(header::CONTENT_TYPE, "text/css; charset=utf-8")], include_str!("../assets/harbour.css")).into_response()
}

async fn favicon() -> Response {
    ([(header::CONTENT_TYPE, "image/svg+xml")], include_str!("../assets/harbour.svg")).into_response()
}

/// Held by every request: our own host name, writes only from our own pages, and the headers that fence the pages in.
async fn guard(State(app): State<App>, request: Request, next: Next) -> Response {
    let headers = request.headers();
    let own_host = headers.get(header::HOST).is_some_and(|host| host == app.settings.own_authority.as_str());
    let mut response = if !own_host {
        // Another name for this address shares no cookies with us, and could be a stranger's name pointed at it.
        let address = format!("{}/", app.settings.own_origin);
        if request.method() == Method::GET {
            see_other(&address)
        } else {
            page(StatusCode::MISDIRECTED_REQUEST, pages::problem(&Problem::NotFound))
        }
    } else if request.method() == Method::POST && !from_own_page(headers, &app.settings.own_origin) {
        page(StatusCode::FORBIDDEN, pages::problem(&Problem::ForeignPost))
    } else {
        next.run(request).await
    };
    for (name, value) in FENCES {
        response.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    response
}

const FENCES: [(header::HeaderName, &str); 5] = [
    (
        header::CONTENT_SECURITY_POLICY,
        "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    ),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::X_FRAME_OPTIONS, "DENY"),
    (header::REFERRER_POLICY, "same-origin"),
    (header::CACHE_CONTROL, "no-store"),
];

/// A browser says where a request comes from. Either header must say "here"; with neither, the answer is no.
fn from_own_page(headers: &HeaderMap, own_origin: &str) -> bool {
    match headers.get("sec-fetch-site") {
        Some(site) => site == "same-origin",
        None => headers.get(header::ORIGIN).is_some_and(|origin| origin == own_origin),
    }
}

/// The visit that the request's cookie names.
fn visitor(app: &App, headers: &HeaderMap, now: i64) -> Option<(String, Shared)> {
    let cookie = headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|line| line.to_str().ok())
        .flat_map(|line| line.split(';'))
        .find_map(|pair| pair.trim().strip_prefix(COOKIE)?.strip_prefix('='))?;
    Some((cookie.to_owned(), app.visits.find(cookie, now)?))
}

fn with_cookie(mut response: Response, value: &str) -> Response {
    let text = format!("{COOKIE}={value}; Path=/; HttpOnly; SameSite=Lax");
    let value = HeaderValue::from_str(&text).expect("base64url and fixed text are valid in a header");
    response.headers_mut().append(header::SET_COOKIE, value);
    response
}

/// 303, so that a reload never repeats a POST.
fn see_other(location: &str) -> Response {
    let Ok(value) = HeaderValue::from_str(location) else { return failed(&Problem::NotAuthorized) };
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::SEE_OTHER;
    response.headers_mut().insert(header::LOCATION, value);
    response
}

fn page(status: StatusCode, html: String) -> Response {
    (status, [(header::CONTENT_TYPE, "text/html; charset=utf-8")], html).into_response()
}

fn failed(problem: &Problem) -> Response {
    let status = match problem {
        Problem::NotFound => StatusCode::NOT_FOUND,
        Problem::ForeignPost => StatusCode::FORBIDDEN,
        Problem::NotStartedHere | Problem::OtherIssuer | Problem::Declined | Problem::NotAuthorized => {
            StatusCode::BAD_REQUEST
        }
        Problem::Grant(_) => StatusCode::BAD_GATEWAY,
    };
    page(status, pages::problem(problem))
}
