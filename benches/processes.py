"""Servers under measurement: started pinned to one core, timed until they answer, watched through /proc, stopped."""

import json
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
TICKS_PER_SECOND = os.sysconf("SC_CLK_TCK")
READY_SECONDS_MAX = 60

PORT = 8410
CEILING_PORT = 8411
REDIRECT_URI = "https://app.example.com/cb"


def release(workspace, name):
    """The path of a release binary of one of the two workspaces ("" or "benches")."""
    shared = os.environ.get("CARGO_TARGET_DIR")
    target = pathlib.Path(shared) if shared else ROOT / workspace / "target"
    return target / "release" / name


def status_of(port, path):
    """The status of a GET over a fresh connection, or None when nobody answers."""
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=2) as connection:
            connection.sendall(f"GET {path} HTTP/1.1\r\nHost: localhost:{port}\r\nConnection: close\r\n\r\n".encode())
            line = connection.recv(64).split(b" ")
            return int(line[1]) if len(line) > 1 else None
    except OSError:
        return None


class Server:
    """A running server. `ready_ms` is the time from its start to its first 200."""

    def __init__(self, command, port, ready_path, log, core=None):
        pinned = ["taskset", "-c", str(core)] if core is not None else []
        began = time.perf_counter()
        self.log = open(log, "ab")
        self.process = subprocess.Popen(
            [*pinned, *map(str, command)], stdin=subprocess.DEVNULL, stdout=self.log, stderr=self.log, start_new_session=True
        )
        while status_of(port, ready_path) != 200:
            if self.process.poll() is not None:
                raise SystemExit(f"{command[0]} ended with {self.process.returncode}; see {log}")
            if time.perf_counter() - began > READY_SECONDS_MAX:
                self.stop()
                raise SystemExit(f"{command[0]} did not answer on port {port}; see {log}")
            time.sleep(0.001)
        self.ready_ms = (time.perf_counter() - began) * 1000

    def cpu_seconds(self):
        fields = pathlib.Path(f"/proc/{self.process.pid}/stat").read_text().rsplit(") ", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / TICKS_PER_SECOND

    def rss_mb(self):
        for line in pathlib.Path(f"/proc/{self.process.pid}/status").read_text().splitlines():
            if line.startswith("VmRSS:"):
                return int(line.split()[1]) / 1024
        raise SystemExit("the server is gone")

    def stop(self):
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGTERM)
            try:
                self.process.wait(10)
            except subprocess.TimeoutExpired:
                os.killpg(self.process.pid, signal.SIGKILL)
                self.process.wait()
        self.log.close()


class Installation:
    """A Lockgate of its own in a new folder: one administrator who has not enrolled yet, one confidential client that needs no consent."""

    def __init__(self, passwords=False):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="lockgate-bench-"))
        self.binary = release("", "lockgate")
        said = self.run("init", "--dir", self.folder, "--issuer", f"http://localhost:{PORT}", "--admin", "admin")
        links = [word for word in said.split() if "/enrol#" in word]
        if not links:
            raise SystemExit("`lockgate init` printed no enrolment link")
        self.link = links[0]
        if passwords:
            with (self.folder / "lockgate.toml").open("a") as config:
                config.write("\n[policy.base.standard]\npassword_and_totp = true\n")
        self.people = 0
        secret = self.folder / "client-secret"
        self.run(
            *("client", "add", "--dir", self.folder, "--id", "bench", "--name", "Bench", "--kind", "web"),
            *("--redirect-uri", REDIRECT_URI, "--trusted", "--secret-file", secret),
        )
        self.client_secret = secret.read_text().strip()
        service = self.folder / "service-secret"
        self.run(
            *("client", "add", "--dir", self.folder, "--id", "bench-service", "--name", "Bench service", "--kind", "service"),
            *("--scope", "bench", "--secret-file", service),
        )
        self.service_secret = service.read_text().strip()

    def run(self, *arguments):
        done = subprocess.run([self.binary, *map(str, arguments)], stdin=subprocess.DEVNULL, capture_output=True, text=True)
        if done.returncode:
            raise SystemExit(f"lockgate {arguments[0]} failed: {done.stderr.strip()}")
        return done.stdout

    def serve(self, core=None):
        command = [self.binary, "serve", "--config", self.folder / "lockgate.toml"]
        return Server(command, PORT, "/health/ready", self.folder / "server.log", core)

    def log_in(self):
        """Enrols the administrator and returns the Cookie header of the session."""
        done = subprocess.run([release("benches", "login"), self.link], capture_output=True, text=True)
        if done.returncode:
            raise SystemExit(done.stderr.strip())
        return json.loads(done.stdout)["cookie"]

    def invite(self, count):
        """Enrolment links for that many new people."""
        links = []
        for _ in range(count):
            self.people += 1
            said = self.run("person", "add", "--dir", self.folder, f"person-{self.people}", "--link")
            links.append(next(word for word in said.split() if "/enrol#" in word))
        return links

    def remove(self):
        shutil.rmtree(self.folder, ignore_errors=True)
