//! My account: setting up, changing and removing ways to sign in, sessions and applications, each with the proof that it needs.

use http::StatusCode;
use model::{NoticeKind, Timestamp};
use server::ambient;

use crate::{
    weaker::{ADA, PASSWORD, code, code_of, lax, person, world},
    world::{Browser, WEB, World, authorize, refresh},
};

/// A world whose Ada has a passkey and a fresh session by it, and nothing else.
fn passkey_world() -> World {
    World::with_settings(|settings, _| lax(settings))
}

/// The browser proves its passkey again on the journey that it was sent to; where it is sent then.
async fn prove(browser: &mut Browser<'_>, location: &str) -> String {
    let journey = location.split_once("j=").unwrap_or_else(|| panic!("a journey in {location}")).1.to_owned();
    let proved = browser.sign_in_on(&journey).await;
    assert_eq!(proved.status, StatusCode::OK, "{}", proved.text());
    proved.json()["next"].as_str().unwrap().to_owned()
}

fn between<'a>(text: &'a str, before: &str, after: &str) -> &'a str {
    let rest = text.split_once(before).unwrap_or_else(|| panic!("{before} in {text}")).1;
    rest.split_once(after).unwrap().0
}

fn base32(text: &str) -> Vec<u8> {
    let mut bits = (0u32, 0u32);
    let mut out = Vec::new();
    for byte in text.bytes().filter(|byte| !byte.is_ascii_whitespace()) {
        let value = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".iter().position(|known| *known == byte).unwrap();
        bits = (bits.0 << 5 | u32::try_from(value).unwrap(), bits.1 + 5);
        if bits.1 >= 8 {
            bits.1 -= 8;
            out.push(u8::try_from(bits.0 >> bits.1 & 0xff).unwrap());
        }
    }
    out
}

/// Notices that wait, of everybody.
fn notices(world: &World) -> Vec<NoticeKind> {
    world.store.notices_due(far(), 100).unwrap().into_iter().map(|notice| notice.kind).collect()
}

fn far() -> Timestamp {
    ambient::now().plus_seconds(86_400)
}

