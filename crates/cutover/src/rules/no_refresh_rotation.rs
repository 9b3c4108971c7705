//! Refresh tokens that stay good in the hands of whoever copied them.

use super::{Evidence, Judgement, Needs, Rule, Texts};
use crate::{Authentication, Client, RefreshRotation, Severity};

pub(super) static RULE: Rule = Rule {
    id: "no_refresh_rotation",
    title: "Refresh tokens are not rotated",
    texts: Texts::Own {
        clause: "OAuth 2.1 §4.3.1; RFC 9700 §4.14.2",
        explanation: "A public client's refresh token stays the same when it is used, so a copy of it is noticed by nobody.",
        fix: "Switch rotation with reuse detection on, and see that the application stores the new token it receives.",
    },
    needs: Needs::Client,
    severity: |_| Severity::Medium,
    judge,
};

fn judge(client: &Client) -> Judgement {
    // OAuth 2.1 §4.3.1 asks it of public clients; a confidential one must authenticate to use the token.
    if client.authentication.known().is_some_and(|method| *method != Authentication::None)
        || client.flows.refresh_token.known() == Some(&false)
    {
        return Judgement::Holds;
    }
    let rotation = || {
        Evidence::of(&client.refresh_rotation, "refresh token rotation", |_| {
            "refresh tokens are not rotated".to_owned()
        })
    };
    match client.refresh_rotation.known() {
        Some(RefreshRotation::Rotates | RefreshRotation::NoneIssued) => Judgement::Holds,
        None => Judgement::Unknown(vec![rotation()]),
        Some(RefreshRotation::Stays) => {
            if client.authentication.known().is_none() {
                Judgement::Unknown(vec![Evidence::of(&client.authentication, "authentication", |_| String::new())])
            } else if client.flows.refresh_token.known().is_none() {
                Judgement::Unknown(vec![Evidence::of(&client.flows.refresh_token, "refresh tokens", |_| String::new())])
            } else {
                Judgement::Breaks(vec![rotation()])
            }
        }
    }
}
