//! One measured run: connections that work in a closed loop, or at the times that a fixed rate gives.

use std::{
    cell::RefCell,
    rc::Rc,
    time::{Duration, Instant},
};

use hdrhistogram::Histogram;
use serde_json::{Value, json};

use crate::{
    browser::{BLOCKS_APART, Browser},
    http::Connection,
    scenario::{Scenario, Server, random_seed},
};

/// Faults after which a connection gives up.
const FAULTS_MAX: u64 = 2000;

#[derive(Clone)]
pub(crate) struct Load {
    pub(crate) connections: usize,
    pub(crate) warmup_seconds: f64,
    pub(crate) seconds: f64,
    /// Operations per second over all connections, with latency counted from the time an operation was due (open loop); 0 means as fast as answers come.
    pub(crate) rate: f64,
}

/// When a run begins, when its operations begin to count, and when it ends.
#[derive(Clone, Copy)]
struct Window {
    start: Instant,
    measured: Instant,
    end: Instant,
}

struct Stats {
    latency: Histogram<u64>,
    /// Operations that succeeded at any time, warm-up included: what the server's CPU time is divided by.
    done: u64,
    faults: u64,
    first_fault: Option<String>,
    connections: u64,
}

/// Runs `scenario` and returns its figures.
pub(crate) async fn run(server: Rc<Server>, scenario: Scenario, load: &Load) -> Result<Value, String> {
    let mut seeds = Vec::new();
    let mut setup = Connection::new(server.target.clone());
    for _ in 0..scenario.seeds(load.connections) {
        seeds.push(server.code_flow(&mut setup).await?);
    }
    let mut browsers = Vec::new();
    // Another place to begin in each run: what the last one used up at the server stays used up for a while.
    let mut block = random_seed() as u16;
    for index in 0..load.connections {
        match scenario {
            Scenario::Signin => {
                browsers.push(Browser::enrol(&server, &mut setup, server.link(index)?, block).await?);
            }
            Scenario::Password => browsers.push(Browser::stranger(server.origin(), block)),
            _ => break,
        }
        block = block.wrapping_add(BLOCKS_APART);
    }
    let mut browsers = browsers.into_iter();
    let latency = Histogram::new_with_bounds(1, 120_000_000, 3).map_err(|e| e.to_string())?;
    let stats = Rc::new(RefCell::new(Stats { latency, done: 0, faults: 0, first_fault: None, connections: 0 }));
    let start = Instant::now();
    let measured = start + Duration::from_secs_f64(load.warmup_seconds);
    let window = Window { start, measured, end: measured + Duration::from_secs_f64(load.seconds) };

    let local = tokio::task::LocalSet::new();
    for index in 0..load.connections {
        let seed = seeds.get(index % seeds.len().max(1)).cloned().unwrap_or(Value::Null);
        let held = Held { seed, browser: browsers.next() };
        local.spawn_local(connection(server.clone(), scenario, load.clone(), index, held, window, stats.clone()));
    }
    local.await;
    let stats = stats.borrow();
    let quantile = |q| stats.latency.value_at_quantile(q);
    Ok(json!({
        "scenario": scenario.name(), "conns": load.connections, "rate": load.rate,
        "per_s": (stats.latency.len() as f64 / load.seconds * 10.0).round() / 10.0, "done": stats.done,
        "p50_us": quantile(0.5), "p90_us": quantile(0.9), "p99_us": quantile(0.99), "max_us": stats.latency.max(),
        "faults": stats.faults, "first_fault": stats.first_fault, "connections": stats.connections,
    }))
}

/// What one connection has to work with.
struct Held {
    seed: Value,
    browser: Option<Browser>,
}

async fn connection(
    server: Rc<Server>,
    scenario: Scenario,
    load: Load,
    index: usize,
    held: Held,
    window: Window,
    stats: Rc<RefCell<Stats>>,
) {
    let Held { seed, mut browser } = held;
    let mut connection = Connection::new(server.target.clone());
    let mut refresh_token = seed["refresh_token"].as_str().unwrap_or_default().to_owned();
    let fixed = server.fixed(scenario, &seed);
    let paced = load.rate > 0.0;
    let gap = if paced { Duration::from_secs_f64(load.connections as f64 / load.rate) } else { Duration::ZERO };
    let mut due = window.start + gap.mul_f64(index as f64 / load.connections as f64);
    loop {
        if paced {
            tokio::time::sleep_until(due.into()).await;
        }
        let began = if paced { due } else { Instant::now() };
        if began >= window.end || Instant::now() >= window.end {
            break;
        }
        let result = match scenario {
            Scenario::Code => server.code_flow(&mut connection).await.map(|_| ()),
            Scenario::Refresh => server.refresh(&mut connection, &refresh_token).await.and_then(|answer| {
                refresh_token = answer["refresh_token"].as_str().ok_or("refresh: no new token")?.to_owned();
                Ok(())
            }),
            Scenario::Signin => match &mut browser {
                Some(browser) => browser.sign_in(&server, &mut connection).await.map(|_| ()),
                None => Err("signin: nobody is enrolled".into()),
            },
            Scenario::Password => match &mut browser {
                Some(browser) => browser.guess(&server, &mut connection).await,
                None => Err("password: no browser".into()),
            },
            Scenario::Discovery | Scenario::Jwks | Scenario::Client | Scenario::Introspect | Scenario::Userinfo => {
                match connection.send(&fixed).await {
                    Ok(answer) if answer.status == 200 => Ok(()),
                    Ok(answer) => Err(answer.excerpt()),
                    Err(fault) => Err(fault.to_string()),
                }
            }
        };
        if !stats.borrow_mut().count(result, began, window) {
            break;
        }
        due += gap;
    }
    stats.borrow_mut().connections += connection.opened;
}

impl Stats {
    /// Counts one operation; `false` when too many have failed to go on.
    fn count(&mut self, result: Result<(), String>, began: Instant, window: Window) -> bool {
        let ended = Instant::now();
        match result {
            Ok(()) => {
                self.done += 1;
                if began >= window.measured && ended <= window.end {
                    self.latency
                        .saturating_record(u64::try_from((ended - began).as_micros()).unwrap_or(u64::MAX).max(1));
                }
            }
            Err(fault) => {
                self.faults += 1;
                self.first_fault.get_or_insert(fault);
            }
        }
        self.faults <= FAULTS_MAX
    }
}
