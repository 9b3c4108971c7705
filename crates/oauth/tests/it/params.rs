//! Reading queries and forms.

use oauth::{Malformed, RawParams};
use proptest::prelude::*;

#[test]
fn values_are_decoded_once() {
    let params = RawParams::parse("a=1+2&b=%2B%25&c=%C3%A4&d&&e=x=y").unwrap();
    assert_eq!(params.value("a"), Some("1 2"));
    assert_eq!(params.value("b"), Some("+%"));
    assert_eq!(params.value("c"), Some("ä"));
    assert_eq!(params.value("d"), None);
    assert_eq!(params.value("e"), Some("x=y"));
}

#[test]
fn names_are_decoded_before_they_are_compared() {
    let params = RawParams::parse("st%61te=1&state=2").unwrap();
    assert!(params.one("state").is_err(), "an encoded name is the same name");
}

#[test]
fn broken_encodings_are_refused() {
    for text in ["a=%", "a=%4", "a=%zz", "%=1", "a=%+1"] {
        assert_eq!(RawParams::parse(text).unwrap_err(), Malformed::BrokenEncoding, "{text}");
    }
    for text in ["a=%ff", "a=%C3", "a=%ED%A0%80", "a=%C0%AF"] {
        assert_eq!(RawParams::parse(text).unwrap_err(), Malformed::NotUtf8, "{text}");
    }
}

#[test]
fn length_and_number_are_bounded() {
    let longest = format!("a={}", "x".repeat(8 * 1024 - 2));
    assert!(RawParams::parse(&longest).is_ok());
    assert_eq!(RawParams::parse(&format!("{longest}x")).unwrap_err(), Malformed::TooLong);
    let most = vec!["a=1"; 64].join("&");
    assert!(RawParams::parse(&most).is_ok());
    assert_eq!(RawParams::parse(&format!("{most}&a=1")).unwrap_err(), Malformed::TooMany);
}

#[test]
fn values_are_not_printed() {
    let shown = format!("{:?}", RawParams::parse("client_secret=very-secret").unwrap());
    assert!(shown.contains("client_secret") && !shown.contains("very-secret"));
}

proptest! {
    #[test]
    fn any_text_is_read_or_refused(text in "[ -~]{0,200}|\\PC{0,100}") {
        if let Ok(params) = RawParams::parse(&text) {
            let _ = params.one("a");
        }
    }
}
