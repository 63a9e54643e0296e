"""What every measurement needs: databases, servers, readers.

Arguments of whoever imports it: a folder, the service, the bare handler, psql.
"""

import contextlib
import http.client
import json
import os
import platform
import socket
import sqlite3
import subprocess
import sys
import time
from pathlib import Path
from urllib.parse import quote

FOLDER, XABAR, BARE, PSQL = Path(sys.argv[1]), *sys.argv[2:5]
HERE = Path(__file__).parent


def setting(name, default):
    return int(os.environ.get(name, default))


DATABASES = os.environ.get("DATABASES", "sqlite postgres").split()
# As in config/default.toml.
POOL = 16


class Database:
    """One empty database, made for one measurement, and the build that uses it."""

    def __init__(self, kind, name, xabar=XABAR):
        self.kind, self.name, self.xabar = kind, name, xabar
        if kind == "sqlite":
            self.path = FOLDER / f"{name}.db"
            self.url = f"sqlite://{self.path}"
        else:
            self.host = str(FOLDER / "postgres")
            self.psql("postgres", f"CREATE DATABASE {name}")
            self.url = f"postgres://postgres@localhost/{name}?host={quote(self.host, safe='')}"

    def psql(self, database, query):
        command = [PSQL, "-XAtq", "-h", self.host, "-U", "postgres", "-d", database, "-c", query]
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout

    def number(self, query):
        if self.kind == "sqlite":
            with contextlib.closing(sqlite3.connect(self.path)) as connection:
                return connection.execute(query).fetchone()[0]
        return int(self.psql(self.name, query))

    def settings(self, **more):
        own = {"XABAR_DATABASE__URL": self.url, "XABAR_SECRET_FILE": str(FOLDER / "key")}
        clean = {k: v for k, v in os.environ.items() if not k.startswith("XABAR_")}
        return clean | own | more

    def command(self, *arguments):
        done = subprocess.run(
            [self.xabar, *arguments], env=self.settings(), check=True, capture_output=True, text=True
        )
        return done.stdout


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Process:
    """A process with its log; a context that ends it."""

    def __init__(self, command, environment, log):
        self.log = open(FOLDER / log, "ab")
        self.process = subprocess.Popen(command, env=environment, stderr=self.log)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait()
        self.log.close()


class Server(Process):
    """One that is ready."""

    def __init__(self, command, environment=None, address=None):
        self.address = address or f"127.0.0.1:{free_port()}"
        command = [part.replace("ADDRESS", self.address) for part in command]
        if environment is not None:
            environment["XABAR_HTTP__LISTEN"] = self.address
        begin = time.monotonic()
        super().__init__(command, environment, "server.log")
        self.start_ms = 1000 * (self.wait_until_it_answers() - begin)

    def wait_until_it_answers(self):
        while self.process.poll() is None:
            with contextlib.suppress(OSError, http.client.HTTPException):
                if self.call("GET", "/readyz")[0] == 200:
                    return time.monotonic()
            time.sleep(0.0005)
        sys.exit("a server ended at once:\n" + (FOLDER / "server.log").read_text()[-2000:])

    def call(self, method, path, body=None, token=None):
        connection = http.client.HTTPConnection(self.address, timeout=300)
        headers = {"Content-Type": "application/json"} if body else {}
        if token:
            headers["Authorization"] = f"Bearer {token}"
        with contextlib.closing(connection):
            connection.request(method, path, body and json.dumps(body), headers)
            answer = connection.getresponse()
            return answer.status, answer.read().decode()


def start_wrk(url, script, connections, seconds, headers=(), arguments=()):
    """One round of requests, as a process that prints its figures."""
    command = ["wrk", "-t2", f"-c{connections}", f"-d{seconds}s", "--timeout", "10s", "-s", str(HERE / script)]
    for header in headers:
        command += ["-H", header]
    command += [url, "--", *arguments]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


def wrk_figures(process):
    """The figures of a round; ends if an answer was bad."""
    output = process.communicate()[0]
    figures = json.loads(output.strip().splitlines()[-1]) if process.returncode == 0 else {"errors": 1}
    if figures["errors"] or not figures["requests"]:
        sys.exit(f"a round had errors, so its figures say nothing:\n{output}")
    return figures


def memory_mib(pid, field):
    with contextlib.suppress(OSError):
        for line in Path(f"/proc/{pid}/status").read_text().splitlines():
            if line.startswith(field + ":"):
                return int(line.split()[1]) / 1024
    return None


def say(text):
    print(f"  {text}", file=sys.stderr, flush=True)


def serve(database, role, **more):
    return Server([database.xabar, "serve", "--role", role], database.settings(**more))


def start_worker(database, **more):
    return Process([database.xabar, "serve", "--role", "worker"], database.settings(**more), "worker.log")


def write_csv(name, rows):
    path = FOLDER / name
    languages, countries = ("fr", "en", "de", ""), ("", "kz", "kg;uz", "tj tm", "kz;kg;uz;tj;tm")
    with open(path, "w", encoding="utf-8") as file:
        file.write("email,consent_at,consent_source,consent_wording,language,countries,name\n")
        for row in range(rows):
            # Scattered, as addresses are: a sorted file would flatter the indexes.
            place = (row * 7_368_787) % 99_999_989
            file.write(
                f"reader.{place}@mail{place % 97}.example.org,2024-{row % 12 + 1:02}-15,old site,"
                f'"Yes, send me the weekly letter.",{languages[row % 4]},{countries[row % 5]},Reader {row}\n'
            )
    return path


def processor():
    with contextlib.suppress(OSError):
        for line in Path("/proc/cpuinfo").read_text().splitlines():
            if line.startswith("model name"):
                return line.split(":", 1)[1].strip()
    return platform.machine()
