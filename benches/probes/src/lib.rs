//! Probes of the physical limits that no server on this machine can pass: `crypto` and `disk FOLDER`.
//!
//! What they must not do: stand in for a measurement of Lockgate. They say how far it could go; `benches/run` says how far it goes.

use std::time::{Duration, Instant};

/// Repeats `work` for `seconds` and returns how long each repetition took, sorted.
pub fn repeat(seconds: u64, mut work: impl FnMut()) -> Vec<Duration> {
    let (start, mut times) = (Instant::now(), Vec::new());
    while start.elapsed() < Duration::from_secs(seconds) {
        let began = Instant::now();
        work();
        times.push(began.elapsed());
    }
    times.sort_unstable();
    times
}

/// One line of a report: how often per second, and the middle and the slow end. `units` is how much one repetition does.
pub fn report(name: &str, times: &[Duration], units: u32) {
    let total: Duration = times.iter().sum();
    let per_second = f64::from(units) * times.len() as f64 / total.as_secs_f64();
    let micros = |at: usize| times.get(at).map_or(0.0, |time| time.as_secs_f64() * 1e6 / f64::from(units));
    println!(
        "{name:44} {per_second:>12.0}/s   p50 {:>9.2} µs   p99 {:>9.2} µs",
        micros(times.len() / 2),
        micros(times.len() * 99 / 100)
    );
}
