//! `lockgate audit-log …`: verifies the chain of audit events, and prints the newest signed checkpoint.
//!
//! Both read the database file alone, so they work while a server runs.

use std::{fs, path::Path};

use anyhow::{Context, Result, bail};
use server::ambient;
use store::{AuditFault, AuditReport, Checkpoint, OpenError, Store, StoreConfig};

use crate::{
    cli::{AuditLogCommand, ConfigArgs, VerifyArgs},
    exit::Exit,
    installation, terminal,
};

/// Longest checkpoint file read, in bytes. A checkpoint is one line.
const CHECKPOINT_BYTES_MAX: u64 = 4096;

pub(super) fn run(command: &AuditLogCommand) -> Result<Exit> {
    match command {
        AuditLogCommand::Verify(args) => verify(args),
        AuditLogCommand::Checkpoint(args) => checkpoint(args),
    }
}

fn verify(args: &VerifyArgs) -> Result<Exit> {
    let places = places(&args.config)?;
    let root = installation::root_key(&places)?;
    let outside = args.against.as_deref().map(read_checkpoint).transpose()?;
    let database = places.database_path();
    let verified = match &outside {
        Some(outside) => store::verify_audit_against(&database, &root, outside),
        None => store::verify_audit(&database, &root),
    };
    match verified {
        Ok(report) => {
            say_whole(&report, outside.as_ref());
            Ok(Exit::Done)
        }
        // Not being able to look is another answer than having looked and found it broken.
        Err(AuditFault::Unreadable(error)) => Err(error).context("failed to read the audit log"),
        Err(fault) => {
            terminal::complain(format_args!("The audit log is BROKEN: {fault}."));
            terminal::complain(
                "Keep the database and its backups as they are, and compare them before anything else is written.",
            );
            Ok(Exit::No)
        }
    }
}

fn say_whole(report: &AuditReport, outside: Option<&Checkpoint>) {
    terminal::say(format_args!(
        "The audit log is whole: {} events, {} signed checkpoints.",
        report.events, report.checkpoints
    ));
    if let Some((first, last)) = report.span {
        terminal::say(format_args!("  from {} to {}", time(first), time(last)));
    }
    match outside {
        Some(outside) => terminal::say(format_args!(
            "  It contains the checkpoint kept elsewhere (event {}), so nothing up to there was changed or cut off.",
            outside.seq
        )),
        None => terminal::say(format_args!(
            "  {} events are newer than the last checkpoint. Only a checkpoint kept elsewhere proves that the end was not cut off: --against FILE",
            report.events_after_last_checkpoint
        )),
    }
}

fn checkpoint(args: &ConfigArgs) -> Result<Exit> {
    let places = places(args)?;
    let root = installation::root_key(&places)?;
    // With no server running, opening and closing signs a checkpoint at the very end. A running server signs its own.
    match Store::open(&places, &root, ambient::now()) {
        Ok(store) => store.close(ambient::now()).context("failed to sign a checkpoint")?,
        Err(OpenError::Locked) => {}
        Err(error) => {
            return Err(error).with_context(|| format!("failed to open the store in {}", places.data_dir.display()));
        }
    }
    let report = store::verify_audit(&places.database_path(), &root).context("failed to verify the audit log first")?;
    let Some(newest) = report.last_checkpoint else { bail!("the audit log has no checkpoint yet") };
    if report.events_after_last_checkpoint > 0 {
        terminal::complain(format_args!(
            "{} newer events are not covered yet: the running server signs its next checkpoint later, or when it stops.",
            report.events_after_last_checkpoint
        ));
    }
    terminal::say(newest.to_text());
    Ok(Exit::Done)
}

fn places(args: &ConfigArgs) -> Result<StoreConfig> {
    let config = installation::load(&args.path())?;
    Ok(StoreConfig::new(&config.data_dir, &config.keys_dir))
}

fn read_checkpoint(path: &Path) -> Result<Checkpoint> {
    let size = fs::metadata(path).with_context(|| format!("failed to read {}", path.display()))?.len();
    if size > CHECKPOINT_BYTES_MAX {
        bail!("{} is too large to be a checkpoint", path.display());
    }
    let text = fs::read_to_string(path).with_context(|| format!("failed to read {}", path.display()))?;
    Checkpoint::from_text(&text).with_context(|| format!("failed to understand {}", path.display()))
}

fn time(at: model::Timestamp) -> String {
    jiff::Timestamp::from_second(at.seconds()).map_or_else(|_| "an impossible time".to_owned(), |time| time.to_string())
}
