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
    if shape.grant_types.as_ref().is_some_and(|grants| !grants.iter().any(|grant| grant == "authorization_code")) {
        return Verdict::Holds;
    }
    match shape.pkce {
        None => Verdict::Unknown,
        Some(PkceUse::S256) => Verdict::Holds,
        Some(PkceUse::Plain) => Verdict::Breaks { evidence: vec!["plain".to_owned()] },
        Some(PkceUse::Missing) => Verdict::Breaks { evidence: Vec::new() },
    }
}