#[tokio::test]
async fn a_password_and_an_app_are_set_up_in_a_fresh_session_and_then_sign_in() {
    let world = passkey_world();
    let mut browser = world.signed_in().await;
    let page = browser.get("/account/password").await;
    assert_eq!(page.status, StatusCode::OK);

    let weak = browser.form("/account/password", &[("password", "password1")]).await;
    assert_eq!(weak.status, StatusCode::BAD_REQUEST, "{}", weak.text());
    let named = browser.form("/account/password", &[("password", "ada@example.com likes boats")]).await;
    assert_eq!(named.status, StatusCode::BAD_REQUEST);
    assert!(world.store.password_of(person(&world, ADA)).unwrap().is_none());
    let set = browser.form("/account/password", &[("password", PASSWORD)]).await;
    assert_eq!(set.location(), "/account/ways-to-sign-in?said=password_set", "{}", set.text());

    let page = browser.get("/account/authenticator-app").await.text();
    let handle = between(&page, "name=\"enrolling\" value=\"", "\"").to_owned();
    let secret = base32(between(&page, "<code id=\"key\" aria-labelledby=\"key-label\">", "</code>"));
    let wrong = browser.form("/account/authenticator-app", &[("enrolling", &handle), ("code", "000000")]).await;
    assert_eq!(wrong.status, StatusCode::BAD_REQUEST);
    let added =
        browser.form("/account/authenticator-app", &[("enrolling", &handle), ("code", &code_of(&secret, 0))]).await;
    assert_eq!(added.status, StatusCode::SEE_OTHER, "{}", added.text());
    assert!(world.store.totp_of(person(&world, ADA)).unwrap().is_some());

    let codes = browser.form("/account/recovery-codes", &[]).await;
    assert_eq!(codes.status, StatusCode::OK, "{}", codes.text());
    assert_eq!(world.store.recovery_codes_of(person(&world, ADA)).unwrap().len(), 10);
    let told = notices(&world);
    for kind in [NoticeKind::PasswordChanged, NoticeKind::AuthenticatorAppAdded, NoticeKind::RecoveryCodesMade] {
        assert!(told.contains(&kind), "{kind:?} in {told:?}");
    }

    let mut other = Browser::new(&world, 9);
    let journey = other.journey().await;
    other.sign_in_weakly(&journey, ADA, PASSWORD, &code_of(&secret, 1)).await;
    assert!(other.has_session());
    // Whoever got in by password must not change what the passkey's holder set up: the passkey is asked for.
    let stranger = other.form("/account/password", &[("password", "nine other otters & a raft")]).await;
    assert!(stranger.location().starts_with("/sign-in?j="), "{}", stranger.location());
    let still = world.store.password_of(person(&world, ADA)).unwrap().unwrap();
    assert!(still.text.expose().contains("argon2id"));
    // A new password ends that session, and keeps the one that set it.
    let changed = browser.form("/account/password", &[("password", "nine other otters & a raft")]).await;
    assert_eq!(changed.location(), "/account/ways-to-sign-in?said=password_changed", "{}", changed.text());
    assert_eq!(other.get("/account").await.status, StatusCode::SEE_OTHER);
    assert_eq!(browser.get("/account").await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_weaker_session_is_sent_to_prove_the_passkey_and_comes_back() {
    let (world, _) = world();
    let mut own = world.signed_in().await;
    let mut browser = Browser::new(&world, 2);
    let journey = browser.journey().await;
    let signed_in = browser.sign_in_weakly(&journey, ADA, PASSWORD, &code(0)).await;
    assert_eq!(signed_in.location(), "/account", "who holds a passkey is not invited: {}", signed_in.text());
    let before = browser.cookies["lockgate"].clone();
    let asked = browser.get("/account/authenticator-app").await;
    assert!(asked.location().starts_with("/sign-in?j="), "{}", asked.text());
    // The passkey, and nothing less: the same password again does not do.
    std::mem::swap(&mut browser.authenticator, &mut own.authenticator);
    assert_eq!(prove(&mut browser, asked.location()).await, "/account/authenticator-app");
    assert_ne!(browser.cookies["lockgate"], before, "the session took the old one's place under a new cookie");
    assert_eq!(browser.get("/account/authenticator-app").await.status, StatusCode::OK);
    let mut thief = Browser::new(&world, 3);
    thief.cookies.insert("lockgate".into(), before);
    assert_eq!(thief.get("/account").await.status, StatusCode::SEE_OTHER, "the old cookie is worth nothing");
}

#[tokio::test]
async fn an_authenticator_secret_is_for_the_session_that_saw_it() {
    let (world, _) = world();
    let mut ada = Browser::signed_in_weakly(&world).await;
    let page = ada.get("/account/authenticator-app").await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.text());
    let page = page.text();
    let handle = between(&page, "name=\"enrolling\" value=\"", "\"").to_owned();
    let secret = base32(between(&page, "<code id=\"key\" aria-labelledby=\"key-label\">", "</code>"));
    let mut other = Browser::new(&world, 2);
    let journey = other.journey().await;
    other.sign_in_weakly(&journey, ADA, PASSWORD, &code(0)).await;
    let fields = [("enrolling", handle.as_str()), ("code", &code_of(&secret, 0))];
    let stolen = other.form("/account/authenticator-app", &fields).await;
    assert_eq!(stolen.location(), "/account/authenticator-app", "a new secret is shown");
    let own = ada.form("/account/authenticator-app", &fields).await;
    assert!(own.location().starts_with("/account/ways-to-sign-in"), "{}", own.text());
}

#[tokio::test]
async fn the_last_way_in_goes_only_when_it_is_meant() {
    let (world, _) = world();
    let mut browser = Browser::signed_in_weakly(&world).await;
    let warned = browser.form("/account/password/remove", &[]).await;
    assert_eq!(warned.status, StatusCode::CONFLICT, "{}", warned.text());
    assert!(world.store.password_of(person(&world, ADA)).unwrap().is_some());
    let removed = browser.form("/account/password/remove", &[("confirm", "yes")]).await;
    assert_eq!(removed.location(), "/account/ways-to-sign-in?said=password_removed", "{}", removed.text());
    assert!(world.store.password_of(person(&world, ADA)).unwrap().is_none());
}

#[tokio::test]
async fn sessions_end_one_by_one_all_others_or_all() {
    let world = passkey_world();
    let mut here = world.signed_in().await;
    let sign_in = async |from: &mut Browser<'_>| {
        from.cookies.clear();
        let journey = from.journey().await;
        assert_eq!(from.sign_in_on(&journey).await.status, StatusCode::OK);
        from.cookies.clone()
    };
    let first = here.cookies.clone();
    let second = sign_in(&mut here).await;
    let third = sign_in(&mut here).await;
    let alive = async |cookies: &std::collections::BTreeMap<String, String>| {
        let mut browser = Browser::new(&world, 3);
        browser.cookies = cookies.clone();
        browser.get("/account").await.status == StatusCode::OK
    };
    assert!(alive(&first).await && alive(&second).await && alive(&third).await);

    let page = here.get("/account/sessions").await.text();
    let ended = page.split("name=\"session\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let one = here.form("/account/sessions/end", &[("session", &ended)]).await;
    assert_eq!(one.status, StatusCode::SEE_OTHER, "{}", one.text());
    let left = [alive(&first).await, alive(&second).await, alive(&third).await];
    assert_eq!(left.iter().filter(|alive| **alive).count(), 2, "{left:?}");

    let gone = here.form("/account/sessions/end", &[("session", "0192f3a0-0000-7000-8000-000000000000")]).await;
    assert!(gone.location().ends_with("said=gone"), "{}", gone.location());
    here.form("/account/sessions/end-others", &[]).await;
    assert!(!alive(&first).await && !alive(&second).await && alive(&third).await);
    let all = here.form("/account/sessions/end-all", &[]).await;
    assert_eq!(all.location(), "/signed-out");
    assert!(!alive(&third).await);
    assert!(notices(&world).contains(&NoticeKind::SessionsEnded));
}

#[tokio::test]
async fn an_application_loses_its_access_at_once() {
    let world = World::new();
    let mut browser = world.signed_in().await;
    let tokens = browser.tokens("openid offline_access").await;
    assert!(browser.get("/account/apps").await.text().contains(WEB));
    let stranger = browser.form("/account/apps/withdraw", &[("client", "some-other-app")]).await;
    assert!(stranger.location().ends_with("said=gone"), "{}", stranger.location());
    let withdrawn = browser.form("/account/apps/withdraw", &[("client", WEB)]).await;
    assert_eq!(withdrawn.location(), "/account/apps?said=access_withdrawn", "{}", withdrawn.text());
    let refused = world.token(&refresh(&tokens["refresh_token"])).await;
    assert_eq!(refused.json()["error"], "invalid_grant", "{}", refused.text());
    assert!(notices(&world).contains(&NoticeKind::AccessWithdrawn));
    // The person may go back to it: signing in anew is their own act.
    let again = browser.get(&authorize(WEB, crate::world::WEB_REDIRECT, "openid")).await;
    assert!(again.location().contains("code="), "{}", again.location());
}

#[tokio::test]
async fn a_session_that_is_weaker_than_a_path_asks_steps_up_in_its_place() {
    let (world, _) = world();
    let mut browser = Browser::signed_in_weakly(&world).await;
    let before = browser.cookies["lockgate"].clone();
    // A code from a session by password, where the policy lets it serve.
    assert!(browser.get(&authorize(WEB, crate::world::WEB_REDIRECT, "openid")).await.location().contains("code="));
    // The same request that asks for something that can't be phished.
    let asked = format!("{}&acr_values=phr&max_age=0", authorize(WEB, crate::world::WEB_REDIRECT, "openid"));
    let sent = browser.get(&asked).await;
    assert!(sent.location().starts_with("/sign-in?j="), "{}", sent.location());
    let journey = sent.location().split_once("j=").unwrap().1.to_owned();
    assert!(!browser.get(&format!("/authorize/resume?j={journey}")).await.location().contains("code="));
    assert_eq!(browser.cookies["lockgate"], before, "nothing was proved, nothing was changed");
}

#[tokio::test]
async fn nothing_of_the_account_is_shown_or_changed_without_a_session() {
    let (world, _) = world();
    let mut browser = Browser::new(&world, 1);
    for path in ["", "/ways-to-sign-in", "/password", "/authenticator-app", "/sessions", "/apps", "/data"] {
        let answer = browser.get(&format!("/account{path}")).await;
        assert!(answer.location().starts_with("/sign-in?j="), "{path}: {} {}", answer.status, answer.location());
    }
    for path in
        ["password/remove", "authenticator-app/remove", "recovery-codes", "recovery-codes/remove", "sessions/end-all"]
    {
        let answer = browser.form(&format!("/account/{path}"), &[("confirm", "yes")]).await;
        assert!(answer.location().starts_with("/sign-in?j="), "{path}: {} {}", answer.status, answer.location());
    }
    let held = person(&world, ADA);
    assert!(world.store.password_of(held).unwrap().is_some() && world.store.totp_of(held).unwrap().is_some());
}
