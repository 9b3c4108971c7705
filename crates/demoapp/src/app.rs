//! What every request shares.

use std::sync::{
    Arc,
    atomic::{AtomicBool, AtomicU64},
};

use crate::{
    config::{ConfigFault, DemoConfig, Settings},
    outbound::Outbound,
    provider::Provider,
    visits::Visits,
};

/// The application; cheap to clone.
#[derive(Clone)]
pub(crate) struct App(Arc<Shared>);

pub(crate) struct Shared {
    pub(crate) settings: Settings,
    pub(crate) outbound: Outbound,
    pub(crate) provider: Provider,
    pub(crate) visits: Visits,
    pub(crate) tally: Tally,
}

/// What happened since the start: numbers without persons, for the tour's ticks.
#[derive(Default)]
pub(crate) struct Tally {
    pub(crate) signed_in: AtomicU64,
    pub(crate) refreshed: AtomicU64,
    pub(crate) replay_refused: AtomicBool,
    pub(crate) wrong_redirect_refused: AtomicBool,
}

impl App {
    pub(crate) fn new(config: DemoConfig) -> Result<Self, ConfigFault> {
        let settings = Settings::check(config)?;
        Ok(Self(Arc::new(Shared {
            outbound: Outbound::new(settings.issuer_authority.clone()),
            provider: Provider::new(settings.config.issuer.clone()),
            visits: Visits::default(),
            tally: Tally::default(),
            settings,
        })))
    }
}

impl std::ops::Deref for App {
    type Target = Shared;
    fn deref(&self) -> &Shared {
        &self.0
    }
}
