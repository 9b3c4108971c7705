//! One table of all routes, with who may call each. The table is the router: what is not in it does not exist.
//!
//! A test calls every route without credentials and compares what happens with the table; the number of public ones may only go down.

use std::sync::Arc;

use axum::{
    Router,
    routing::{MethodRouter, delete, get, post, put},
};

use crate::{
    endpoints::{
        account, assets, authorize, ceremony, client_call, device, documents, fallback, health, introspect, logout,
        par, registration, sign_in_page, token, tour, userinfo, workstation,
    },
    state::App,
};

/// Who may call a route.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Access {
    /// Anyone. The text says why nothing is lost by that.
    Public(&'static str),
    /// A person with a live session; others are sent to sign in, or told so.
    Session,
    /// Whoever holds an enrolment link, or a live session.
    PassOrSession,
    /// The browser that began a journey, from one of our own pages.
    Journey,
    /// Whoever holds a link that an operator made for this.
    OperatorLink,
    /// A client, by its own method; public clients by what they present.
    Client,
    /// The bearer of an access token.
    Bearer,
}

/// One route.
pub(crate) struct Route {
    pub(crate) method: &'static str,
    pub(crate) path: &'static str,
    pub(crate) access: Access,
    handler: fn() -> MethodRouter<Arc<App>>,
    demo_only: bool,
}

macro_rules! routes {
    ($($kind:ident $method:literal $path:literal $access:expr => $handler:expr;)+) => {
        /// Every route, in the order of a person's way through them.
        pub(crate) const ROUTES: &[Route] = &[$(Route {
            method: $method,
            path: $path,
            access: $access,
            handler: || $handler,
            demo_only: routes!(@demo $kind),
        }),+];
    };
    (@demo always) => { false };
    (@demo demo) => { true };
}

use Access::{Bearer, Client, Journey, OperatorLink, PassOrSession, Public, Session};

