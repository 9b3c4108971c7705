//! The six questions of the per-file table, answered from one client's configuration as one file gives it.

use crate::{
    Authentication, Client, Fact, List, Looseness, Pkce, Redirect, Value,
    rules::{Judgement, http_redirect},
};

/// An answer of the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Answer {
    /// No.
    No,
    /// Yes.
    Yes,
    /// The question does not arise.
    NotApplicable,
    /// Nobody can tell from this file.
    Unknown,
}

impl Answer {
    /// As written in the table: `0`, `1`, `na`, `unknown`.
    #[must_use]
    pub const fn as_word(self) -> &'static str {
        match self {
            Self::No => "0",
            Self::Yes => "1",
            Self::NotApplicable => "na",
            Self::Unknown => "unknown",
        }
    }

    const fn of(known: Option<bool>) -> Self {
        match known {
            Some(true) => Self::Yes,
            Some(false) => Self::No,
            None => Self::Unknown,
        }
    }
}

/// One row's answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Columns {
    /// An access token would come from the authorization endpoint.
    pub implicit: Answer,
    /// The client may hand over a person's password.
    pub ropc: Answer,
    /// The server refuses a code request without PKCE. Does not arise without the code flow, or where the product has no such switch.
    pub pkce_enforced: Answer,
    /// More than the port of a loopback address may vary in a redirect URI.
    pub wildcard_redirect: Answer,
    /// A redirect URI uses `http` to another machine.
    pub http_non_loopback_redirect: Answer,
    /// The client does not authenticate at the token endpoint.
    pub public_client: Answer,
}

/// Answers for one client, as one file describes it.
#[must_use]
pub fn columns(client: &Client) -> Columns {
    Columns {
        implicit: Answer::of(client.flows.implicit.known().copied()),
        ropc: Answer::of(client.flows.password.known().copied()),
        pkce_enforced: pkce_enforced(client),
        wildcard_redirect: wildcard(&client.redirects),
        http_non_loopback_redirect: match http_redirect::judge(client) {
            Judgement::Holds => Answer::No,
            Judgement::Breaks(_) => Answer::Yes,
            Judgement::Unknown(_) => Answer::Unknown,
        },
        public_client: Answer::of(client.authentication.known().map(|method| *method == Authentication::None)),
    }
}

fn pkce_enforced(client: &Client) -> Answer {
    match (client.flows.code.known(), client.pkce.known()) {
        (Some(false), _) | (_, Some(Pkce::NoSuchSwitch)) => Answer::NotApplicable,
        (None, _) | (Some(true), None) => Answer::Unknown,
        (Some(true), Some(Pkce::RequiredS256 | Pkce::RequiredPlainAllowed)) => Answer::Yes,
        (Some(true), Some(Pkce::NotRequired)) => Answer::No,
    }
}

fn wildcard(redirects: &List<Redirect>) -> Answer {
    let varies = |fact: &Fact<Redirect>| match &fact.value {
        Value::Certain(redirect) | Value::Default(redirect, _) => {
            redirect.looseness().ok().map(|looseness| looseness != Looseness::Fixed)
        }
        Value::Unknown(_) => None,
    };
    let answers: Vec<Option<bool>> = redirects.items.iter().map(varies).collect();
    if answers.contains(&Some(true)) {
        Answer::Yes
    } else if redirects.rest.is_some() || answers.contains(&None) {
        Answer::Unknown
    } else {
        Answer::No
    }
}
