"""Lockgate against the ceiling: both on one core, the load on another, scenario by scenario in turn. See README.md."""

import argparse
import json
import os
import pathlib
import subprocess
import tempfile

from processes import CEILING_PORT, PORT, REDIRECT_URI, Installation, Server, release

SCENARIOS = ["discovery", "jwks", "client", "code", "refresh", "introspect", "userinfo", "signin"]
# The ceiling signs nobody in. A journey is held against the signatures that it can't do without: it verifies one and makes two.
SIGNIN = "signin"
SIGNIN_TIMES_MAX = 4
# Operations per second on one core with 32 connections that Lockgate wants to reach.
GOALS = {
    "discovery": 100_000,
    "jwks": 100_000,
    "client": 18_000,
    "code": 6_000,
    "refresh": 6_000,
    "introspect": 60_000,
    "userinfo": 50_000,
}


def arguments():
    parser = argparse.ArgumentParser(prog="benches/run", description=__doc__)
    parser.add_argument("--scenarios", default=",".join(SCENARIOS))
    parser.add_argument("--conns", default="1,32", help="numbers of connections, one table each")
    parser.add_argument("--secs", type=float, default=3)
    parser.add_argument("--warmup", type=float, default=1)
    parser.add_argument("--rounds", type=int, default=1, help="runs of each scenario, the two servers in turn; the table shows the median by CPU")
    parser.add_argument("--rate", type=float, default=0, help="open loop: operations per second; latency counts from the due time")
    parser.add_argument("--realtime", action="store_true", help="real-time scheduling, for a machine that others use too (needs rights)")
    parser.add_argument("--out", default="benches/results/rates.jsonl", help="every figure, one JSON object a line")
    return parser.parse_args()


def start_ceiling(folder, core):
    log = folder / "ceiling.log"
    server = Server([release("benches", "ceiling"), CEILING_PORT, folder / "db"], CEILING_PORT, "/jwks", log, core)
    config = {
        "base": f"http://127.0.0.1:{CEILING_PORT}",
        "client_id": "bench",
        "client_secret": "secretsecretsecretsecretsecretsecret",
        "redirect_uri": REDIRECT_URI,
        "scope": "openid",
        "cookie": log.read_text().splitlines()[0],
    }
    return server, config


def start_lockgate(installation, core):
    server = installation.serve(core)
    config = {
        "base": f"http://localhost:{PORT}",
        "client_id": "bench",
        "client_secret": installation.client_secret,
        "service_id": "bench-service",
        "service_secret": installation.service_secret,
        "service_scope": "bench",
        "redirect_uri": REDIRECT_URI,
        "scope": "openid",
        "cookie": installation.log_in(),
    }
    return server, config


def measure(name, server, config, scenario, connections, options, core):
    """One run of the load: its figures, with the server's CPU time for each operation."""
    realtime = ["chrt", "-r", "1"] if options.realtime else []
    before = server.cpu_seconds()
    done = subprocess.run(
        [
            *("taskset", "-c", str(core), *realtime, release("benches", "load"), "--config", config, "--scenario", scenario),
            *("--conns", str(connections), "--secs", str(options.secs), "--warmup", str(options.warmup)),
            *("--rate", str(options.rate), "--label", name),
        ],
        capture_output=True,
        text=True,
    )
    used = server.cpu_seconds() - before
    if done.returncode:
        raise SystemExit(f"{name}, {scenario}: {done.stderr.strip()}")
    figures = json.loads(done.stdout)
    if "failed" in figures or not figures["done"]:
        raise SystemExit(f"{name}, {scenario}: {figures.get('failed') or figures.get('first_fault')}")
    figures["cpu_us"] = used * 1e6 / figures["done"]
    figures["rss_mb"] = round(server.rss_mb(), 1)
    return figures


def sign_in(server, config, links, connections, options, core):
    """Whole sign-ins with passkeys, each connection another person; then what one core needs for their signatures alone."""
    config.write_text(json.dumps(json.loads(config.read_text()) | {"links": links}))
    figures = measure("lockgate", server, config, SIGNIN, connections, options, core)
    realtime = ["chrt", "-r", "1"] if options.realtime else []
    probe = ["taskset", "-c", str(core), *realtime, release("benches", "crypto")]
    said = subprocess.run(probe, capture_output=True, text=True, check=True).stdout
    micros = {line[:44].strip(): float(line.split("p50")[1].split()[0]) for line in said.splitlines()}
    sign, verify = micros["ES256 sign, 450 B"], micros["ES256 verify, key parsed once"]
    figures["signatures_us"] = 2 * sign + verify
    figures["times"] = figures["cpu_us"] / figures["signatures_us"]
    return figures


