//! Signing in without a passkey, where the policy still lets people: the way that works, and every shortcut that must not.

use std::sync::Arc;

use http::{StatusCode, header};
use model::{SigninMethod, SigninOutcome};

use crate::{
    weaker::{ADA, PASSWORD, code, person, world},
    world::{Answer, Browser, ISSUER, World},
};

/// The words of one refusal, without what differs between journeys.
fn words(answer: &Answer, journey: &str, name: &str) -> String {
    answer.text().replace(journey, "J").replace(name, "NAME")
}

async fn records(world: &World) -> Vec<(SigninMethod, SigninOutcome)> {
    let last = world.store.commit(store::ChangeSet::new(server::ambient::now(), Vec::<store::Change>::new(), vec![]));
    last.unwrap().await.unwrap();
    let records = world.store.signin_records_tail(100).unwrap();
    records.into_iter().map(|record| (record.method, record.outcome)).collect()
}

#[tokio::test]
async fn password_and_code_sign_in_and_invite_to_a_passkey() {
    let (world, _) = world();
    let mut browser = Browser::new(&world, 1);
    let journey = browser.journey().await;
    let page = browser.get(&format!("/sign-in?j={journey}")).await;
    assert!(page.text().contains("Use a password"), "{}", page.text());
    let signed_in = browser.sign_in_weakly(&journey, ADA, PASSWORD, &code(0)).await;
    assert_eq!(
        (signed_in.status, signed_in.location()),
        (StatusCode::SEE_OTHER, format!("/sign-in?j={journey}").as_str())
    );
    assert!(browser.has_session());
    let invitation = browser.get(signed_in.location()).await;
    assert!(invitation.text().contains("/sign-in/not-now"), "{}", invitation.text());
    let put_off = browser.form("/sign-in/not-now", &[("journey", &journey)]).await;
    assert_eq!(put_off.location(), "/account");
    assert_eq!(browser.get("/account").await.status, StatusCode::OK);
    assert_eq!(records(&world).await, [(SigninMethod::PasswordTotp, SigninOutcome::Success)]);
}

