//! Every page in every state, with made-up people: for the preview, and for the tests that hold of all pages.

use model::{ClientId, Entropy, JourneyId, PasskeyId, RequestId, SessionId, SigninMethod, SigninOutcome, Timestamp};
use web::{
    AccountPage, ApplicationRow, Asks, ConsentMemory, ConsentPage, Destination, DisclosureRow, Door, EnrolPage,
    ErrorKind, ErrorPage, Fact, LastUsed, Moment, PasskeyKeeping, PasskeyRow, PasskeyUser, SessionRow, SignInNotice,
    SignInPage, SignInReason, SignedOutPage, SigninProblem, SigninRow, Site, Step, StepAction, StepState, TourPage,
    scope_words,
};

const NOW: Timestamp = Timestamp::from_seconds(1_780_000_000);
const MINUTE: i64 = 60;
const DAY: i64 = 86_400;

/// Every page by name.
pub(crate) fn pages() -> Vec<(String, String)> {
    let site = Site { organisation: "Low Water Trust".into(), host: "localhost".into(), demo: true };
    let site = &site;
    let mut entropy = Entropy::new([7; model::entropy::ENTROPY_BYTES]);
    let journey = JourneyId::fresh(NOW, &mut entropy);
    let request = RequestId::fresh(NOW, &mut entropy);
    let application = Asks::Application { name: "Harbour Notes".into(), host: "notes.example.com".into() };
    let sign_in = |asks, reason, notice, name: &str| {
        SignInPage { site, asks, journey, reason, notice, name: name.to_owned() }.render()
    };
    let mut pages = vec![
        ("sign-in".to_owned(), sign_in(application.clone(), SignInReason::SignIn, SignInNotice::Nothing, "")),
        (
            "sign-in-again".to_owned(),
            sign_in(Asks::MyAccount, SignInReason::SignIn, SignInNotice::StartedAgain, "ines.moreau"),
        ),
        (
            "sign-in-problem".to_owned(),
            sign_in(
                application.clone(),
                SignInReason::SignIn,
                SignInNotice::Problem(SigninProblem::JourneyExpired),
                "",
            ),
        ),
        (
            "confirm".to_owned(),
            sign_in(Asks::MyAccount, SignInReason::ConfirmItsYou, SignInNotice::Nothing, "ines.moreau"),
        ),
        ("enrol".to_owned(), EnrolPage { site }.render()),
        ("signed-out".to_owned(), SignedOutPage { site }.render()),
        ("consent".to_owned(), consent(site, journey, application)),
        (
            "consent-device".to_owned(),
            consent(site, journey, Asks::Application { name: "Depth Gauge".into(), host: String::new() }),
        ),
        ("tour".to_owned(), TourPage { site, doors: doors() }.render()),
    ];
    let account = |passkeys: Vec<PasskeyRow>, full: bool| account(site, passkeys, full, &mut entropy.clone());
    let mut count = 0;
    let mut key = |label: &str, keeping, used: bool| {
        count += 1;
        passkey(PasskeyId::from_bytes([count; 16]), label, keeping, used)
    };
    pages.push((
        "account".to_owned(),
        account(
            vec![
                key("MacBook", PasskeyKeeping::Synced, true),
                key("Security key in the drawer, second floor", PasskeyKeeping::OneDeviceAttested, false),
                key("Phone", PasskeyKeeping::NotYetSynced, false),
            ],
            true,
        ),
    ));
    pages.push((
        "account-one".to_owned(),
        account(vec![key("Windows computer", PasskeyKeeping::OneDevice, true)], false),
    ));
    pages.push(("account-none".to_owned(), account(Vec::new(), false)));
    for kind in ErrorKind::ALL {
        let for_developers = match kind {
            ErrorKind::UnknownRedirect => {
                "redirect_uri is not one of the addresses registered for client harbour-notes."
            }
            _ => "",
        };
        let page = ErrorPage { site, kind: *kind, for_developers: for_developers.to_owned(), request };
        pages.push((format!("error-{kind:?}"), page.render()));
    }
    pages
}

fn consent(site: &Site, journey: JourneyId, asks: Asks) -> String {
    let (destination, memory) = match asks.host() {
        "" => (Destination::ThisDevice, ConsentMemory::AskedEachTime),
        host => (Destination::Host(host.to_owned()), ConsentMemory::Remembered),
    };
    ConsentPage {
        site,
        asks,
        scopes: ["openid", "offline_access", "notes.read"].map(scope_words).into(),
        person: "Inès Moreau".into(),
        destination,
        memory,
        journey,
        csrf: "c3JmLWV4YW1wbGU".into(),
    }
    .render()
}

fn passkey(id: PasskeyId, label: &str, keeping: PasskeyKeeping, used: bool) -> PasskeyRow {
    PasskeyRow {
        id,
        label: label.to_owned(),
        keeping,
        created: Moment::new(NOW.plus_seconds(-90 * DAY), NOW),
        last_used: if used { LastUsed::At(Moment::new(NOW.plus_seconds(-4 * MINUTE), NOW)) } else { LastUsed::Never },
        used_for_this_session: used,
        sessions: usize::from(used),
    }
}