def tell_sign_in(figures, connections):
    print(f"\nsign-in with a passkey, {connections} connection{'s' if connections > 1 else ''}: {figures['cpu_us']:.0f} µs of CPU for a journey, "
          f"**{figures['times']:.1f} times** the {figures['signatures_us']:.0f} µs of its signatures (goal: at most {SIGNIN_TIMES_MAX}); "
          f"{figures['per_s']:,.0f}/s, p50 {figures['p50_us'] / 1000:.2f} ms, p99 {figures['p99_us'] / 1000:.2f} ms, {figures['faults']} faults", flush=True)


def median(runs):
    """The run in the middle by CPU per operation."""
    return sorted(runs, key=lambda figures: figures["cpu_us"])[len(runs) // 2]


def table(rows, connections):
    print(f"\n{connections} connection{'s' if connections > 1 else ''}, one core each for server and load\n")
    print("| operation | CPU µs: ceiling | ours | of the ceiling | per second: ceiling | ours | goal | ours p50 / p99 ms | faults |")
    print("|---|---:|---:|---:|---:|---:|---:|---:|---:|")
    for scenario, ceiling, ours in rows:
        goal = f"{GOALS[scenario]:,}" if connections == 32 else "–"
        print(
            f"| {scenario} | {ceiling['cpu_us']:.1f} | {ours['cpu_us']:.1f} | **{100 * ceiling['cpu_us'] / ours['cpu_us']:.0f} %** "
            f"| {ceiling['per_s']:,.0f} | {ours['per_s']:,.0f} | {goal} "
            f"| {ours['p50_us'] / 1000:.2f} / {ours['p99_us'] / 1000:.2f} | {ours['faults']} |",
            flush=True,
        )


def main():
    options = arguments()
    cores = sorted(os.sched_getaffinity(0))
    if len(cores) < 2:
        raise SystemExit("two cores are needed: one for the server, one for the load")
    server_core, load_core = cores[0], cores[1]
    out = pathlib.Path(options.out)
    out.parent.mkdir(parents=True, exist_ok=True)
    installation, running = Installation(), []
    with tempfile.TemporaryDirectory(prefix="lockgate-ceiling-") as folder, out.open("a") as results:
        folder = pathlib.Path(folder)
        try:
            configs = {}
            for name, start in [
                ("ceiling", lambda: start_ceiling(folder, server_core)),
                ("lockgate", lambda: start_lockgate(installation, server_core)),
            ]:
                server, config = start()
                running.append((name, server))
                if options.realtime:
                    subprocess.run(["chrt", "-a", "-r", "-p", "1", str(server.process.pid)], check=True)
                configs[name] = folder / f"{name}.json"
                configs[name].write_text(json.dumps(config))
            for connections in map(int, options.conns.split(",")):
                rows = []
                scenarios = options.scenarios.split(",")
                for scenario in (one for one in scenarios if one != SIGNIN):
                    runs = {name: [] for name, _ in running}
                    for _ in range(options.rounds):
                        for name, server in running:
                            figures = measure(name, server, configs[name], scenario, connections, options, load_core)
                            results.write(json.dumps(figures) + "\n")
                            runs[name].append(figures)
                    rows.append((scenario, *(median(runs[name]) for name, _ in running)))
                if rows:
                    table(rows, connections)
                if SIGNIN in scenarios:
                    server, runs = running[-1][1], []
                    for _ in range(options.rounds):
                        links = installation.invite(connections)
                        runs.append(sign_in(server, configs["lockgate"], links, connections, options, load_core))
                        results.write(json.dumps(runs[-1]) + "\n")
                    tell_sign_in(median(runs), connections)
            for name, server in running:
                print(f"\nmemory of {name} after all: {server.rss_mb():.1f} MB", end="")
            print()
        finally:
            for _, server in running:
                server.stop()
            installation.remove()


if __name__ == "__main__":
    main()