#[tokio::test]
async fn the_invitation_can_be_followed_by_itself_and_the_journey_goes_on() {
    let (world, _) = world();
    let mut browser = Browser::new(&world, 1);
    let journey = browser.journey().await;
    browser.sign_in_weakly(&journey, ADA, PASSWORD, &code(0)).await;
    let met = |journey: &str| serde_json::json!({ "journey": journey });
    let early = browser.post("/api/ceremony/invitation/met", met(&journey)).await;
    assert_eq!(early.code(), "wrong_step", "there is no passkey yet");
    let begun = browser.post("/api/ceremony/enrol/begin", serde_json::json!({})).await;
    assert_eq!(begun.status, StatusCode::OK, "{}", begun.text());
    let enrolled = browser.finish_enrolment(&begun.json()).await;
    assert_eq!(enrolled.status, StatusCode::OK, "{}", enrolled.text());
    let went_on = browser.post("/api/ceremony/invitation/met", met(&journey)).await;
    assert_eq!(went_on.json()["next"], "/account", "{}", went_on.text());
    // From now on the passkey is asked for wherever one is held.
    let mut again = Browser::new(&world, 1);
    std::mem::swap(&mut again.authenticator, &mut browser.authenticator);
    let journey = again.journey().await;
    assert_eq!(again.sign_in_on(&journey).await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_recovery_code_works_once() {
    let (world, codes) = world();
    for expected in [StatusCode::SEE_OTHER, StatusCode::BAD_REQUEST] {
        let mut browser = Browser::new(&world, 1);
        let journey = browser.journey().await;
        browser.type_name(&journey, ADA).await;
        browser.type_password(&journey, PASSWORD).await;
        let fields = [("journey", journey.as_str()), ("code", codes[0].as_str())];
        let answer = browser.form("/sign-in/recovery-code", &fields).await;
        assert_eq!(answer.status, expected, "{}", answer.text());
        assert_eq!(browser.has_session(), expected == StatusCode::SEE_OTHER);
    }
    assert_eq!(world.store.recovery_codes_of(person(&world, ADA)).unwrap().len(), 9);
}

#[tokio::test]
async fn a_code_works_once_and_in_no_other_browser() {
    let (world, _) = world();
    let mut first = Browser::new(&world, 1);
    let journey = first.journey().await;
    let once = code(0);
    first.sign_in_weakly(&journey, ADA, PASSWORD, &once).await;
    assert!(first.has_session());
    let mut second = Browser::new(&world, 2);
    let other = second.journey().await;
    second.sign_in_weakly(&other, ADA, PASSWORD, &once).await;
    assert!(!second.has_session(), "the code was used up");
    // The first browser's journey is nobody else's.
    let stolen = second.type_code(&journey, &code(1)).await;
    assert_eq!(stolen.status, StatusCode::GONE);
    assert!(!second.has_session());
}

#[tokio::test]
async fn steps_can_not_be_jumped_or_halved() {
    let (world, codes) = world();
    let mut browser = Browser::new(&world, 1);
    let journey = browser.journey().await;
    let attempts: [(&str, &[(&str, &str)]); 4] = [
        ("/sign-in/code", &[("code", "000000")]),
        ("/sign-in/recovery-code", &[("code", codes[0].as_str())]),
        ("/sign-in/password", &[("password", PASSWORD)]),
        ("/sign-in/not-now", &[]),
    ];
    for (path, fields) in attempts {
        let mut all = vec![("journey", journey.as_str())];
        all.extend_from_slice(fields);
        let answer = browser.form(path, &all).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{path}: {}", answer.text());
    }
    // Half of the way opens nothing, and the same password lets one code be tried, not two.
    browser.type_name(&journey, ADA).await;
    browser.type_password(&journey, PASSWORD).await;
    assert!(!browser.has_session());
    assert_eq!(browser.get("/account").await.status, StatusCode::SEE_OTHER);
    assert_eq!(browser.type_code(&journey, "000000").await.status, StatusCode::BAD_REQUEST);
    let second = browser.type_code(&journey, &code(0)).await;
    assert_eq!(second.status, StatusCode::BAD_REQUEST, "the password is asked for again: {}", second.text());
    assert!(!browser.has_session());
    assert_eq!(world.store.recovery_codes_of(person(&world, ADA)).unwrap().len(), 10);
}

#[tokio::test]
async fn a_waiting_request_gets_no_code_from_half_a_journey_nor_from_an_unanswered_invitation() {
    let (world, _) = world();
    let mut browser = Browser::new(&world, 1);
    let asked = browser.get(&crate::world::authorize(crate::world::WEB, crate::world::WEB_REDIRECT, "openid")).await;
    let journey = asked.location().split_once("j=").unwrap().1.to_owned();
    let resume = format!("/authorize/resume?j={journey}");
    browser.type_name(&journey, ADA).await;
    browser.type_password(&journey, PASSWORD).await;
    assert!(!browser.get(&resume).await.location().contains("code="));
    browser.type_code(&journey, &code(0)).await;
    assert!(browser.has_session());
    let invited = browser.get(&resume).await;
    assert!(!invited.location().contains("code="), "{}", invited.location());
    let put_off = browser.form("/sign-in/not-now", &[("journey", &journey)]).await;
    assert_eq!(put_off.location(), resume);
    assert!(browser.get(&resume).await.location().contains("code="));
}

#[tokio::test]
async fn an_unknown_name_costs_as_much_and_is_told_the_same() {
    let (world, _) = world();
    let mut seen = Vec::new();
    for (name, password) in [(ADA, "a wrong password"), ("nobody@example.com", "a wrong password"), (ADA, PASSWORD)] {
        let before = world.passwords.computations();
        let mut browser = Browser::new(&world, 1);
        let journey = browser.journey().await;
        let named = browser.type_name(&journey, name).await;
        let page = browser.get(named.location()).await;
        let typed = browser.type_password(&journey, password).await;
        let second = browser.get(typed.location()).await;
        let refused = browser.type_code(&journey, "000000").await;
        let texts = [&page, &second, &refused].map(|answer| words(answer, &journey, name));
        assert_eq!(refused.status, StatusCode::BAD_REQUEST);
        assert!(!browser.has_session());
        seen.push((texts, world.passwords.computations() - before));
    }
    assert_eq!(seen[0].1, 1, "one password was checked");
    assert_eq!(seen[0], seen[1], "nobody and somebody");
    assert_eq!(seen[0], seen[2], "a wrong and a right password");
}

#[tokio::test]
async fn without_a_policy_for_passwords_none_is_taken() {
    let world = World::new();
    let mut browser = Browser::new(&world, 1);
    let journey = browser.journey().await;
    let page = browser.get(&format!("/sign-in?j={journey}")).await;
    assert!(!page.text().contains("Use a password"), "{}", page.text());
    let refused = browser.type_name(&journey, ADA).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN, "{}", refused.text());
    assert_eq!(world.passwords.computations(), 0);
}

#[tokio::test]
async fn guessing_slows_down_and_survives_a_restart_of_the_journey() {
    let (world, _) = world();
    let mut waits = 0;
    for guess in 0..12 {
        let mut browser = Browser::new(&world, 1);
        let journey = browser.journey().await;
        browser.type_name(&journey, ADA).await;
        let answer = browser.type_password(&journey, &format!("guess number {guess}")).await;
        if answer.status == StatusCode::TOO_MANY_REQUESTS {
            assert!(answer.headers.contains_key(header::RETRY_AFTER));
            waits += 1;
        }
    }
    assert!(waits > 0, "twelve guesses in a row were all looked at");
    assert!(world.passwords.computations() < 12);
    // The counters are on disk: another process on the same store knows them too.
    let before = world.passwords.computations();
    let (router, pool) = restarted(&world);
    let mut other = World { router, passwords: pool, ..world };
    let answer = first_password(&mut other).await;
    assert_eq!(answer.status, StatusCode::TOO_MANY_REQUESTS, "{}", answer.text());
    assert!(before > 0 && other.passwords.computations() == 0);
}

fn restarted(world: &World) -> (axum::Router, Arc<server::PasswordPool>) {
    let mut settings = crate::world::settings(server::Tls::None);
    crate::weaker::lax(&mut settings);
    let root = crypto::RootKey::new(model::Secret::new([7; 32]));
    server::router_and_pool(settings, world.store.clone(), &root).unwrap()
}

async fn first_password(world: &mut World) -> Answer {
    let mut browser = Browser::new(world, 1);
    let journey = browser.journey().await;
    browser.type_name(&journey, ADA).await;
    browser.type_password(&journey, "another guess").await
}

#[tokio::test]
async fn one_journey_posted_by_many_at_once_is_judged_once() {
    let (world, _) = world();
    let mut browser = Browser::new(&world, 1);
    let journey = browser.journey().await;
    browser.type_name(&journey, ADA).await;
    let request = || {
        http::Request::post("/sign-in/password")
            .header(header::COOKIE, browser.cookie_header())
            .header(header::ORIGIN, ISSUER)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(format!("journey={journey}&password=wrong").into())
            .unwrap()
    };
    let answers = futures_of(&world, (0..8).map(|_| request()).collect()).await;
    let went_on = answers.iter().filter(|answer| answer.status == StatusCode::SEE_OTHER).count();
    assert_eq!((went_on, world.passwords.computations()), (1, 1));
}

async fn futures_of(world: &World, requests: Vec<http::Request<axum::body::Body>>) -> Vec<Answer> {
    let mut tasks = tokio::task::JoinSet::new();
    for request in requests {
        let router = world.router.clone();
        tasks.spawn(async move { World::send_to(router, request).await });
    }
    tasks.join_all().await
}

#[tokio::test]
async fn forms_of_other_sites_are_refused() {
    let (world, _) = world();
    let mut browser = Browser::new(&world, 1);
    let journey = browser.journey().await;
    for path in ["/sign-in/name", "/sign-in/password", "/sign-in/code", "/sign-in/not-now", "/account/password"] {
        let request = http::Request::post(path)
            .header(header::COOKIE, browser.cookie_header())
            .header(header::ORIGIN, "https://evil.example")
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(format!("journey={journey}&name={ADA}").into())
            .unwrap();
        assert_eq!(world.send(request).await.status, StatusCode::FORBIDDEN, "{path}");
    }
}

#[tokio::test]
async fn a_passkey_that_the_browser_made_by_itself_counts_for_no_more_than_the_password() {
    let (world, _) = world();
    let mut browser = Browser::new(&world, 1);
    let journey = browser.journey().await;
    browser.sign_in_weakly(&journey, ADA, PASSWORD, &code(0)).await;
    let begun = browser.post("/api/ceremony/enrol/begin", serde_json::json!({ "mediation": "conditional" })).await;
    assert_eq!(begun.status, StatusCode::OK, "{}", begun.text());
    let begun = begun.json();
    // Nobody was asked: neither present nor verified.
    let unseen = testkit::Knobs { user_present: false, user_verified: false, ..testkit::Knobs::default() };
    let credential = browser.authenticator.create(&begun["publicKey"].to_string(), ISSUER, &unseen).unwrap();
    let credential: serde_json::Value = serde_json::from_str(&credential).unwrap();
    let answer =
        serde_json::json!({ "journey": begun["journey"], "credential": credential, "mediation": "conditional" });
    let made = browser.post("/api/ceremony/enrol/result", answer).await;
    assert_eq!(made.status, StatusCode::OK, "{}", made.text());
    let passkey = &world.store.passkeys_of(person(&world, ADA)).unwrap()[0];
    assert_eq!((passkey.binding, passkey.user_verified), (model::Strength::Password, false));
    let methods: Vec<_> = records(&world).await.into_iter().map(|(method, _)| method).collect();
    assert_eq!(methods, [SigninMethod::ConditionalCreate, SigninMethod::PasswordTotp]);
    let page = browser.get("/account/ways-to-sign-in").await.text();
    assert!(page.contains("password"), "{page}");
    // Asked for as if somebody had been there, the same answer is no proof of anything.
    let begun = browser.post("/api/ceremony/enrol/begin", serde_json::json!({})).await;
    assert_ne!(begun.status, StatusCode::INTERNAL_SERVER_ERROR);
}
