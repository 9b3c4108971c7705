//! The pages: what each shows, in words. Templates only lay it out.

use askama::Template;
use serde_json::{Map, Value};

use crate::{
    app::App,
    attacks::{RedirectAnswer, ReplayOutcome, Verdict, WrongRedirectOutcome},
    tokens::{GrantFault, Tokens},
    visits::{SignedIn, VaultProof, Visit},
};

/// Longest value shown, in characters, and most rows in a table.
const VALUE_CHARS_MAX: usize = 200;
const ROWS_MAX: usize = 32;

/// Something that just happened, told once at the next page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Notice {
    Refreshed,
    RefreshFailed(String),
    UserinfoAnswered,
    UserinfoFailed(String),
    SignedOut,
}

/// Why a request did not do what it was meant to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Problem {
    NotFound,
    ForeignPost,
    NotStartedHere,
    OtherIssuer,
    Declined,
    NotAuthorized,
    Grant(GrantFault),
}

/// How something ended: a word and a sign, never colour alone.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Tone {
    Good,
    Bad,
    Plain,
}

impl Tone {
    const fn class(self) -> &'static str {
        match self {
            Self::Good => "good",
            Self::Bad => "bad",
            Self::Plain => "plain",
        }
    }
    const fn sign(self) -> &'static str {
        match self {
            Self::Good => "✓",
            Self::Bad => "✕",
            Self::Plain => "·",
        }
    }
}

/// One line with its tone.
struct Line {
    tone: Tone,
    text: String,
}

impl Line {
    fn new(tone: Tone, text: impl Into<String>) -> Self {
        Self { tone, text: text.into() }
    }
}

/// One claim: its name, what the name means, and its value.
struct ClaimRow {
    name: String,
    meaning: &'static str,
    value: String,
}

/// One line of the list of tokens held.
struct TokenRow {
    name: &'static str,
    what: String,
}

#[derive(Template)]
#[template(path = "home.html")]
struct HomePage<'a> {
    tour_url: &'a str,
    issuer: &'a str,
    notice: Option<Line>,
    redirect: Vec<Line>,
}

#[derive(Template)]
#[template(path = "signed_in.html")]
struct SignedInPage<'a> {
    tour_url: &'a str,
    issuer: &'a str,
    notice: Option<Line>,
    signed_in_ago: String,
    subject: String,
    scopes: Vec<String>,
    claims: Vec<ClaimRow>,
    tokens: Vec<TokenRow>,
    refreshes: u32,
    userinfo: Option<Vec<(String, String)>>,
    vault: Vec<Line>,
    replay: Vec<Line>,
    redirect: Vec<Line>,
}

#[derive(Template)]
#[template(path = "problem.html")]
struct ProblemPage {
    title: &'static str,
    text: String,
    next: &'static str,
}

/// The first page: the way in, or what a signed-in visitor sees.
pub(crate) fn home(app: &App, visit: &mut Visit, now: i64) -> String {
    let notice = visit.notice.take().as_ref().map(notice_line);
    let config = &app.settings.config;
    let redirect = visit.wrong_redirect.as_ref().map_or_else(Vec::new, redirect_lines);
    match &visit.signed_in {
        None => draw(&HomePage { tour_url: &config.tour_url, issuer: &config.issuer, notice, redirect }),
        Some(signed_in) => draw(&SignedInPage {
            tour_url: &config.tour_url,
            issuer: &config.issuer,
            notice,
            signed_in_ago: span(now - signed_in.at),
            subject: signed_in.claims.subject().to_owned(),
            scopes: signed_in.scope.split(' ').filter(|s| !s.is_empty()).take(ROWS_MAX).map(str::to_owned).collect(),
            claims: claim_rows(signed_in, now),
            tokens: token_rows(&signed_in.tokens, now),
            refreshes: signed_in.refreshes,
            userinfo: signed_in.userinfo.clone(),
            vault: signed_in.vault.as_ref().map_or_else(Vec::new, |proof| vault_lines(proof, now)),
            replay: visit.replay.as_ref().map_or_else(Vec::new, replay_lines),
            redirect,
        }),
    }
}

