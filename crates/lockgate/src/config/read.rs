//! From text and environment to values with their places. Knows names and kinds, not meanings.

use std::collections::BTreeMap;

use toml::{
    Spanned,
    de::{DeTable, DeValue},
};

use super::{
    Environment, Place, Problem,
    keys::{ENVIRONMENT_PREFIX, KEYS, Key, Kind, POLICY, TABLES},
    policy, suggest,
};

/// Longest list accepted, in items.
const ITEMS_MAX: usize = 100;

/// A value and where it was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Found<T> {
    pub(crate) value: T,
    pub(crate) place: Place,
}

/// Every value found, by the setting's name.
#[derive(Debug, Default)]
pub(crate) struct Values {
    texts: BTreeMap<&'static str, Found<String>>,
    lists: BTreeMap<&'static str, Found<Vec<String>>>,
    tables: BTreeMap<&'static str, Place>,
    policy: ::policy::Policy,
}

impl Values {
    pub(crate) fn text(&self, path: &str) -> Option<&Found<String>> {
        self.texts.get(path)
    }
    pub(crate) fn list(&self, path: &str) -> Option<&Found<Vec<String>>> {
        self.lists.get(path)
    }
    /// What people must show where.
    pub(crate) fn policy(&self) -> &::policy::Policy {
        &self.policy
    }
    /// Where a table begins, if the file has it.
    pub(crate) fn table(&self, name: &str) -> Option<&Place> {
        self.tables.get(name)
    }

    fn put(&mut self, key: Key, value: Given, place: Place, problems: &mut Vec<Problem>) {
        match (key.kind, value) {
            (Kind::Text, Given::Text(value)) => {
                self.texts.insert(key.path, Found { value, place });
            }
            (Kind::List, Given::List(value)) if value.len() <= ITEMS_MAX => {
                self.lists.insert(key.path, Found { value, place });
            }
            (Kind::List, Given::List(_)) => problems.push(Problem::new(
                place,
                format!("{} lists more than {ITEMS_MAX} items", key.path),
                "shorten the list",
            )),
            (Kind::Text, Given::List(_) | Given::Other) => problems.push(Problem::new(
                place,
                format!("{} must be one text", key.path),
                format!("write it in quotes: {} = \"…\"", last(key.path)),
            )),
            (Kind::List, Given::Text(_) | Given::Other) => problems.push(Problem::new(
                place,
                format!("{} must be a list of texts", key.path),
                format!("write it in brackets: {} = [\"…\"]", last(key.path)),
            )),
        }
    }
}

enum Given {
    Text(String),
    List(Vec<String>),
    Other,
}

/// Reads the file's text, then the environment, which wins.
pub(crate) fn read(text: &str, environment: &Environment) -> (Values, Vec<Problem>) {
    let mut values = Values::default();
    let mut problems = Vec::new();
    let lines = Lines(text);
    let (document, errors) = DeTable::parse_recoverable(text);
    if errors.is_empty() {
        values.policy = policy::read(text, document.get_ref(), &lines, &mut problems);
    }
    for error in errors {
        let place = error.span().map_or(Place::File, |span| lines.place(span.start));
        problems.push(Problem::new(place, format!("this is not valid TOML: {}", error.message()), "mend the line"));
    }
    for (name, value) in document.get_ref().iter().filter(|(name, _)| name.get_ref().as_ref() != POLICY) {
        let table = TABLES.into_iter().find(|table| *table == name.get_ref().as_ref());
        match (table, value.get_ref()) {
            (Some(table), DeValue::Table(inner)) => {
                values.tables.insert(table, lines.place(name.span().start));
                for (inner_name, inner_value) in inner.iter() {
                    setting(&mut values, &mut problems, &lines, Some(table), inner_name, inner_value);
                }
            }
            (Some(table), _) => problems.push(Problem::new(
                lines.place(name.span().start),
                format!("{table} is a table of settings, not a value"),
                format!("write [{table}] on a line of its own and its settings below"),
            )),
            (None, _) => setting(&mut values, &mut problems, &lines, None, name, value),
        }
    }
    from_environment(&mut values, &mut problems, environment);
    (values, problems)
}

