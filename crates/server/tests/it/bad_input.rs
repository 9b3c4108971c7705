//! Every parameter repeated, empty, huge, mis-encoded and in the wrong place: a clear error, never a 5xx, never a foreign redirect.

use http::{Request, StatusCode, header};

use crate::world::{CHALLENGE, VERIFIER, WEB, WEB_REDIRECT, World};

const AUTHORIZE: &[(&str, &str)] = &[
    ("response_type", "code"),
    ("client_id", WEB),
    ("redirect_uri", WEB_REDIRECT),
    ("scope", "openid"),
    ("state", "st"),
    ("nonce", "no"),
    ("code_challenge", CHALLENGE),
    ("code_challenge_method", "S256"),
    ("prompt", "none"),
    ("max_age", "100"),
];

/// Ways to spoil one parameter.
fn spoiled(name: &str, value: &str) -> Vec<String> {
    vec![
        format!("{name}={value}&{name}={value}"),
        format!("{name}="),
        name.to_owned(),
        format!("{name}={}", "A".repeat(9_000)),
        format!("{name}={}", "A".repeat(3_000)),
        format!("{name}=%zz"),
        format!("{name}=%"),
        format!("{name}=%00"),
        format!("{name}=%ff%fe"),
        format!("{name}=%0d%0aLocation:%20https://evil.example"),
        format!("{name}=%3Cscript%3Ealert(1)%3C/script%3E"),
        format!("{name}%5B%5D={value}"),
    ]
}

fn query(parameters: &[(&str, &str)], spoil: usize, with: &str) -> String {
    let pairs = parameters.iter().enumerate();
    pairs.map(|(i, (k, v))| if i == spoil { with.to_owned() } else { format!("{k}={v}") }).collect::<Vec<_>>().join("&")
}

/// Parameters whose absence still makes a good request: an empty or misnamed one counts as left out. The client has one redirect URI,
/// so that may stay away as well.
fn may_be_left_out(name: &str) -> bool {
    matches!(name, "scope" | "state" | "nonce" | "prompt" | "max_age" | "redirect_uri")
}

#[tokio::test]
async fn authorization_requests_spoiled_in_every_way() {
    let world = World::new();
    let mut browser = world.signed_in().await;
    for (i, (name, value)) in AUTHORIZE.iter().enumerate() {
        for with in spoiled(name, value) {
            let answer = browser.get(&format!("/authorize?{}", query(AUTHORIZE, i, &with))).await;
            assert!(answer.status.as_u16() < 500, "{with}: {}", answer.status);
            let location = answer.location();
            let ours = location.is_empty()
                || location.starts_with("https://app.example.com/cb?")
                || location.starts_with("/sign-in?j=");
            assert!(ours, "{with}: {location}");
            assert!(!answer.text().contains("<script>alert"), "{with}");
            assert!(!location.contains("code=") || may_be_left_out(name), "{with} got a code");
        }
    }
}

#[tokio::test]
async fn token_requests_spoiled_in_every_way() {
    let world = World::new();
    let mut browser = world.signed_in().await;
    let code = browser.code("openid").await;
    let refresh = browser.tokens("openid").await["refresh_token"].as_str().unwrap().to_owned();
    let forms: [&[(&str, &str)]; 2] = [
        &[
            ("grant_type", "authorization_code"),
            ("code", &code),
            ("redirect_uri", WEB_REDIRECT),
            ("code_verifier", VERIFIER),
        ],
        &[("grant_type", "refresh_token"), ("refresh_token", &refresh)],
    ];
    for form in forms {
        for (i, (name, value)) in form.iter().enumerate() {
            // draft-ietf-oauth-v2-1-16 §10.2: the token request needs no redirect_uri, so leaving it out is no fault.
            let left_out = [format!("{name}="), name.to_string(), format!("{name}%5B%5D={value}")];
            let faults =
                spoiled(name, value).into_iter().filter(|with| *name != "redirect_uri" || !left_out.contains(with));
            for with in faults {
                let answer = world.token(&query(form, i, &with)).await;
                assert!(answer.status.is_client_error(), "{with}: {} {}", answer.status, answer.text());
                assert!(answer.json()["error"].is_string(), "{with}: {}", answer.text());
            }
        }
    }
    assert_eq!(world.token(&query(forms[0], 99, "")).await.status, StatusCode::OK, "no spoiled try has burnt the code");
    assert_eq!(world.token(&query(forms[1], 99, "")).await.status, StatusCode::OK, "nor the refresh token");
}