/// A page that says what went wrong and what to do.
pub(crate) fn problem(problem: &Problem) -> String {
    let (title, text, next) = match problem {
        Problem::NotFound => ("There is no such page", "Nothing lives at this address.".to_owned(), "Go to the first page."),
        Problem::ForeignPost => (
            "That button was not pressed here",
            "The request came from another site, so nothing was done.".to_owned(),
            "Use the buttons on Harbour Notes' own pages.",
        ),
        Problem::NotStartedHere => (
            "This sign-in did not start here",
            "The answer does not belong to a sign-in that this browser began, or it was used already. Nobody was signed in."
                .to_owned(),
            "Start again from the first page.",
        ),
        Problem::OtherIssuer => (
            "The answer came from somewhere else",
            "Harbour Notes asked one sign-in service and another one answered. Nobody was signed in.".to_owned(),
            "Start again from the first page.",
        ),
        Problem::Declined => (
            "You chose not to continue",
            "Harbour Notes received nothing about you.".to_owned(),
            "You can sign in whenever you like.",
        ),
        Problem::NotAuthorized => (
            "The sign-in service said no",
            "It refused this sign-in and told Harbour Notes nothing about you.".to_owned(),
            "Start again from the first page.",
        ),
        Problem::Grant(fault) => (
            "Signing in did not work",
            format!("What happened: {fault}. Nobody was signed in."),
            "Start again from the first page.",
        ),
    };
    draw(&ProblemPage { title, text, next })
}

/// A page without its layout cannot happen: templates are compiled in, and writing to a String does not fail.
fn draw(page: &impl Template) -> String {
    page.render().expect("a compiled template writes to a String without failing")
}

fn notice_line(notice: &Notice) -> Line {
    match notice {
        Notice::Refreshed => {
            Line::new(Tone::Good, "Refreshed: the old refresh token is spent and a new one took its place.")
        }
        Notice::RefreshFailed(why) => Line::new(Tone::Bad, format!("Not refreshed: {why}. Sign in again to go on.")),
        Notice::UserinfoAnswered => Line::new(Tone::Good, "Userinfo answered. What it said is listed below."),
        Notice::UserinfoFailed(why) => {
            Line::new(Tone::Bad, format!("Userinfo did not answer: {why}. Try “Refresh now” first."))
        }
        Notice::SignedOut => Line::new(
            Tone::Plain,
            "You are signed out of Harbour Notes. You may still be signed in to the sign-in service.",
        ),
    }
}

fn vault_lines(proof: &VaultProof, now: i64) -> Vec<Line> {
    vec![Line::new(
        Tone::Good,
        format!(
            "The vault is open: you proved who you are {} ago, by something that can't be phished ({}).",
            span(now - proof.proved_at),
            cut(&proof.acr)
        ),
    )]
}

fn replay_lines(outcome: &ReplayOutcome) -> Vec<Line> {
    let code = match &outcome.code {
        Verdict::Refused { status, error } => {
            Line::new(Tone::Good, format!("The spent code was refused: {error} (status {status})."))
        }
        Verdict::Granted => Line::new(Tone::Bad, "The spent code was accepted a second time. It must not be."),
        Verdict::Unknown { reason } => Line::new(Tone::Plain, format!("No verdict on the code: {reason}.")),
    };
    let refresh = match &outcome.refresh {
        Verdict::Refused { status, error } => Line::new(
            Tone::Good,
            format!(
                "The refresh token that the first redemption brought is dead too: {error} (status {status}). \
                 A thief who got there first would hold nothing either."
            ),
        ),
        Verdict::Granted => Line::new(
            Tone::Plain,
            "The refresh token still works: the code was too old to be recognised as a replay. Sign in again and try at once.",
        ),
        Verdict::Unknown { reason } => Line::new(Tone::Plain, format!("No verdict on the refresh token: {reason}.")),
    };
    vec![code, refresh]
}

fn redirect_lines(outcome: &WrongRedirectOutcome) -> Vec<Line> {
    let asked =
        Line::new(Tone::Plain, format!("Asked for a code to be sent to {}, which is not registered.", outcome.address));
    let answer = match &outcome.answer {
        RedirectAnswer::ErrorPage { status } => Line::new(
            Tone::Good,
            format!("Refused with an error page (status {status}). The answer sends the browser nowhere."),
        ),
        RedirectAnswer::Followed { status } => {
            Line::new(Tone::Bad, format!("The sign-in service went along with it (status {status}). It must not."))
        }
        RedirectAnswer::Unknown { reason } => Line::new(Tone::Plain, format!("No verdict: {reason}.")),
    };
    vec![asked, answer]
}