fn account(site: &Site, passkeys: Vec<PasskeyRow>, full: bool, entropy: &mut Entropy) -> String {
    let ago = |minutes: i64| Moment::new(NOW.plus_seconds(-minutes * MINUTE), NOW);
    let applications = vec![
        ApplicationRow {
            client: ClientId::parse("harbour-notes").expect("a valid client id"),
            name: "Harbour Notes".into(),
            host: "notes.example.com".into(),
            may: vec![scope_words("openid").title, scope_words("offline_access").title],
            allowed: ago(60 * 24 * 12),
            last_used: LastUsed::At(ago(3)),
            connected: true,
        },
        ApplicationRow {
            client: ClientId::parse("tide-tables").expect("a valid client id"),
            name: "Tide Tables".into(),
            host: String::new(),
            may: vec![scope_words("openid").title],
            allowed: ago(60 * 24 * 80),
            last_used: LastUsed::Never,
            connected: false,
        },
    ];
    let disclosures = vec![DisclosureRow {
        application: "Tide Tables".into(),
        what: "Your postcode".into(),
        purpose: "To show the tides near you".into(),
        at: ago(60 * 30),
    }];
    let signin =
        |minutes, path: &str, method, outcome| SigninRow { at: ago(minutes), path: path.into(), method, outcome };
    let signins = vec![
        signin(4, "My account", SigninMethod::PasskeyAutofill, SigninOutcome::Success),
        signin(60 * 5, "Harbour Notes", SigninMethod::PasskeyButton, SigninOutcome::Cancelled),
        signin(60 * 24 * 3, "Harbour Notes", SigninMethod::EnrolmentPass, SigninOutcome::Success),
    ];
    AccountPage {
        site,
        person: "Inès Moreau".into(),
        signin_name: "ines.moreau".into(),
        user: PasskeyUser {
            rp_id: "localhost".into(),
            user_id: "AAECAwQFBgcICQoLDA0ODw".into(),
            name: "ines.moreau".into(),
            display_name: "Inès Moreau".into(),
        },
        passkeys,
        sessions: vec![SessionRow {
            id: SessionId::fresh(NOW, entropy),
            this_one: true,
            passkey: "MacBook".into(),
            created: ago(4),
            expires: Moment::new(NOW.plus_seconds(12 * 3_600), NOW),
        }],
        applications: if full { applications } else { Vec::new() },
        disclosures: if full { disclosures } else { Vec::new() },
        signins: if full { signins } else { Vec::new() },
    }
    .render()
}

fn doors() -> Vec<Door> {
    let fact = |name: &str, value: &str| Fact { name: name.into(), value: value.into() };
    let step = |title: &str, why: &str, state, action, facts| Step {
        title: title.into(),
        why: why.into(),
        state,
        action,
        facts,
        help: String::new(),
    };
    let link = |href: &str, label: &str| StepAction::Link { href: href.into(), label: label.into() };
    vec![
        Door {
            id: "sign-in".into(),
            title: "I secure sign-in".into(),
            promise: "Enrol a passkey, sign in to an application with it, and see what was recorded.".into(),
            steps: vec![
                step(
                    "Enrol a passkey",
                    "A link that works once is the only thing that can mint the first passkey.",
                    StepState::Done,
                    link("/enrol", "Enrol again"),
                    vec![fact("Person", "Inès Moreau"), fact("Passkey", "MacBook, synced"), fact("When", "4 minutes ago")],
                ),
                Step {
                    help: "No screen lock or security key on this machine? Open the developer tools, choose WebAuthn, and add a virtual authenticator.".into(),
                    ..step(
                        "Sign in to an application",
                        "Harbour Notes knows nothing about passkeys. It speaks OAuth 2.1 and gets the strength in the token.",
                        StepState::Next,
                        link("http://127.0.0.1:8401/", "Open Harbour Notes"),
                        Vec::new(),
                    )
                },
                step("See the record", "Baselines can't be made up later.", StepState::Locked, StepAction::None, Vec::new()),
            ],
        },
        Door {
            id: "applications".into(),
            title: "I secure applications".into(),
            promise: "Replay a code, bend a redirect, and watch a stolen refresh token end its family.".into(),
            steps: vec![
                step(
                    "Replay a code",
                    "A code that is presented twice means that somebody else has it.",
                    StepState::Open,
                    StepAction::Post { action: "/tour/replay".into(), label: "Replay it".into() },
                    vec![fact("Answer", "400 invalid_grant"), fact("Refresh family", "revoked in the same commit")],
                ),
                step("Bend the redirect", "One wrong character must never lead away.", StepState::Locked, StepAction::None, Vec::new()),
            ],
        },
    ]
}
