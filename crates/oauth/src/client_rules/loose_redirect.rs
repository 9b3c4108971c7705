//! Redirect URIs that are not one plain, full address.

use super::{ClientShape, Rule, Verdict, judge_redirects};
use crate::{RedirectFault, RedirectUri};

pub(super) const RULE: Rule = Rule {
    id: "loose_redirect",
    clause: "OAuth 2.1 §2.3, §2.3.1, §4.1.1; RFC 9700 §2.1",
    explanation: "A redirect URI is a pattern, or an address that programs read in different ways, so that codes can be led astray.",
    fix: "Register each address in full, exactly as the client sends it.",
    judge,
};

fn judge(shape: &ClientShape) -> Verdict {
    if let Some(varying) = &shape.varying_redirect_uris {
        return judge_redirects(shape, |uri| varying.iter().any(|text| text == uri));
    }
    judge_redirects(shape, |uri| match RedirectUri::parse(uri) {
        Ok(_) => false,
        // These two have rules of their own.
        Err(RedirectFault::HttpNotLoopback | RedirectFault::DangerousScheme | RedirectFault::SchemeWithoutPeriod) => {
            false
        }
        Err(_) => true,
    })
}
