//! Redirect URIs that run something, or that any program may claim.

use super::{ClientShape, Rule, Verdict, judge_redirects};
use crate::{RedirectFault, RedirectUri};

pub(super) const RULE: Rule = Rule {
    id: "dangerous_scheme_redirect",
    clause: "OAuth 2.1 §2.3.1, §8.4.3; RFC 8252 §7.1, §8.4",
    explanation: "A redirect URI has a scheme that runs or reads something (javascript, data, file …), or a private scheme without a period, which any program may claim.",
    fix: "Use https, or a private scheme made of a domain that you hold, backwards (com.example.app:/callback).",
    judge,
};

fn judge(shape: &ClientShape) -> Verdict {
    judge_redirects(shape, |uri| {
        matches!(RedirectUri::parse(uri), Err(RedirectFault::DangerousScheme | RedirectFault::SchemeWithoutPeriod))
    })
}
