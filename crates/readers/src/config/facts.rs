//! From nodes to facts: one way to read a switch, a list or a number, so that silence, null, variables and nonsense mean the same in
//! every reader.

use cutover::{Authentication, Cause, DefaultRow, Fact, Lifetime, List, Matching, Piece, Redirect, Source, Template};

use super::placeholder::{Marks, split};
use crate::tree::{Node, Value};

/// Longest text that a cause quotes, in characters.
const QUOTE_CHARS_MAX: usize = 60;

/// What it means that a setting is absent.
pub(crate) enum Silence<T> {
    /// The product then does this.
    Means(T, &'static DefaultRow),
    /// It can't be known.
    Unknown(Cause),
}

/// One client's settings, and where they stand.
#[derive(Clone, Copy)]
pub(crate) struct Settings<'a> {
    /// The map with the settings.
    pub(crate) node: &'a Node,
    /// Where the client stands.
    pub(crate) source: &'a Source,
    /// The placeholders of the format.
    pub(crate) marks: Marks,
}

impl<'a> Settings<'a> {
    /// The node of a setting; null is silence.
    pub(crate) fn node_at(&self, path: &[&str]) -> Option<&'a Node> {
        self.node.at(path).filter(|node| !node.is_null())
    }

    /// Where a setting stands, or would.
    pub(crate) fn place(&self, path: &[&str]) -> Source {
        let pointer = self.source.pointer.as_deref().unwrap_or_default();
        let line = self.node_at(path).map(|node| node.line).or(self.source.line);
        let place = self.source.at_pointer(&format!("{pointer}/{}", path.join("/")));
        line.map_or_else(|| place.clone(), |line| place.at_line(line))
    }

    /// Reads a setting by `read`, which says why where it can't.
    pub(crate) fn fact<T>(
        &self,
        path: &[&str],
        silence: Silence<T>,
        read: impl FnOnce(&Node) -> Result<T, Cause>,
    ) -> Fact<T> {
        let source = self.place(path);
        match (self.node_at(path), silence) {
            (Some(node), _) => match read(node) {
                Ok(value) => Fact::certain(value, source),
                Err(cause) => Fact::unknown(cause, source),
            },
            (None, Silence::Means(value, row)) => Fact::default(value, row, source),
            (None, Silence::Unknown(cause)) => Fact::unknown(cause, source),
        }
    }

    /// A switch.
    pub(crate) fn switch(&self, path: &[&str], silence: Silence<bool>) -> Fact<bool> {
        let marks = self.marks;
        self.fact(path, silence, |node| node.as_bool().ok_or_else(|| why(node, marks)))
    }

    /// A word or other text.
    pub(crate) fn text(&self, path: &[&str], silence: Silence<String>) -> Fact<String> {
        let marks = self.marks;
        self.fact(path, silence, |node| literal(node, marks))
    }

    /// A text that may well be absent.
    pub(crate) fn plain(&self, path: &[&str]) -> Option<String> {
        let text = literal(self.node_at(path)?, self.marks).ok()?;
        (!text.is_empty()).then_some(text)
    }

    /// A text as somebody would show it, holes included; for names.
    pub(crate) fn shown(&self, path: &[&str]) -> Option<String> {
        match &self.node_at(path)?.value {
            Value::Text(text) if !text.is_empty() => Some(text.clone()),
            Value::Template(template) => Some(template.to_string()),
            _ => None,
        }
    }

    /// A list of texts; a single text stands for itself.
    pub(crate) fn list(&self, path: &[&str], silence: Silence<()>) -> List<String> {
        let marks = self.marks;
        self.items(path, silence, |node| literal(node, marks))
    }

    /// Redirect URIs that all match alike.
    pub(crate) fn redirects(&self, path: &[&str], silence: Silence<()>, matching: Matching) -> List<Redirect> {
        let marks = self.marks;
        self.items(path, silence, |node| Ok(Redirect { text: template(node, marks)?, matching }))
    }

    /// Any list.
    pub(crate) fn items<T>(
        &self,
        path: &[&str],
        silence: Silence<()>,
        mut read: impl FnMut(&Node) -> Result<T, Cause>,
    ) -> List<T> {
        let source = self.place(path);
        let Some(node) = self.node_at(path) else {
            return match silence {
                Silence::Means((), _) => List::complete(Vec::new()),
                Silence::Unknown(cause) => List::unknown(cause, source),
            };
        };
        let mut fact = |item: &Node| {
            let source = source.at_line(item.line);
            match read(item) {
                Ok(value) => Fact::certain(value, source),
                Err(cause) => Fact::unknown(cause, source),
            }
        };
        match &node.value {
            Value::List(items) => List::complete(items.iter().filter(|item| !item.is_null()).map(fact).collect()),
            Value::Text(_) | Value::Template(_) => List::complete(vec![fact(node)]),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::Map(_) | Value::Unknown(_) => {
                List::unknown(why(node, self.marks), source)
            }
        }
    }

    /// A number of `unit` seconds.
    pub(crate) fn lifetime(&self, path: &[&str], unit_seconds: u64, silence: Silence<Lifetime>) -> Fact<Lifetime> {
        let marks = self.marks;
        self.fact(path, silence, |node| {
            let number =
                node.as_integer().and_then(|number| u64::try_from(number).ok()).ok_or_else(|| why(node, marks))?;
            Ok(Lifetime::Seconds(number.saturating_mul(unit_seconds)))
        })
    }
}

