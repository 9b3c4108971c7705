//! Codes and tokens over HTTP.

use http::{Request, StatusCode, header};

use crate::world::{
    CHALLENGE, SPA, SPA_REDIRECT, VERIFIER, WEB, WEB_REDIRECT, World, authorize, parameter, redemption, refresh,
};

#[tokio::test]
async fn a_code_becomes_tokens_and_tokens_become_answers() {
    let world = World::new();
    let mut browser = world.signed_in().await;
    let answer = browser.get(&authorize(WEB, WEB_REDIRECT, "openid")).await;
    assert!(answer.location().starts_with("https://app.example.com/cb?code=lgc_"), "{}", answer.location());
    assert_eq!(parameter(answer.location(), "state").as_deref(), Some("s%20t"));
    assert_eq!(parameter(answer.location(), "iss").as_deref(), Some("http%3A%2F%2Flocalhost%3A8400"));
    let tokens = world.token(&redemption(&parameter(answer.location(), "code").unwrap())).await;
    assert_eq!(tokens.status, StatusCode::OK, "{}", tokens.text());
    assert_eq!(tokens.headers[header::CACHE_CONTROL], "no-store");
    let tokens = tokens.json();
    assert_eq!(tokens["token_type"], "Bearer");
    let bearer = format!("Bearer {}", tokens["access_token"].as_str().unwrap());
    for _ in 0..2 {
        let request =
            Request::get("/userinfo").header(header::AUTHORIZATION, &bearer).body(Default::default()).unwrap();
        let told = world.send(request).await;
        assert_eq!(told.status, StatusCode::OK);
        let members: Vec<_> = told.json().as_object().unwrap().keys().cloned().collect();
        assert_eq!(members, ["sub"], "userinfo tells who, and nothing else");
    }
}

#[tokio::test]
async fn a_first_visit_signs_in_consents_and_comes_back() {
    let world = World::new();
    let mut browser = world.signed_in().await;
    browser.cookies.remove("lockgate");
    let sent = browser.get(&authorize(SPA, SPA_REDIRECT, "openid")).await;
    let journey = sent.location().strip_prefix("/sign-in?j=").expect("to sign in").to_owned();
    let page = browser.get(sent.location()).await;
    assert!(page.text().contains("spa.example.com"));
    let signed_in = browser.sign_in_on(&journey).await.json();
    let consent = browser.get(signed_in["next"].as_str().unwrap()).await;
    assert_eq!(consent.status, StatusCode::OK, "{}", consent.location());
    let policy = consent.headers[header::CONTENT_SECURITY_POLICY].to_str().unwrap();
    assert!(policy.contains("form-action 'self' https://spa.example.com"), "{policy}");
    let csrf = between(&consent.text(), "name=\"csrf\" value=\"", "\"");
    for (form, status) in [
        (format!("journey={journey}&csrf=wrong&answer=allow"), StatusCode::FORBIDDEN),
        (format!("journey={journey}&csrf={csrf}&answer=maybe"), StatusCode::BAD_REQUEST),
        (format!("journey={journey}&csrf={csrf}&answer=allow"), StatusCode::SEE_OTHER),
        (format!("journey={journey}&csrf={csrf}&answer=allow"), StatusCode::GONE),
    ] {
        let kind = "application/x-www-form-urlencoded";
        let answer = browser.request(http::Method::POST, "/authorize/consent", kind, form.clone()).await;
        assert_eq!(answer.status, status, "{form}");
        if status == StatusCode::SEE_OTHER {
            let code = parameter(answer.location(), "code").expect("a code");
            let form = format!(
                "grant_type=authorization_code&client_id={SPA}&code={code}&code_verifier={VERIFIER}&redirect_uri={SPA_REDIRECT}"
            );
            let request = Request::post("/token").header(header::CONTENT_TYPE, kind).body(form.into()).unwrap();
            assert_eq!(world.send(request).await.status, StatusCode::OK);
        }
    }
    let again = browser.get(&authorize(SPA, SPA_REDIRECT, "openid")).await;
    assert_eq!(again.status, StatusCode::SEE_OTHER, "an https redirect: the consent is remembered");
}

#[tokio::test]
async fn a_denied_consent_goes_back_with_access_denied() {
    let world = World::new();
    let mut browser = world.signed_in().await;
    let consent = browser.get(&authorize(SPA, SPA_REDIRECT, "openid")).await;
    let (journey, csrf) = (
        between(&consent.text(), "name=\"journey\" value=\"", "\""),
        between(&consent.text(), "name=\"csrf\" value=\"", "\""),
    );
    let form = format!("journey={journey}&csrf={csrf}&answer=deny");
    let answer =
        browser.request(http::Method::POST, "/authorize/consent", "application/x-www-form-urlencoded", form).await;
    assert_eq!(parameter(answer.location(), "error").as_deref(), Some("access_denied"), "{}", answer.location());
}

