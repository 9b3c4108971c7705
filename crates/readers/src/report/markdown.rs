//! The report as Markdown, for tickets and wikis.

use std::fmt::Write;

use cutover::Rule;

use super::{
    document::{ClientDocument, Document},
    summary::{Summary, evidence, open_reasons, place, standing, subtitle},
};

/// The whole report.
#[must_use]
pub fn markdown(document: &Document) -> String {
    let mut out = String::new();
    // Writing to a string cannot fail.
    let _ = write(&mut out, document);
    out
}

fn write(out: &mut String, document: &Document) -> std::fmt::Result {
    let summary = Summary::of(document);
    let Summary { clients, builtin, high, medium, low, open, clean, unread, .. } = &summary;
    writeln!(out, "# OAuth clients\n")?;
    writeln!(
        out,
        "Scanned {}: {} files seen, {} read, {unread} not readable in whole or in part. This is configuration: it shows what clients may do, not what they do.\n",
        document.scanned_at, document.files.seen, document.files.read
    )?;
    writeln!(
        out,
        "**{clients} clients**: {high} with a high finding, {medium} medium, {low} low; {open} without a finding but not fully known; {clean} clean. {builtin} more were made by the products themselves.\n"
    )?;
    writeln!(out, "| rule | what | broken by | not known of | clause |\n|---|---|---:|---:|---|")?;
    for count in &summary.rules {
        let Rule { id, title, .. } = count.rule;
        writeln!(out, "| `{id}` | {title} | {} | {} | {} |", count.broken, count.open, count.rule.clause())?;
    }
    writeln!(out, "\n## Clients, worst first\n")?;
    for client in document.clients.iter().filter(|client| !client.builtin && standing(client) != "clean") {
        write_client(out, client)?;
    }
    writeln!(out, "## Clean\n")?;
    list(out, document.clients.iter().filter(|client| !client.builtin && standing(client) == "clean"))?;
    writeln!(out, "## Made by the products themselves\n")?;
    list(out, document.clients.iter().filter(|client| client.builtin))?;
    if !document.notices.is_empty() {
        writeln!(out, "## Files\n")?;
        for notice in &document.notices {
            writeln!(out, "- {}: {} ({})", notice.kind, text(&notice.text), code(&place(&notice.at)))?;
        }
        writeln!(out)?;
    }
    if !summary.defaults.is_empty() {
        writeln!(
            out,
            "## Defaults that findings rest on\n\n| product | versions | setting | value | source |\n|---|---|---|---|---|"
        )?;
        for row in &summary.defaults {
            writeln!(
                out,
                "| {} | {} | {} | {} | {} |",
                text(&row.product),
                text(&row.versions),
                code(&row.setting),
                code(&row.value),
                text(&row.source)
            )?;
        }
    }
    Ok(())
}

fn write_client(out: &mut String, client: &ClientDocument) -> std::fmt::Result {
    writeln!(out, "### {}\n\n{}\n", text(&client.label), text(&subtitle(client)))?;
    for one in &client.places {
        writeln!(out, "- described in {}", code(&place(one)))?;
    }
    for owner in &client.owners {
        writeln!(out, "- owner: {} ({})", text(&owner.text), code(&place(&owner.at)))?;
    }
    for finding in &client.findings {
        writeln!(
            out,
            "- **{}** `{}`: {}{}{}",
            finding.severity,
            finding.rule,
            Rule::named(&finding.rule).map_or("", Rule::explanation),
            if finding.exposure == "configured" { " Not reachable as configured." } else { "" },
            if finding.contradicted { " Another place keeps this rule." } else { "" },
        )?;
        for one in &finding.evidence {
            writeln!(out, "  - {} ({})", text(&evidence(one)), code(&place(&one.at)))?;
        }
        writeln!(out, "  - To do: {}", Rule::named(&finding.rule).map_or("", Rule::fix))?;
    }
    for (reason, rules) in open_reasons(client) {
        writeln!(out, "- not known: {} (leaves open: {})", text(&reason), rules.join(", "))?;
    }
    for disagreement in &client.disagreements {
        writeln!(out, "- places disagree about {}:", disagreement.about)?;
        for voice in &disagreement.said {
            writeln!(out, "  - {} ({})", text(&voice.text), code(&place(&voice.at)))?;
        }
    }
    writeln!(out)
}

fn list<'a>(out: &mut String, clients: impl Iterator<Item = &'a ClientDocument>) -> std::fmt::Result {
    let mut none = true;
    for client in clients {
        none = false;
        let rules: Vec<&str> = client.findings.iter().map(|finding| finding.rule.as_str()).collect();
        let rules = if rules.is_empty() { String::new() } else { format!(": {}", rules.join(", ")) };
        let at = client.places.first().map(place).unwrap_or_default();
        writeln!(out, "- {} ({}, {}){rules}", text(&client.label), text(&client.provider_name), code(&at))?;
    }
    if none {
        writeln!(out, "None.")?;
    }
    writeln!(out)
}

/// Text from files, so that it can't be markup.
fn text(raw: &str) -> String {
    let mut out = String::with_capacity(raw.len());
    for c in raw.chars() {
        match c {
            // Entities, because some renderers let a backslash and the tag behind it through.
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            '\\' | '`' | '*' | '_' | '[' | ']' | '|' | '#' | '!' | '~' => {
                out.push('\\');
                out.push(c);
            }
            c if c.is_control() => out.push(' '),
            c => out.push(c),
        }
    }
    out
}

/// Text from files as code. A backtick would end it, and a bar would end a table's cell.
fn code(raw: &str) -> String {
    let inner: String = raw
        .chars()
        .map(|c| match c {
            '`' => '\'',
            '|' => '¦',
            c if c.is_control() => ' ',
            c => c,
        })
        .collect();
    format!("`{inner}`")
}
