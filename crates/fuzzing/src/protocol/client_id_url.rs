//! Addresses that may be client ids: whatever is taken here, a stranger makes us fetch.

use ::oauth::metadata_document::ClientIdUrl;
use url::{Host, Url};

use crate::Verdict;

pub(crate) fn check(bytes: &[u8]) -> Verdict {
    let Ok(text) = std::str::from_utf8(bytes) else { return Verdict::Refused };
    let read = ClientIdUrl::parse(text);
    if let Ok(address) = &read {
        assert_eq!(address.as_str(), text);
        let Ok(seen) = Url::parse(text) else {
            // The fetcher's reader checks the Punycode in a name, and does not go there.
            assert!(text.contains("xn--"), "no other reader takes {text:?}");
            return Verdict::Taken;
        };
        assert_eq!(seen.scheme(), "https");
        assert!(matches!(seen.host(), Some(Host::Domain(host)) if host == address.host() && host.contains('.')));
        assert!(seen.query().is_none() && seen.fragment().is_none());
        assert!(seen.username().is_empty() && seen.password().is_none());
        let path = text.splitn(4, '/').nth(3);
        assert_eq!(seen.path().strip_prefix('/'), path, "the fetcher would ask for another document");
    }
    Verdict::of(&read)
}

pub(crate) fn seeds() -> Vec<Vec<u8>> {
    [
        "https://app.example.com/client.json",
        "https://app.example.com:8443/a/b%20c",
        "https://app.example.com",
        "https://app.example.com/?a",
        "https://10.0.0.1/x",
        "https://[::1]/x",
        "https://localhost/x",
        "https://db.internal/x",
        "https://xn--a.example/x",
        "http://app.example.com/x",
    ]
    .map(|text| text.as_bytes().to_vec())
    .to_vec()
}
