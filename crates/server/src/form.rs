//! Reading the plain forms of our own pages: same origin, bounded, each name once. Values may be passwords, so none prints itself.

use axum::{
    body::Body,
    http::{HeaderMap, StatusCode},
    response::Response,
};
use model::Secret;
use percent_encoding::percent_decode;
use web::ErrorKind;

use crate::{body, guard, respond, state::App};

/// Largest form, in bytes: a password of 1024 bytes, each percent-encoded, and room.
const FORM_BYTES_MAX: usize = 8 * 1024;
/// Most fields in one form of ours.
const FIELDS_MAX: usize = 16;

/// A form of one of our own pages.
#[derive(Debug)]
pub(crate) struct Form {
    fields: Vec<(String, Secret<String>)>,
}

impl Form {
    /// Reads a form that was posted by one of our own pages; otherwise the answer that says why not.
    pub(crate) async fn read(app: &App, headers: &HeaderMap, stream: Body) -> Result<Self, Response> {
        if !guard::same_origin(headers, &app.settings.issuer) {
            return Err(respond::error(app, StatusCode::FORBIDDEN, ErrorKind::CrossOrigin, ""));
        }
        if !guard::is_form(headers) {
            return Err(respond::error(
                app,
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                ErrorKind::BadRequest,
                "send the form as application/x-www-form-urlencoded",
            ));
        }
        let bytes = body::read(stream, FORM_BYTES_MAX).await.map_err(|unread| match unread {
            body::Unread::TooLarge => respond::error(app, StatusCode::PAYLOAD_TOO_LARGE, ErrorKind::TooLarge, ""),
            body::Unread::Interrupted => respond::error(app, StatusCode::REQUEST_TIMEOUT, ErrorKind::BadRequest, ""),
        })?;
        Self::parse(&bytes).ok_or_else(|| respond::error(app, StatusCode::BAD_REQUEST, ErrorKind::BadRequest, ""))
    }

    /// `None` for a form that isn't UTF-8, says a name twice, or has too many fields.
    fn parse(bytes: &[u8]) -> Option<Self> {
        let mut fields: Vec<(String, Secret<String>)> = Vec::new();
        for pair in bytes.split(|byte| *byte == b'&').filter(|pair| !pair.is_empty()) {
            let (name, value) = match pair.iter().position(|byte| *byte == b'=') {
                Some(at) => (&pair[..at], &pair[at + 1..]),
                None => (pair, &[][..]),
            };
            let name = decoded(name)?;
            if fields.len() == FIELDS_MAX || fields.iter().any(|(known, _)| *known == name) {
                return None;
            }
            fields.push((name, Secret::new(decoded(value)?)));
        }
        Some(Self { fields })
    }

    /// The value of a field; empty when it was not sent.
    pub(crate) fn value(&self, name: &str) -> &str {
        self.fields.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value.expose())
    }

    /// The value of a field, as a secret.
    pub(crate) fn secret(&self, name: &str) -> Secret<String> {
        Secret::new(self.value(name).to_owned())
    }
}

fn decoded(bytes: &[u8]) -> Option<String> {
    let spaced: Vec<u8> = bytes.iter().map(|byte| if *byte == b'+' { b' ' } else { *byte }).collect();
    percent_decode(&spaced).decode_utf8().ok().map(std::borrow::Cow::into_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_decoded_once_and_named_once() {
        let form = Form::parse(b"journey=1&password=a%2Bb+c%26%3D%C3%A4&empty=").expect("a form");
        assert_eq!(form.value("password"), "a+b c&=ä");
        assert_eq!((form.value("empty"), form.value("missing")), ("", ""));
        for broken in
            [&b"a=1&a=2"[..], b"a=%ff", b"a=1&b=2&c=3&d=4&e=5&f=6&g=7&h=8&i=9&j=1&k=2&l=3&m=4&n=5&o=6&p=7&q=8"]
        {
            assert!(Form::parse(broken).is_none());
        }
        assert!(!format!("{form:?}").contains("a+b"));
    }
}