routes! {
    always "GET"  "/"                                        Public("sends on") => get(fallback::home);
    always "GET"  "/health/live"                             Public("says only that the process answers") => get(health::live);
    always "GET"  "/health/ready"                            Public("names parts, not contents") => get(health::ready);
    always "GET"  "/assets/{hash}/{name}"                    Public("the same bytes for everyone") => get(assets::show);
    always "GET"  "/.well-known/openid-configuration"        Public("published metadata") => get(documents::discovery);
    always "GET"  "/.well-known/oauth-authorization-server"  Public("published metadata") => get(documents::authorization_server);
    always "GET"  "/.well-known/oauth-protected-resource"    Public("published metadata") => get(documents::protected_resource);
    always "GET"  "/.well-known/passkey-endpoints"           Public("published metadata") => get(documents::passkey_endpoints);
    always "GET"  "/.well-known/webauthn"                    Public("published metadata") => get(documents::related_origins);
    always "GET"  "/jwks.json"                               Public("public keys") => get(documents::jwks);
    always "GET"  "/authorize"                               Public("decides by the session; without one it leads to sign-in") => get(authorize::get);
    always "POST" "/authorize"                               Public("as GET (OpenID Connect Core §3.1.2.1)") => post(authorize::post);
    always "GET"  "/authorize/resume"                        Journey => get(authorize::resume);
    always "POST" "/authorize/consent"                       Journey => post(authorize::consent);
    always "POST" "/token"                                   Client => post(token::post);
    always "OPTIONS" "/token"                                Public("CORS preflight") => axum::routing::options(client_call::preflight);
    always "POST" "/par"                                     Client => post(par::post);
    always "POST" "/introspect"                              Client => post(introspect::introspect);
    always "POST" "/revoke"                                  Client => post(introspect::revoke);
    always "OPTIONS" "/revoke"                               Public("CORS preflight") => axum::routing::options(client_call::preflight);
    always "POST" "/device_authorization"                    Client => post(device::start);
    always "GET"  "/device"                                  Session => get(device::show);
    always "POST" "/device"                                  Session => post(device::typed);
    always "POST" "/device/answer"                           Session => post(device::answer);
    always "POST" "/register"                                Bearer => post(registration::register);
    always "GET"  "/register/{id}"                           Bearer => get(registration::read);
    always "PUT"  "/register/{id}"                           Bearer => put(registration::replace);
    always "DELETE" "/register/{id}"                         Bearer => delete(registration::remove);
    always "GET"  "/logout"                                  Public("asks, unless the caller's own ID token of this session comes along") => get(logout::get);
    always "POST" "/logout"                                  Public("as GET (RP-Initiated Logout §2)") => post(logout::post);
    always "POST" "/logout/answer"                           Public("ends the caller's own session, if there is one") => post(logout::answered);
    always "GET"  "/userinfo"                                Bearer => get(userinfo::show);
    always "POST" "/userinfo"                                Bearer => post(userinfo::show);
    always "OPTIONS" "/userinfo"                             Public("CORS preflight") => axum::routing::options(client_call::preflight);
    always "GET"  "/sign-in"                                 Public("begins a journey") => get(sign_in_page::show);
    always "POST" "/sign-in/name"                            Journey => post(sign_in_page::name);
    always "POST" "/sign-in/password"                        Journey => post(sign_in_page::password);
    always "POST" "/sign-in/code"                            Journey => post(sign_in_page::totp_code);
    always "POST" "/sign-in/recovery-code"                   Journey => post(sign_in_page::recovery_code);
    always "POST" "/sign-in/choose"                          Journey => post(sign_in_page::choose);
    always "POST" "/sign-in/not-now"                         Journey => post(sign_in_page::not_now);
    always "GET"  "/shared-computer"                         Public("an empty page: the link's token stays in the fragment") => get(workstation::show);
    always "POST" "/api/workstation"                         OperatorLink => post(workstation::mark);
    always "GET"  "/enrol"                                   Public("an empty page: the link's secret stays in the fragment") => get(sign_in_page::enrol);
    always "POST" "/api/ceremony/sign-in/options"            Journey => post(ceremony::sign_in::options);
    always "POST" "/api/ceremony/sign-in/result"             Journey => post(ceremony::sign_in::result);
    always "POST" "/api/ceremony/sign-in/cancelled"          Journey => post(ceremony::sign_in::cancelled);
    always "POST" "/api/ceremony/enrol/begin"                PassOrSession => post(ceremony::enrol::begin);
    always "POST" "/api/ceremony/enrol/result"               Journey => post(ceremony::enrol::result);
    always "POST" "/api/ceremony/invitation/met"             Journey => post(ceremony::invitation::met);
    always "GET"  "/account"                                 Session => get(account::overview::show);
    always "GET"  "/account/ways-to-sign-in"                 Session => get(account::ways::show);
    always "GET"  "/account/password"                        Session => get(account::password::show);
    always "POST" "/account/password"                        Session => post(account::password::set);
    always "POST" "/account/password/remove"                 Session => post(account::password::remove);
    always "GET"  "/account/authenticator-app"               Session => get(account::authenticator_app::show);
    always "POST" "/account/authenticator-app"               Session => post(account::authenticator_app::add);
    always "POST" "/account/authenticator-app/remove"        Session => post(account::authenticator_app::remove);
    always "POST" "/account/recovery-codes"                  Session => post(account::recovery_codes::make);
    always "POST" "/account/recovery-codes/remove"           Session => post(account::recovery_codes::remove);
    always "GET"  "/account/sessions"                        Session => get(account::sessions::show);
    always "POST" "/account/sessions/end"                    Session => post(account::sessions::end);
    always "POST" "/account/sessions/end-others"             Session => post(account::sessions::end_others);
    always "POST" "/account/sessions/end-all"                Session => post(account::sessions::end_all);
    always "GET"  "/account/apps"                            Session => get(account::applications::show);
    always "POST" "/account/apps/withdraw"                   Session => post(account::applications::withdraw);
    always "GET"  "/account/data"                            Session => get(account::data::show);
    always "POST" "/api/account/passkeys/{id}/rename"        Session => post(account::passkeys::rename);
    always "POST" "/api/account/passkeys/{id}/remove"        Session => post(account::passkeys::remove);
    always "POST" "/sign-out"                                Public("ends the caller's own session, if there is one") => post(account::sign_out);
    always "GET"  "/signed-out"                              Public("the same page for everyone") => get(account::signed_out);
    demo   "GET"  "/tour"                                    Public("made-up people on one machine") => get(tour::show);
    demo   "POST" "/tour/enrol"                              Public("made-up people on one machine") => post(tour::enrol);
}

/// The authorization ledger: each route with who may call it, one a line.
pub(crate) fn ledger() -> String {
    let mut text = String::new();
    for route in ROUTES {
        let access = match route.access {
            Access::Public(why) => format!("public: {why}"),
            Access::Session => "session".to_owned(),
            Access::PassOrSession => "pass or session".to_owned(),
            Access::Journey => "journey".to_owned(),
            Access::OperatorLink => "operator's link".to_owned(),
            Access::Client => "client".to_owned(),
            Access::Bearer => "bearer".to_owned(),
        };
        let demo = if route.demo_only { " (demonstration only)" } else { "" };
        text.push_str(&format!("{:<7} {:<42} {access}{demo}\n", route.method, route.path));
    }
    text
}

/// The router of everything above. Demonstration routes exist in the demonstration only.
pub(crate) fn router(app: Arc<App>) -> Router {
    let mut router = Router::new();
    for route in ROUTES.iter().filter(|route| app.settings.demo.is_some() || !route.demo_only) {
        router = router.route(route.path, (route.handler)());
    }
    router.fallback(fallback::not_found).method_not_allowed_fallback(fallback::method_not_allowed).with_state(app)
}
