//! Client data (WebAuthn L3 §5.8.1): what the browser says about the ceremony, and the checks on it that both kinds of
//! ceremony share.

use std::borrow::Cow;

use serde::Deserialize;

use crate::{Challenge, Fault, RelyingParty};

/// Most bytes of client data that are parsed. Real ones take a few hundred.
const CLIENT_DATA_BYTES_MAX: usize = 8 * 1024;
const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// The kind of ceremony, as the client data names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ceremony {
    /// A registration.
    Create,
    /// An assertion.
    Get,
}

impl Ceremony {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Create => "webauthn.create",
            Self::Get => "webauthn.get",
        }
    }
}

/// The members that we read. Others may come (§5.8.1 tells us to expect them); ours may come once.
#[derive(Debug, Deserialize)]
struct ClientData<'a> {
    #[serde(borrow, rename = "type")]
    ceremony: Cow<'a, str>,
    #[serde(borrow)]
    challenge: Cow<'a, str>,
    #[serde(borrow)]
    origin: Cow<'a, str>,
    #[serde(rename = "crossOrigin")]
    cross_origin: Option<bool>,
    #[serde(borrow, rename = "topOrigin")]
    top_origin: Option<Cow<'a, str>>,
}

/// §7.1 steps 5 to 11, which are §7.2 steps 8 to 14.
///
/// # Errors
/// The fault of the first step that fails.
pub(crate) fn check(bytes: &[u8], ceremony: Ceremony, challenge: &Challenge, rp: &RelyingParty) -> Result<(), Fault> {
    if bytes.len() > CLIENT_DATA_BYTES_MAX {
        return Err(Fault::ClientData);
    }
    // §7.1 step 5, §7.2 step 8: UTF-8, without one leading byte order mark.
    // Differs: bytes that are no UTF-8 are refused, not replaced. Browsers write none.
    let text = bytes.strip_prefix(BYTE_ORDER_MARK).unwrap_or(bytes);
    let text = std::str::from_utf8(text).map_err(|_| Fault::ClientData)?;
    // §7.1 step 6, §7.2 step 9.
    let data: ClientData<'_> = serde_json::from_str(text).map_err(|_| Fault::ClientData)?;
    // §7.1 step 7, §7.2 step 10.
    if data.ceremony != ceremony.as_str() {
        return Err(Fault::CeremonyType);
    }
    // §7.1 step 8, §7.2 step 11.
    if !crypto::equal(data.challenge.as_bytes(), challenge.b64u().as_bytes()) {
        return Err(Fault::Challenge);
    }
    // §7.1 step 9, §7.2 step 12: exact text, no parsing that could differ from the browser's (§13.4.9).
    if !rp.origins.iter().any(|origin| *origin == data.origin) {
        return Err(Fault::Origin);
    }
    framing(&data, rp)
}

/// §7.1 steps 10 and 11, §7.2 steps 13 and 14.
fn framing(data: &ClientData<'_>, rp: &RelyingParty) -> Result<(), Fault> {
    let cross_origin = data.cross_origin == Some(true);
    let expected = !rp.top_origins.is_empty();
    if cross_origin && !expected {
        return Err(Fault::CrossOrigin);
    }
    match &data.top_origin {
        // Browsers of Level 2 say only that there is a frame, not whose. Whoever expects frames expects these.
        None => Ok(()),
        // Differs: a `topOrigin` without `crossOrigin` contradicts itself (§5.8.1) and is refused as well.
        Some(top) if cross_origin && rp.top_origins.iter().any(|origin| origin == top) => Ok(()),
        Some(_) => Err(Fault::TopOrigin),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rp(top_origins: &[&str]) -> RelyingParty {
        RelyingParty {
            id: "example.org".into(),
            name: "Example".into(),
            origins: vec!["https://example.org".into()],
            top_origins: top_origins.iter().map(ToString::to_string).collect(),
            attestation_roots: Vec::new(),
        }
    }

    const HONEST: &str = r#""type":"webauthn.get","challenge":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA","origin":"https://example.org""#;

    #[track_caller]
    fn check_text(text: impl AsRef<[u8]>, top_origins: &[&str], expected: Result<(), Fault>) {
        let challenge = Challenge::from_bytes([0; 32]);
        assert_eq!(check(text.as_ref(), Ceremony::Get, &challenge, &rp(top_origins)), expected);
    }

    #[test]
    fn members_that_we_do_not_know_are_ignored() {
        check_text(format!("{{{HONEST}}}"), &[], Ok(()));
        check_text(format!(r#"{{{HONEST},"crossOrigin":false,"other":{{"type":1}}}}"#), &[], Ok(()));
        check_text(format!("\u{feff}{{{HONEST}}}"), &[], Ok(()));
    }

    #[test]
    fn what_is_no_client_data() {
        check_text("", &[], Err(Fault::ClientData));
        check_text("[]", &[], Err(Fault::ClientData));
        check_text(format!("\u{feff}\u{feff}{{{HONEST}}}"), &[], Err(Fault::ClientData));
        check_text(format!("{{{HONEST}}} {{}}"), &[], Err(Fault::ClientData));
        check_text(format!(r#"{{{HONEST},"origin":"https://example.org"}}"#), &[], Err(Fault::ClientData));
        check_text(format!(r#"{{{HONEST},"\u006frigin":"https://example.org"}}"#), &[], Err(Fault::ClientData));
        check_text(format!(r#"{{{HONEST},"crossOrigin":"no"}}"#), &[], Err(Fault::ClientData));
        check_text(format!(r#"{{{HONEST},"deep":{}}}"#, "[".repeat(2000)), &[], Err(Fault::ClientData));
        check_text([b"{\"x\":\"\xff\",".as_slice(), HONEST.as_bytes(), b"}"].concat(), &[], Err(Fault::ClientData));
        let padding = " ".repeat(CLIENT_DATA_BYTES_MAX);
        check_text(format!("{{{HONEST}}}{padding}"), &[], Err(Fault::ClientData));
    }

    #[test]
    fn frames_are_refused_unless_expected() {
        let cross = format!(r#"{{{HONEST},"crossOrigin":true}}"#);
        let top = format!(r#"{{{HONEST},"crossOrigin":true,"topOrigin":"https://portal.example"}}"#);
        let odd = format!(r#"{{{HONEST},"crossOrigin":false,"topOrigin":"https://portal.example"}}"#);
        check_text(&cross, &[], Err(Fault::CrossOrigin));
        check_text(&top, &[], Err(Fault::CrossOrigin));
        check_text(&odd, &[], Err(Fault::TopOrigin));
        check_text(&cross, &["https://portal.example"], Ok(()));
        check_text(&top, &["https://portal.example"], Ok(()));
        check_text(&top, &["https://portal.example.net"], Err(Fault::TopOrigin));
        check_text(&odd, &["https://portal.example"], Err(Fault::TopOrigin));
    }

    #[test]
    fn origins_are_compared_as_exact_text() {
        for other in [
            "https://example.org/",
            "https://example.org:443",
            "HTTPS://example.org",
            "http://example.org",
            "https://login.example.org",
            "https://example.org.evil.example",
            "null",
        ] {
            check_text(format!("{{{}}}", HONEST.replace("https://example.org", other)), &[], Err(Fault::Origin));
        }
    }
}
