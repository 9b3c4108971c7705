//! Tokens in the authorization response.

use super::{ClientShape, Rule, Verdict, verdict};

pub(super) const RULE: Rule = Rule {
    id: "implicit",
    clause: "OAuth 2.1 §10.1; RFC 9700 §2.1.2",
    explanation: "The client asks for tokens in the browser's address, where history, logs and other sites can read them.",
    fix: "Use response_type=code with PKCE, and fetch the tokens from the token endpoint.",
    judge,
};

fn judge(shape: &ClientShape) -> Verdict {
    if shape.response_types.is_none() && shape.grant_types.is_none() {
        return Verdict::Unknown;
    }
    let mut evidence: Vec<String> = Vec::new();
    for response_type in shape.response_types.iter().flatten() {
        // OAuth 2.1 §10.1 leaves id_token alone standing; hybrid and token responses carry more than that and are refused here alike.
        if is_front_channel(response_type) {
            evidence.push(response_type.clone());
        }
    }
    evidence.extend(shape.grant_types.iter().flatten().filter(|grant| *grant == "implicit").cloned());
    let doubt = shape.doubts.response_types.iter().any(|response_type| is_front_channel(response_type))
        || shape.doubts.grant_types.iter().any(|grant| grant == "implicit");
    verdict(evidence, doubt)
}

fn is_front_channel(response_type: &str) -> bool {
    response_type.split(' ').any(|part| part != "code" && part != "none")
}
