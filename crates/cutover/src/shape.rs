//! A client as the client rules of `oauth` see one. What they predict here is what registration enforces.

use oauth::client_rules::{ClientShape, Doubts, PkceUse};

use crate::{Authentication, Client, Fact, Flow, Flows, Pkce};

/// Everything but redirect URIs, which each rule on them lowers in its own way.
pub(crate) fn of(client: &Client) -> ClientShape {
    let Flows { code, implicit, password, client_credentials, refresh_token, device_code } = &client.flows;
    let (grant_types, doubtful_grants) = sorted(&[
        ("authorization_code", code),
        ("implicit", implicit),
        ("password", password),
        ("client_credentials", client_credentials),
        ("refresh_token", refresh_token),
        ("urn:ietf:params:oauth:grant-type:device_code", device_code),
    ]);
    let (response_types, doubtful_responses) = sorted(&[("code", code), ("token", implicit)]);
    ClientShape {
        id: client.label().to_owned(),
        name: client.names.first().cloned().unwrap_or_default(),
        kind: client.kind.known().copied(),
        auth_method: client.authentication.known().and_then(|method| word(*method)).map(str::to_owned),
        has_secret: client.has_secret.known().copied(),
        redirect_uris: None,
        grant_types: Some(grant_types),
        response_types: Some(response_types),
        pkce: client.pkce.known().and_then(|pkce| pkce_use(*pkce)),
        varying_redirect_uris: None,
        doubts: Doubts { grant_types: doubtful_grants, response_types: doubtful_responses, redirect_uris: false },
    }
}

/// Those that are known to be there, and those of which nobody can tell.
fn sorted(facts: &[(&str, &Fact<bool>)]) -> (Vec<String>, Vec<String>) {
    let (mut there, mut doubtful) = (Vec::new(), Vec::new());
    for (name, fact) in facts {
        match fact.known() {
            Some(true) => there.push((*name).to_owned()),
            Some(false) => {}
            None => doubtful.push((*name).to_owned()),
        }
    }
    (there, doubtful)
}

/// RFC 7591 §2, `token_endpoint_auth_method`.
fn word(method: Authentication) -> Option<&'static str> {
    match method {
        Authentication::None => Some("none"),
        // Some secret, in a way that is not known: the facts on secrets speak for it.
        Authentication::Secret => None,
        Authentication::SecretBasic => Some("client_secret_basic"),
        Authentication::SecretPost => Some("client_secret_post"),
        Authentication::SecretJwt => Some("client_secret_jwt"),
        Authentication::PrivateKeyJwt => Some("private_key_jwt"),
        Authentication::MutualTls => Some("tls_client_auth"),
    }
}

fn pkce_use(pkce: Pkce) -> Option<PkceUse> {
    match pkce {
        Pkce::RequiredS256 => Some(PkceUse::S256),
        Pkce::RequiredPlainAllowed => Some(PkceUse::Plain),
        Pkce::NotRequired => Some(PkceUse::Missing),
        // The client may well use it; the configuration can't tell.
        Pkce::NoSuchSwitch => None,
    }
}

impl Flow {
    /// For people.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Code => "authorization code",
            Self::Implicit => "implicit",
            Self::Password => "password",
            Self::ClientCredentials => "client credentials",
            Self::RefreshToken => "refresh token",
            Self::DeviceCode => "device",
        }
    }
}
