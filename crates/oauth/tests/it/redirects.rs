//! Redirect URIs, registered and requested.

use oauth::{RedirectFault, RedirectKind, RedirectUri};
use proptest::prelude::*;

use crate::world::{Answer, CALLBACK, World};

#[test]
fn full_addresses_can_be_registered() {
    for (uri, kind, host) in [
        (CALLBACK, RedirectKind::Https, "app.example.com"),
        ("https://app.example.com/", RedirectKind::Https, "app.example.com"),
        ("https://app.example.com:8443/cb?x=1&y=%20", RedirectKind::Https, "app.example.com"),
        ("https://xn--bcher-kva.example/cb", RedirectKind::Https, "xn--bcher-kva.example"),
        ("https://192.0.2.7/cb", RedirectKind::Https, "192.0.2.7"),
        ("https://[2001:db8::1]/cb", RedirectKind::Https, "[2001:db8::1]"),
        ("http://127.0.0.1/cb", RedirectKind::Loopback, "127.0.0.1"),
        ("http://127.0.0.1:4000/cb", RedirectKind::Loopback, "127.0.0.1"),
        ("http://[::1]/cb", RedirectKind::Loopback, "[::1]"),
        ("http://localhost:3000/cb", RedirectKind::Localhost, "localhost"),
        ("com.example.app:/cb", RedirectKind::PrivateScheme, "com.example.app"),
        ("com.example.app://callback/x", RedirectKind::PrivateScheme, "com.example.app"),
    ] {
        let parsed = RedirectUri::parse(uri).unwrap_or_else(|fault| panic!("{uri}: {fault}"));
        assert_eq!((parsed.kind(), parsed.host(), parsed.as_str()), (kind, host, uri));
    }
}

#[test]
fn hostile_addresses_can_not_be_registered() {
    use RedirectFault::*;
    let long = format!("https://a.example/{}", "x".repeat(2048));
    for (uri, fault) in [
        ("", Length),
        (long.as_str(), Length),
        ("https://a.example/cb#", Fragment),
        ("https://a.example/cb#x", Fragment),
        ("https://*.example/cb", Wildcard),
        ("https://a.example/*", Wildcard),
        ("/cb", NotAbsolute),
        ("a.example/cb", NotAbsolute),
        ("//a.example/cb", NotAbsolute),
        ("https:a.example/cb", NotAbsolute),
        ("https:/a.example/cb", NotAbsolute),
        ("1https://a.example/cb", NotAbsolute),
        ("https://user@a.example/cb", Userinfo),
        ("https://a.example:pw@evil.example/cb", Userinfo),
        ("https://a.example%40evil.example/cb", Host),
        ("https://a.example\\@evil.example/cb", Character),
        ("https://a.example\\.evil.example/cb", Character),
        ("https://a.example/c b", Character),
        ("https://a.example/c\tb", Character),
        ("https://a.example/c\nb", Character),
        (" https://a.example/cb", Character),
        ("https://a.example/cb\u{0}", Character),
        ("https://bücher.example/cb", Character),
        ("https://a.example/ä", Character),
        ("https://а.example/cb", Character),
        ("https://a.example/%0d%0aset-cookie:x", HiddenCharacter),
        ("https://a.example/%00", HiddenCharacter),
        ("https://a.example/%7f", HiddenCharacter),
        ("https://a.example/a%2fb", HiddenCharacter),
        ("https://a.example/a%5Cb", HiddenCharacter),
        ("https://a.example/%252e%252e/b", HiddenCharacter),
        ("https://a.example/%", BrokenEncoding),
        ("https://a.example/%4", BrokenEncoding),
        ("https://a.example/%zz", BrokenEncoding),
        ("https://a.example/./cb", DotSegment),
        ("https://a.example/x/../cb", DotSegment),
        ("https://a.example/x/..", DotSegment),
        ("https://a.example/%2e%2E/cb", DotSegment),
        ("https://a.example/.%2e/cb", DotSegment),
        ("HTTPS://a.example/cb", UpperCase),
        ("https://A.example/cb", UpperCase),
        ("https://a.example./cb", Host),
        ("https://a..example/cb", Host),
        ("https://.example/cb", Host),
        ("https:///cb", Host),
        ("https://-a.example/cb", Host),
        ("https://a_b.example/cb", Host),
        ("https://127.1/cb", Host),
        ("https://0x7f.0.0.1/cb", Host),
        ("https://2130706433/cb", Host),
        ("https://010.0.0.1/cb", Host),
        ("https://[::1/cb", Host),
        ("https://[0:0:0:0:0:0:0:1]/cb", Host),
        ("https://[::1]x/cb", Host),
        ("https://[fe80::1%25eth0]/cb", Host),
        ("https://a.example:/cb", Port),
        ("https://a.example:0/cb", Port),
        ("https://a.example:0443/cb", Port),
        ("https://a.example:65536/cb", Port),
        ("https://a.example:+443/cb", Port),
        ("https://a.example:4 3/cb", Character),
        ("https://a.example", MissingPath),
        ("https://a.example?x=1", MissingPath),
        ("http://a.example/cb", HttpNotLoopback),
        ("http://127.0.0.2/cb", HttpNotLoopback),
        ("http://127.0.0.1.evil.example/cb", HttpNotLoopback),
        ("http://localhost.evil.example/cb", HttpNotLoopback),
        ("http://[::2]/cb", HttpNotLoopback),
        ("javascript:alert(1)", DangerousScheme),
        ("data:text/html,x", DangerousScheme),
        ("vbscript:x", DangerousScheme),
        ("file:///etc/passwd", DangerousScheme),
        ("blob:https://a.example/x", DangerousScheme),
        ("myapp:/cb", SchemeWithoutPeriod),
        ("myapp://cb", SchemeWithoutPeriod),
        ("com.example.app:cb", NotAbsolute),
        ("com.example.app:/../x", DotSegment),
        ("com.example.app://a@b/x", Userinfo),
    ] {
        assert_eq!(RedirectUri::parse(uri), Err(fault), "{uri:?}");
    }
}

