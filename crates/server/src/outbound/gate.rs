//! How much is under way: in total, towards one host, and waiting for either.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::error::OutboundError;

/// Most exchanges under way.
const TOTAL_MAX: usize = 32;
/// Most exchanges under way with one host: a slow host holds its own callers up, and nobody else's.
const HOST_MAX: usize = 4;
/// Most fetches inside the gate, waiting ones included. Whoever comes after them is told so at once.
const INSIDE_MAX: usize = 256;

/// Lets fetches through, a bounded number at a time.
pub(super) struct Gate {
    inside: Arc<Semaphore>,
    total: Arc<Semaphore>,
    hosts: Mutex<HashMap<Arc<str>, Host>>,
}

struct Host {
    lanes: Arc<Semaphore>,
    users: usize,
}

/// The right to make one exchange, until it is dropped.
pub(super) struct Pass {
    _total: OwnedSemaphorePermit,
    _lane: OwnedSemaphorePermit,
    _user: User,
    _inside: OwnedSemaphorePermit,
}

impl Gate {
    pub(super) fn new() -> Arc<Self> {
        Arc::new(Self {
            inside: Arc::new(Semaphore::new(INSIDE_MAX)),
            total: Arc::new(Semaphore::new(TOTAL_MAX)),
            hosts: Mutex::default(),
        })
    }

    /// Waits for a turn. The caller bounds the wait.
    pub(super) async fn enter(self: &Arc<Self>, host: &Arc<str>) -> Result<Pass, OutboundError> {
        let inside = self.inside.clone().try_acquire_owned().map_err(|_| OutboundError::Busy)?;
        let (user, lanes) = User::of(self, host);
        // The lane comes first: waiting for a slow host must not hold one of the places that everybody shares.
        let lane = lanes.acquire_owned().await.map_err(|_| OutboundError::Busy)?;
        let total = self.total.clone().acquire_owned().await.map_err(|_| OutboundError::Busy)?;
        Ok(Pass { _total: total, _lane: lane, _user: user, _inside: inside })
    }

    fn hosts(&self) -> MutexGuard<'_, HashMap<Arc<str>, Host>> {
        self.hosts.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Keeps a host's entry while somebody is inside for it, so that the table never outgrows [`INSIDE_MAX`].
struct User {
    gate: Arc<Gate>,
    host: Arc<str>,
}

impl User {
    fn of(gate: &Arc<Gate>, host: &Arc<str>) -> (Self, Arc<Semaphore>) {
        let mut hosts = gate.hosts();
        let entry =
            hosts.entry(host.clone()).or_insert_with(|| Host { lanes: Arc::new(Semaphore::new(HOST_MAX)), users: 0 });
        entry.users += 1;
        (Self { gate: gate.clone(), host: host.clone() }, entry.lanes.clone())
    }
}

impl Drop for User {
    fn drop(&mut self) {
        let mut hosts = self.gate.hosts();
        if let Some(entry) = hosts.get_mut(&self.host) {
            entry.users -= 1;
            if entry.users == 0 {
                hosts.remove(&self.host);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::{future::Future, pin::Pin, task::Poll};

    use super::*;

    type Entering = Pin<Box<dyn Future<Output = Result<Pass, OutboundError>> + Send>>;

    fn enter(gate: &Arc<Gate>, host: &str) -> Entering {
        let (gate, host) = (gate.clone(), Arc::from(host));
        Box::pin(async move { gate.enter(&host).await })
    }

    async fn waits(entering: &mut Entering) -> bool {
        std::future::poll_fn(|context| Poll::Ready(entering.as_mut().poll(context).is_pending())).await
    }

    #[tokio::test]
    async fn a_host_has_its_lanes_and_others_pass() {
        let gate = Gate::new();
        let mut passes = Vec::new();
        for _ in 0..HOST_MAX {
            passes.push(enter(&gate, "slow").await.unwrap());
        }
        let mut next = enter(&gate, "slow");
        assert!(waits(&mut next).await);
        let _other = enter(&gate, "fast").await.unwrap();
        passes.pop();
        assert!(!waits(&mut next).await);
    }

    #[tokio::test]
    async fn the_total_holds_over_all_hosts() {
        let gate = Gate::new();
        let mut passes = Vec::new();
        for host in 0..TOTAL_MAX {
            passes.push(enter(&gate, &host.to_string()).await.unwrap());
        }
        let mut next = enter(&gate, "one more");
        assert!(waits(&mut next).await);
        passes.clear();
        assert!(!waits(&mut next).await);
    }

    #[tokio::test]
    async fn who_comes_after_a_full_house_is_told_at_once() {
        let gate = Gate::new();
        let mut inside: Vec<Entering> = Vec::new();
        while inside.len() < INSIDE_MAX {
            let mut entering = enter(&gate, "slow");
            match std::future::poll_fn(|context| Poll::Ready(entering.as_mut().poll(context))).await {
                Poll::Pending => inside.push(entering),
                Poll::Ready(pass) => inside.push(Box::pin(std::future::ready(pass))),
            }
        }
        assert!(matches!(enter(&gate, "fast").await, Err(OutboundError::Busy)));
        inside.clear();
        assert!(enter(&gate, "fast").await.is_ok());
        assert!(gate.hosts().is_empty(), "nobody inside, nothing kept");
    }
}
