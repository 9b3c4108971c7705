//! Programs that could prove who they are at the token endpoint, and don't.

use super::{Evidence, Judgement, Needs, Rule, Texts};
use crate::{Authentication, Client, ClientKind, Severity};

pub(super) static RULE: Rule = Rule {
    id: "weak_client_authentication",
    title: "A server program that does not authenticate",
    texts: Texts::Own {
        clause: "OAuth 2.1 §2.1, §3.2.2; RFC 9700 §2.5",
        explanation: "The client runs on a server, where it could keep a key or a secret, and the token endpoint asks it for neither.",
        fix: "Register it as a confidential client, best with private_key_jwt or a workload's identity, so that no secret is shared.",
    },
    needs: Needs::Client,
    severity: |_| Severity::Medium,
    judge,
};

fn judge(client: &Client) -> Judgement {
    let method = client.authentication.known();
    match (client.kind.known(), method) {
        (Some(ClientKind::Browser | ClientKind::Native), _) => Judgement::Holds,
        (_, Some(method)) if *method != Authentication::None => Judgement::Holds,
        (Some(ClientKind::Web | ClientKind::Service), Some(_)) => Judgement::Breaks(vec![
            Evidence::of(&client.kind, "kind", |kind| format!("it is registered as {}", kind.as_str())),
            Evidence::of(&client.authentication, "authentication", |method| method.name().to_owned()),
        ]),
        (None, Some(_)) => Judgement::Unknown(vec![Evidence::of(&client.kind, "kind of program", |_| String::new())]),
        (None | Some(ClientKind::Web | ClientKind::Service), None) => {
            Judgement::Unknown(vec![Evidence::of(&client.authentication, "authentication", |_| String::new())])
        }
    }
}

impl Authentication {
    /// For people.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::None => "it does not authenticate at the token endpoint",
            Self::Secret => "it authenticates with a secret",
            Self::SecretBasic => "it authenticates with client_secret_basic",
            Self::SecretPost => "it authenticates with client_secret_post",
            Self::SecretJwt => "it authenticates with client_secret_jwt",
            Self::PrivateKeyJwt => "it authenticates with private_key_jwt",
            Self::MutualTls => "it authenticates with mutual TLS",
        }
    }
}
