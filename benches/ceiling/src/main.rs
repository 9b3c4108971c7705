//! The ceiling: the hot path of an OAuth server and nothing else, to see what one core can give with Lockgate's architecture.
//!
//! It is no product: one client, one person, no policy, no audit. ES256 tokens, PKCE S256, opaque refresh tokens that rotate and are durable before the answer
//! leaves (one writer thread, grouped commits, `synchronous=FULL`). What Lockgate costs on top of this is what its rules, records and pages cost.
//!
//! `ceiling PORT FOLDER`: prints the `Cookie` header of a session on its first line.

mod endpoints;
mod form;
mod state;
mod writer;

use axum::{
    Router,
    routing::{get, post},
};

use crate::state::State;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let port: u16 = arguments.next().ok_or("ceiling PORT FOLDER")?.parse()?;
    let folder = arguments.next().ok_or("ceiling PORT FOLDER")?;
    let state = State::new(port, writer::start(&folder)?)?;
    println!("{}", state.cookie());

    let app = Router::new()
        .route("/.well-known/openid-configuration", get(endpoints::discovery))
        .route("/jwks", get(endpoints::jwks))
        .route("/authorize", get(endpoints::authorize))
        .route("/token", post(endpoints::token))
        .route("/introspect", post(endpoints::introspect))
        .route("/userinfo", get(endpoints::userinfo))
        .with_state(state);
    tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(async move {
        let listener = tokio::net::TcpListener::bind(("127.0.0.1", port)).await?;
        let listener = axum::serve::ListenerExt::tap_io(listener, |stream| {
            let _ = stream.set_nodelay(true);
        });
        axum::serve(listener, app).await?;
        Ok(())
    })
}
