"""Idle memory, time to ready, and size on disk of the release binary, against their limits. See README.md."""

import pathlib
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

from processes import Installation, release

STARTS = 5
IDLE_SECONDS = 2
LIMITS = {"idle memory, MB": 30, "ready after a start, ms (median of 5)": 150, "binary, stripped, MB": 20}


def stripped_mb(binary):
    with tempfile.TemporaryDirectory() as folder:
        copy = pathlib.Path(folder) / binary.name
        shutil.copy2(binary, copy)
        subprocess.run(["strip", copy], check=True)
        return copy.stat().st_size / 1e6


def main():
    installation = Installation()
    try:
        ready, idle = [], 0.0
        for _ in range(STARTS):
            server = installation.serve()
            ready.append(server.ready_ms)
            # Memory is a figure of a server that has come to rest.
            time.sleep(IDLE_SECONDS)
            idle = server.rss_mb()
            server.stop()
    finally:
        installation.remove()
    found = dict(zip(LIMITS, [idle, statistics.median(ready), stripped_mb(release("", "lockgate"))]))
    print("| figure | found | limit | |\n|---|---:|---:|---|")
    for name, limit in LIMITS.items():
        print(f"| {name} | {found[name]:.1f} | {limit} | {'ok' if found[name] <= limit else 'over'} |")
    sys.exit(any(found[name] > limit for name, limit in LIMITS.items()))


if __name__ == "__main__":
    main()
