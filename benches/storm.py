"""Refreshing tokens alone, and beside a storm of passwords: CPU of the threads that serve, per refresh, and the client's latency. See README.md."""

import argparse
import json
import pathlib
import subprocess
import sys
import tempfile
import time

from processes import TICKS_PER_SECOND, Installation, release
from rates import start_lockgate

# What the storm may add to the CPU that one refresh takes of the threads that serve.
MORE_MAX = 0.10
# Blocking threads that have nothing to do end after ten seconds; what is left serves.
REST_SECONDS = 11


def thread_seconds(pid):
    """CPU of each thread so far."""
    found = {}
    for task in pathlib.Path(f"/proc/{pid}/task").iterdir():
        fields = (task / "stat").read_text().rsplit(") ", 1)[1].split()
        # In nanoseconds where the kernel tells, in ticks otherwise.
        schedstat = task / "schedstat"
        seconds = int(schedstat.read_text().split()[0]) / 1e9 if schedstat.exists() else (int(fields[11]) + int(fields[12])) / TICKS_PER_SECOND
        found[int(task.name)] = seconds
    return found


def load(config, scenario, connections, seconds, rate=0.0):
    command = [release("benches", "load"), "--config", config, "--scenario", scenario, "--conns", connections]
    command += ["--secs", seconds, "--warmup", 0, "--rate", rate]
    return subprocess.Popen(list(map(str, command)), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def figures(process):
    out, fault = process.communicate()
    if process.returncode:
        raise SystemExit(fault.strip())
    found = json.loads(out)
    if "failed" in found:
        raise SystemExit(found["failed"])
    return found


def refreshing(server, config, serving, options, storm):
    """One run: the refreshes' figures, with the CPU of the serving threads and of all others."""
    hashing = load(config, "password", options.guessers, options.secs + 1) if storm else None
    time.sleep(0.5 if storm else 0)
    before = thread_seconds(server.process.pid)
    found = figures(load(config, "refresh", options.conns, options.secs, options.rate))
    after = thread_seconds(server.process.pid)
    spent = {thread: cpu - before.get(thread, 0) for thread, cpu in after.items()}
    found["serving_us"] = sum(cpu for thread, cpu in spent.items() if thread in serving) * 1e6 / found["done"]
    found["others_s"] = sum(cpu for thread, cpu in spent.items() if thread not in serving)
    if hashing:
        storm_figures = figures(hashing)
        found["guesses"], found["guess_faults"] = storm_figures["done"], storm_figures["faults"]
        found["first_guess_fault"] = storm_figures["first_fault"]
    return found


def main():
    parser = argparse.ArgumentParser(prog="benches/storm", description=__doc__)
    parser.add_argument("--secs", type=float, default=4)
    parser.add_argument("--rounds", type=int, default=3, help="the two in turn; the table shows the middle one of each by CPU")
    parser.add_argument("--rate", type=float, default=1000, help="refreshes a second, the same in both; 0: as fast as answers come")
    parser.add_argument("--conns", type=int, default=16)
    parser.add_argument("--guessers", type=int, default=24, help="browsers that type passwords as fast as they are answered")
    options = parser.parse_args()
    installation, server = Installation(passwords=True), None
    with tempfile.TemporaryDirectory(prefix="lockgate-storm-") as folder:
        config = pathlib.Path(folder) / "config.json"
        try:
            server, settings = start_lockgate(installation, None)
            config.write_text(json.dumps(settings))
            figures(load(config, "refresh", options.conns, 1))
            time.sleep(REST_SECONDS)
            serving = set(thread_seconds(server.process.pid))
            runs = {False: [], True: []}
            for _ in range(options.rounds):
                for storm in runs:
                    runs[storm].append(refreshing(server, config, serving, options, storm))
        finally:
            if server:
                server.stop()
            installation.remove()
    middle = {storm: sorted(found, key=lambda one: one["serving_us"])[len(found) // 2] for storm, found in runs.items()}
    print("| refreshing | per second | p50 / p99 ms | CPU µs of the serving threads, each | CPU s of the other threads | guesses | faults |\n|---|---:|---:|---:|---:|---:|---:|")
    for storm, name in [(False, "alone"), (True, "in the storm")]:
        one = middle[storm]
        print(f"| {name} | {one['per_s']:,.0f} | {one['p50_us'] / 1000:.2f} / {one['p99_us'] / 1000:.2f} | {one['serving_us']:.1f} | {one['others_s']:.2f} "
              f"| {one.get('guesses', 0)} | {one['faults']} + {one.get('guess_faults', 0)} |")
    more = middle[True]["serving_us"] / middle[False]["serving_us"] - 1
    print(f"\nA refresh takes {100 * more:+.1f} % of the serving threads (at most {100 * MORE_MAX:+.0f} %). The storm's own pages are served by them too.")
    sys.exit(more > MORE_MAX)


if __name__ == "__main__":
    main()
