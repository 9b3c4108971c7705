//! Codes in clear text on the network.

use super::{ClientShape, Rule, Verdict, judge_redirects};
use crate::{RedirectFault, RedirectUri};

pub(super) const RULE: Rule = Rule {
    id: "http_redirect",
    clause: "OAuth 2.1 §1.5, §8.4.2",
    explanation: "A redirect URI uses http to another machine: everyone on the way can read the code.",
    fix: "Use https. http is for 127.0.0.1, [::1] and, while developing, localhost.",
    judge,
};

fn judge(shape: &ClientShape) -> Verdict {
    judge_redirects(shape, |uri| RedirectUri::parse(uri) == Err(RedirectFault::HttpNotLoopback))
}
