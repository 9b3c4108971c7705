//! The frame and the fences of every page.

use web::{ErrorKind, SigninProblem, assets};

use crate::samples;

/// Calls `check` with each page's name and HTML.
fn each_page(check: impl Fn(&str, &str)) {
    let pages = samples::pages();
    assert!(pages.len() > 10 + ErrorKind::ALL.len(), "the samples cover every page");
    for (name, html) in pages {
        check(&name, &html);
    }
}

/// The opening tags of every `element`, as they stand in the page.
fn tags<'a>(html: &'a str, element: &str) -> Vec<&'a str> {
    let open = format!("<{element}");
    html.match_indices(&open)
        .filter(|(at, _)| html[at + open.len()..].starts_with([' ', '>', '\n']))
        .map(|(at, _)| &html[at..=at + html[at..].find('>').expect("a tag ends")])
        .collect()
}

/// The value of an attribute in one opening tag.
fn attribute<'a>(tag: &'a str, name: &str) -> Option<&'a str> {
    let from = tag.find(&format!(" {name}=\""))? + name.len() + 3;
    Some(&tag[from..from + tag[from..].find('"')?])
}

#[test]
fn every_page_has_its_language_a_title_and_one_visible_heading_at_a_time() {
    each_page(|name, html| {
        assert!(html.starts_with("<!doctype html>"), "{name}");
        assert!(html.contains("<html lang=\"en\">"), "{name}");
        let title = html.split_once("<title>").unwrap().1.split_once("</title>").unwrap().0;
        assert!(title.contains("Low Water Trust") && title.len() > 20, "{name}: {title}");
        // Enrolment holds one heading for each of its states, of which one is shown.
        let hidden =
            if name == "enrol" { tags(html, "div").iter().filter(|tag| tag.ends_with(" hidden>")).count() } else { 0 };
        assert_eq!(tags(html, "h1").len(), 1 + hidden, "{name}");
        assert_eq!(tags(html, "main").len(), 1, "{name}");
    });
}

#[test]
fn no_page_holds_inline_code_or_style_or_asks_another_host() {
    each_page(|name, html| {
        for script in tags(html, "script") {
            assert!(script.contains(" type=\"module\"") && attribute(script, "src").is_some(), "{name}: {script}");
        }
        assert!(tags(html, "style").is_empty(), "{name}");
        for banned in [" style=", " onclick=", " onload=", " onsubmit=", " onerror=", "javascript:"] {
            assert!(!html.contains(banned), "{name}: {banned}");
        }
        for (element, name_of) in [("script", "src"), ("link", "href"), ("img", "src")] {
            for tag in tags(html, element) {
                let address = attribute(tag, name_of).unwrap();
                assert!(assets().iter().any(|asset| asset.path == address), "{name}: {tag}");
            }
        }
    });
}

#[test]
fn every_input_has_a_label_and_every_reference_a_target() {
    each_page(|name, html| {
        for input in tags(html, "input").iter().filter(|tag| attribute(tag, "type") != Some("hidden")) {
            let id = attribute(input, "id").expect("an input has an id");
            assert!(html.contains(&format!("<label for=\"{id}\">")), "{name}: {input}");
        }
        for reference in ["aria-describedby", "aria-labelledby"] {
            for (at, _) in html.match_indices(&format!(" {reference}=\"")) {
                let rest = &html[at + reference.len() + 3..];
                for id in rest[..rest.find('"').unwrap()].split(' ') {
                    assert!(html.contains(&format!("id=\"{id}\"")), "{name}: {reference} {id}");
                }
            }
        }
    });
}

#[test]
fn ids_are_unique() {
    each_page(|name, html| {
        let mut ids: Vec<_> = html
            .match_indices(" id=\"")
            .map(|(at, _)| &html[at + 5..at + 5 + html[at + 5..].find('"').unwrap()])
            .collect();
        let all = ids.len();
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), all, "{name}");
    });
}

