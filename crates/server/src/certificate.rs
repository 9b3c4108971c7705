//! Client certificates (RFC 8705): from a connection of our own, or from a header that a listed proxy sets.
//!
//! A header is believed only where the configuration says so, and only because every connection then comes from a listed proxy, which must
//! never pass such a header on from outside (RFC 9440 §4).

use std::{convert::Infallible, sync::Arc};

use axum::{extract::FromRequestParts, http::request::Parts};
use crypto::certificate::{CERTIFICATE_BYTES_MAX, ClientCertificate};
use oauth::authentication::{Chain, ShownCertificate};
use percent_encoding::percent_decode_str;

use crate::{settings::Tls, settings_oauth::Certificates, state::App};

/// Longest header looked at, in bytes: a certificate in base64, each character percent-encoded at the worst.
const HEADER_BYTES_MAX: usize = 4 * CERTIFICATE_BYTES_MAX;

/// The certificate of a connection of our own, as the handshake left it. Kept with the connection; an extension of each of its requests.
#[derive(Debug, Clone)]
pub(crate) struct ConnectionCertificate {
    pub(crate) der: Arc<[u8]>,
    /// Whether an authority that may name clients vouches for it.
    pub(crate) is_trusted: bool,
}

/// The certificate that came with a request, if one did.
#[derive(Debug, Default)]
pub(crate) struct PeerCertificate(Option<(ClientCertificate, Chain)>);

impl PeerCertificate {
    /// As the engine takes it.
    pub(crate) fn shown(&self) -> Option<ShownCertificate<'_>> {
        self.0.as_ref().map(|(certificate, chain)| ShownCertificate { certificate, chain: *chain })
    }
}

impl FromRequestParts<Arc<App>> for PeerCertificate {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, Infallible> {
        Ok(match &app.settings.oauth.certificates {
            Certificates::None => Self(None),
            Certificates::Listener { .. } => Self::of_connection(parts.extensions.get()),
            Certificates::ProxyHeader { name, chain_is_checked } => match &app.settings.tls {
                Tls::BehindProxy { .. } => Self::of_header(parts, name, *chain_is_checked),
                // Anybody could set the header here.
                Tls::None | Tls::Files { .. } => Self(None),
            },
        })
    }
}

impl PeerCertificate {
    fn of_connection(certificate: Option<&ConnectionCertificate>) -> Self {
        Self(certificate.and_then(|shown| Some((ClientCertificate::parse(&shown.der).ok()?, chain(shown.is_trusted)))))
    }

    fn of_header(parts: &Parts, name: &str, chain_is_checked: bool) -> Self {
        let mut all = parts.headers.get_all(name).iter();
        let (Some(value), None) = (all.next(), all.next()) else { return Self(None) };
        let der = value.to_str().ok().filter(|text| text.len() <= HEADER_BYTES_MAX).and_then(der_of);
        Self(der.and_then(|der| Some((ClientCertificate::parse(&der).ok()?, chain(chain_is_checked)))))
    }
}

const fn chain(is_trusted: bool) -> Chain {
    if is_trusted { Chain::Trusted } else { Chain::NotTrusted }
}

/// The certificate in a header: a byte sequence between colons (RFC 9440 §2.1), or a percent-encoded PEM text, as some proxies send it.
fn der_of(text: &str) -> Option<Vec<u8>> {
    if let Some(sequence) = text.strip_prefix(':').and_then(|rest| rest.strip_suffix(':')) {
        return base64(sequence);
    }
    let pem = percent_decode_str(text).decode_utf8().ok()?;
    let body = pem.trim().strip_prefix("-----BEGIN CERTIFICATE-----")?;
    let (body, _chain) = body.split_once("-----END CERTIFICATE-----")?;
    let joined: String = body.chars().filter(|letter| !letter.is_ascii_whitespace()).collect();
    base64(&joined)
}

/// Plain base64 with padding (RFC 4648 §4), through the reader of base64url that everything else uses.
fn base64(text: &str) -> Option<Vec<u8>> {
    if !text.len().is_multiple_of(4) || text.bytes().any(|b| matches!(b, b'-' | b'_')) {
        return None;
    }
    let unpadded = text.strip_suffix("==").or_else(|| text.strip_suffix('=')).unwrap_or(text);
    crypto::from_b64u(&unpadded.replace('+', "-").replace('/', "_")).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_forms_of_a_header_are_read() {
        assert_eq!(der_of(":AQID:"), Some(vec![1, 2, 3]));
        let pem = "-----BEGIN%20CERTIFICATE-----%0AAQI%0AD%0A-----END%20CERTIFICATE-----%0A";
        assert_eq!(der_of(pem), Some(vec![1, 2, 3]));
        assert_eq!(der_of(":AQ==:"), Some(vec![1]));
        for nonsense in ["", "AQID", ":AQID", ":A-_D:", ":AQI:", "-----BEGIN%20CERTIFICATE-----AQID"] {
            assert_eq!(der_of(nonsense), None, "{nonsense}");
        }
    }
}