#[test]
fn every_fault_has_its_own_word_and_says_what_to_do() {
    use RedirectFault::*;
    let all = [
        Length,
        Character,
        BrokenEncoding,
        HiddenCharacter,
        Wildcard,
        Fragment,
        NotAbsolute,
        UpperCase,
        DangerousScheme,
        SchemeWithoutPeriod,
        HttpNotLoopback,
        Userinfo,
        Host,
        Port,
        MissingPath,
        DotSegment,
    ];
    let mut words: Vec<_> = all.iter().map(|fault| fault.as_word()).collect();
    words.sort_unstable();
    words.dedup();
    assert_eq!(words.len(), all.len());
    assert!(all.iter().all(|fault| fault.to_string().len() > 20));
}

/// `requested` against one registered URI.
#[track_caller]
fn admits(registered: &str, requested: &str, expected: bool) {
    let parsed = RedirectUri::parse(registered).unwrap();
    assert_eq!(parsed.admits(requested), expected, "{registered} against {requested}");
}

#[test]
fn a_requested_redirect_is_compared_character_by_character() {
    admits(CALLBACK, CALLBACK, true);
    for requested in [
        "https://app.example.com/cb/",
        "https://app.example.com/CB",
        "https://app.example.com/cb?",
        "https://app.example.com/cb?x=1",
        "https://app.example.com/cb#",
        "https://app.example.com/cb%20",
        "https://app.example.com/%63b",
        "https://app.example.com:443/cb",
        "https://app.example.com:8443/cb",
        "https://app.example.com./cb",
        "https://APP.example.com/cb",
        "HTTPS://app.example.com/cb",
        "http://app.example.com/cb",
        "https://app.example.com/x/../cb",
        "https://app.example.com//cb",
        "https://app.example.com\\cb",
        "https://user@app.example.com/cb",
        "https://app.example.com@evil.example/cb",
        "https://app.example.com.evil.example/cb",
        "https://evil.example/?https://app.example.com/cb",
        "//app.example.com/cb",
        "/cb",
        " https://app.example.com/cb",
        "https://app.example.com/cb ",
        "https://app.example.com/cb\r\n",
        "https://app.ex\u{430}mple.com/cb",
    ] {
        admits(CALLBACK, requested, false);
    }
}

