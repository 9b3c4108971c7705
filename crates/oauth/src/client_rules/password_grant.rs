//! People's passwords in the client's hands.

use super::{ClientShape, Rule, Verdict, verdict};

pub(super) const RULE: Rule = Rule {
    id: "password_grant",
    clause: "OAuth 2.1 §10; RFC 9700 §2.4",
    explanation: "The client asks people for their password and passes it on. It sees every password, and no passkey can be used.",
    fix: "Send people to the authorization endpoint instead (response_type=code with PKCE).",
    judge,
};

fn judge(shape: &ClientShape) -> Verdict {
    match &shape.grant_types {
        None => Verdict::Unknown,
        Some(grants) => {
            let doubt = shape.doubts.grant_types.iter().any(|grant| grant == "password");
            verdict(grants.iter().filter(|grant| *grant == "password").cloned().collect(), doubt)
        }
    }
}
