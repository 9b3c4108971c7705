//! Reading request bodies: never more than a stated size, never longer than a stated time.

use std::time::Duration;

use axum::body::Body;
use bytes::Bytes;
use http_body_util::{BodyExt, LengthLimitError, Limited};

/// Longest time a body may take to arrive. Slow senders can't hold a connection's memory for longer.
const BODY_TIME_MAX: Duration = Duration::from_secs(10);

/// Why a body could not be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Unread {
    /// Larger than this endpoint accepts.
    TooLarge,
    /// It took too long, or the connection broke.
    Interrupted,
}

/// The whole body, if it is at most `bytes_max` long and arrives in time.
pub(crate) async fn read(body: Body, bytes_max: usize) -> Result<Bytes, Unread> {
    let collected = tokio::time::timeout(BODY_TIME_MAX, Limited::new(body, bytes_max).collect()).await;
    match collected {
        Ok(Ok(whole)) => Ok(whole.to_bytes()),
        Ok(Err(error)) if error.is::<LengthLimitError>() => Err(Unread::TooLarge),
        Ok(Err(_)) | Err(_) => Err(Unread::Interrupted),
    }
}
