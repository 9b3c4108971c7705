//! `lockgate check-config`: reads the configuration and says what is wrong, without starting anything.

use std::path::Path;

use anyhow::Result;

use crate::{
    cli::ConfigArgs,
    config::{self, Config, Protection},
    exit::Exit,
    installation, terminal,
};

pub(super) fn run(args: &ConfigArgs) -> Result<Exit> {
    let path = args.path();
    let config = match config::load(&path, &config::environment()) {
        Ok(config) => config,
        Err(problems) => {
            installation::print_problems(&path, &problems);
            return Ok(Exit::No);
        }
    };
    let missing = missing_files(&config);
    for line in &missing {
        terminal::complain(line);
    }
    if !missing.is_empty() {
        return Ok(Exit::No);
    }
    terminal::say(format_args!("{} is fine.", path.display()));
    terminal::say(format_args!("  issuer    {}", config.issuer));
    terminal::say(format_args!("  listens   {} ({})", config.listen, protection(&config.protection)));
    terminal::say(format_args!("  passkeys  belong to {}", config.rp_id));
    terminal::say(format_args!("  data      {}", config.data_dir.display()));
    terminal::say(format_args!("  keys      {}", config.keys_dir.display()));
    Ok(Exit::Done)
}

fn protection(protection: &Protection) -> &'static str {
    match protection {
        Protection::Loopback => "this machine only",
        Protection::Files { .. } => "TLS here",
        Protection::BehindProxy { .. } => "behind a proxy that ends TLS",
    }
}

fn missing_files(config: &Config) -> Vec<String> {
    let places = store::StoreConfig::new(&config.data_dir, &config.keys_dir);
    let (database, root_key) = (places.database_path(), places.root_key_path());
    let mut wanted = vec![
        (database.as_path(), "the database", "run `lockgate init`, or mend data_dir"),
        (root_key.as_path(), "the root key", "run `lockgate init`, or mend keys_dir"),
    ];
    match &config.protection {
        Protection::Files { cert, key } => {
            wanted.push((cert, "the certificate", "mend tls.cert"));
            wanted.push((key, "the certificate's key", "mend tls.key"));
        }
        Protection::Loopback | Protection::BehindProxy { .. } => {}
    }
    let absent = |path: &Path| std::fs::File::open(path).err();
    wanted
        .into_iter()
        .filter_map(|(path, what, fix)| {
            absent(path).map(|error| format!("{what} at {} can't be read: {error}\n  → {fix}", path.display()))
        })
        .collect()
}
