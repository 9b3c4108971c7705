//! Words for people on standard output and standard error, and tables or JSON where a command lists things.

use std::{
    fmt::Display,
    io::{self, Write},
};

use serde_json::Value;

/// How a listing is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, clap::ValueEnum)]
pub(crate) enum Output {
    /// Columns for people.
    #[default]
    Table,
    /// One JSON array for programs.
    Json,
}

/// Writes one line to standard output. A reader that went away (`| head`) is no reason to fail.
pub(crate) fn say(line: impl Display) {
    let mut out = io::stdout().lock();
    let _ = writeln!(out, "{line}").and_then(|()| out.flush());
}

/// Writes one line to standard error.
pub(crate) fn complain(line: impl Display) {
    let _ = writeln!(io::stderr().lock(), "{line}");
}

/// Writes a listing: `columns` name the members of each row.
pub(crate) fn list(output: Output, columns: &[&str], rows: &[Vec<Value>]) {
    match output {
        Output::Json => say(json(columns, rows)),
        Output::Table => table(columns, rows).iter().for_each(say),
    }
}

fn json(columns: &[&str], rows: &[Vec<Value>]) -> Value {
    let object = |row: &Vec<Value>| {
        Value::Object(columns.iter().map(|name| (*name).to_owned()).zip(row.iter().cloned()).collect())
    };
    Value::Array(rows.iter().map(object).collect())
}

fn table(columns: &[&str], rows: &[Vec<Value>]) -> Vec<String> {
    let heads = columns.iter().map(|name| name.replace('_', " ").to_uppercase()).collect();
    let mut lines: Vec<Vec<String>> = vec![heads];
    lines.extend(rows.iter().map(|row| row.iter().map(cell).collect()));
    let widths: Vec<usize> = (0..columns.len())
        .map(|column| lines.iter().map(|line| line[column].chars().count()).max().unwrap_or(0))
        .collect();
    lines
        .iter()
        .map(|line| {
            let cells = line.iter().zip(&widths).map(|(cell, width)| format!("{cell:<width$}"));
            cells.collect::<Vec<_>>().join("  ").trim_end().to_owned()
        })
        .collect()
}

fn cell(value: &Value) -> String {
    match value {
        Value::Null => "–".to_owned(),
        Value::Bool(yes) => (if *yes { "yes" } else { "no" }).to_owned(),
        Value::String(text) => visible(text),
        Value::Array(items) if items.is_empty() => "–".to_owned(),
        Value::Array(items) => items.iter().map(cell).collect::<Vec<_>>().join(", "),
        Value::Number(_) | Value::Object(_) => value.to_string(),
    }
}

/// A stored text must not steer the terminal that shows it.
pub(crate) fn visible(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { '·' } else { c }).collect()
}

/// The same for a text of several lines.
pub(crate) fn visible_lines(text: &str) -> String {
    text.lines().map(visible).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn tables_line_up_and_cannot_steer_the_terminal() {
        let rows = [vec![json!("Zoë"), json!(["a", "b"])], vec![json!("x\u{1b}[2J"), json!([])]];
        let lines = table(&["display_name", "groups"], &rows);
        assert_eq!(lines, ["DISPLAY NAME  GROUPS", "Zoë           a, b", "x·[2J         –"]);
    }

    #[test]
    fn json_names_every_member() {
        let value = json(&["name", "privileged"], &[vec![json!("a"), json!(true)]]);
        assert_eq!(value, json!([{"name": "a", "privileged": true}]));
    }
}
