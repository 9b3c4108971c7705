//! Takes a Rust source apart into what runs and what is only said, so that a word in a comment is not taken for a call.

/// A source in two layers. Each has the lines and columns of the original, with blanks where the other layer (or a comment) stands.
pub(crate) struct Layers {
    pub(crate) code: String,
    pub(crate) literals: String,
}

#[derive(Clone, Copy, PartialEq)]
enum Layer {
    Code,
    Literal,
    Comment,
}

pub(crate) fn layers(source: &str) -> Layers {
    let chars: Vec<char> = source.chars().collect();
    let mut layers = Layers { code: String::with_capacity(source.len()), literals: String::new() };
    let mut at = 0;
    while at < chars.len() {
        let (layer, end) = token(&chars, at);
        for &c in &chars[at..end] {
            let blank = if c == '\n' { '\n' } else { ' ' };
            layers.code.push(if layer == Layer::Code { c } else { blank });
            layers.literals.push(if layer == Layer::Literal { c } else { blank });
        }
        at = end;
    }
    layers
}

/// What begins at `at`, and where it ends; never empty.
fn token(chars: &[char], at: usize) -> (Layer, usize) {
    match chars[at..] {
        ['/', '/', ..] => (Layer::Comment, find(chars, at, |c| c == '\n')),
        ['/', '*', ..] => (Layer::Comment, block_comment_end(chars, at)),
        ['"', ..] => (Layer::Literal, string_end(chars, at + 1, '"')),
        ['\'', '\\', ..] => (Layer::Literal, string_end(chars, at + 1, '\'')),
        ['\'', _, '\'', ..] => (Layer::Literal, at + 3),
        ['r', ..] if at == 0 || !is_word(chars[at - 1]) || matches!(chars[at - 1], 'b' | 'c') => {
            raw_string_end(chars, at).map_or((Layer::Code, at + 1), |end| (Layer::Literal, end))
        }
        _ => (Layer::Code, at + 1),
    }
}

fn find(chars: &[char], from: usize, wanted: impl Fn(char) -> bool) -> usize {
    chars[from..].iter().position(|&c| wanted(c)).map_or(chars.len(), |offset| from + offset)
}

fn block_comment_end(chars: &[char], start: usize) -> usize {
    let (mut depth, mut at) = (0_usize, start);
    while at < chars.len() {
        match chars[at..] {
            ['/', '*', ..] => (depth, at) = (depth + 1, at + 2),
            ['*', '/', ..] => (depth, at) = (depth - 1, at + 2),
            _ => at += 1,
        }
        if depth == 0 {
            break;
        }
    }
    at
}

fn string_end(chars: &[char], mut at: usize, quote: char) -> usize {
    while at < chars.len() {
        match chars[at] {
            '\\' => at += 2,
            c if c == quote => return at + 1,
            _ => at += 1,
        }
    }
    chars.len()
}

/// The end of a raw string that begins with the `r` at `start`; `None` when that `r` begins something else.
fn raw_string_end(chars: &[char], start: usize) -> Option<usize> {
    let quote = find(chars, start + 1, |c| c != '#');
    let hashes = quote - start - 1;
    if chars.get(quote) != Some(&'"') {
        return None;
    }
    let closing = |at: usize| {
        chars[at] == '"' && chars[at + 1..].iter().take_while(|c| **c == '#').take(hashes).count() == hashes
    };
    let end = (quote + 1..chars.len()).find(|&at| closing(at))?;
    Some(end + 1 + hashes)
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// What marks an item that only tests see.
const MARK: &str = "#[cfg(test)]";

/// The modules in files of their own (`#[cfg(test)] mod name;`) that only tests see.
pub(crate) fn test_modules(code: &str) -> Vec<String> {
    let marked = code.match_indices(MARK).map(|(start, _)| &code[start + MARK.len()..]);
    let items = marked.map(|rest| rest[..item_end(rest)].trim());
    items.filter_map(|item| item.strip_prefix("mod ")?.strip_suffix(';')).map(|name| name.trim().to_owned()).collect()
}

/// `code` (a layer, so that braces are braces) with its `#[cfg(test)]` items blanked.
pub(crate) fn without_tests(code: &str) -> String {
    let (mut kept, mut rest) = (String::with_capacity(code.len()), code);
    while let Some(start) = rest.find(MARK) {
        let end = start + item_end(&rest[start..]);
        kept.push_str(&rest[..start]);
        kept.extend(rest[start..end].chars().map(|c| if c == '\n' { '\n' } else { ' ' }));
        rest = &rest[end..];
    }
    kept + rest
}

/// The length of the item at the start of `code`: to its semicolon, or to the brace that closes its first one.
fn item_end(code: &str) -> usize {
    let mut depth = 0_usize;
    for (at, c) in code.char_indices() {
        match c {
            ';' if depth == 0 => return at + 1,
            '{' => depth += 1,
            '}' if depth == 1 => return at + 1,
            '}' => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    code.len()
}

/// The numbers of the lines (from 1) on which `word` stands alone, that is: not as a part of a longer word.
pub(crate) fn lines_with(text: &str, word: &str) -> Vec<usize> {
    text.lines().enumerate().filter(|(_, line)| has_word(line, word)).map(|(index, _)| index + 1).collect()
}

fn has_word(line: &str, word: &str) -> bool {
    line.match_indices(word).any(|(at, _)| {
        let before = line[..at].chars().next_back();
        let after = line[at + word.len()..].chars().next();
        let open =
            |edge: Option<char>, neighbour: Option<char>| !edge.is_some_and(is_word) || !neighbour.is_some_and(is_word);
        open(word.chars().next(), before) && open(word.chars().next_back(), after)
    })
}

#[test]
fn a_word_in_a_comment_or_a_literal_is_not_code() {
    let source = "let a = \"Instant // no\"; // Instant\n/* Instant /* */ Instant */ let b = 'I'; let c = r#\"Instant \" \"#;\nInstant::now();";
    let layers = layers(source);
    assert_eq!(lines_with(&layers.code, "Instant"), [3]);
    assert_eq!(lines_with(&layers.literals, "Instant"), [1, 2]);
    assert_eq!(layers.code.len(), source.len());
}

#[test]
fn items_that_only_tests_see_are_known() {
    let code = "mod a;\n#[cfg(test)]\nmod vectors;\n#[cfg(test)]\nmod tests { mod inner; }\nfn f() {}";
    assert_eq!(test_modules(code), ["vectors"]);
    assert_eq!(without_tests(code).split_whitespace().collect::<Vec<_>>(), ["mod", "a;", "fn", "f()", "{}"]);
    assert_eq!(without_tests(code).lines().count(), code.lines().count());
}

#[test]
fn lifetimes_escapes_and_prefixes_do_not_confuse() {
    let layers =
        layers("fn f<'a>(x: &'a str) -> char { let r = br\"\\\"; '\\'' } async fn g() {} let s = \"\\\"async\";");
    assert_eq!(lines_with(&layers.code, "async"), [1]);
    assert!(layers.code.contains("fn f<'a>(x: &'a str)"));
    assert!(!layers.code.contains("\\"));
    assert_eq!(lines_with("Instantly not; an Instant yes", "Instant"), [1]);
    assert_eq!(lines_with("Instantly", "Instant"), Vec::<usize>::new());
}
