//! Redirect URIs: registered ones are read, requested ones only compared. A browser reads both in its own way, and must see the same.

use ::oauth::{RedirectKind, RedirectUri};
use url::Url;

use crate::Verdict;

/// What is registered, a line end, what is requested.
pub(crate) fn check(bytes: &[u8]) -> Verdict {
    let Ok(text) = std::str::from_utf8(bytes) else { return Verdict::Refused };
    let (registered, requested) = text.split_once('\n').unwrap_or((text, text));
    let read = RedirectUri::parse(registered);
    if let Ok(uri) = &read {
        assert_eq!(uri.as_str(), registered);
        assert!(registered.len() <= 2048 && uri.admits(registered));
        is_what_browsers_see(uri);
        if uri.admits(requested) && requested != registered {
            assert_eq!(uri.kind(), RedirectKind::Loopback, "only the port of a loopback address may differ");
            differs_in_the_port_only(registered, requested);
        }
    }
    Verdict::of(&read)
}

/// The WHATWG's reader, by which browsers go, sees the same scheme, host and path, and nothing hidden.
pub(super) fn is_what_browsers_see(uri: &RedirectUri) {
    let text = uri.as_str();
    let seen = match Url::parse(text) {
        Ok(seen) => seen,
        // Browsers check the Punycode in a name and refuse what we can't judge: nobody receives an answer there.
        Err(_) if text.contains("xn--") => return,
        Err(error) => panic!("no browser reads {text:?}: {error}"),
    };
    assert!(seen.fragment().is_none() && seen.username().is_empty() && seen.password().is_none());
    assert!(text.starts_with(&format!("{}:", seen.scheme())), "a browser sees another scheme in {text:?}");
    match uri.kind() {
        RedirectKind::Https | RedirectKind::Loopback | RedirectKind::Localhost => {
            assert_eq!(seen.scheme() == "https", uri.kind() == RedirectKind::Https);
            assert_eq!(seen.host_str(), Some(uri.host()), "a browser goes to another host for {text:?}");
            let path = text.splitn(4, '/').nth(3).unwrap_or_default();
            let path = path.split('?').next().unwrap_or_default();
            assert_eq!(seen.path().strip_prefix('/'), Some(path), "a browser asks for another path of {text:?}");
        }
        RedirectKind::PrivateScheme => assert_eq!(seen.scheme(), uri.host()),
    }
}

fn differs_in_the_port_only(registered: &str, requested: &str) {
    let mut seen = Url::parse(requested).expect("a browser reads what was admitted");
    let expected = Url::parse(registered).expect("a browser reads what was registered");
    assert!(matches!(seen.host_str(), Some("127.0.0.1" | "[::1]")), "an answer would leave the device");
    seen.set_port(expected.port()).expect("an address with a host has a port");
    assert_eq!(seen, expected, "more than the port differs");
}

pub(crate) fn seeds() -> Vec<Vec<u8>> {
    [
        "https://app.example.com/cb",
        "https://app.example.com/cb\nhttps://app.example.com/cb/",
        "https://app.example.com:8443/cb/v2?tenant=7&x=%20",
        "http://127.0.0.1/cb\nhttp://127.0.0.1:49152/cb",
        "http://127.0.0.1:8080/cb?a=b\nhttp://127.0.0.1/cb?a=b",
        "http://[::1]/cb\nhttp://[::1]:65535/cb",
        "http://127.0.0.1/cb\nhttp://127.0.0.1:80@evil.example/cb",
        "http://localhost:3000/cb\nhttp://localhost:3001/cb",
        "com.example.app:/oauth/cb",
        "com.example.app://cb.host/x?y",
        "https://user@app.example.com/cb",
        "https://app.example.com/../cb",
        "https://app.example.com/%2e%2E/cb",
        "https://0x7f.1/cb",
        "https://xn--bcher-kva.example/cb",
        "javascript:alert(1)",
    ]
    .map(|text| text.as_bytes().to_vec())
    .to_vec()
}
