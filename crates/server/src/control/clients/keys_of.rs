//! How a written application proves itself: keys, certificates, and what its tokens are bound to.

use crypto::Alg;
use oauth::{
    ClientAuth, RedirectKind, RedirectUri,
    client::{ClientKeys, ClientProof, InlineKeys, SenderRule, TlsSubject},
};

use super::ClientForm;

/// Reads it; everything that is wrong goes to `remarks`.
pub(super) fn proof(form: &ClientForm, auth: ClientAuth, remarks: &mut Vec<String>) -> ClientProof {
    let proof = ClientProof {
        keys: keys(form, remarks),
        signing_alg: form.token_endpoint_auth_signing_alg.as_deref().and_then(|name| {
            let alg = Alg::from_name(name);
            if alg.is_none() {
                remarks.push(format!(
                    "token_endpoint_auth_signing_alg: {name} is not an algorithm that is verified here\n  → choose from {}",
                    Alg::ALL.map(Alg::as_str).join(", ")
                ));
            }
            alg
        }),
        tls_subject: tls_subject(form, remarks),
        sender: match (
            form.dpop_bound_access_tokens.unwrap_or(false),
            form.tls_client_certificate_bound_access_tokens.unwrap_or(false),
        ) {
            (false, false) => SenderRule::Any,
            (true, false) => SenderRule::Dpop,
            (false, true) => SenderRule::Mtls,
            (true, true) => SenderRule::DpopOrMtls,
        },
    };
    let lacks = match auth {
        ClientAuth::PrivateKeyJwt | ClientAuth::SelfSignedTls if proof.keys == ClientKeys::None => {
            Some("jwks or jwks_uri")
        }
        // RFC 8705 §2.1.2: exactly one name.
        ClientAuth::TlsClientAuth if proof.tls_subject.is_none() => Some("one tls_client_auth_… member"),
        ClientAuth::None
        | ClientAuth::SecretBasic
        | ClientAuth::SecretPost
        | ClientAuth::PrivateKeyJwt
        | ClientAuth::TlsClientAuth
        | ClientAuth::SelfSignedTls => None,
    };
    if let Some(lacks) = lacks {
        remarks.push(format!("token_endpoint_auth_method: {} needs {lacks}\n  → add it", auth.as_str()));
    }
    proof
}

/// RFC 7591 §2: `jwks` or `jwks_uri`, never both.
fn keys(form: &ClientForm, remarks: &mut Vec<String>) -> ClientKeys {
    match (&form.jwks, &form.jwks_uri) {
        (None, None) => ClientKeys::None,
        (Some(_), Some(_)) => {
            remarks.push("jwks and jwks_uri are both given\n  → keep one".to_owned());
            ClientKeys::None
        }
        (None, Some(uri)) => {
            address("jwks_uri", uri, remarks);
            ClientKeys::Uri(uri.clone())
        }
        (Some(set), None) => match InlineKeys::parse(set.to_string()) {
            Ok(keys) => ClientKeys::Inline(keys),
            Err(fault) => {
                remarks.push(format!("jwks: {fault}\n  → give the public keys only, as a JWK Set"));
                ClientKeys::None
            }
        },
    }
}

/// An address that we shall call, or show. Whether it may be reached is judged each time, by the guard of every fetch.
pub(super) fn address(name: &str, text: &str, remarks: &mut Vec<String>) {
    let reachable = RedirectUri::parse(text).is_ok_and(|uri| match uri.kind() {
        RedirectKind::Https | RedirectKind::Loopback | RedirectKind::Localhost => true,
        RedirectKind::PrivateScheme => false,
    });
    if !reachable {
        remarks.push(format!("{name}: this is no plain https address\n  → write the whole address, without fragment"));
    }
}

fn tls_subject(form: &ClientForm, remarks: &mut Vec<String>) -> Option<TlsSubject> {
    let given = [
        form.tls_client_auth_subject_dn.clone().map(TlsSubject::Dn),
        form.tls_client_auth_san_dns.clone().map(TlsSubject::SanDns),
        form.tls_client_auth_san_uri.clone().map(TlsSubject::SanUri),
        form.tls_client_auth_san_ip.clone().map(TlsSubject::SanIp),
        form.tls_client_auth_san_email.clone().map(TlsSubject::SanEmail),
    ];
    let mut given: Vec<TlsSubject> = given.into_iter().flatten().collect();
    if given.len() > 1 {
        remarks.push("more than one tls_client_auth_… member is given\n  → keep one".to_owned());
    }
    let subject = given.pop()?;
    if let Err(fault) = subject.expected() {
        remarks.push(format!("tls_client_auth: {fault}\n  → mend the name"));
    }
    Some(subject)
}
