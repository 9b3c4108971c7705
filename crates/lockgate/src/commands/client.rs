//! `lockgate client …`: registers and lists applications, while no server runs.

use std::{fs::OpenOptions, io::Write, path::Path};

use anyhow::{Context, Result};
use oauth::{ConsentPolicy, client_rules::SubjectChoice};
use serde_json::{Value, json};

use crate::{
    cli::{ClientAddArgs, ClientCommand, ListArgs},
    exit::Exit,
    installation::Installation,
    registering::{self, Application},
    terminal,
};

pub(super) fn run(command: &ClientCommand) -> Result<Exit> {
    match command {
        ClientCommand::Add(args) => add(args),
        ClientCommand::List(args) => list(args),
    }
}

fn add(args: &ClientAddArgs) -> Result<Exit> {
    let installation = Installation::open(&args.config.path())?;
    // Opened first: a secret that could not be written down would be lost for good.
    let file = args.secret_file.as_deref().map(new_private_file).transpose()?;
    let application = Application {
        id: &args.id,
        name: &args.name,
        kind: args.kind.into(),
        redirect_uris: args.redirect_uris.clone(),
        scopes: args.scopes.clone(),
        subject: if args.public_subject { SubjectChoice::Public } else { SubjectChoice::Pairwise },
        consent: if args.trusted { ConsentPolicy::Trusted } else { ConsentPolicy::Ask },
        tier: args.tier.into(),
    };
    let registered = registering::register(&installation, application);
    if registered.as_ref().map_or(true, Option::is_none)
        && let Some(path) = &args.secret_file
    {
        // Nothing came to be written, so the empty file goes again.
        let _ = std::fs::remove_file(path);
    }
    let secret = registered?;
    terminal::say(format_args!("Registered {}.", args.id));
    match (secret, file, &args.secret_file) {
        (Some(secret), Some(mut file), Some(path)) => {
            writeln!(file, "{}", secret.expose())
                .and_then(|()| file.sync_all())
                .with_context(|| format!("failed to write the secret to {}", path.display()))?;
            terminal::say(format_args!("Its secret is in {}.", path.display()));
        }
        (Some(secret), _, _) => {
            terminal::say("Its secret, shown only now:");
            terminal::say(secret.expose());
        }
        (None, _, _) => {
            terminal::say("It has no secret: a program of this kind can't keep one, and PKCE protects it instead.")
        }
    }
    installation.close()?;
    Ok(Exit::Done)
}

/// A file that did not exist and that only its owner may read.
pub(crate) fn new_private_file(path: &Path) -> Result<std::fs::File> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path).with_context(|| format!("failed to make the new file {}", path.display()))
}

fn list(args: &ListArgs) -> Result<Exit> {
    let installation = Installation::open(&args.config.path())?;
    let clients = installation.store.clients();
    let mut clients: Vec<_> = clients.values().collect();
    clients.sort_by(|a, b| a.id.cmp(&b.id));
    let rows: Vec<Vec<Value>> = clients
        .into_iter()
        .map(|client| {
            vec![
                json!(client.id.as_str()),
                json!(client.name),
                json!(client.kind.as_str()),
                json!(client.tier.as_str()),
                json!(client.status.as_str()),
                json!(client.consent.as_str()),
                json!(client.scopes.iter().map(|scope| scope.as_str()).collect::<Vec<_>>()),
                json!(client.redirect_uris.iter().map(|uri| uri.as_str()).collect::<Vec<_>>()),
            ]
        })
        .collect();
    let columns = ["id", "name", "kind", "tier", "status", "consent", "scopes", "redirect_uris"];
    terminal::list(args.output, &columns, &rows);
    installation.close()?;
    Ok(Exit::Done)
}
