//! Exit codes that scripts can use; the same for every command.

use std::process::ExitCode;

/// How a command ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Exit {
    /// 0: done, or the answer is yes.
    Done,
    /// 1: the command ran, and the answer is no: the configuration has problems, the audit chain is broken, a check failed.
    No,
    /// 2: the command could not run. Wrong usage is 2 as well.
    CouldNotRun,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(match exit {
            Exit::Done => 0,
            Exit::No => 1,
            Exit::CouldNotRun => 2,
        })
    }
}
