//! `lockgate inventory …`: which OAuth clients other identity providers have, and what is wrong with them. It needs no installation.

use std::{
    fs,
    io::{self, IsTerminal, Write},
    path::{Path, PathBuf},
    sync::atomic::{AtomicU64, Ordering},
};

use anyhow::{Context, Result, bail};
use cutover::{Hints, RULES, Rule};
use readers::{Progress, map, report, report::Document};
use server::ambient;

use crate::{
    cli::{
        InventoryCommand, InventoryExplainArgs, InventoryExportArgs, InventoryReportArgs, InventoryScanArgs,
        ReportFormat, TableFormat,
    },
    exit::Exit,
    terminal,
};

/// The scan's file in its directory.
const FILE: &str = "inventory.json";
/// Longest inventory that is read back, in bytes: a million clients and more.
const INVENTORY_BYTES_MAX: u64 = 8 * 1024 * 1024 * 1024;
/// A line of progress each so many files.
const PROGRESS_FILES: u64 = 500;

pub(super) fn run(command: &InventoryCommand) -> Result<Exit> {
    match command {
        InventoryCommand::Scan(args) => scan(args),
        InventoryCommand::Report(args) => write_report(args),
        InventoryCommand::Export(args) => export(args),
        InventoryCommand::Explain(args) => Ok(explain(args)),
    }
}

fn scan(args: &InventoryScanArgs) -> Result<Exit> {
    let hints = args.map.as_deref().map(hints).transpose()?.unwrap_or_default();
    // Before the work, so that nobody waits for a result that can't be written.
    fs::create_dir_all(&args.out).with_context(|| format!("failed to make the directory {}", args.out.display()))?;
    let scan = readers::scan(&args.paths, &progress())?;
    let scanned_at = jiff::Timestamp::from_millisecond(ambient::now().millis())
        .context("failed to write down the time: the clock is far off")?;
    let document = report::compose(scan, &hints, &scanned_at.to_string());
    let path = args.out.join(FILE);
    replace(&path, |out| document.write(out))?;
    for notice in document.notices.iter().filter(|notice| notice.kind == "unread") {
        terminal::complain(terminal::visible(&format!("not read: {}: {}", notice.at.file, notice.text)));
    }
    conclude(&document, &path);
    Ok(Exit::Done)
}

/// Reports how far the scan is, on standard error and only where somebody watches.
fn progress() -> impl Fn(&Progress) + Sync {
    let watched = io::stderr().is_terminal();
    let last = AtomicU64::new(0);
    move |progress| {
        let step = progress.files_seen / PROGRESS_FILES;
        if watched && last.fetch_max(step, Ordering::Relaxed) < step {
            terminal::complain(format_args!(
                "{} files seen, {} read, {} clients",
                progress.files_seen, progress.files_read, progress.clients
            ));
        }
    }
}

fn conclude(document: &Document, path: &Path) {
    let own = || document.clients.iter().filter(|client| !client.builtin);
    let broken = own().filter(|client| !client.findings.is_empty()).count();
    let open = own().filter(|client| client.findings.is_empty() && !client.open.is_empty()).count();
    terminal::say(format_args!(
        "{} files seen, {} read. {} clients: {broken} with findings, {open} not fully known, {} clean; {} made by the products.",
        document.files.seen,
        document.files.read,
        own().count(),
        own().count() - broken - open,
        document.clients.len() - own().count(),
    ));
    terminal::say(format_args!("Written to {}.", path.display()));
}

fn hints(path: &Path) -> Result<Hints> {
    let text = read(path, map::MAP_BYTES_MAX)?;
    let text = String::from_utf8(text).with_context(|| format!("{} is not UTF-8", path.display()))?;
    map::hints(&text).with_context(|| format!("failed to read the map {}", path.display()))
}

fn write_report(args: &InventoryReportArgs) -> Result<Exit> {
    let document = document(&args.dir)?;
    let text = match args.format {
        ReportFormat::Html => report::html(&document).context("failed to write the report")?,
        ReportFormat::Markdown => report::markdown(&document),
        ReportFormat::Json => {
            let mut bytes = Vec::new();
            document.write(&mut bytes).context("failed to write the report")?;
            String::from_utf8(bytes).context("failed to write the report")?
        }
    };
    put(args.output.as_ref(), &text)
}

fn export(args: &InventoryExportArgs) -> Result<Exit> {
    let document = document(&args.dir)?;
    match args.format {
        TableFormat::Csv => put(args.output.as_ref(), &report::per_file(&document)),
    }
}

fn explain(args: &InventoryExplainArgs) -> Exit {
    let Some(id) = &args.rule else {
        for rule in RULES {
            terminal::say(format_args!("{:<28}{}", rule.id, rule.title));
        }
        return Exit::Done;
    };
    let Some(rule) = Rule::named(id) else {
        let known: Vec<&str> = RULES.iter().map(|rule| rule.id).collect();
        terminal::complain(format_args!(
            "There is no rule {}. There are: {}.",
            terminal::visible(id),
            known.join(", ")
        ));
        return Exit::No;
    };
    terminal::say(format_args!("{}: {}\n", rule.id, rule.title));
    terminal::say(format_args!("What is wrong   {}", rule.explanation()));
    terminal::say(format_args!("What to do      {}", rule.fix()));
    terminal::say(format_args!("Where it stands {}", rule.clause()));
    if rule.is_registrations() {
        terminal::say("\nLockgate refuses to register a client that breaks this rule.");
    }
    Exit::Done
}

/// Reads a scan's document; `dir` may also name the file itself.
fn document(dir: &Path) -> Result<Document> {
    let path = if dir.is_file() { dir.to_owned() } else { dir.join(FILE) };
    let bytes = read(&path, INVENTORY_BYTES_MAX).context("run lockgate inventory scan first, or name its directory")?;
    Document::read(&bytes).with_context(|| format!("failed to read {}", path.display()))
}

fn read(path: &Path, bytes_max: u64) -> Result<Vec<u8>> {
    let length = fs::metadata(path).with_context(|| format!("failed to open {}", path.display()))?.len();
    if length > bytes_max {
        bail!("{} is longer than {bytes_max} bytes", path.display());
    }
    fs::read(path).with_context(|| format!("failed to read {}", path.display()))
}

fn put(output: Option<&PathBuf>, text: &str) -> Result<Exit> {
    match output {
        Some(path) => replace(path, |out| out.write_all(text.as_bytes()))?,
        // A reader that went away (`| head`) is no reason to fail.
        None => {
            let mut out = io::stdout().lock();
            let _ = out.write_all(text.as_bytes()).and_then(|()| out.flush());
        }
    }
    Ok(Exit::Done)
}

/// Writes beside `path` and puts the result in its place, so that an older file is there whole until the newer one is.
fn replace(path: &Path, write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> Result<()> {
    let mut beside = path.as_os_str().to_owned();
    beside.push(".part");
    let beside = PathBuf::from(beside);
    let written = fs::File::create(&beside).and_then(|file| {
        let mut out = io::BufWriter::new(file);
        write(&mut out)?;
        out.into_inner().map_err(io::IntoInnerError::into_error)?.sync_all()
    });
    written.and_then(|()| fs::rename(&beside, path)).with_context(|| format!("failed to write {}", path.display()))
}
