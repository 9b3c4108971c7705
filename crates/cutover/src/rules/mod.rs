//! The rules on clients. One file each; the id is the same at registration, in the inventory and wherever else a client is judged.
//!
//! Rules that registration knows as well ask the very predicate that registration asks (`oauth::client_rules`), and take over its words.
//! The others need facts that only a foreign configuration holds, such as lifetimes.

mod dangerous_scheme_redirect;
pub(crate) mod http_redirect;
mod implicit;
mod judgement;
mod long_lived_access_token;
mod long_lived_refresh;
mod loose_redirect;
mod no_refresh_rotation;
mod password_grant;
mod pkce_missing;
mod pkce_plain;
mod redirects;
mod secret_in_public_client;
mod weak_client_authentication;
mod wide_cors;

use oauth::client_rules::{self, ClientShape, Verdict};

use crate::{Client, Severity};

pub use judgement::{Evidence, Judgement};

/// One rule.
#[derive(Debug)]
pub struct Rule {
    /// Named for the fault.
    pub id: &'static str,
    /// A few words, for headings.
    pub title: &'static str,
    /// Words that registration has not got already.
    texts: Texts,
    /// What the rule needs to be broken by somebody from outside.
    pub needs: Needs,
    /// How bad it is for this client, once it is broken and can be reached.
    pub(crate) severity: fn(&Client) -> Severity,
    /// The predicate.
    pub judge: fn(&Client) -> Judgement,
}

/// What must be switched on for a broken rule to matter today.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Needs {
    /// Only the client itself.
    Client,
    /// A flow by which answers go to a redirect URI.
    Redirects,
}

/// Where a rule's words come from.
#[derive(Debug)]
enum Texts {
    /// From registration's rule of the same id.
    Registration,
    /// From here.
    Own { clause: &'static str, explanation: &'static str, fix: &'static str },
}

/// Every rule, in the order in which people should read them.
pub static RULES: [&Rule; 13] = [
    &implicit::RULE,
    &password_grant::RULE,
    &pkce_missing::RULE,
    &pkce_plain::RULE,
    &loose_redirect::RULE,
    &http_redirect::RULE,
    &dangerous_scheme_redirect::RULE,
    &secret_in_public_client::RULE,
    &weak_client_authentication::RULE,
    &no_refresh_rotation::RULE,
    &long_lived_refresh::RULE,
    &long_lived_access_token::RULE,
    &wide_cors::RULE,
];

impl Rule {
    /// The rule of this id.
    #[must_use]
    pub fn named(id: &str) -> Option<&'static Self> {
        RULES.into_iter().find(|rule| rule.id == id)
    }

    /// Where it is written.
    #[must_use]
    pub fn clause(&self) -> &'static str {
        match self.texts {
            Texts::Registration => registration(self.id).clause,
            Texts::Own { clause, .. } => clause,
        }
    }

    /// What is wrong, for a person.
    #[must_use]
    pub fn explanation(&self) -> &'static str {
        match self.texts {
            Texts::Registration => registration(self.id).explanation,
            Texts::Own { explanation, .. } => explanation,
        }
    }

    /// What to do, for the same person.
    #[must_use]
    pub fn fix(&self) -> &'static str {
        match self.texts {
            Texts::Registration => registration(self.id).fix,
            Texts::Own { fix, .. } => fix,
        }
    }

    /// Whether new clients at Lockgate itself are held to the same predicate.
    #[must_use]
    pub const fn is_registrations(&self) -> bool {
        matches!(self.texts, Texts::Registration)
    }
}

/// What registration's predicate of this id says about a shape.
fn ask(id: &str, shape: &ClientShape) -> Verdict {
    (registration(id).judge)(shape)
}

fn registration(id: &str) -> &'static client_rules::Rule {
    client_rules::RULES
        .iter()
        .find(|rule| rule.id == id)
        .expect("the ids named here are registration's, which a test checks for every rule")
}

#[cfg(test)]
mod tests;
