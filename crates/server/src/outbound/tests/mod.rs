//! The client against real sockets on this machine, and against a resolver that lies.

mod answers;
mod memory;
mod names;
mod site;

use std::{
    io,
    net::IpAddr,
    sync::{
        Arc, Mutex,
        atomic::{AtomicI64, Ordering},
    },
    time::Duration,
};

use model::Timestamp;

use super::{
    client::Outbound,
    resolve::{Looking, Lookup},
    settings::{Loopback, OutboundSettings, Reach},
    wire::Times,
};

/// Short enough for tests that wait for the end of patience, long enough for a loaded machine that does not.
const IMPATIENT: Times = Times { total: Duration::from_millis(400), connect: Duration::from_millis(300) };
const NOW: i64 = 1_000_000_000;

/// A client with a clock and a resolver of our own.
struct World {
    outbound: Outbound,
    clock: Arc<AtomicI64>,
    names: Arc<Names>,
}

impl World {
    fn new(loopback: Loopback, times: Times) -> Self {
        Self::with(OutboundSettings { reach: Reach { loopback, internal: Vec::new() }, extra_ca: None }, times)
    }

    fn with(settings: OutboundSettings, times: Times) -> Self {
        let (clock, names) = (Arc::new(AtomicI64::new(NOW)), Arc::new(Names::default()));
        let hand = clock.clone();
        let tell = Box::new(move || Timestamp::from_millis(hand.load(Ordering::SeqCst)));
        let outbound = Outbound::assemble(&settings, names.clone(), times, tell).unwrap();
        Self { outbound, clock, names }
    }

    /// Reaches this machine, patiently.
    fn here() -> Self {
        Self::new(Loopback::Allowed, Times::PRODUCTION)
    }

    /// Reaches this machine, and gives up soon.
    fn impatient() -> Self {
        Self::new(Loopback::Allowed, IMPATIENT)
    }

    fn seconds_pass(&self, seconds: i64) {
        self.clock.fetch_add(seconds * 1000, Ordering::SeqCst);
    }
}

/// A resolver whose answers are written down beforehand, and that remembers what it was asked.
#[derive(Default)]
struct Names {
    answers: Mutex<Vec<Vec<IpAddr>>>,
    asked: Mutex<Vec<String>>,
}

impl Names {
    /// The next look-up, of whatever name, gives these addresses.
    fn then(&self, addresses: &[&str]) {
        self.answers.lock().unwrap().push(addresses.iter().map(|text| text.parse().unwrap()).collect());
    }

    fn asked(&self) -> Vec<String> {
        self.asked.lock().unwrap().clone()
    }
}

impl Lookup for Names {
    fn lookup(&self, name: &str) -> Looking {
        self.asked.lock().unwrap().push(name.to_owned());
        let mut answers = self.answers.lock().unwrap();
        let found = if answers.is_empty() { Err(io::Error::other("no such name")) } else { Ok(answers.remove(0)) };
        Box::pin(async move { found })
    }
}