fn setting(
    values: &mut Values,
    problems: &mut Vec<Problem>,
    lines: &Lines<'_>,
    table: Option<&str>,
    name: &Spanned<toml::de::DeString<'_>>,
    value: &Spanned<DeValue<'_>>,
) {
    let place = lines.place(name.span().start);
    let path = table.map_or_else(|| name.get_ref().to_string(), |table| format!("{table}.{}", name.get_ref()));
    match Key::named(&path) {
        Some(key) => values.put(key, given(value.get_ref()), place, problems),
        None => problems.push(unknown(place, &path)),
    }
}

fn given(value: &DeValue<'_>) -> Given {
    match value {
        DeValue::String(text) => Given::Text(text.to_string()),
        DeValue::Array(items) => {
            let texts = items.iter().map(|item| item.get_ref().as_str().map(str::to_owned)).collect::<Option<Vec<_>>>();
            texts.map_or(Given::Other, Given::List)
        }
        DeValue::Integer(_) | DeValue::Float(_) | DeValue::Boolean(_) | DeValue::Datetime(_) | DeValue::Table(_) => {
            Given::Other
        }
    }
}

/// Names a setting that does not exist, and the one that was meant if it can be guessed: by its whole name, or by the
/// name of a setting that stands in another table.
fn unknown(place: Place, path: &str) -> Problem {
    let shown: String = path.chars().filter(|c| !c.is_control()).take(64).collect();
    let typed_last = last(path);
    let meant = suggest::closest(path, KEYS.iter().map(|key| key.path))
        .or_else(|| suggest::closest(path, TABLES.into_iter().chain([POLICY])))
        .or_else(|| KEYS.iter().map(|key| key.path).find(|known| last(known) == typed_last));
    let fix = match meant {
        Some(known) => format!("did you mean {known}? Otherwise remove it"),
        None => "remove it; `lockgate init` writes a file with every setting there is".to_owned(),
    };
    Problem::new(place, format!("{shown} is not a setting"), fix)
}

/// Reads `LOCKGATE_…` variables. Unknown ones may belong to other tools, so only near misses are refused.
fn from_environment(values: &mut Values, problems: &mut Vec<Problem>, environment: &Environment) {
    let names: Vec<(Key, String)> = KEYS.into_iter().map(|key| (key, key.variable())).collect();
    for (name, value) in environment.iter().filter(|(name, _)| name.starts_with(ENVIRONMENT_PREFIX)) {
        let place = Place::Variable(name.clone());
        match names.iter().find(|(_, known)| known == name) {
            Some((key, _)) => {
                let given = match key.kind {
                    Kind::Text => Given::Text(value.clone()),
                    Kind::List => Given::List(
                        value.split(',').map(str::trim).filter(|item| !item.is_empty()).map(str::to_owned).collect(),
                    ),
                };
                values.put(*key, given, place, problems);
            }
            None => {
                let slip = names.iter().find(|(_, known)| suggest::distance(name, known) <= 2);
                if let Some((_, known)) = slip {
                    problems.push(Problem::new(
                        place,
                        format!("{name} is not a setting"),
                        format!("did you mean {known}? Otherwise unset it"),
                    ));
                }
            }
        }
    }
}

fn last(path: &str) -> &str {
    path.rsplit('.').next().unwrap_or(path)
}

/// Line numbers of byte offsets.
pub(super) struct Lines<'a>(&'a str);

impl Lines<'_> {
    pub(super) fn place(&self, offset: usize) -> Place {
        let before = self.0.as_bytes().iter().take(offset).filter(|byte| **byte == b'\n').count();
        Place::Line(before + 1)
    }
}
