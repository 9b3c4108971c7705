//! `lockgate init`: makes a new installation: configuration, root key, store, first administrator, and their enrolment link.

use std::{
    fs,
    io::{IsTerminal, Write},
    path::Path,
};

use anyhow::{Context, Result, bail};
use server::{
    ambient,
    control::{NewPersonForm, PeopleRequest, Request, Response, run as carry_out},
};
use store::{Store, StoreConfig};

use crate::{
    asking::{new_private_file, say_secret},
    cli::InitArgs,
    config::template::{Wanted, fill},
    exit::Exit,
    installation::{self, Installation},
    terminal,
};

/// The first administrator's name when nobody says otherwise.
const ADMIN_DEFAULT: &str = "admin";

pub(super) fn run(args: &InitArgs) -> Result<Exit> {
    let wanted = Wanted { issuer: &args.issuer, organisation: &args.organisation };
    let text = fill(&wanted).map_err(anyhow::Error::msg)?;
    let file = args.dir.join("lockgate.toml");
    // Everything that could be overwritten is looked for before anything is written.
    for taken in [file.clone(), args.dir.join("data/lockgate.db"), args.dir.join("keys/root.key")] {
        if taken.exists() {
            bail!("{} exists already, and init overwrites nothing; choose another --dir", taken.display());
        }
    }
    let admin = admin_name(args.admin.as_deref())?;
    fs::create_dir_all(&args.dir).with_context(|| format!("failed to make {}", args.dir.display()))?;
    write_config(&file, &text)?;

    // From here on the file speaks: what it says is what will be served.
    let config = installation::load(&file)?;
    let places = StoreConfig::new(&config.data_dir, &config.keys_dir);
    let root = store::create_root_key(&places, &mut ambient::entropy()).context("failed to make the root key")?;
    let store =
        Store::create(&places, &root, ambient::now(), &mut ambient::entropy()).context("failed to make the store")?;
    let installation = Installation::new(root, store, &config.issuer)?;
    let first = NewPersonForm {
        name: admin.clone(),
        display: admin.clone(),
        employment: "workforce".to_owned(),
        privileged: true,
        groups: vec!["administrators".to_owned()],
        ends: None,
        link: true,
    };
    let reply = match carry_out(&installation.desk, Request::People(PeopleRequest::Add(first))) {
        Response::Done(reply) => reply,
        Response::Refused(refused) => bail!(refused.what),
    };

    terminal::say(format_args!("Made an installation in {}:", args.dir.display()));
    terminal::say("  lockgate.toml  the configuration, commented");
    terminal::say("  data/          the database: back it up");
    terminal::say("  keys/          the keys: keep a copy, but never beside a copy of the data");
    terminal::say(format_args!("The first administrator signs in as {admin}."));
    reply.told_once.iter().for_each(say_secret);
    terminal::say(format_args!("Next: lockgate serve --config {}", file.display()));
    installation.close()?;
    Ok(Exit::Done)
}

fn write_config(path: &Path, text: &str) -> Result<()> {
    let mut file = new_private_file(path)?;
    file.write_all(text.as_bytes())
        .and_then(|()| file.sync_all())
        .with_context(|| format!("failed to write {}", path.display()))
}

/// The administrator's name: as given, as typed on a terminal, or the default for scripts.
fn admin_name(given: Option<&str>) -> Result<String> {
    if let Some(name) = given {
        return Ok(name.to_owned());
    }
    if !std::io::stdin().is_terminal() || !std::io::stdout().is_terminal() {
        return Ok(ADMIN_DEFAULT.to_owned());
    }
    let mut out = std::io::stdout();
    write!(out, "Sign-in name of the first administrator [{ADMIN_DEFAULT}]: ").and_then(|()| out.flush())?;
    let mut line = String::new();
    std::io::stdin().read_line(&mut line).context("failed to read the name")?;
    let typed = line.trim();
    Ok(if typed.is_empty() { ADMIN_DEFAULT.to_owned() } else { typed.to_owned() })
}