#[test]
fn a_loopback_address_may_vary_in_its_port_and_in_nothing_else() {
    for registered in ["http://127.0.0.1/cb", "http://127.0.0.1:4000/cb"] {
        for port in ["", ":1", ":80", ":4000", ":51004", ":65535"] {
            admits(registered, &format!("http://127.0.0.1{port}/cb"), true);
        }
        for requested in [
            "http://127.0.0.1:/cb",
            "http://127.0.0.1:0/cb",
            "http://127.0.0.1:65536/cb",
            "http://127.0.0.1:08/cb",
            "http://127.0.0.1:80a/cb",
            "http://127.0.0.1:80@evil.example/cb",
            "http://127.0.0.1:80.evil.example/cb",
            "http://127.0.0.1:80\\@evil.example/cb",
            "http://127.0.0.1.evil.example/cb",
            "http://127.0.0.1@evil.example/cb",
            "http://127.0.0.10/cb",
            "http://127.0.0.1:80/cb/",
            "http://127.0.0.1:80/cb?x=1",
            "http://127.0.0.1:80/cb#x",
            "http://127.0.0.1:80/other",
            "https://127.0.0.1:80/cb",
            "http://localhost:80/cb",
            "http://[::1]:80/cb",
            "http://127.1:80/cb",
        ] {
            admits(registered, requested, false);
        }
    }
    admits("http://[::1]/cb", "http://[::1]:51004/cb", true);
    admits("http://[::1]/cb", "http://[::1]51004/cb", false);
    admits("http://[::1]/cb", "http://127.0.0.1:51004/cb", false);
}

#[test]
fn localhost_and_https_have_no_port_rule() {
    admits("http://localhost/cb", "http://localhost:3000/cb", false);
    admits("http://localhost:3000/cb", "http://localhost:3001/cb", false);
    admits("https://127.0.0.1/cb", "https://127.0.0.1:3000/cb", false);
    admits("com.example.app:/cb", "com.example.app:/cb2", false);
}

const REGISTERED: [&str; 4] = [CALLBACK, "http://127.0.0.1/cb", "http://localhost:3000/cb", "com.example.app:/cb"];

/// Near misses: a registered URI with pieces cut out and hostile pieces put in.
fn near_miss() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(vec![
        "",
        "@",
        ":",
        ":80",
        ":99999",
        "/",
        "//",
        "\\",
        ".",
        "..",
        "%2e",
        "#",
        "?",
        "evil.example",
        "127.0.0.1",
        "\t",
        "\u{430}",
        "[",
        "]",
        "A",
    ]);
    (prop::sample::select(REGISTERED.to_vec()), any::<prop::sample::Index>(), 0usize..3, piece).prop_map(
        |(uri, at, cut, piece)| {
            let at = at.index(uri.len() + 1);
            let end = (at + cut).min(uri.len());
            format!("{}{piece}{}", &uri[..at], &uri[end..])
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]
    /// An answer is only ever sent to a registered URI, or to the loopback one with another port.
    #[test]
    fn the_target_is_a_registered_one_or_its_port_variant(requested in near_miss()) {
        let mut world = World::new();
        world.redirects(&REGISTERED);
        let variant = requested
            .strip_prefix("http://127.0.0.1:")
            .and_then(|rest| rest.strip_suffix("/cb"))
            .is_some_and(|port| port.parse::<u16>().is_ok_and(|n| n > 0 && n.to_string() == port));
        let allowed = REGISTERED.contains(&requested.as_str()) || variant;
        match world.authorize(&world.query().with("redirect_uri", &requested)) {
            Answer::Code(outcome) => {
                prop_assert!(allowed, "{}", requested);
                prop_assert!(crate::world::location(&outcome.reply.response).starts_with(&format!("{requested}?code=")), "{}", requested);
            }
            Answer::Page(_) => prop_assert!(!allowed, "{}", requested),
            other => prop_assert!(false, "{:?}", other),
        }
    }

    #[test]
    fn any_text_is_registered_or_refused(text in "\\PC{0,60}|(https?://)?[-a-z0-9.:/@%\\[\\]?#]{0,40}") {
        if let Ok(uri) = RedirectUri::parse(&text) {
            prop_assert!(!uri.host().is_empty());
            prop_assert!(uri.admits(&text));
            prop_assert!(text.is_ascii() && !text.contains(['#', '\\', ' ', '*']));
        }
    }
}
