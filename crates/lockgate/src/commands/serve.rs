//! `lockgate serve`: runs the server until it is told to stop.

use std::sync::Arc;

use anyhow::{Context, Result, anyhow};
use server::{Network, Settings, Tls};
use store::StoreConfig;

use crate::{
    cli::ConfigArgs,
    config::{Config, Protection},
    exit::Exit,
    installation, running, terminal,
};

pub(super) fn run(args: &ConfigArgs) -> Result<Exit> {
    let config = installation::load(&args.path())?;
    let places = StoreConfig::new(&config.data_dir, &config.keys_dir);
    let settings = settings(config)?;
    running::log_to_stderr("info");
    let (root, store) = installation::open(&places)?;
    let store = Arc::new(store);
    let issuer = settings.issuer.clone();
    let served = running::runtime()?.block_on(server::run(
        settings,
        Arc::clone(&store),
        root,
        move |address| {
            terminal::say(format_args!("Lockgate answers at {issuer} (listening on {address}). Ctrl-C stops it."))
        },
        running::told_to_stop(),
    ));
    running::close(store)?;
    served.context("the server stopped")?;
    Ok(Exit::Done)
}

fn settings(config: Config) -> Result<Settings> {
    let tls = match config.protection {
        Protection::Loopback => Tls::None,
        Protection::Files { cert, key } => Tls::Files { cert, key },
        Protection::BehindProxy { trusted } => Tls::BehindProxy {
            trusted: trusted
                .iter()
                .map(|text| Network::parse(text))
                .collect::<Result<_, _>>()
                .map_err(|fault| anyhow!("proxy.trusted: {fault}"))?,
        },
    };
    Ok(Settings {
        issuer: config.issuer,
        listen: config.listen,
        tls,
        rp_id: config.rp_id,
        rp_name: config.rp_name,
        origins: config.origins,
        top_origins: config.top_origins,
        organisation: config.organisation,
        demo: None,
    })
}
