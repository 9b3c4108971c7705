//! What particular pages must say, and what they must keep to themselves.

use web::{
    AccountHolder, ApplicationRow, ApplicationsPage, Asks, ClientMark, Computer, ConsentMemory, ConsentPage,
    Destination, DetailWords, DeviceConfirmPage, FormPostPage, HiddenField, LastUsed, Moment, SignInPage, Site,
    scope_words,
};

use crate::samples;

const HOSTILE: &str = "\"><script>alert(1)</script>";

fn html(name: &str) -> String {
    samples::pages().into_iter().find(|(page, _)| page == name).expect("a sample of that name").1
}

fn site() -> Site {
    Site { organisation: "<b>Org".into(), host: "localhost".into(), demo: false }
}

fn check_escaped(html: &str) {
    assert!(!html.contains("<script>") && !html.contains("<b>Org"), "{html}");
    assert!(html.contains("&#60;script&#62;"));
}

#[test]
fn what_others_wrote_is_escaped() {
    let site = &site();
    let asks = || Asks::Application { name: HOSTILE.into(), host: HOSTILE.into() };
    check_escaped(
        &ConsentPage {
            site,
            asks: asks(),
            client: ClientMark::Document { host: HOSTILE.into() },
            details: vec![DetailWords { text: HOSTILE.into() }],
            scopes: vec![scope_words(HOSTILE)],
            told: vec![HOSTILE.into()],
            purpose: HOSTILE.into(),
            resources: vec![HOSTILE.into()],
            person: HOSTILE.into(),
            destination: Destination::Host(HOSTILE.into()),
            memory: ConsentMemory::Remembered,
            journey: model::JourneyId::from_bytes([1; 16]),
            csrf: HOSTILE.into(),
            computer: Computer::Own,
        }
        .render(),
    );
    check_escaped(
        &DeviceConfirmPage {
            site,
            asks: asks(),
            client: ClientMark::RegisteredItself,
            place: HOSTILE.into(),
            asked: HOSTILE.into(),
            code: HOSTILE.into(),
            scopes: vec![scope_words(HOSTILE)],
            person: HOSTILE.into(),
            csrf: HOSTILE.into(),
            computer: Computer::Own,
        }
        .render(),
    );
    check_escaped(
        &FormPostPage {
            site,
            application: HOSTILE.into(),
            action: HOSTILE.into(),
            fields: vec![HiddenField::new(HOSTILE, HOSTILE)],
        }
        .render(),
    );
    let moment = || Moment::new(model::Timestamp::from_seconds(0), model::Timestamp::from_seconds(0));
    check_escaped(
        &ApplicationsPage {
            site,
            who: AccountHolder {
                person: HOSTILE.into(),
                signin_name: HOSTILE.into(),
                computer: Computer::Own,
                said: None,
            },
            applications: vec![ApplicationRow {
                client: model::ClientId::parse("a").expect("a client id"),
                name: HOSTILE.into(),
                host: HOSTILE.into(),
                mark: ClientMark::Document { host: HOSTILE.into() },
                may: vec![HOSTILE.into()],
                told: vec![HOSTILE.into()],
                allowed: moment(),
                last_used: LastUsed::Never,
                connected: true,
            }],
        }
        .render(),
    );
}

#[test]
fn a_posted_answer_never_prints_itself() {
    let field = HiddenField::new("code", "s3cret");
    assert_eq!(format!("{field:?}"), "HiddenField(code = …)");
}

#[test]
fn removing_the_last_passkey_states_what_follows() {
    let one = html("account-ways-one");
    assert!(one.contains("0 ways to sign in") && one.contains("data-last"));
    let with_password = html("account-ways-one-and-password");
    assert!(with_password.contains("back to your password") && !with_password.contains("0 ways to sign in"));
    assert!(
        html("account-ways-retired").contains("0 ways to sign in"),
        "a password that is not taken any more is no way in"
    );
    let three = html("account-ways-passkeys-only");
    assert!(three.contains("You will have 2 passkeys left.") && !three.contains("data-last"));
    assert!(three.contains("1 open session made with it will end, and this is one of them."));
}

#[test]
fn ways_that_are_neither_held_nor_offered_are_not_spoken_of() {
    let page = html("account-ways-passkeys-only");
    for silent in ["Without a passkey", "/account/password", "Authenticator app", "Recovery codes"] {
        assert!(!page.contains(silent), "{silent}");
    }
    let retired = html("account-ways-retired");
    assert!(retired.contains("No longer taken here") && retired.contains("/account/password/remove"));
    assert!(!retired.contains("href=\"/account/password\""), "what is not taken can't be set");
}

#[test]
fn a_password_is_spoken_of_only_where_it_is_offered() {
    assert!(!html("sign-in").contains("Use a password instead"));
    assert!(html("sign-in-password-offered").contains("Use a password instead"));
}

