//! `lockgate serve`: runs the server until it is told to stop.

use std::sync::Arc;

use anyhow::{Context, Result, anyhow};
use crypto::password::Params;
use server::{
    Network, Settings, Tls,
    mail::{MailSettings, MailTransport, Smtp, SmtpCredentials},
};
use store::StoreConfig;

use crate::{
    cli::{Profile, ServeArgs},
    config::{Config, Mail, Protection, Via},
    conformance::Suite,
    exit::Exit,
    installation::{self, Installation},
    running, terminal,
};

pub(super) fn run(args: &ServeArgs) -> Result<Exit> {
    let config = installation::load(&args.config.path())?;
    let places = StoreConfig::new(&config.data_dir, &config.keys_dir);
    let suite = match args.profile {
        None => None,
        Some(Profile::Conformance) => Some(Suite::new(args, &config)?),
    };
    let mut settings = settings(&config)?;
    running::log_to_stderr("info");
    let (root, store) = installation::open(&places)?;
    let installation = Installation::new(root, store, &config.issuer)?;
    if let Some(suite) = &suite {
        suite.furnish(&installation.desk)?;
        suite.adapt(&mut settings, &config)?;
    }
    let (root, store) = installation.into_parts()?;
    let store = Arc::new(store);
    let issuer = settings.issuer.clone();
    let shared = Arc::clone(&store);
    let ready = move |address| {
        terminal::say(format_args!("Lockgate answers at {issuer} (listening on {address}). Ctrl-C stops it."))
    };
    let served = running::runtime()?
        .block_on(async move { server::run(settings, shared, root, ready, running::told_to_stop()).await });
    running::close(store)?;
    served.context("the server stopped")?;
    Ok(Exit::Done)
}

fn settings(config: &Config) -> Result<Settings> {
    let tls = match &config.protection {
        Protection::Loopback => Tls::None,
        Protection::Files { cert, key } => Tls::Files { cert: cert.clone(), key: key.clone() },
        Protection::BehindProxy { trusted } => Tls::BehindProxy {
            trusted: trusted
                .iter()
                .map(|text| Network::parse(text))
                .collect::<Result<_, _>>()
                .map_err(|fault| anyhow!("proxy.trusted: {fault}"))?,
        },
    };
    Ok(Settings {
        issuer: config.issuer.clone(),
        listen: config.listen,
        tls,
        rp_id: config.rp_id.clone(),
        rp_name: config.rp_name.clone(),
        origins: config.origins.clone(),
        top_origins: config.top_origins.clone(),
        organisation: config.organisation.clone(),
        policy: config.policy.clone(),
        password_cost: Params::DEFAULT,
        breach_list: config.breach_list.clone(),
        mail: config.mail.as_ref().map(|mail| mail_settings(mail, config)).transpose()?,
        demo: None,
        control: Some(installation::socket_path(&config.data_dir)),
        oauth: config.oauth.clone(),
        outbound: config.outbound.clone(),
    })
}

/// How people are told, with the relay's password read from its file: no setting holds a secret.
fn mail_settings(mail: &Mail, config: &Config) -> Result<MailSettings> {
    let transport = match &mail.via {
        Via::Folder(folder) => MailTransport::Folder(folder.clone()),
        Via::Relay { host, port, security, credentials } => MailTransport::Smtp(Smtp {
            host: host.clone(),
            port: *port,
            security: *security,
            credentials: match credentials {
                None => None,
                Some((user, file)) => {
                    let text = std::fs::read_to_string(file)
                        .with_context(|| format!("failed to read the relay's password from {}", file.display()))?;
                    let password = model::Secret::new(text.trim_end_matches(['\r', '\n']).to_owned());
                    Some(SmtpCredentials { user: user.clone(), password })
                }
            },
        }),
    };
    Ok(MailSettings {
        from: mail.from.clone(),
        organisation: config.organisation.clone(),
        account_url: format!("{}/account", config.issuer),
        transport,
        extra_ca: mail.extra_ca.clone(),
    })
}
