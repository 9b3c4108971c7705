//! Signing in: leaving for the sign-in service, and checking everything on the way back.

use std::sync::atomic::Ordering;

use aws_lc_rs::{
    constant_time::verify_slices_are_equal,
    digest::{SHA256, digest},
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};

use crate::{
    ambient,
    app::App,
    id_token::CheckedClaims,
    pages::Problem,
    provider::ProviderFault,
    query::{self, Query},
    tokens::{self, GrantFault},
    visits::{Pending, Private, SignedIn, VaultProof, Visit},
};

/// Where to send the browser, and what to remember meanwhile.
pub(crate) async fn leave(app: &App) -> Result<(String, Pending), ProviderFault> {
    leave_with(app, throwaway()).await
}

/// Leaving for the vault: the person shall prove now, and by something that can't be phished (OpenID Connect Core §3.1.2.1, `max_age`
/// and `acr_values`). Asking is not getting: what came back is judged in [`vault_proof`].
pub(crate) async fn leave_for_vault(app: &App, now: i64) -> Result<(String, Pending), ProviderFault> {
    leave_with(app, Pending { for_vault: Some(now), ..throwaway() }).await
}

async fn leave_with(app: &App, pending: Pending) -> Result<(String, Pending), ProviderFault> {
    let endpoints = app.provider.endpoints(&app.outbound).await?;
    let url = authorization_url(app, &endpoints.authorization_endpoint, &app.settings.config.redirect_uri, &pending);
    Ok((url, pending))
}

/// An authorization request (RFC 6749 §4.1.1, RFC 7636 §4.3, OpenID Connect Core §3.1.2.1).
pub(crate) fn authorization_url(app: &App, endpoint: &str, redirect_uri: &str, pending: &Pending) -> String {
    let config = &app.settings.config;
    let challenge = challenge(&pending.verifier);
    let joint = if endpoint.contains('?') { '&' } else { '?' };
    let mut parameters = vec![
        ("response_type", "code"),
        ("client_id", &config.client_id),
        ("redirect_uri", redirect_uri),
        ("scope", &config.scope),
        ("state", &pending.state),
        ("nonce", &pending.nonce),
        ("code_challenge", &challenge),
        ("code_challenge_method", "S256"),
    ];
    if pending.for_vault.is_some() {
        parameters.extend([("max_age", "0"), ("acr_values", VAULT_ACR)]);
    }
    format!("{endpoint}{joint}{}", query::write(&parameters))
}

/// A pending sign-in that will never be finished, for the attack with an unregistered address.
pub(crate) fn throwaway() -> Pending {
    Pending { state: fresh_text(), nonce: fresh_text(), verifier: Private(fresh_text()), for_vault: None }
}

/// What the vault asks for: phishing-resistant (OpenID Connect Extended Authentication Profile ACR Values 1.0 §2).
const VAULT_ACR: &str = "phr";
/// How far the two clocks may differ, in seconds.
const CLOCKS_DIFFER_SECONDS: i64 = 30;

/// The proof that opens the vault: strong enough, and made after the vault asked. What an application does not check, it does not have.
fn vault_proof(asked_at: i64, claims: &CheckedClaims) -> Option<VaultProof> {
    let claim = |wanted: &str| claims.all().find(|(name, _)| *name == wanted).map(|(_, value)| value);
    let acr = claim("acr")?.as_str().filter(|acr| matches!(*acr, "phr" | "phrh"))?;
    let proved_at = claim("auth_time")?.as_i64().filter(|at| *at + CLOCKS_DIFFER_SECONDS >= asked_at)?;
    Some(VaultProof { acr: acr.to_owned(), proved_at })
}

/// RFC 7636 §4.2: BASE64URL(SHA256(verifier)).
fn challenge(verifier: &Private) -> String {
    URL_SAFE_NO_PAD.encode(digest(&SHA256, verifier.0.as_bytes()))
}

/// 43 characters carrying 256 random bits: RFC 7636 §4.1's advice for a verifier, and as good for a state or a nonce.
fn fresh_text() -> String {
    URL_SAFE_NO_PAD.encode(ambient::random::<32>())
}

/// Coming back. The checks stand in the order in which they must hold.
pub(crate) async fn come_back(app: &App, visit: &mut Visit, answer: &Query, now: i64) -> Result<SignedIn, Problem> {
    // 1. This browser started a sign-in, and this is its answer (RFC 6749 §10.12). Only a match spends the pending one,
    //    so that a forged answer cannot end a sign-in under way.
    let pending = take_matching(visit, answer)?;
    // 2. The answer comes from the server that we asked (RFC 9207 §2.4), errors included.
    let endpoints = app.provider.endpoints(&app.outbound).await.map_err(|f| Problem::Grant(GrantFault::Provider(f)))?;
    let issuer = app.settings.config.issuer.as_str();
    let right_issuer = match answer.value("iss") {
        Some(sent) => sent == issuer,
        None => !endpoints.authorization_response_iss_parameter_supported,
    };
    if !right_issuer {
        return Err(Problem::OtherIssuer);
    }
    // 3. Refused, or a code.
    if let Some(error) = answer.value("error") {
        return Err(if error == "access_denied" { Problem::Declined } else { Problem::NotAuthorized });
    }
    let code = Private(answer.value("code").ok_or(Problem::NotStartedHere)?.to_owned());
    // 4. The code for tokens, and the ID token checked before anything in it is believed.
    let granted = tokens::redeem(app, &code, &pending.verifier, now).await.map_err(Problem::Grant)?;
    let id_token = granted.id_token.as_deref().ok_or(Problem::Grant(GrantFault::NoIdToken))?;
    let claims = tokens::checked(app, id_token, Some(&pending.nonce), None, now).await.map_err(Problem::Grant)?;
    app.tally.signed_in.fetch_add(1, Ordering::Relaxed);
    Ok(SignedIn {
        at: now,
        vault: pending.for_vault.and_then(|asked_at| vault_proof(asked_at, &claims)),
        claims,
        // RFC 6749 §5.1: an absent scope means the one that was asked for.
        scope: granted.scope.unwrap_or_else(|| app.settings.config.scope.clone()),
        tokens: granted.tokens,
        refreshes: 0,
        userinfo: None,
        spent_code: code,
        spent_verifier: pending.verifier,
    })
}

fn take_matching(visit: &mut Visit, answer: &Query) -> Result<Pending, Problem> {
    let sent = answer.value("state").ok_or(Problem::NotStartedHere)?;
    let pending = visit.pending.take().ok_or(Problem::NotStartedHere)?;
    if verify_slices_are_equal(pending.state.as_bytes(), sent.as_bytes()).is_err() {
        visit.pending = Some(pending);
        return Err(Problem::NotStartedHere);
    }
    Ok(pending)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn challenge_matches_the_standard_example() {
        // RFC 7636 appendix B.
        let verifier = Private("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk".into());
        assert_eq!(challenge(&verifier), "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
    }

    #[test]
    fn a_forged_state_does_not_end_the_sign_in_under_way() {
        let mut visit = Visit { pending: Some(throwaway()), ..Visit::default() };
        let state = visit.pending.as_ref().map(|p| p.state.clone()).unwrap();
        assert!(take_matching(&mut visit, &Query::parse("state=other&code=x").unwrap()).is_err());
        let right = query::write(&[("state", &state), ("code", "x")]);
        assert!(take_matching(&mut visit, &Query::parse(&right).unwrap()).is_ok());
        // Once taken, the same answer is worth nothing.
        assert!(take_matching(&mut visit, &Query::parse(&right).unwrap()).is_err());
    }
}