#[test]
fn a_shared_computer_says_so_and_remembers_no_name() {
    let page = html("sign-in-shared");
    assert!(page.contains("This is a shared computer. You&#39;ll be signed out after 5 minutes without use."));
    assert!(page.contains("autocomplete=\"off\"") && !page.contains("username webauthn"));
    for signed_in in ["choose-shared", "consent-payment", "account-password-too", "device-confirm-shared"] {
        let page = html(signed_in);
        assert!(page.contains("This is a shared computer.") && page.contains("action=\"/sign-out\""), "{signed_in}");
    }
}

#[test]
fn a_step_up_says_who_asks_and_why() {
    let page = html("step-up");
    assert!(page.contains("<strong>Harbour Notes</strong> asks for a stronger sign-in."));
    assert!(page.contains("<li>A passkey that stays on one device is needed here.</li>"));
}

#[test]
fn an_invitation_says_how_often_it_comes_again() {
    assert!(html("invitation").contains("asks again in 7 days. You can say it 3 more times."));
    assert!(html("invitation-last-not-now").contains("one last time"));
    let needed = html("invitation-needed");
    assert!(!needed.contains("/sign-in/not-now"), "there is nothing to press that would be refused");
}

#[test]
fn an_application_that_vouches_for_itself_is_marked() {
    assert!(html("consent-told").contains("This application registered itself."));
    assert!(
        html("consent-device").contains("Known only by its address, <b class=\"host-inline\">tools.example.net</b>.")
    );
    assert!(!html("consent").contains("registered itself"));
}

#[test]
fn what_is_told_about_a_person_is_named_and_so_is_silence() {
    let (told, silent) = (html("consent-told"), html("consent"));
    assert!(
        told.contains("Be told your name and e-mail address")
            && told.contains("“To sign your notes and to send you a copy”")
    );
    assert!(told.contains("nothing else about you.") && silent.contains("nothing else about you."));
    assert!(!silent.contains("Be told your"));
    for claims in ["profile", "email", "address", "phone", "groups"] {
        assert!(web::tells_about_person(claims), "{claims}");
    }
    assert!(!web::tells_about_person("openid") && !web::tells_about_person("notes.read"));
}

#[test]
fn a_purpose_is_always_quoted_as_the_applications_own() {
    assert!(html("account-data").contains("in its own words: “To show the tides near you”"));
    assert!(html("account-data").contains("No purpose was stated"));
}

#[test]
fn a_device_is_confirmed_with_its_code_its_place_and_a_warning() {
    let page = html("device-confirm");
    for said in ["BCDF-GHJK", "2 minutes ago, from Rotterdam, Netherlands", "Wheelhouse Display", "Did you start this?"]
    {
        assert!(page.contains(said), "{said}");
    }
    assert!(html("device").contains("value=\"\""), "the code is typed, never filled in");
}

#[test]
fn a_wait_says_how_long_and_that_passkeys_still_work() {
    let page = html("wait");
    assert!(page.contains(">2 minutes</strong>") && page.contains("Your passkey still works."));
    assert!(!html("wait-device").contains("passkey still works"));
}

#[test]
fn the_second_factor_page_is_the_same_for_everyone() {
    // The page has no place for what was typed before: not the name, not whether the password was right.
    let page = html("second-factor");
    assert!(
        !page.contains("ines")
            && page.contains("autocomplete=\"one-time-code\"")
            && page.contains("inputmode=\"numeric\"")
    );
}

#[test]
fn forms_that_work_without_a_script_have_their_address_in_the_page() {
    for (page, action) in [
        ("sign-in-password-offered", "/sign-in/name"),
        ("password", "/sign-in/password"),
        ("second-factor", "/sign-in/code"),
        ("recovery-code", "/sign-in/recovery-code"),
        ("choose", "/sign-in/choose"),
        ("invitation", "/sign-in/not-now"),
        ("device", "/device"),
        ("device-confirm", "/device/answer"),
        ("consent", "/authorize/consent"),
        ("sign-out", "/logout/answer"),
        ("form-post", "https://notes.example.com/callback"),
        ("account-password-new", "/account/password"),
        ("account-app", "/account/authenticator-app"),
        ("account-ways", "/account/recovery-codes"),
        ("account-strand-app", "/account/authenticator-app/remove"),
        ("account-sessions", "/account/sessions/end"),
        ("account-sessions", "/account/sessions/end-others"),
        ("account-apps", "/account/apps/withdraw"),
    ] {
        assert!(html(page).contains(&format!(" method=\"post\" action=\"{action}\"")), "{page}: {action}");
    }
}

#[test]
fn what_a_page_needs_of_the_browser_is_what_its_headers_allow() {
    assert_eq!(SignInPage::KIND, web::PageKind::Ceremony);
    assert_eq!(web::InvitationPage::KIND, web::PageKind::Ceremony);
    assert_eq!(web::WaysPage::KIND, web::PageKind::Ceremony);
    assert_eq!(web::PasswordPage::KIND, web::PageKind::Plain);
}
