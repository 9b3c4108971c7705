//! The client: one flight for each address at a time, what it brings back is remembered for a while.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use bytes::Bytes;
use model::Timestamp;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use tokio::sync::watch;

use super::{
    cache::{Key, Memory, fresh_until},
    error::{OutboundError, OutboundSetupError},
    gate::Gate,
    resolve::{Guarded, Lookup, System},
    roots,
    settings::{OutboundSettings, Reach},
    url::Target,
    wire::{Times, Wire},
};
use crate::ambient;

/// How old a remembered content must be before [`Outbound::refresh`] goes out for it, in seconds. Whoever sends tokens with made-up key ids
/// makes us fetch this often and no oftener.
const REFRESH_SECONDS: i64 = 30;

/// Who can name an address that is fetched.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum NamedBy {
    /// Whoever registered a client: an operator, or the holder of a token.
    Registration,
    /// Anybody who sends a request.
    Anybody,
}

/// What a caller reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Limits {
    /// Who can make us fetch: strangers have a gate and a memory of their own, so that nobody else's fetches wait behind theirs.
    pub named_by: NamedBy,
    /// Largest body, in bytes.
    pub body_bytes_max: usize,
    /// The content types it may have, without parameters. They are also what `Accept` says.
    pub content_types: &'static [&'static str],
}

impl Limits {
    /// A client's keys (RFC 7517 §8.5; many serve them as plain JSON).
    pub const JWKS: Self = Self {
        named_by: NamedBy::Registration,
        body_bytes_max: 64 * 1024,
        content_types: &["application/jwk-set+json", "application/json"],
    };
    /// The keys of a client that only a document vouches for: whoever wrote that named them.
    pub const JWKS_OF_DOCUMENT: Self = Self { named_by: NamedBy::Anybody, ..Self::JWKS };
    /// The redirect URIs of a sector (OpenID Connect Registration 1.0 §5).
    pub const SECTOR_IDENTIFIERS: Self =
        Self { named_by: NamedBy::Registration, body_bytes_max: 64 * 1024, content_types: &["application/json"] };
    /// A client that describes itself at its own address. The draft asks for small documents; so do we.
    pub const CLIENT_METADATA: Self =
        Self { named_by: NamedBy::Anybody, body_bytes_max: 16 * 1024, content_types: &["application/json"] };
}

/// What came back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fetched {
    /// The HTTP status, a success (2xx).
    pub status: u16,
    /// The content type, without parameters, as the caller's [`Limits`] write it.
    pub content_type: String,
    /// The whole body.
    pub body: Bytes,
    /// When it was fetched.
    pub fetched: Timestamp,
    /// Until when [`Outbound::get`] answers with it.
    pub fresh_until: Timestamp,
}

/// The one client for everything that goes out. Cheap to clone; there is one in a process.
#[derive(Clone)]
pub struct Outbound(Arc<Inner>);

struct Inner {
    reach: Reach,
    wire: Wire,
    gate: Arc<Gate>,
    strangers_gate: Arc<Gate>,
    times: Times,
    clock: Clock,
    state: Mutex<State>,
}

/// What tells the time.
pub(super) type Clock = Box<dyn Fn() -> Timestamp + Send + Sync>;

struct State {
    memory: Memory,
    flights: HashMap<Key, watch::Receiver<Landed>>,
}

/// What a flight brought back, once it has landed.
type Landed = Option<Result<Arc<Fetched>, OutboundError>>;

impl Outbound {
    /// Makes the client. Nobody is called yet.
    ///
    /// # Errors
    /// When the file of additional authorities can't be used.
    pub fn new(settings: &OutboundSettings) -> Result<Self, OutboundSetupError> {
        Self::assemble(settings, Arc::new(System::new()), Times::PRODUCTION, Box::new(ambient::now))
    }

    pub(super) fn assemble(
        settings: &OutboundSettings,
        lookup: Arc<dyn Lookup>,
        times: Times,
        clock: Clock,
    ) -> Result<Self, OutboundSetupError> {
        let roots = roots::roots(settings.extra_ca.as_deref())?;
        let wire = Wire::new(Guarded { reach: settings.reach.clone(), lookup }, roots, times)?;
        let state = Mutex::new(State { memory: Memory::new(), flights: HashMap::new() });
        let (gate, strangers_gate) = (Gate::new(), Gate::new());
        Ok(Self(Arc::new(Inner { reach: settings.reach.clone(), wire, gate, strangers_gate, times, clock, state })))
    }

    /// Whether `url` may be called as far as its text tells. For registration, which should not accept what can never be fetched; where its
    /// name leads is judged at each connection.
    ///
    /// # Errors
    /// [`OutboundError::Url`] or [`OutboundError::Forbidden`].
    pub fn check_url(&self, url: &str) -> Result<(), OutboundError> {
        Target::parse(url, &self.0.reach).map(drop)
    }

