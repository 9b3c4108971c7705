//! `lockgate inventory …`: what can be asked about clients of any identity provider.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};

#[derive(Debug, Subcommand)]
pub(crate) enum InventoryCommand {
    /// Read configuration in folders, files and archives. What could not be read is said, and the rest goes on
    Scan(InventoryScanArgs),
    /// Write the report of a scan
    Report(InventoryReportArgs),
    /// Write a scan as a table for other programs
    Export(InventoryExportArgs),
    /// Say what a rule is about, where it is written and what to do; without a rule, list them
    Explain(InventoryExplainArgs),
}

#[derive(Debug, Args)]
pub(crate) struct InventoryScanArgs {
    /// What to read; formats are recognised by content
    #[arg(value_name = "PATH", required = true)]
    pub(crate) paths: Vec<PathBuf>,
    /// What you know and the files don't say: environments, client ids, owners (TOML)
    #[arg(long, value_name = "FILE")]
    pub(crate) map: Option<PathBuf>,
    /// Where to write inventory.json; created when missing
    #[arg(long, value_name = "DIR", default_value = "lockgate-inventory")]
    pub(crate) out: PathBuf,
}

#[derive(Debug, Args)]
pub(crate) struct InventoryReportArgs {
    /// The directory that the scan wrote
    #[arg(value_name = "DIR", default_value = "lockgate-inventory")]
    pub(crate) dir: PathBuf,
    /// For people in a browser, for tickets and wikis, or for programs
    #[arg(long, value_enum, default_value_t)]
    pub(crate) format: ReportFormat,
    /// The file to write; standard output when not given
    #[arg(long, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub(crate) enum ReportFormat {
    /// One self-contained file, good to print
    #[default]
    Html,
    /// Headings, lists and tables
    Markdown,
    /// Everything, as the scan wrote it
    Json,
}

#[derive(Debug, Args)]
pub(crate) struct InventoryExportArgs {
    /// The directory that the scan wrote
    #[arg(value_name = "DIR", default_value = "lockgate-inventory")]
    pub(crate) dir: PathBuf,
    /// The table's format
    #[arg(long, value_enum)]
    pub(crate) format: TableFormat,
    /// One row for each client as found in a file, before merging; the table that there is
    #[arg(long, required = true)]
    pub(crate) per_file: bool,
    /// The file to write; standard output when not given
    #[arg(long, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum TableFormat {
    /// Comma-separated, with a header line
    Csv,
}

#[derive(Debug, Args)]
pub(crate) struct InventoryExplainArgs {
    /// The rule's id
    pub(crate) rule: Option<String>,
}
