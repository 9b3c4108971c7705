//! The tour, half walked.

use web::{Door, Fact, Step, StepAction, StepState};

pub(super) fn doors() -> Vec<Door> {
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
                step(
                    "Ask for more",
                    "A sensitive part of Harbour Notes asks for a proof of this moment, and finds it in the token.",
                    StepState::Locked,
                    StepAction::None,
                    Vec::new(),
                ),
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
                step(
                    "Take an application's access away",
                    "One press ends its tokens. The next refresh is refused.",
                    StepState::Open,
                    link("/account/apps", "Open my applications"),
                    vec![fact("Access withdrawn", "1 time"), fact("Next refresh", "400 invalid_grant")],
                ),
                step(
                    "See who has seen your data",
                    "Every first telling leaves a receipt before the answer goes out.",
                    StepState::Open,
                    link("/account/data", "Open my data"),
                    vec![fact("Receipts", "1")],
                ),
            ],
        },
    ]
}