#[test]
fn pages_that_need_a_script_say_so_without_one() {
    each_page(|name, html| {
        let ceremony = ["/sign-in.js", "/enrol.js", "/account.js"].iter().any(|script| html.contains(script));
        assert_eq!(ceremony, html.contains("<noscript>"), "{name}");
    });
}

#[test]
fn a_message_that_a_script_shows_has_its_words_in_the_page() {
    let pages = samples::pages();
    let html = |name: &str| &pages.iter().find(|(page, _)| page == name).unwrap().1;
    let common = ["problem", "offline", "unexpected", "SecurityError", "AbortError", "asking", "checking"];
    let needed = [
        ("sign-in", &["unsupported", "again", "prove:NotAllowedError", "prove:InvalidStateError"][..]),
        (
            "enrol",
            &[
                "unsupported",
                "again",
                "prove:NotAllowedError",
                "making",
                "saving",
                "nowhere",
                "make:NotAllowedError",
                "make:InvalidStateError",
                "make:NotSupportedError",
                "make:ConstraintError",
            ],
        ),
        ("account", &["again", "renamed", "removed", "prove:NotAllowedError"]),
    ];
    for (page, own) in needed {
        for key in common.iter().chain(own) {
            let template = format!("<template data-message=\"{key}\">");
            assert_eq!(html(page).matches(&template).count(), 1, "{page}: {key}");
        }
    }
}

#[test]
fn scripts_write_no_markup() {
    for asset in assets().iter().filter(|asset| asset.path.ends_with(".js")) {
        let text = std::str::from_utf8(asset.body).unwrap();
        for banned in
            ["innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "new Function", "localStorage"]
        {
            assert!(!text.contains(banned), "{}: {banned}", asset.path);
        }
        assert!(text.lines().count() < 300, "{}", asset.path);
    }
}

#[test]
fn scripts_act_on_codes_that_exist() {
    let codes: Vec<_> = SigninProblem::ALL.iter().map(|problem| problem.code()).collect();
    let mut seen = 0;
    for asset in assets().iter().filter(|asset| asset.path.ends_with(".js")) {
        let text = std::str::from_utf8(asset.body).unwrap();
        // `…code === "word"` and `…code !== "word"`; "offline" is the script's own.
        for (at, found) in text.match_indices("code === \"").chain(text.match_indices("code !== \"")) {
            let word = text[at + found.len()..].split('"').next().unwrap();
            assert!(word == "offline" || codes.contains(&word), "{}: {word}", asset.path);
            seen += 1;
        }
    }
    assert!(seen >= 6, "the scripts still decide on codes");
}

#[test]
fn what_others_wrote_is_escaped() {
    let site = web::Site { organisation: "<b>Org".into(), host: "localhost".into(), demo: false };
    let hostile = "\"><script>alert(1)</script>";
    let html = web::ConsentPage {
        site: &site,
        asks: web::Asks::Application { name: hostile.into(), host: hostile.into() },
        scopes: vec![web::scope_words(hostile)],
        person: hostile.into(),
        destination: web::Destination::Host(hostile.into()),
        memory: web::ConsentMemory::Remembered,
        journey: model::JourneyId::from_bytes([1; 16]),
        csrf: hostile.into(),
    }
    .render();
    assert!(!html.contains("<script") && !html.contains("<b>Org"));
    assert!(html.contains("&#60;script&#62;"));
}

#[test]
fn removing_the_last_passkey_states_what_follows() {
    let pages = samples::pages();
    let html = |name: &str| &pages.iter().find(|(page, _)| page == name).unwrap().1;
    assert!(html("account-one").contains("0 ways to sign in") && html("account-one").contains("data-last"));
    assert!(html("account").contains("You will have 2 passkeys left.") && !html("account").contains("data-last"));
    assert!(html("account").contains("1 open session made with it will end, and this is one of them."));
}
