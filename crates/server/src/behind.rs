//! What stands behind an access token: its family, its clients, and what the grant rests on. Userinfo and introspection ask about the
//! same tokens again and again, so what was loaded is kept for a moment.
//!
//! Kept is what was **loaded**, never what was concluded: each request is judged anew. A load counts while nothing that could change it was
//! committed since ([`store::Store::ground`]), and for one second at the most, because time takes things away as well.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use model::{FamilyId, Timestamp};
use oauth::{AccessTokenFacts, Client, RefreshFamily, subject_map::MappedSubject};
use store::ReadError;

use crate::{
    clients,
    memory::bounded::Bounded,
    standing::{Grant, Loaded as Standing},
    state::App,
};

/// Tokens remembered at the most.
const TOKENS_MAX: usize = 10_000;
/// How long a load counts, in seconds.
const KEPT_SECONDS: i64 = 1;

/// What stands behind an access token.
pub(crate) struct Behind {
    /// The client that the token names.
    pub(crate) holder: Option<Arc<Client>>,
    pub(crate) family: Option<RefreshFamily>,
    /// The client of the family; another one than the holder where tokens were exchanged.
    pub(crate) family_client: Option<Arc<Client>>,
    pub(crate) standing: Standing,
    /// The subject that was imported for the family's person at the holder.
    pub(crate) mapped_at_holder: Option<MappedSubject>,
    /// The same at the family's client.
    pub(crate) mapped_at_family: Option<MappedSubject>,
}

impl Behind {
    /// What stands behind a family, for the client that holds a token of it.
    pub(crate) fn load(
        app: &App,
        family: Option<FamilyId>,
        holder: Option<Arc<Client>>,
        now: Timestamp,
    ) -> Result<Self, ReadError> {
        let Some(family) = family.map_or(Ok(None), |id| app.store.family(id))? else {
            return Ok(Self {
                holder,
                family: None,
                family_client: None,
                standing: Standing::default(),
                mapped_at_holder: None,
                mapped_at_family: None,
            });
        };
        let family_client = match &holder {
            Some(client) if client.id == family.client => Some(client.clone()),
            Some(_) | None => clients::known(app, family.client.as_str(), now),
        };
        let mapped_at = |client: &Option<Arc<Client>>| match client {
            Some(client) => app.store.mapped_subject(client, family.person),
            None => Ok(None),
        };
        Ok(Self {
            standing: Standing::of(app, &Grant::of_family(&family, family_client.as_deref()), now)?,
            mapped_at_holder: mapped_at(&holder)?,
            mapped_at_family: mapped_at(&family_client)?,
            holder,
            family: Some(family),
            family_client,
        })
    }
}

/// What was loaded, by the token's `jti`.
pub(crate) struct BehindTokens {
    kept: Mutex<Bounded<[u8; 16], Kept>>,
}

struct Kept {
    behind: Arc<Behind>,
    ground: u64,
    loaded: Timestamp,
}

impl BehindTokens {
    pub(crate) fn new() -> Self {
        Self { kept: Mutex::new(Bounded::new(TOKENS_MAX)) }
    }

    /// What stands behind an access token of ours.
    pub(crate) fn of(&self, app: &App, token: &AccessTokenFacts, now: Timestamp) -> Result<Arc<Behind>, ReadError> {
        // Taken before anything is read: what is committed meanwhile makes this load worthless.
        let ground = app.store.ground();
        let jti = token.jti();
        if let Some(kept) = self.lock().get(&jti, now)
            && kept.ground == ground
            && (0..KEPT_SECONDS * 1000).contains(&now.millis_since(kept.loaded))
        {
            return Ok(kept.behind.clone());
        }
        let holder = clients::known(app, token.client_id(), now);
        let behind = Arc::new(Behind::load(app, token.family(), holder, now)?);
        let kept = Kept { behind: behind.clone(), ground, loaded: now };
        let _ = self.lock().insert(jti, kept, now.plus_seconds(KEPT_SECONDS), now, |_| true);
        Ok(behind)
    }

    fn lock(&self) -> MutexGuard<'_, Bounded<[u8; 16], Kept>> {
        // A holder that panicked can't have left half an entry.
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
