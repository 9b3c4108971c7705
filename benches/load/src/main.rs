//! Load on an OAuth server, from one thread over loopback: raw HTTP/1.1 with connections kept alive, latencies in HDR histograms.
//!
//! What it must not do: talk to another machine, or run without an end. Start reading at [`scenario`]; `benches/run` shows it in use.
//!
//! ```text
//! load --config FILE --scenario code,refresh [--conns 32] [--secs 5] [--warmup 1] [--rate 2000] [--label NAME]
//! load --config FILE --show            # one code flow, printed: check the set-up first
//! ```

mod browser;
mod config;
mod http;
mod run;
mod scenario;

use std::{process::ExitCode, rc::Rc};

use serde_json::json;

use crate::{
    config::Config,
    http::{Connection, Target},
    run::Load,
    scenario::{Scenario, Server},
};

struct Arguments {
    config: Config,
    scenarios: Vec<Scenario>,
    load: Load,
    label: String,
    show: bool,
}

fn main() -> ExitCode {
    match work() {
        Ok(()) => ExitCode::SUCCESS,
        Err(fault) => {
            eprintln!("load: {fault}");
            ExitCode::from(2)
        }
    }
}

fn work() -> Result<(), String> {
    let Arguments { config, scenarios, load, label, show } = arguments()?;
    let target = Target::parse(&config.base)?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(|e| e.to_string())?;
    runtime.block_on(async {
        let server = Rc::new(Server::discover(config, target).await?);
        if show {
            let mut connection = Connection::new(server.target.clone());
            println!("{}", server.code_flow(&mut connection).await?);
            return Ok(());
        }
        for scenario in scenarios {
            let mut result = match run::run(server.clone(), scenario, &load).await {
                Ok(result) => result,
                Err(fault) => json!({"scenario": scenario.name(), "failed": fault}),
            };
            result["label"] = json!(label);
            println!("{result}");
        }
        Ok(())
    })
}

fn arguments() -> Result<Arguments, String> {
    let mut found = Arguments {
        config: Config::default(),
        scenarios: Scenario::ALL.to_vec(),
        load: Load { connections: 32, warmup_seconds: 1.0, seconds: 5.0, rate: 0.0 },
        label: String::new(),
        show: false,
    };
    let mut arguments = std::env::args().skip(1);
    while let Some(name) = arguments.next() {
        if name == "--show" {
            found.show = true;
            continue;
        }
        let value = arguments.next().ok_or_else(|| format!("{name} needs a value"))?;
        match name.as_str() {
            "--config" => found.config = Config::read(&value)?,
            "--scenario" => found.scenarios = value.split(',').map(Scenario::named).collect::<Result<_, _>>()?,
            "--conns" => found.load.connections = number(&name, &value)?,
            "--secs" => found.load.seconds = number(&name, &value)?,
            "--warmup" => found.load.warmup_seconds = number(&name, &value)?,
            "--rate" => found.load.rate = number(&name, &value)?,
            "--label" => found.label = value,
            _ => return Err(format!("unknown argument {name}")),
        }
    }
    if found.load.seconds > 120.0 || found.load.connections > 2048 {
        return Err("a run is bounded: at most 120 s and 2048 connections".into());
    }
    Ok(found)
}

fn number<T: std::str::FromStr>(name: &str, value: &str) -> Result<T, String> {
    value.parse().map_err(|_| format!("{name} takes a number, not {value:?}"))
}