/// The text of a node without holes.
pub(crate) fn literal(node: &Node, marks: Marks) -> Result<String, Cause> {
    let template = template(node, marks)?;
    template.as_literal().map(str::to_owned).ok_or_else(|| hole(&template))
}

/// The text of a node, with holes.
pub(crate) fn template(node: &Node, marks: Marks) -> Result<Template, Cause> {
    match &node.value {
        Value::Text(text) => Ok(split(text, marks)),
        Value::Template(template) => Ok(template.clone()),
        Value::Number(number) => Ok(Template::literal(number.to_string())),
        Value::Bool(value) => Ok(Template::literal(value.to_string())),
        Value::Null | Value::List(_) | Value::Map(_) | Value::Unknown(_) => Err(why(node, marks)),
    }
}

/// Why a node is not what was looked for.
pub(crate) fn why(node: &Node, marks: Marks) -> Cause {
    match &node.value {
        Value::Unknown(cause) => cause.clone(),
        Value::Template(template) => hole(template),
        Value::Text(text) => {
            let template = split(text, marks);
            // The text itself is not quoted: whatever stands in the wrong place may be a secret.
            if template.as_literal().is_none() { hole(&template) } else { Cause::Unreadable("a text".to_owned()) }
        }
        Value::Null => Cause::NotSaid,
        Value::Bool(_) => Cause::Unreadable("true or false".to_owned()),
        Value::Number(_) => Cause::Unreadable("a number".to_owned()),
        Value::List(_) => Cause::Unreadable("a list".to_owned()),
        Value::Map(_) => Cause::Unreadable("a map".to_owned()),
    }
}

fn hole(template: &Template) -> Cause {
    let name = template.pieces().iter().find_map(|piece| match piece {
        Piece::Hole(name) => Some(name.as_str()),
        Piece::Literal(_) => None,
    });
    Cause::Variable(shortened(name.unwrap_or_default()))
}

/// A text short enough to quote.
pub(crate) fn shortened(text: &str) -> String {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if text.chars().count() <= QUOTE_CHARS_MAX {
        return text;
    }
    text.chars().take(QUOTE_CHARS_MAX - 1).chain(['…']).collect()
}

/// Whether a list of words holds one of these. Not found in a list that is not wholly known is unknown.
pub(crate) fn holds(list: &List<String>, source: &Source, is: impl Fn(&str) -> bool) -> Fact<bool> {
    if let Some(item) = list.items.iter().find(|item| item.known().is_some_and(|word| is(word))) {
        return Fact { value: cutover::Value::Certain(true), source: item.source.clone() };
    }
    let unknown = list.items.iter().find_map(|item| match &item.value {
        cutover::Value::Unknown(cause) => Some((cause.clone(), item.source.clone())),
        cutover::Value::Certain(_) | cutover::Value::Default(..) => None,
    });
    match unknown.or_else(|| list.rest.clone()) {
        Some((cause, source)) => Fact::unknown(cause, source),
        None => {
            let source = list.items.first().map_or_else(|| source.clone(), |item| item.source.clone());
            Fact::certain(false, source)
        }
    }
}

/// `token_endpoint_auth_method` (RFC 7591 §2, RFC 8705 §2).
pub(crate) fn auth_method(word: &str) -> Option<Authentication> {
    Some(match word {
        "none" => Authentication::None,
        "client_secret_basic" => Authentication::SecretBasic,
        "client_secret_post" => Authentication::SecretPost,
        "client_secret_jwt" => Authentication::SecretJwt,
        "private_key_jwt" => Authentication::PrivateKeyJwt,
        "tls_client_auth" | "self_signed_tls_client_auth" | "ca_signed_tls_client_auth" => Authentication::MutualTls,
        _ => return None,
    })
}

/// Both, in Kleene's logic: unknown unless one says no. Where both say yes, the first is the evidence.
pub(crate) fn both(first: Fact<bool>, second: &Fact<bool>) -> Fact<bool> {
    match (first.known(), second.known()) {
        (Some(false), _) | (Some(true), Some(true)) => first,
        (_, Some(false)) | (Some(true), None) => second.clone(),
        (None, _) => first,
    }
}
