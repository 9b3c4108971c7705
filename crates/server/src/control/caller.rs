//! The command's end of the socket.

use std::{
    io,
    os::unix::{fs::MetadataExt, net::UnixStream},
    path::Path,
    time::Duration,
};

use super::{
    frame::{self, REQUEST_BYTES_MAX, RESPONSE_BYTES_MAX},
    wire::{Request, Response},
};

/// How long a command waits for its answer, in seconds. An import of hundreds of thousands of rows takes its time.
const ANSWER_SECONDS_MAX: u64 = 600;

/// Why a running server could not be asked.
#[derive(Debug, thiserror::Error)]
pub enum CallError {
    /// Nobody listens there.
    #[error("no server answers at its socket")]
    NotThere,
    /// The socket is not the store's owner's.
    #[error("the socket belongs to another user than the folder that it is in")]
    Foreign,
    /// Speaking failed.
    #[error("failed to speak with the server: {0}")]
    Io(#[from] io::Error),
}

/// Asks the server that listens at `socket`, and waits for its answer.
///
/// # Errors
/// [`CallError`]. When it is [`CallError::Io`], the server may have done what was asked all the same.
pub fn call(socket: &Path, request: &Request) -> Result<Response, CallError> {
    // A request may hold a secret: it goes to nobody but the owner of the data.
    let owner = |path: &Path| std::fs::metadata(path).map(|found| found.uid());
    match (owner(socket), socket.parent().map(owner)) {
        (Err(_), _) => return Err(CallError::NotThere),
        (Ok(socket), Some(Ok(folder))) if socket == folder => {}
        (Ok(_), Some(Ok(_) | Err(_)) | None) => return Err(CallError::Foreign),
    }
    let mut stream = UnixStream::connect(socket).map_err(|error| match error.kind() {
        io::ErrorKind::NotFound | io::ErrorKind::ConnectionRefused => CallError::NotThere,
        _ => CallError::Io(error),
    })?;
    stream.set_read_timeout(Some(Duration::from_secs(ANSWER_SECONDS_MAX)))?;
    stream.set_write_timeout(Some(Duration::from_secs(frame::SILENCE_SECONDS_MAX)))?;
    frame::send(&mut stream, request, REQUEST_BYTES_MAX)?;
    Ok(frame::receive(&mut stream, RESPONSE_BYTES_MAX)?)
}
