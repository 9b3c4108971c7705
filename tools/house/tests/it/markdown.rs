//! Reads one table out of a Markdown document: just enough of Markdown for `ARCHITECTURE.md`.

/// The cells of the first table below `heading`, without its header and rule lines; each cell trimmed.
///
/// # Panics
/// When the heading or its table is missing, or a row has not as many cells as the header: a table that can't be read can't be kept.
pub(crate) fn table(document: &str, heading: &str, columns: &[&str]) -> Vec<Vec<String>> {
    let section = document
        .split_once(&format!("\n{heading}\n"))
        .unwrap_or_else(|| panic!("no section {heading:?}"))
        .1
        .split("\n## ")
        .next()
        .unwrap_or_default();
    let mut rows = section.lines().skip_while(|line| !line.starts_with('|')).take_while(|line| line.starts_with('|'));
    let header = cells(rows.next().unwrap_or_else(|| panic!("no table below {heading:?}")));
    assert_eq!(header, columns, "the table below {heading:?} has other columns than the check expects");
    rows.skip(1)
        .map(|row| {
            let row = cells(row);
            assert_eq!(row.len(), columns.len(), "a row below {heading:?} is uneven: {row:?}");
            row
        })
        .collect()
}

/// The names in a cell such as `model, crypto`; `–` means none.
pub(crate) fn names(cell: &str) -> Vec<&str> {
    cell.split(',').map(|name| name.trim().trim_matches('`')).filter(|name| !matches!(*name, "" | "–" | "-")).collect()
}

/// The one name in a cell.
pub(crate) fn name(cell: &str) -> String {
    cell.trim_matches('`').to_owned()
}

fn cells(row: &str) -> Vec<String> {
    row.trim().trim_matches('|').split('|').map(|cell| cell.trim().to_owned()).collect()
}

#[test]
fn reads_the_table_of_its_own_section() {
    let document =
        "# A\n\n## B\n\ntext\n\n| room | may use |\n|---|---|\n| `a` | – |\n| b | `a`, c |\n\nmore\n\n## C\n| x |\n";
    let rows = table(document, "## B", &["room", "may use"]);
    assert_eq!(rows, [["`a`", "–"], ["b", "`a`, c"]]);
    assert_eq!(name(&rows[0][0]), "a");
    assert_eq!(names(&rows[0][1]), Vec::<&str>::new());
    assert_eq!(names(&rows[1][1]), ["a", "c"]);
}