#[tokio::test]
async fn credentials_in_the_wrong_place_are_refused() {
    let world = World::new();
    let form = "application/x-www-form-urlencoded";
    let requests = [
        Request::post("/token?client_secret=x")
            .header(header::CONTENT_TYPE, form)
            .body("grant_type=refresh_token".into()),
        Request::post("/token").header(header::CONTENT_TYPE, "application/json").body("{}".into()),
        Request::post("/token")
            .header(header::CONTENT_TYPE, form)
            .header(header::AUTHORIZATION, "Basic !!!")
            .body("grant_type=refresh_token".into()),
        Request::post("/token")
            .header(header::CONTENT_TYPE, form)
            .header(header::AUTHORIZATION, "Bearer x")
            .body("grant_type=refresh_token".into()),
        Request::post("/token")
            .header(header::CONTENT_TYPE, form)
            .header(header::AUTHORIZATION, "Basic eDp5")
            .header(header::AUTHORIZATION, "Basic eDp5")
            .body("grant_type=refresh_token".into()),
        Request::post("/token")
            .header(header::CONTENT_TYPE, form)
            .header(header::AUTHORIZATION, "Basic eDp5")
            .body("grant_type=refresh_token&client_secret=y".into()),
        Request::post("/token").header(header::CONTENT_TYPE, form).body("A".repeat(100_000).into()),
        Request::post("/token").header(header::CONTENT_TYPE, form).body(vec![0xff, 0xfe, 0x00].into()),
    ];
    for request in requests {
        let request = request.unwrap();
        let shown = format!("{request:?}");
        let answer = world.send(request).await;
        assert!(answer.status.is_client_error(), "{shown}: {}", answer.status);
        assert!(answer.json()["error"].is_string());
        assert_eq!(answer.headers[header::CACHE_CONTROL], "no-store");
    }
    let query_token = Request::get("/userinfo?access_token=x").body(Default::default()).unwrap();
    assert_eq!(world.send(query_token).await.status, StatusCode::UNAUTHORIZED);
    assert_eq!(
        world.send(Request::get("/token").body(Default::default()).unwrap()).await.status,
        StatusCode::METHOD_NOT_ALLOWED
    );
}

#[tokio::test]
async fn ceremony_bodies_spoiled_in_every_way() {
    let world = World::new();
    let mut browser = world.signed_in().await;
    let bodies = [
        String::new(),
        "{".into(),
        "[]".into(),
        "null".into(),
        "{\"journey\":1}".into(),
        "{\"journey\":\"x\"}".into(),
        format!("{{\"journey\":\"{}\"}}", "x".repeat(50_000)),
        "[".repeat(90_000),
        "{\"journey\":\"x\",\"journey\":\"y\"}".into(),
        "x".repeat(200_000),
        "{\"journey\":\"x\",\"credential\":{\"id\":\"\"},\"mediation\":\"modal\"}".into(),
        format!(
            "{{\"journey\":\"x\",\"credential\":{}{},\"mediation\":\"modal\"}}",
            "[".repeat(10_000),
            "]".repeat(10_000)
        ),
    ];
    for line in server::ledger().lines().filter(|line| line.contains("/api/")) {
        let path = line.split_whitespace().nth(1).unwrap().replace("{id}", "not-an-id");
        for body in &bodies {
            let answer = browser.request(http::Method::POST, &path, "application/json", body.clone()).await;
            assert!(answer.status.is_client_error(), "{path} {:.60}: {} {}", body, answer.status, answer.text());
            assert!(answer.json()["detail"].as_str().is_some_and(|d| !d.is_empty()), "{path}");
        }
    }
}

#[tokio::test]
async fn tossed_and_truncated_cookies_sign_nobody_in() {
    let world = World::new();
    let browser = world.signed_in().await;
    let own = &browser.cookies["lockgate"];
    for cookie in [
        format!("lockgate={own}; lockgate=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"),
        format!("lockgate={}", &own[1..]),
        format!("lockgate={own}x"),
        "lockgate=".into(),
        "lockgate".into(),
        format!("lockgate={}", "A".repeat(9_000)),
        "\u{7f}; =; ;;;".into(),
    ] {
        let mut request = Request::get("/account");
        if let Ok(value) = http::HeaderValue::from_bytes(cookie.as_bytes()) {
            request = request.header(header::COOKIE, value);
        }
        let answer = world.send(request.body(Default::default()).unwrap()).await;
        assert!(answer.location().starts_with("/sign-in?j="), "{:.60}: {}", cookie, answer.status);
    }
}
