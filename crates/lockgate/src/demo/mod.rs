//! `lockgate demo`: everything running in one command, without configuration: a made-up organisation, an example application,
//! and a guided tour. With `--check` it walks the tour by itself.

mod files;
mod people;
mod seed;

use std::{
    net::{Ipv4Addr, SocketAddr, TcpListener},
    sync::Arc,
};

use anyhow::{Context, Result, anyhow, bail};
use crypto::{RootKey, password::Params};
use demoapp::{BindError, DemoConfig};
use model::Secret;
use server::{
    OauthSettings, Settings, Tls, ambient,
    mail::{MailSettings, MailTransport},
    outbound::OutboundSettings,
};
use store::Store;
use tokio::sync::{oneshot, watch};

use self::files::Files;
use crate::{
    check,
    cli::DemoArgs,
    exit::Exit,
    installation::{self, Installation},
    running, terminal,
};

const ORGANISATION: &str = "Low Water Trust";

/// Where things live. Cookies ignore ports, so the two programs must differ by host name.
#[derive(Debug, Clone)]
pub(crate) struct Addresses {
    /// Lockgate.
    pub(crate) issuer: String,
    /// The example application.
    pub(crate) app: String,
}

struct Prepared {
    store: Store,
    root: RootKey,
    secret: Secret<String>,
}

pub(crate) fn run(args: &DemoArgs) -> Result<Exit> {
    if args.port == args.app_port {
        bail!("--port and --app-port are both {}; choose two", args.port);
    }
    let addresses = Addresses {
        issuer: format!("http://localhost:{}", args.port),
        app: format!("http://127.0.0.1:{}", args.app_port),
    };
    running::log_to_stderr("warn");
    // A taken port is found out before anything is made.
    free(args.port, "--port")?;
    let runtime = running::runtime()?;
    let app = |secret| app_config(&addresses, args.app_port, secret);
    free(args.app_port, "--app-port")?;

    let prepared = prepare(args, &addresses)?;
    let bound =
        runtime.block_on(demoapp::bind(app(prepared.secret.expose().clone()))).map_err(|e| app_failed(e, args))?;
    let settings = settings(args, &addresses);
    let store = Arc::new(prepared.store);
    let exit = runtime.block_on(serve(args, &addresses, bound, settings, Arc::clone(&store), prepared.root));
    // Closing waits for the writer, which is not for a thread that drives requests; and only when those are gone is the store ours.
    drop(runtime);
    running::close(store)?;
    exit
}

/// Runs both programs until Ctrl-C, or until the walk of `--check` is over, or until one of them ends by itself.
async fn serve(
    args: &DemoArgs,
    addresses: &Addresses,
    app: demoapp::Bound,
    settings: Settings,
    store: Arc<Store>,
    root: RootKey,
) -> Result<Exit> {
    let (stop, stopped) = watch::channel(false);
    let stopping = || {
        let mut stopped = stopped.clone();
        async move {
            // An error means that the sender is gone, which is a reason to stop too.
            let _ = stopped.wait_for(|stop| *stop).await;
        }
    };
    let (ready, is_ready) = oneshot::channel();
    // Nobody waits for the word any more when the demo was stopped in its first moment.
    let heard = move |_| ready.send(()).unwrap_or_default();
    let mut server = tokio::spawn(server::run(settings, store, root, heard, stopping()));
    let mut app = tokio::spawn(app.serve(stopping()));

    let exit = tokio::select! {
        exit = visit(args, addresses, is_ready) => exit?,
        ended = &mut server => {
            ended.context("the server broke off")?.context("the server stopped")?;
            bail!("the server stopped by itself");
        }
        ended = &mut app => {
            ended.context("the example application broke off")?.context("the example application stopped")?;
            bail!("the example application stopped by itself");
        }
    };
    // Nobody left to tell is as good as told.
    let _ = stop.send(true);
    server.await.context("the server broke off")?.context("the server stopped")?;
    app.await.context("the example application broke off")?.context("the example application stopped")?;
    Ok(exit)
}

/// What happens while both run: the walk, or a person's visit until Ctrl-C.
async fn visit(args: &DemoArgs, addresses: &Addresses, is_ready: oneshot::Receiver<()>) -> Result<Exit> {
    if is_ready.await.is_err() {
        // The server ended before it answered, and its own error says why.
        return std::future::pending().await;
    }
    if args.check {
        let walk = addresses.clone();
        return tokio::task::spawn_blocking(move || check::walk(&walk)).await.context("the walk broke off");
    }
    let told_to_stop = running::told_to_stop();
    greet(args, addresses);
    told_to_stop.await;
    terminal::say("Stopping.");
    Ok(Exit::Done)
}