    /// Fetches `url`, or answers with a copy that is still fresh. A failure is remembered for 30 seconds and answered without a fetch.
    ///
    /// # Errors
    /// Why nothing came back that may be used.
    pub async fn get(&self, url: &str, limits: Limits) -> Result<Arc<Fetched>, OutboundError> {
        self.fetch(url, limits, Timestamp::from_millis(i64::MIN)).await
    }

    /// The same, but goes out for a new copy when the one at hand is older than 30 seconds: a signature names a key that is not in it
    /// (OpenID Connect Core 1.0 §10.1.1).
    ///
    /// # Errors
    /// Why nothing came back that may be used. The older copy stays for [`Self::get`].
    pub async fn refresh(&self, url: &str, limits: Limits) -> Result<Arc<Fetched>, OutboundError> {
        let least = (self.0.clock)().plus_seconds(-REFRESH_SECONDS);
        self.fetch(url, limits, least).await
    }

    /// Posts a form and answers with the status, whatever it is but a redirect. The answer's body is not read, nothing is remembered, and
    /// nothing is sent twice: trying again is the caller's affair ([`OutboundError::is_transient`]).
    ///
    /// # Errors
    /// Why no answer came.
    pub async fn post_form(&self, url: &str, form: &[(&str, &str)]) -> Result<u16, OutboundError> {
        let inner = &self.0;
        let target = Target::parse(url, &inner.reach)?;
        let posted = async {
            let _pass = inner.gate.enter(&target.name()).await?;
            inner.wire.post_form(&target, encode(form)).await
        };
        inner.in_time(&target, posted).await
    }

    async fn fetch(&self, url: &str, limits: Limits, least: Timestamp) -> Result<Arc<Fetched>, OutboundError> {
        let target = Target::parse(url, &self.0.reach)?;
        let key = Key { url: target.url.as_str().into(), limits };
        let host = target.host.clone();
        let mut landing = {
            let now = (self.0.clock)();
            let mut state = self.0.state();
            if let Some(remembered) = state.memory.recall(&key, least, now) {
                return remembered;
            }
            match state.flights.get(&key) {
                Some(under_way) => under_way.clone(),
                None => {
                    let (land, landing) = watch::channel(None);
                    state.flights.insert(key.clone(), landing.clone());
                    // A task of its own: a caller who leaves takes nobody's answer along.
                    tokio::spawn(fly(Flight { inner: self.0.clone(), key }, target, land));
                    landing
                }
            }
        };
        let landed = landing.wait_for(Option::is_some).await.map(|landed| landed.clone());
        landed.ok().flatten().unwrap_or(Err(OutboundError::Interrupted { host }))
    }
}

impl std::fmt::Debug for Outbound {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Outbound").field("reach", &self.0.reach).finish_non_exhaustive()
    }
}

impl Inner {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The wait at the gate counts: callers are promised an answer in this time, not an attempt.
    async fn in_time<T>(
        &self,
        target: &Target,
        work: impl Future<Output = Result<T, OutboundError>>,
    ) -> Result<T, OutboundError> {
        match tokio::time::timeout(self.times.total, work).await {
            Ok(result) => result,
            Err(_) => Err(OutboundError::TimedOut { host: target.host.clone() }),
        }
    }

    async fn exchange(&self, target: &Target, limits: Limits) -> Result<Arc<Fetched>, OutboundError> {
        let gate = match limits.named_by {
            NamedBy::Registration => &self.gate,
            NamedBy::Anybody => &self.strangers_gate,
        };
        let _pass = gate.enter(&target.name()).await?;
        let answer = self.wire.get(target, limits).await?;
        let fetched = (self.clock)();
        Ok(Arc::new(Fetched {
            status: answer.status,
            content_type: answer.content_type,
            body: answer.body,
            fetched,
            fresh_until: fresh_until(answer.cache_control.as_deref(), answer.age_seconds, fetched),
        }))
    }
}

/// A fetch under way. Its entry goes when it ends, however it ends.
struct Flight {
    inner: Arc<Inner>,
    key: Key,
}

async fn fly(flight: Flight, target: Target, land: watch::Sender<Landed>) {
    let inner = &flight.inner;
    let result = inner.in_time(&target, inner.exchange(&target, flight.key.limits)).await;
    let now = (inner.clock)();
    // Remembered before the entry goes, so that nobody in between starts another.
    inner.state().memory.keep(flight.key.clone(), &result, now);
    drop(flight);
    land.send_replace(Some(result));
}

impl Drop for Flight {
    fn drop(&mut self) {
        self.inner.state().flights.remove(&self.key);
    }
}

/// What a form value may hold in clear (WHATWG URL §5.2); a space becomes `%20`, which every reader of forms understands.
const FORM_CLEAR: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'*');

fn encode(form: &[(&str, &str)]) -> String {
    let mut text = String::new();
    for (name, value) in form {
        if !text.is_empty() {
            text.push('&');
        }
        text.extend(utf8_percent_encode(name, FORM_CLEAR));
        text.push('=');
        text.extend(utf8_percent_encode(value, FORM_CLEAR));
    }
    text
}
