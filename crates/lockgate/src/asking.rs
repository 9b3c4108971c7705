//! One request of an operator: carried out here when no server runs, asked of the server that runs otherwise; and what to say of the answer.

use std::{
    fs::{File, OpenOptions},
    io::{Read, Write},
    path::Path,
};

use anyhow::{Context, Result, anyhow, bail};
use model::Secret;
use server::control::{self, Reply, Request, Response, ToldOnce, Verdict};
use store::StoreConfig;

use crate::{
    exit::Exit,
    installation::{self, Installation, Opened},
    terminal::{self, Output},
};

/// Longest file that travels in a request, in bytes.
const FILE_BYTES_MAX: u64 = 16 * 1024 * 1024;

/// Carries out a request on the installation that the configuration at `path` describes.
pub(crate) fn ask(path: &Path, request: Request) -> Result<Reply> {
    let config = installation::load(path)?;
    let places = StoreConfig::new(&config.data_dir, &config.keys_dir);
    let root = installation::root_key(&places)?;
    let response = match installation::open_store(&places, &root)? {
        Opened::Ours(store) => {
            let installation = Installation::new(root, *store, &config.issuer)?;
            let response = control::run(&installation.desk, request);
            installation.close()?;
            response
        }
        Opened::SomebodyElses => call(&places, &request)?,
    };
    match response {
        Response::Done(reply) => Ok(reply),
        Response::Refused(refused) => {
            refused.remarks.iter().for_each(terminal::complain);
            Err(anyhow!(refused.what))
        }
    }
}

#[cfg(unix)]
fn call(places: &StoreConfig, request: &Request) -> Result<Response> {
    match control::call(&installation::socket_path(&places.data_dir), request) {
        Ok(response) => Ok(response),
        Err(control::CallError::NotThere) => Err(installation::in_use(places)),
        Err(error @ (control::CallError::Foreign | control::CallError::Io(_))) => {
            Err(error).context("a server runs, and could not be asked")
        }
    }
}

#[cfg(not(unix))]
fn call(places: &StoreConfig, _: &Request) -> Result<Response> {
    Err(installation::in_use(places))
}

/// Carries out a request and says everything in the answer.
pub(crate) fn ask_and_say(path: &Path, request: Request) -> Result<Exit> {
    ask_and_list(path, request, Output::Table)
}

/// The same, where the answer is a table that may be wanted as JSON.
pub(crate) fn ask_and_list(path: &Path, request: Request, output: Output) -> Result<Exit> {
    let reply = ask(path, request)?;
    let exit = say(&reply, output);
    reply.told_once.iter().for_each(say_secret);
    Ok(exit)
}

/// The same, with the one secret of the answer in a new file, if one is named.
pub(crate) fn ask_and_write(path: &Path, request: Request, secret_file: Option<&Path>) -> Result<Exit> {
    let Some(secret_file) = secret_file else { return ask_and_say(path, request) };
    // Opened first: a secret that could not be written down would be lost for good.
    let mut file = new_private_file(secret_file)?;
    let reply = ask(path, request);
    if reply.as_ref().map_or(true, |reply| reply.told_once.is_empty()) {
        // Nothing came to be written, so the empty file goes again.
        let _ = std::fs::remove_file(secret_file);
    }
    let reply = reply?;
    let exit = say(&reply, Output::Table);
    if let [told] = reply.told_once.as_slice() {
        write_secret(&mut file, secret_file, told.secret.expose())?;
        terminal::say(format_args!("The secret is in {}.", secret_file.display()));
    }
    Ok(exit)
}

/// The same, with any number of secrets as one JSON object.
pub(crate) fn ask_and_write_all(path: &Path, request: Request, secrets_file: Option<&Path>) -> Result<Exit> {
    let Some(secrets_file) = secrets_file else { return ask_and_say(path, request) };
    let mut file = new_private_file(secrets_file)?;
    let reply = ask(path, request);
    if reply.as_ref().map_or(true, |reply| reply.told_once.is_empty()) {
        let _ = std::fs::remove_file(secrets_file);
    }
    let reply = reply?;
    let exit = say(&reply, Output::Table);
    if !reply.told_once.is_empty() {
        let all: serde_json::Map<String, serde_json::Value> =
            reply.told_once.iter().map(|told| (told.whose.clone(), told.secret.expose().clone().into())).collect();
        let text = Secret::new(serde_json::Value::Object(all).to_string());
        write_secret(&mut file, secrets_file, text.expose())?;
        terminal::say(format_args!("{} secrets are in {}.", reply.told_once.len(), secrets_file.display()));
    }
    Ok(exit)
}

fn write_secret(file: &mut File, path: &Path, text: &str) -> Result<()> {
    writeln!(file, "{text}")
        .and_then(|()| file.sync_all())
        .with_context(|| format!("failed to write the secret to {}", path.display()))
}

/// Says what is no secret.
pub(crate) fn say(reply: &Reply, output: Output) -> Exit {
    reply.lines.iter().for_each(|line| terminal::say(terminal::visible_lines(line)));
    if let Some(listing) = &reply.listing {
        let columns: Vec<&str> = listing.columns.iter().map(String::as_str).collect();
        terminal::list(output, &columns, &listing.rows);
    }
    if let Some(document) = &reply.document {
        terminal::say(format_args!("{document:#}"));
    }
    match reply.verdict {
        Verdict::Yes => Exit::Done,
        Verdict::No => Exit::No,
    }
}

/// Shows a secret, with the words before it. It is the last thing that is said.
pub(crate) fn say_secret(told: &ToldOnce) {
    terminal::say(&told.words);
    terminal::say(told.secret.expose());
}

/// A file that did not exist and that only its owner may read.
pub(crate) fn new_private_file(path: &Path) -> Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path).with_context(|| format!("failed to make the new file {}", path.display()))
}

/// The text of a file that travels in a request. It may hold secrets.
pub(crate) fn read_text(path: &Path) -> Result<Secret<String>> {
    let file = File::open(path).with_context(|| format!("failed to read {}", path.display()))?;
    read_bounded(file).with_context(|| format!("failed to read {}", path.display()))
}

/// A text of bounded length, from a file or from standard input.
pub(crate) fn read_bounded(from: impl Read) -> Result<Secret<String>> {
    let mut text = String::new();
    from.take(FILE_BYTES_MAX + 1).read_to_string(&mut text).context("it is not UTF-8 text")?;
    let text = Secret::new(text);
    if text.expose().len() as u64 > FILE_BYTES_MAX {
        bail!("it is longer than {} MiB", FILE_BYTES_MAX / (1024 * 1024));
    }
    Ok(text)
}
