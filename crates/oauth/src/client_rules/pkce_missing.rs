//! Codes that whoever steals them can redeem.

use super::{ClientShape, PkceUse, Rule, Verdict};

pub(super) const RULE: Rule = Rule {
    id: "pkce_missing",
    clause: "OAuth 2.1 §4.1.1, §7.5.1; RFC 7636",
    explanation: "The client does not prove that it is the one who asked for the code (PKCE with S256).",
    fix: "Send code_challenge with code_challenge_method=S256, and code_verifier when redeeming. Most libraries have a switch for it.",
    judge,
};

fn judge(shape: &ClientShape) -> Verdict {
    // Where no code is ever asked for, there is nothing to protect.
    let is_code = |grant: &String| grant == "authorization_code";
    let (without_code, doubt) = match &shape.grant_types {
        Some(grants) if grants.iter().any(is_code) => (false, false),
        Some(_) => (true, shape.doubts.grant_types.iter().any(is_code)),
        None => (false, false),
    };
    if without_code && !doubt {
        return Verdict::Holds;
    }
    match shape.pkce {
        None => Verdict::Unknown,
        // Whether there is anything to protect is not known.
        Some(PkceUse::Plain | PkceUse::Missing) if doubt => Verdict::Unknown,
        Some(PkceUse::S256) => Verdict::Holds,
        Some(PkceUse::Plain) => Verdict::Breaks { evidence: vec!["plain".to_owned()] },
        Some(PkceUse::Missing) => Verdict::Breaks { evidence: Vec::new() },
    }
}