fn token_rows(tokens: &Tokens, now: i64) -> Vec<TokenRow> {
    let left = tokens.access_expires - now;
    let access = if left > 0 {
        format!("one, good for {} more", span(left))
    } else {
        "one, expired: refresh to get another".to_owned()
    };
    let refresh = match (&tokens.refresh, tokens.refresh_refused) {
        (Some(_), false) => "one, to be used once; using it brings the next".to_owned(),
        (Some(_), true) => "one, dead: the sign-in service refused it".to_owned(),
        (None, _) => "none".to_owned(),
    };
    vec![
        TokenRow { name: "Access token", what: access },
        TokenRow { name: "Refresh token", what: refresh },
        TokenRow { name: "Received", what: format!("{} ago", span(now - tokens.received)) },
    ]
}

fn claim_rows(signed_in: &SignedIn, now: i64) -> Vec<ClaimRow> {
    let row = |(name, value): (&str, &Value)| ClaimRow {
        name: cut(name),
        meaning: meaning(name),
        value: match (name, value.as_i64()) {
            ("exp" | "iat" | "nbf" | "auth_time", Some(seconds)) => moment(seconds, now),
            _ => plain(value),
        },
    };
    signed_in.claims.all().take(ROWS_MAX).map(row).collect()
}

/// Names and values as text, for a table.
pub(crate) fn plain_rows(claims: &Map<String, Value>) -> Vec<(String, String)> {
    claims.iter().take(ROWS_MAX).map(|(name, value)| (cut(name), plain(value))).collect()
}

fn plain(value: &Value) -> String {
    match value {
        Value::Null => "nothing".to_owned(),
        Value::Bool(true) => "yes".to_owned(),
        Value::Bool(false) => "no".to_owned(),
        Value::Number(number) => number.to_string(),
        Value::String(text) => cut(text),
        Value::Array(items) => cut(&items.iter().take(ROWS_MAX).map(plain).collect::<Vec<_>>().join(", ")),
        Value::Object(members) => cut(&members.keys().take(ROWS_MAX).cloned().collect::<Vec<_>>().join(", ")),
    }
}

fn cut(text: &str) -> String {
    match text.char_indices().nth(VALUE_CHARS_MAX) {
        None => text.to_owned(),
        Some((end, _)) => format!("{}…", &text[..end]),
    }
}

/// What a registered claim means, in a few words (OpenID Connect Core §2, RFC 7519 §4.1).
fn meaning(name: &str) -> &'static str {
    match name {
        "iss" => "who says so",
        "sub" => "you, as this application knows you",
        "aud" => "whom it was said to",
        "exp" => "worth believing until",
        "nbf" => "worth believing from",
        "iat" => "said at",
        "auth_time" => "when you proved who you are",
        "nonce" => "ties it to the sign-in that was asked for",
        "acr" => "how strong the proof was",
        "amr" => "how you proved it",
        "azp" => "the application it was made for",
        "sid" => "the session it belongs to",
        "at_hash" => "ties it to the access token",
        "jti" => "its own serial number",
        _ => "",
    }
}

fn moment(seconds: i64, now: i64) -> String {
    if seconds >= now {
        format!("{seconds} (in {})", span(seconds - now))
    } else {
        format!("{seconds} ({} ago)", span(now - seconds))
    }
}

/// A length of time in the two largest units that fit.
fn span(seconds: i64) -> String {
    let s = seconds.max(0);
    match s {
        0..=59 => format!("{s} s"),
        60..=3_599 => format!("{} min {} s", s / 60, s % 60),
        3_600..=86_399 => format!("{} h {} min", s / 3_600, s % 3_600 / 60),
        _ => format!("{} d {} h", s / 86_400, s % 86_400 / 3_600),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_read_well() {
        assert_eq!(span(-3), "0 s");
        assert_eq!(span(298), "4 min 58 s");
        assert_eq!(span(3_600), "1 h 0 min");
        assert_eq!(span(90_000), "1 d 1 h");
    }

    #[test]
    fn values_are_cut_at_a_character_and_markup_is_escaped() {
        assert_eq!(cut(&"ß".repeat(300)).chars().count(), VALUE_CHARS_MAX + 1);
        let html = problem(&Problem::Grant(GrantFault::Refused { status: 400, error: "<script>".into() }));
        assert!(!html.contains("<script>"));
    }
}
