//! `[policy]`: what people must show where. The policy room reads it; here its problems get their lines and suggestions.

use policy::{Policy, file::PolicyFile};
use serde::Deserialize;
use toml::de::{DeTable, DeValue};

use super::{Place, Problem, read::Lines, suggest};

/// The one table of the file that is looked at here.
#[derive(Deserialize)]
struct Whole {
    #[serde(default)]
    policy: PolicyFile,
}

/// The policy of the file; the default where it says nothing. `text` is known to be TOML.
pub(super) fn read(text: &str, document: &DeTable<'_>, lines: &Lines<'_>, problems: &mut Vec<Problem>) -> Policy {
    let whole: Whole = match toml::from_str(text) {
        Ok(whole) => whole,
        Err(error) => {
            let place = error.span().map_or(Place::File, |span| lines.place(span.start));
            problems.push(Problem::new(
                place,
                format!("[policy] can't be read: {}", error.message()),
                "docs/operate/configuration.md shows what belongs there",
            ));
            return Policy::default();
        }
    };
    match whole.policy.check() {
        Ok(policy) => policy,
        Err(found) => {
            problems.extend(found.iter().map(|problem| told(problem, document, lines)));
            Policy::default()
        }
    }
}

fn told(problem: &policy::file::Problem, document: &DeTable<'_>, lines: &Lines<'_>) -> Problem {
    let meant = problem
        .choices()
        .and_then(|(typed, allowed)| suggest::closest(typed, allowed.iter().map(String::as_str)).map(str::to_owned));
    let fix = match meant {
        Some(meant) => format!("did you mean {meant}?"),
        None => "docs/operate/configuration.md says what each setting of the policy does".to_owned(),
    };
    Problem::new(place(&problem.path, document, lines), problem.to_string(), fix)
}

/// The line of the deepest part of a dotted path that the file has.
fn place(path: &str, document: &DeTable<'_>, lines: &Lines<'_>) -> Place {
    let (mut table, mut found) = (document, Place::File);
    for name in path.split('.') {
        let Some((key, value)) = table.iter().find(|(key, _)| key.get_ref().as_ref() == name) else { break };
        found = lines.place(key.span().start);
        match value.get_ref() {
            DeValue::Table(inner) => table = inner,
            _ => break,
        }
    }
    found
}