fn greet(args: &DemoArgs, addresses: &Addresses) {
    terminal::say(format_args!("Open {}/tour", addresses.issuer));
    terminal::say("");
    terminal::say(format_args!(
        "  {ORGANISATION}, {} made-up people, one example application. Nothing leaves this machine.",
        people::PEOPLE.len()
    ));
    terminal::say(format_args!("  Kept in {}; --fresh begins anew. Ctrl-C stops.", args.data.display()));
}

/// Opens what an earlier demo left, or makes everything.
fn prepare(args: &DemoArgs, addresses: &Addresses) -> Result<Prepared> {
    let files = Files::new(&args.data);
    // A demo that was interrupted while being made is as good as none.
    if args.fresh || !files.complete() {
        files.forget()?;
        files.claim(&addresses.issuer, ORGANISATION)?;
        return make(&files, addresses);
    }
    let (root, store) = installation::open(&files.places())?;
    let audience = store.client(seed::APP_CLIENT).map(|client| client.audience.clone());
    if audience.as_deref() != Some(addresses.issuer.as_str()) {
        bail!(
            "the demo in {} was made for {}; use the same --port, or begin anew with --fresh",
            args.data.display(),
            audience.unwrap_or_else(|| "something else".to_owned())
        );
    }
    Ok(Prepared { secret: files.read_secret()?, store, root })
}

fn make(files: &Files, addresses: &Addresses) -> Result<Prepared> {
    let places = files.places();
    let root =
        store::create_root_key(&places, &mut ambient::entropy()).context("failed to make the demo's root key")?;
    let store = Store::create(&places, &root, ambient::now(), &mut ambient::entropy())
        .context("failed to make the demo's store")?;
    let installation = Installation::new(root, store, &addresses.issuer)?;
    let secret = seed::seed(&installation.desk, &addresses.app)?;
    files.write_secret(&secret)?;
    let (root, store) = installation.into_parts()?;
    Ok(Prepared { secret, store, root })
}

fn app_config(addresses: &Addresses, port: u16, secret: String) -> DemoConfig {
    DemoConfig {
        listen: SocketAddr::from((Ipv4Addr::LOCALHOST, port)),
        issuer: addresses.issuer.clone(),
        client_id: seed::APP_CLIENT.to_owned(),
        client_secret: Some(secret),
        redirect_uri: format!("{}/callback", addresses.app),
        scope: "openid profile email".to_owned(),
        tour_url: format!("{}/tour", addresses.issuer),
    }
}

fn settings(args: &DemoArgs, addresses: &Addresses) -> Settings {
    Settings {
        issuer: addresses.issuer.clone(),
        listen: SocketAddr::from((Ipv4Addr::LOCALHOST, args.port)),
        tls: Tls::None,
        rp_id: "localhost".to_owned(),
        rp_name: ORGANISATION.to_owned(),
        origins: vec![addresses.issuer.clone()],
        top_origins: Vec::new(),
        organisation: ORGANISATION.to_owned(),
        policy: policy::Policy::default(),
        password_cost: Params::DEFAULT,
        breach_list: None,
        mail: Some(MailSettings {
            from: seed::MAIL_FROM.to_owned(),
            organisation: ORGANISATION.to_owned(),
            account_url: format!("{}/account", addresses.issuer),
            transport: MailTransport::Folder(Files::new(&args.data).mail()),
            extra_ca: None,
        }),
        demo: Some(server::Demo { app_url: addresses.app.clone() }),
        control: Some(installation::socket_path(&Files::new(&args.data).places().data_dir)),
        oauth: OauthSettings::default(),
        outbound: OutboundSettings::default(),
    }
}

/// Whether a port can be had, asked before it is needed.
fn free(port: u16, flag: &str) -> Result<()> {
    match TcpListener::bind((Ipv4Addr::LOCALHOST, port)) {
        Ok(_) => Ok(()),
        Err(error) => Err(taken(port, flag, &error)),
    }
}

fn taken(port: u16, flag: &str, error: &std::io::Error) -> anyhow::Error {
    anyhow!("port {port} can't be used ({error}); choose another one with {flag}")
}

fn app_failed(error: BindError, args: &DemoArgs) -> anyhow::Error {
    match error {
        BindError::Listen { source, .. } => taken(args.app_port, "--app-port", &source),
        BindError::Config(fault) => anyhow::Error::new(fault).context("the example application can't start"),
    }
}
