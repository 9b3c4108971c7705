//! Running the binary, with none of this process's settings in its environment.

use std::{
    io::{BufRead, BufReader},
    net::{Ipv4Addr, TcpListener},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
};

use tempfile::TempDir;

/// What a command said and how it ended.
pub(crate) struct Said {
    pub(crate) code: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Said {
    /// Fails the test unless the command ended well.
    pub(crate) fn ok(self) -> String {
        assert_eq!(self.code, 0, "stdout:\n{}\nstderr:\n{}", self.out, self.err);
        self.out
    }

    /// Fails the test unless the command ended with `code` and said each of `words` on standard error.
    pub(crate) fn refused(self, code: i32, words: &[&str]) {
        assert_eq!(self.code, code, "stdout:\n{}\nstderr:\n{}", self.out, self.err);
        for word in words {
            assert!(self.err.contains(word), "{word:?} missing in:\n{}", self.err);
        }
    }
}

/// The binary with these arguments.
pub(crate) fn lockgate(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_lockgate"));
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("LOCKGATE_") {
            command.env_remove(name);
        }
    }
    command.args(arguments).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

/// Runs to the end.
pub(crate) fn run(arguments: &[&str]) -> Said {
    let done = lockgate(arguments).output().unwrap();
    Said {
        code: done.status.code().expect("an exit code"),
        out: String::from_utf8(done.stdout).unwrap(),
        err: String::from_utf8(done.stderr).unwrap(),
    }
}

/// A fresh installation in a folder that goes with it.
pub(crate) struct Installation {
    folder: TempDir,
    /// What `init` said.
    pub(crate) said: String,
}

impl Installation {
    pub(crate) fn new() -> Self {
        Self::at("http://localhost:8400")
    }

    pub(crate) fn at(issuer: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let dir = folder.path().join("id").display().to_string();
        let said = run(&["init", "--dir", &dir, "--issuer", issuer]).ok();
        Self { folder, said }
    }

    pub(crate) fn dir(&self) -> PathBuf {
        self.folder.path().join("id")
    }

    /// Writes a file beside the installation; its path.
    pub(crate) fn file(&self, name: &str, text: &str) -> String {
        let path = self.folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        path.display().to_string()
    }

    /// Runs a command on this installation.
    pub(crate) fn run(&self, arguments: &[&str]) -> Said {
        let dir = self.dir().display().to_string();
        run(&[arguments, &["--dir", &dir]].concat())
    }
}

/// A command that goes on until it is told to stop; killed with the test.
pub(crate) struct Running {
    child: Child,
    /// Lines on standard output up to the awaited one.
    pub(crate) lines: Vec<String>,
}

impl Running {
    /// Starts and waits for a line that begins with `awaited`.
    pub(crate) fn start(arguments: &[&str], awaited: &str) -> Self {
        let mut child = lockgate(arguments).spawn().unwrap();
        let out = BufReader::new(child.stdout.take().unwrap());
        let mut lines = Vec::new();
        for line in out.lines() {
            lines.push(line.unwrap());
            if lines.last().unwrap().starts_with(awaited) {
                return Self { child, lines };
            }
        }
        let status = child.wait().unwrap();
        panic!("ended with {status} before saying {awaited:?}; it said {lines:?}");
    }

    /// Asks it to stop, as a service manager does, and returns its exit code.
    #[cfg(unix)]
    pub(crate) fn stop(mut self) -> Option<i32> {
        let told = Command::new("kill").args(["-TERM", &self.child.id().to_string()]).status().unwrap();
        assert!(told.success());
        self.child.wait().unwrap().code()
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Two ports that were free a moment ago.
pub(crate) fn two_ports() -> (String, String) {
    let bind = || TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let (a, b) = (bind(), bind());
    let port = |listener: &TcpListener| listener.local_addr().unwrap().port().to_string();
    (port(&a), port(&b))
}

/// Permission bits of a file.
#[cfg(unix)]
pub(crate) fn mode(path: &Path) -> u32 {
    use std::os::unix::fs::PermissionsExt;
    std::fs::metadata(path).unwrap().permissions().mode() & 0o777
}