#[tokio::test]
async fn a_bad_client_or_redirect_never_redirects() {
    let world = World::new();
    let mut browser = world.signed_in().await;
    for path in [
        authorize("nobody", WEB_REDIRECT, "openid"),
        authorize(WEB, "https://evil.example/cb", "openid"),
        authorize(WEB, "https://app.example.com/cb/", "openid"),
        authorize(WEB, "https://app.example.com:443/cb", "openid"),
        format!(
            "/authorize?response_type=code&client_id={WEB}&client_id={WEB}&redirect_uri={WEB_REDIRECT}&code_challenge={CHALLENGE}&code_challenge_method=S256"
        ),
    ] {
        let answer = browser.get(&path).await;
        assert_eq!((answer.status, answer.location()), (StatusCode::BAD_REQUEST, ""), "{path}");
        assert!(answer.headers[header::CONTENT_TYPE].to_str().unwrap().starts_with("text/html"));
    }
}

#[tokio::test]
async fn refresh_tokens_rotate_and_a_replay_ends_the_family() {
    let world = World::new();
    let mut browser = world.signed_in().await;
    let first = browser.tokens("openid").await;
    let second = world.token(&refresh(&first["refresh_token"])).await;
    assert_eq!(second.status, StatusCode::OK, "{}", second.text());
    let third = world.token(&refresh(&second.json()["refresh_token"])).await;
    assert_eq!(third.status, StatusCode::OK, "{}", third.text());
    // Its successor was used, so nobody can have lost it.
    let replayed = world.token(&refresh(&first["refresh_token"])).await;
    assert_eq!((replayed.status, &replayed.json()["error"]), (StatusCode::BAD_REQUEST, &"invalid_grant".into()));
    let dead = world.token(&refresh(&third.json()["refresh_token"])).await;
    assert_eq!(dead.json()["error"], "invalid_grant", "the family died with the replay");
    let bearer = format!("Bearer {}", third.json()["access_token"].as_str().unwrap());
    let request = Request::get("/userinfo").header(header::AUTHORIZATION, bearer).body(Default::default()).unwrap();
    assert_eq!(
        world.send(request).await.status,
        StatusCode::UNAUTHORIZED,
        "and its access tokens at our own endpoints"
    );
}

#[tokio::test]
async fn signing_out_ends_what_lived_with_the_session() {
    let world = World::new();
    let mut browser = world.signed_in().await;
    let bound = browser.tokens("openid").await;
    let offline = browser.tokens("openid offline_access").await;
    browser.request(http::Method::POST, "/sign-out", "application/x-www-form-urlencoded", String::new()).await;
    assert_eq!(world.token(&refresh(&bound["refresh_token"])).await.json()["error"], "invalid_grant");
    assert_eq!(world.token(&refresh(&offline["refresh_token"])).await.status, StatusCode::OK);
}

#[tokio::test]
async fn discovery_is_served_cached_and_open() {
    let world = World::new();
    for path in ["/.well-known/openid-configuration", "/.well-known/oauth-authorization-server", "/jwks.json"] {
        let first = world.get(path).await;
        assert_eq!(first.status, StatusCode::OK);
        let etag = first.headers[header::ETAG].clone();
        let request = Request::get(path).header(header::IF_NONE_MATCH, etag).body(Default::default()).unwrap();
        assert_eq!(world.send(request).await.status, StatusCode::NOT_MODIFIED);
    }
    let discovery = world.get("/.well-known/openid-configuration").await.json();
    assert_eq!(discovery["issuer"], crate::world::ISSUER);
    assert_eq!(discovery["code_challenge_methods_supported"], serde_json::json!(["S256"]));
    for (name, value) in discovery.as_object().unwrap() {
        if name.ends_with("_endpoint") || name == "jwks_uri" {
            let path = value.as_str().unwrap().strip_prefix(crate::world::ISSUER).expect("our own");
            assert!(
                server::ledger().lines().any(|line| line.split_whitespace().nth(1) == Some(path)),
                "{name} leads to {path}"
            );
        }
    }
}

/// RFC 9728 §3.3: what is described is what was asked for; §5.1: whoever comes without a token finds the way from there.
#[tokio::test]
async fn userinfo_says_whose_tokens_open_it() {
    let world = World::new();
    let described = world.get("/.well-known/oauth-protected-resource").await.json();
    assert_eq!(described["resource"], crate::world::ISSUER);
    assert_eq!(described["authorization_servers"], serde_json::json!([crate::world::ISSUER]));
    assert_eq!(described["bearer_methods_supported"], serde_json::json!(["header"]));
    let server = world.get("/.well-known/oauth-authorization-server").await.json();
    assert_eq!(described["dpop_signing_alg_values_supported"], server["dpop_signing_alg_values_supported"]);

    let at = format!("resource_metadata=\"{}/.well-known/oauth-protected-resource\"", crate::world::ISSUER);
    let challenge =
        |answer: &crate::world::Answer| answer.headers[header::WWW_AUTHENTICATE].to_str().unwrap().to_owned();
    let nothing = challenge(&world.get("/userinfo").await);
    assert!(nothing.starts_with(&format!("Bearer {at}, DPoP algs=")) && nothing.ends_with(&at), "{nothing}");
    let wrong = challenge(&crate::clients::userinfo(&world, "Bearer nonsense", None).await);
    assert!(wrong.starts_with("Bearer error=\"invalid_token\"") && wrong.ends_with(&at), "{wrong}");
}

pub(crate) fn between(text: &str, before: &str, after: &str) -> String {
    let start = text.find(before).unwrap_or_else(|| panic!("{before} in {text}")) + before.len();
    text[start..].split(after).next().unwrap().to_owned()
}
