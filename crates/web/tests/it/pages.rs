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
        // A page with several states holds one heading for each of them, of which one is shown.
        let states =
            tags(html, "div").iter().filter(|tag| tag.contains(" data-when=") && tag.ends_with(" hidden>")).count();
        assert_eq!(tags(html, "h1").len(), 1 + states, "{name}");
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
        let shown = |tag: &&&str| attribute(tag, "type") != Some("hidden") && !tag.ends_with(" hidden>");
        for input in tags(html, "input").iter().filter(shown) {
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
fn headings_go_down_one_level_at_a_time() {
    each_page(|name, html| {
        let levels: Vec<u8> = html
            .match_indices("<h")
            .filter_map(|(at, _)| html.as_bytes().get(at + 2).copied())
            .filter(u8::is_ascii_digit)
            .map(|level| level - b'0')
            .collect();
        assert_eq!(levels.first(), Some(&1), "{name}");
        assert!(levels.windows(2).all(|pair| pair[1] <= pair[0] + 1), "{name}: {levels:?}");
    });
}

#[test]
fn buttons_say_what_they_do() {
    each_page(|name, html| {
        for (at, _) in html.match_indices("<button") {
            let text: String = html[at..at + html[at..].find("</button>").expect("a button ends")]
                .split('<')
                .filter_map(|part| part.split_once('>').map(|(_, text)| text))
                .collect();
            assert!(text.trim().len() > 2, "{name}: {}", &html[at..at + 60]);
        }
    });
}

#[test]
fn pages_that_need_a_script_say_so_without_one() {
    each_page(|name, html| {
        let ceremony = ["/sign-in.js", "/enrol.js", "/invitation.js", "/workstation.js", "/account.js"]
            .iter()
            .any(|script| html.contains(script));
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
        (
            "invitation",
            &[
                "unsupported",
                "again",
                "making",
                "saving",
                "make:NotAllowedError",
                "make:InvalidStateError",
                "make:NotSupportedError",
                "make:ConstraintError",
            ],
        ),
        ("account-ways", &["again", "renamed", "removed", "prove:NotAllowedError"]),
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
        // `…code === "word"`; "offline" is the script's own.
        for (at, found) in text.match_indices("code === \"") {
            let word = text[at + found.len()..].split('"').next().unwrap();
            assert!(word == "offline" || codes.contains(&word), "{}: {word}", asset.path);
            seen += 1;
        }
        // `new Set(["word", …])`, tested with `.has(….code)`.
        for (at, found) in text.match_indices("new Set([") {
            let list = text[at + found.len()..].split(']').next().unwrap();
            for word in list.split('"').skip(1).step_by(2) {
                assert!(codes.contains(&word), "{}: {word}", asset.path);
                seen += 1;
            }
        }
    }
    assert!(seen >= 12, "the scripts still decide on codes");
}
