//! The server's end of the socket.

use std::{
    fs::{self, Permissions},
    io,
    os::unix::{
        fs::{MetadataExt, PermissionsExt},
        net::UnixStream as Stream,
    },
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use tokio::{
    net::{UnixListener, UnixStream},
    sync::Semaphore,
    task::JoinHandle,
};

use super::{
    Desk,
    frame::{self, REQUEST_BYTES_MAX, RESPONSE_BYTES_MAX},
    run,
    wire::Request,
};

/// Requests that are carried out at once; others wait.
const AT_ONCE_MAX: usize = 4;
/// How long to wait after the operating system refused a connection.
const PAUSE: Duration = Duration::from_millis(200);
/// The machine's administrator, who can read every file of ours anyway.
const ROOT: u32 = 0;

/// A socket that listens; it is removed when this is dropped.
pub(crate) struct Listening {
    task: JoinHandle<()>,
    path: PathBuf,
}

impl Drop for Listening {
    fn drop(&mut self) {
        self.task.abort();
        // The next server removes what was left behind.
        let _ = fs::remove_file(&self.path);
    }
}

/// Listens at `path`. Whoever calls holds the store's lock, so a socket that is there already belongs to nobody who lives.
pub(crate) fn listen(path: &Path, desk: Desk) -> io::Result<Listening> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        Ok(()) | Err(_) => {}
    }
    let listener = UnixListener::bind(path)?;
    fs::set_permissions(path, Permissions::from_mode(0o600))?;
    // We made the file, so its owner is the user that we run as.
    let owner = fs::metadata(path)?.uid();
    let task = tokio::spawn(accept(listener, owner, desk));
    Ok(Listening { task, path: path.to_owned() })
}

async fn accept(listener: UnixListener, owner: u32, desk: Desk) {
    let places = Arc::new(Semaphore::new(AT_ONCE_MAX));
    loop {
        let Ok(place) = Arc::clone(&places).acquire_owned().await else { return };
        let stream = match listener.accept().await {
            Ok((stream, _)) => stream,
            Err(error) => {
                tracing::warn!(%error, "a command could not connect");
                tokio::time::sleep(PAUSE).await;
                continue;
            }
        };
        if !is_ours(&stream, owner) {
            tracing::warn!("a command of another user was turned away");
            continue;
        }
        let desk = desk.clone();
        tokio::task::spawn_blocking(move || {
            if let Err(error) = stream.into_std().and_then(|stream| answer(stream, &desk)) {
                tracing::warn!(%error, "a command could not be answered");
            }
            drop(place);
        });
    }
}

/// File permissions close the socket; the kernel's word on who is at the other end closes the moment before they were set.
fn is_ours(stream: &UnixStream, owner: u32) -> bool {
    stream.peer_cred().is_ok_and(|peer| peer.uid() == owner || peer.uid() == ROOT)
}

fn answer(mut stream: Stream, desk: &Desk) -> io::Result<()> {
    stream.set_nonblocking(false)?;
    let silence = Some(Duration::from_secs(frame::SILENCE_SECONDS_MAX));
    stream.set_read_timeout(silence)?;
    stream.set_write_timeout(silence)?;
    let request: Request = frame::receive(&mut stream, REQUEST_BYTES_MAX)?;
    frame::send(&mut stream, &run(desk, request), RESPONSE_BYTES_MAX)
}
