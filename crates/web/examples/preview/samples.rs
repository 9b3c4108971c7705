//! Every page in every state, with made-up people: for the preview, and for the tests that hold of all pages.

use model::{Entropy, JourneyId, RequestId, Timestamp};
use web::{
    Asks, ChooserPage, ClientMark, Computer, EnrolPage, ErrorKind, ErrorPage, InvitationPage, OtherFactor,
    PasswordOffer, PasswordPage, SecondFactor, SecondFactorPage, SignInNotice, SignInPage, SignInReason, SignedOutPage,
    SigninProblem, Site, TourPage, WaitPage, WaitReason, WorkstationPage,
};

#[path = "account.rs"]
mod account;
#[path = "applications.rs"]
mod applications;
#[path = "tour.rs"]
mod tour;

const NOW: Timestamp = Timestamp::from_seconds(1_780_000_000);
const MINUTE: i64 = 60;
const DAY: i64 = 86_400;
const SHARED: Computer = Computer::Shared { idle_minutes: 5 };

/// What all samples share.
struct Stage {
    site: Site,
    journey: JourneyId,
    entropy: Entropy,
}

impl Stage {
    fn harbour_notes() -> Asks {
        Asks::Application { name: "Harbour Notes".into(), host: "notes.example.com".into() }
    }
}

type Pages = Vec<(String, String)>;

/// Every page by name.
pub(crate) fn pages() -> Pages {
    let mut entropy = Entropy::new([7; model::entropy::ENTROPY_BYTES]);
    let journey = JourneyId::fresh(NOW, &mut entropy);
    let site = Site { organisation: "Low Water Trust".into(), host: "localhost".into(), demo: true };
    let request = RequestId::fresh(NOW, &mut entropy);
    let stage = Stage { site, journey, entropy };
    let mut pages = sign_in(&stage);
    pages.extend(with_a_password(&stage));
    pages.extend(applications::pages(&stage));
    pages.extend(account::pages(&stage));
    pages.push(("enrol".into(), EnrolPage { site: &stage.site }.render()));
    pages.push(("signed-out".into(), SignedOutPage { site: &stage.site }.render()));
    pages.push(("tour".into(), TourPage { site: &stage.site, doors: tour::doors() }.render()));
    for (name, computer) in [("workstation", Computer::Own), ("workstation-marked", SHARED)] {
        pages.push((name.into(), WorkstationPage { site: &stage.site, computer }.render()));
    }
    for kind in ErrorKind::ALL {
        let for_developers = match kind {
            ErrorKind::UnknownRedirect => {
                "redirect_uri is not one of the addresses registered for client harbour-notes."
            }
            _ => "",
        };
        let page = ErrorPage { site: &stage.site, kind: *kind, for_developers: for_developers.to_owned(), request };
        pages.push((format!("error-{kind:?}"), page.render()));
    }
    pages
}

fn sign_in(stage: &Stage) -> Pages {
    let page = || SignInPage {
        site: &stage.site,
        asks: Stage::harbour_notes(),
        journey: stage.journey,
        reason: SignInReason::SignIn,
        notice: SignInNotice::Nothing,
        name: String::new(),
        password: PasswordOffer::Hidden,
        computer: Computer::Own,
    };
    let step_up = |says: &[&str]| SignInReason::StepUp { says: says.iter().map(|line| (*line).to_owned()).collect() };
    let problem = |problem| SignInNotice::Problem(problem);
    let states = [
        ("sign-in", page()),
        ("sign-in-password-offered", SignInPage { password: PasswordOffer::Offered, ..page() }),
        ("sign-in-shared", SignInPage { computer: SHARED, ..page() }),
        (
            "sign-in-again",
            SignInPage {
                asks: Asks::MyAccount,
                notice: SignInNotice::StartedAgain,
                name: "ines.moreau".into(),
                ..page()
            },
        ),
        ("sign-in-problem", SignInPage { notice: problem(SigninProblem::JourneyExpired), ..page() }),
        (
            "confirm",
            SignInPage {
                asks: Asks::MyAccount,
                reason: SignInReason::ConfirmItsYou,
                name: "ines.moreau".into(),
                ..page()
            },
        ),
        (
            "step-up",
            SignInPage {
                reason: step_up(&[
                    "A passkey that stays on one device is needed here.",
                    "You must have signed in within the last 15 minutes. Payments are reviewed every quarter.",
                ]),
                ..page()
            },
        ),
        (
            "step-up-asked",
            SignInPage { reason: step_up(&[]), notice: problem(SigninProblem::RequirementNotMet), ..page() },
        ),
    ];
    states.into_iter().map(|(name, page)| (name.to_owned(), page.render())).collect()
}

fn with_a_password(stage: &Stage) -> Pages {
    let Stage { site, journey, .. } = stage;
    let password = |problem| {
        let name = "ines.moreau@low-water-trust.example".to_owned();
        PasswordPage { site, asks: Stage::harbour_notes(), journey: *journey, name, problem }.render()
    };
    let factor = |with, other, problem| {
        SecondFactorPage { site, asks: Stage::harbour_notes(), journey: *journey, with, other, problem }.render()
    };
    let wait = |reason, seconds| WaitPage { site, reason, seconds, again: format!("/sign-in?j={journey}") }.render();
    let invited = |not_now_left, snooze_days| {
        InvitationPage { site, asks: Stage::harbour_notes(), journey: *journey, not_now_left, snooze_days }.render()
    };
    let chooser = |computer| {
        let (person, signin_name) = ("Inès Moreau".to_owned(), "ines.moreau".to_owned());
        ChooserPage { site, asks: Stage::harbour_notes(), journey: *journey, person, signin_name, computer }.render()
    };
    let states = [
        ("password", password(None)),
        ("password-failed", password(Some(SigninProblem::SignInFailed))),
        ("second-factor", factor(SecondFactor::AuthenticatorApp, OtherFactor::Offered, None)),
        (
            "second-factor-malformed",
            factor(SecondFactor::AuthenticatorApp, OtherFactor::Hidden, Some(SigninProblem::CodeInvalid)),
        ),
        ("recovery-code", factor(SecondFactor::RecoveryCode, OtherFactor::Offered, None)),
        ("wait", wait(WaitReason::TooManyTries, 120)),
        ("wait-busy", wait(WaitReason::Busy, 3)),
        ("wait-device", wait(WaitReason::TooManyDeviceCodes, 45)),
        ("choose", chooser(Computer::Own)),
        ("choose-shared", chooser(SHARED)),
        ("invitation", invited(3, 7)),
        ("invitation-last-not-now", invited(1, 0)),
        ("invitation-needed", invited(0, 7)),
    ];
    states.into_iter().map(|(name, html)| (name.to_owned(), html)).collect()
}

/// Marks of applications, from the most to the least trusted.
fn marks() -> [ClientMark; 3] {
    [ClientMark::Registered, ClientMark::RegisteredItself, ClientMark::Document { host: "tools.example.net".into() }]
}
