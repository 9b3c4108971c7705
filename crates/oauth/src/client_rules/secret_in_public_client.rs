//! Secrets in programs that everyone can read.

use super::{ClientShape, Rule, Verdict};
use crate::ClientKind;

pub(super) const RULE: Rule = Rule {
    id: "secret_in_public_client",
    clause: "OAuth 2.1 §2.1, §8.1; RFC 10017",
    explanation: "The client runs in a browser or on people's devices, where its secret can be read; a secret there proves nothing.",
    fix: "Register it without a secret (token_endpoint_auth_method none), or move the token request to a server.",
    judge,
};

fn judge(shape: &ClientShape) -> Verdict {
    match shape.kind {
        // Whatever it is, it has no secret to lose.
        None if shape.has_secret == Some(false) && shape.auth_method.as_deref() == Some("none") => Verdict::Holds,
        None => Verdict::Unknown,
        Some(ClientKind::Web | ClientKind::Service) => Verdict::Holds,
        Some(ClientKind::Browser | ClientKind::Native) => match (shape.has_secret, shape.auth_method.as_deref()) {
            (Some(true), method) => Verdict::Breaks { evidence: method.map(str::to_owned).into_iter().collect() },
            (_, Some(method)) if method != "none" => Verdict::Breaks { evidence: vec![method.to_owned()] },
            (Some(false), _) | (None, Some(_)) => Verdict::Holds,
            (None, None) => Verdict::Unknown,
        },
    }
}
