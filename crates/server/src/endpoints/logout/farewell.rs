//! Telling clients that a session has ended (OpenID Connect Back-Channel Logout 1.0 §2.5): collected while its grants still live, posted
//! once its end is on the disk. Nobody waits for it, and it is bounded: in number, in tries, in time.

mod ending;

use std::{
    sync::{Arc, LazyLock},
    time::Duration,
};

use crypto::JwtType;
use model::{Session, SessionId, Timestamp};
use oauth::{
    Client,
    logout::back_channel::{EndedSession, LogoutPost, Participant, logout_posts},
    subject_map::MappedSubject,
};
use store::{Change, ReadError};
use tokio::sync::Semaphore;

use crate::{ambient, clients, outbound::Outbound, state::App};

/// Posts under way at the most. When more sessions end at once, the rest is not told; their grants have ended all the same.
const UNDER_WAY_MAX: usize = 512;
/// How long to wait before each further try, in seconds. A logout token lives for two minutes.
const TRY_AGAIN_SECONDS: [u64; 2] = [2, 20];

static UNDER_WAY: LazyLock<Arc<Semaphore>> = LazyLock::new(|| Arc::new(Semaphore::new(UNDER_WAY_MAX)));

/// What is to be said to clients once the sessions' end is durable.
pub(crate) struct Farewell {
    posts: Vec<(Arc<Client>, LogoutPost)>,
}

impl Farewell {
    /// Collects who took part in the sessions that these changes are about to end. Ask before they are committed: with a session its
    /// grants end, and then nobody knows any more whose they were.
    pub(crate) fn before(app: &App, changes: &[Change], now: Timestamp) -> Self {
        match ending::sessions(&app.store, changes) {
            Ok(sessions) => Self::of(app, &sessions, now),
            Err(error) => {
                tracing::error!(%error, "failed to read which sessions end");
                Self { posts: Vec::new() }
            }
        }
    }

    /// Collects who took part in these sessions. A reading that fails leaves somebody untold: the end itself must not wait for it.
    pub(crate) fn of<'s>(app: &App, sessions: impl IntoIterator<Item = &'s Session>, now: Timestamp) -> Self {
        let mut posts = Vec::new();
        for session in sessions {
            match participants(app, session, now) {
                Ok(participants) => posts.extend(written(app, session, &participants, now)),
                Err(error) => tracing::error!(%error, "failed to read which clients took part in a session"),
            }
        }
        Self { posts }
    }

    /// Posts it, behind everybody's back. Must be called on a runtime's thread.
    pub(crate) fn say(self, app: &App) {
        if self.posts.is_empty() {
            return;
        }
        let keys = app.keys.live();
        for (client, post) in self.posts {
            let signed = keys.set.sign(client.settings.signing, JwtType::LogoutToken, &post.claims);
            let (Ok(token), Ok(permit)) = (signed, UNDER_WAY.clone().try_acquire_owned()) else {
                tracing::warn!(client = %post.client, "a client is not told that a session ended: too many are being told");
                continue;
            };
            let outbound = app.oauth.outbound.clone();
            tokio::spawn(async move {
                tell(&outbound, &post, &token).await;
                drop(permit);
            });
        }
    }
}

/// A client that took part, with its own name for the person.
struct TookPart {
    client: Arc<Client>,
    mapped: Option<MappedSubject>,
}

/// Clients that want to hear of it and hold a grant of this session, or one that outlives it but names it.
fn participants(app: &App, session: &Session, now: Timestamp) -> Result<Vec<TookPart>, ReadError> {
    let person = session.authentication.person;
    let bound = app.store.families_of_session(session.id)?;
    let mut found = Vec::new();
    for client in app.store.clients().values().filter(|client| client.settings.logout.backchannel_uri.is_some()) {
        let took_part =
            bound.iter().any(|family| family.client == client.id) || names(app, session.id, client, person, now)?;
        if took_part {
            let mapped = app.store.mapped_subject(client, person)?;
            found.push(TookPart { client: client.clone(), mapped });
        }
    }
    Ok(found)
}

fn names(
    app: &App,
    session: SessionId,
    client: &Client,
    person: model::PersonId,
    now: Timestamp,
) -> Result<bool, ReadError> {
    let families = app.store.families_at(person, &client.id, now)?;
    Ok(families.iter().any(|family| family.details.sid == Some(session)))
}

fn written(app: &App, session: &Session, participants: &[TookPart], now: Timestamp) -> Vec<(Arc<Client>, LogoutPost)> {
    let ended = EndedSession { id: session.id, person: session.authentication.person };
    let each = participants
        .iter()
        .map(|one| Participant { client: &one.client, mapped_subject: one.mapped.as_ref().map(MappedSubject::as_str) });
    let posts = logout_posts(ended, each, &app.issuer, &app.tokens, now, &mut ambient::entropy());
    posts.into_iter().filter_map(|post| Some((clients::known(app, post.client.as_str(), now)?, post))).collect()
}

async fn tell(outbound: &Outbound, post: &LogoutPost, token: &str) {
    let mut waits = TRY_AGAIN_SECONDS.iter();
    loop {
        let again = match outbound.post_form(&post.uri, &[("logout_token", token)]).await {
            Ok(200..=299) => return,
            // §2.8: the client understood, and says no.
            Ok(400..=499) => {
                tracing::warn!(client = %post.client, "a client refuses a logout token");
                return;
            }
            Ok(_) => true,
            Err(error) => {
                tracing::warn!(client = %post.client, %error, "a client could not be told that a session ended");
                error.is_transient()
            }
        };
        match waits.next().filter(|_| again) {
            Some(seconds) => tokio::time::sleep(Duration::from_secs(*seconds)).await,
            None => return,
        }
    }
}
