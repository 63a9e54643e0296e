"""What benches/measure runs once everything is built and PostgreSQL is there.

Arguments: a folder, the service, the bare handler, psql.
"""

import contextlib
import http.client
import json
import os
import platform
import socket
import sqlite3
import statistics
import subprocess
import sys
import time
from pathlib import Path
from urllib.parse import quote

FOLDER, XABAR, BARE, PSQL = Path(sys.argv[1]), *sys.argv[2:5]
HERE = Path(__file__).parent


def setting(name, default):
    return int(os.environ.get(name, default))


ROWS = setting("ROWS", 1_000_000)
ROUNDS = setting("ROUNDS", 3)
SECONDS = setting("SECONDS_PER_ROUND", 10)
CONNECTIONS = setting("CONNECTIONS", 32)
REST_SECONDS = setting("REST_SECONDS", 10)
STARTS = setting("STARTS", 7)
DATABASES = os.environ.get("DATABASES", "sqlite postgres").split()
# As in config/default.toml.
POOL = 16


class Database:
    """One empty database, made for one measurement."""

    def __init__(self, kind, name):
        self.kind, self.name = kind, name
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
            [XABAR, *arguments], env=self.settings(), check=True, capture_output=True, text=True
        )
        return done.stdout


class Server:
    """A process that answers at /healthz; a context that ends it."""

    def __init__(self, command, environment=None):
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.address = "127.0.0.1:{}".format(probe.getsockname()[1])
        command = [part.replace("ADDRESS", self.address) for part in command]
        if environment is not None:
            environment["XABAR_HTTP__LISTEN"] = self.address
        self.log = open(FOLDER / "server.log", "ab")
        begin = time.monotonic()
        self.process = subprocess.Popen(command, env=environment, stderr=self.log)
        self.start_ms = 1000 * (self.wait_until_it_answers() - begin)

    def wait_until_it_answers(self):
        while self.process.poll() is None:
            with contextlib.suppress(OSError, http.client.HTTPException):
                if self.call("GET", "/healthz")[0] == 200:
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

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait()
        self.log.close()


def memory_mib(pid, field):
    with contextlib.suppress(OSError):
        for line in Path(f"/proc/{pid}/status").read_text().splitlines():
            if line.startswith(field + ":"):
                return int(line.split()[1]) / 1024
    return None


def say(text):
    print(f"  {text}", file=sys.stderr, flush=True)


def serve(database, role, **more):
    return Server([XABAR, "serve", "--role", role], database.settings(**more))


def start_and_rest(kind):
    database = Database(kind, "rest")
    database.command("migrate")
    starts = []
    for _ in range(STARTS):
        with serve(database, "all") as server:
            starts.append(server.start_ms)
    with serve(database, "all") as server:
        time.sleep(REST_SECONDS)
        rest = memory_mib(server.process.pid, "VmRSS")
    return {"start": statistics.median(starts), "rest": rest}


def wrk(server, name):
    """One round; fails unless every answer was good. Returns its figures."""
    command = ["wrk", "-t2", f"-c{CONNECTIONS}", f"-d{SECONDS}s", "--timeout", "10s"]
    command += ["-s", str(HERE / "signup.lua")]
    command += [f"http://{server.address}/api/v1/subscriptions", "--", name]
    output = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    figures = json.loads(output.strip().splitlines()[-1])
    if figures["errors"] or not figures["requests"]:
        sys.exit(f"a round of sign-ups had errors, so its figures say nothing:\n{output}")
    return figures


def signups(kind):
    service_db, bare_db = Database(kind, "signups"), Database(kind, "bare")
    pending = "SELECT COUNT(*) FROM subscription WHERE state = 'pending'"
    mails = "SELECT COUNT(*) FROM outbox"
    consents = "SELECT COUNT(*) FROM consent_event"
    bare_rows = "SELECT COUNT(*) FROM bare"
    rates = {"service": [], "bare": []}
    slowest = {"service": [], "bare": []}
    answered = {"service": 0, "bare": 0}
    bare_command = [BARE, "ADDRESS", bare_db.url, str(POOL)]
    # Web only: no mail is sent meanwhile. All sign-ups come from one address, so no limits.
    with (
        serve(service_db, "web", XABAR_SIGNUP__PER_IP_PER_HOUR="0") as service,
        Server(bare_command) as bare,
    ):
        for number in range(ROUNDS):
            for name, server in (("bare", bare), ("service", service)):
                figures = wrk(server, f"{name}{number}")
                answered[name] += figures["requests"]
                rates[name].append(1e6 * figures["requests"] / figures["micros"])
                slowest[name].append(figures["p99_micros"] / 1000)
                say(f"{kind} {name}: {rates[name][-1]:.0f}/s, p99 {slowest[name][-1]:.1f} ms")
    # What was in flight when a round ended may be in the database without having been counted.
    slack = ROUNDS * CONNECTIONS
    for what, database, query, name in (
        ("pending subscriptions", service_db, pending, "service"),
        ("mails", service_db, mails, "service"),
        ("consent events", service_db, consents, "service"),
        ("rows of the bare handler", bare_db, bare_rows, "bare"),
    ):
        found = database.number(query)
        if not answered[name] <= found <= answered[name] + slack:
            sys.exit(f"{kind}: {answered[name]} good answers, but {found} {what}")
    median = statistics.median
    return {
        "rate": median(rates["service"]),
        "p99": median(slowest["service"]),
        "bare_rate": median(rates["bare"]),
        "bare_p99": median(slowest["bare"]),
        "ratio": median(s / b for s, b in zip(rates["service"], rates["bare"])),
    }


def write_csv():
    path = FOLDER / "readers.csv"
    languages, countries = ("fr", "en", "de", ""), ("", "kz", "kg;uz", "tj tm", "kz;kg;uz;tj;tm")
    with open(path, "w", encoding="utf-8") as file:
        file.write("email,consent_at,consent_source,consent_wording,language,countries,name\n")
        for row in range(ROWS):
            # Scattered, as addresses are: a sorted file would flatter the indexes.
            place = (row * 7_368_787) % 99_999_989
            file.write(
                f"reader.{place}@mail{place % 97}.example.org,2024-{row % 12 + 1:02}-15,old site,"
                f'"Yes, send me the weekly letter.",{languages[row % 4]},{countries[row % 5]},Reader {row}\n'
            )
    return path


def import_and_freeze(kind, csv):
    database = Database(kind, "audience")
    database.command("migrate")
    command = [XABAR, "--json", "import", str(csv), "--newsletter", "asie-centrale"]
    begin = time.monotonic()
    process = subprocess.Popen(command, env=database.settings(), stdout=subprocess.PIPE, text=True)
    peak = 0
    while process.poll() is None:
        peak = memory_mib(process.pid, "VmHWM") or peak
        time.sleep(0.02)
    seconds = time.monotonic() - begin
    report = json.loads(process.stdout.read())
    if process.returncode or report["imported"] != ROWS:
        sys.exit(f"{kind}: the import did not take all rows: {report}")
    say(f"{kind} import: {ROWS / seconds:.0f} rows/s, peak {peak:.0f} MiB")

    token = database.command("token", "add", "--name", "measure", "--role", "editor").strip()
    # Web only: nobody sends what is frozen.
    with serve(database, "web") as server:
        news = {"kind": "news", "items": [{"title": "One", "url": "https://example.org/1", "summary": "Two."}]}
        issue = {"newsletter": "asie-centrale", "subject": "Measured", "parts": [news]}
        status, answer = server.call("POST", "/api/v1/issues", issue, token)
        if status != 201:
            sys.exit(f"{kind}: the issue was not taken: {status} {answer}")
        path = "/api/v1/issues/{}/send".format(json.loads(answer)["id"])
        begin = time.monotonic()
        status, answer = server.call("POST", path, None, token)
        freeze = time.monotonic() - begin
    if status != 202 or json.loads(answer)["counts"]["queued"] != ROWS:
        sys.exit(f"{kind}: the audience was not frozen: {status} {answer}")
    if database.number("SELECT COUNT(*) FROM delivery") != ROWS:
        sys.exit(f"{kind}: the ledger does not have a row for every reader")
    say(f"{kind} freeze: {freeze:.2f} s")
    return {"import": ROWS / seconds, "peak": peak, "freeze": freeze}


def processor():
    with contextlib.suppress(OSError):
        for line in Path("/proc/cpuinfo").read_text().splitlines():
            if line.startswith("model name"):
                return line.split(":", 1)[1].strip()
    return platform.machine()


def table(results, load):
    lines = [
        ("start to the first answer at /healthz", "start", "{:.0f} ms", None),
        ("memory at rest, `serve --role all`", "rest", "{:.0f} MiB", None),
        ("sign-ups, durable", "rate", "{:.0f}/s", None),
        ("sign-ups, 99th percentile", "p99", "{:.1f} ms", None),
        ("bare handler, durable", "bare_rate", "{:.0f}/s", None),
        ("bare handler, 99th percentile", "bare_p99", "{:.1f} ms", None),
        ("service / bare handler", "ratio", "{:.2f}", ("at least 0.7", {"sqlite": 0.7, "postgres": 0.7}, min)),
        (f"import of {ROWS} rows", "import", "{:.0f} rows/s", None),
        ("memory of the import, peak", "peak", "{:.0f} MiB", None),
        (f"freezing an audience of {ROWS}", "freeze", "{:.2f} s", ("2 s; PostgreSQL 10 s", {"sqlite": 2, "postgres": 10}, max)),
    ]
    titles = {"sqlite": "SQLite", "postgres": "PostgreSQL"}
    print(f"{processor()}, {os.cpu_count()} cores; load {load[0]:.2f} before, {os.getloadavg()[0]:.2f} after;")
    print(f"{ROUNDS} rounds of {SECONDS} s with {CONNECTIONS} connections, medians.\n")
    print("| | " + " | ".join(titles[kind] for kind in DATABASES) + " | goal |")
    print("|---|" + "---:|" * len(DATABASES) + "---|")
    for title, key, form, goal in lines:
        cells = []
        for kind in DATABASES:
            value = results[kind][key]
            missed = goal is not None and goal[2](value, goal[1][kind]) != goal[1][kind]
            cells.append(form.format(value) + (" (missed)" if missed else ""))
        print(f"| {title} | " + " | ".join(cells) + f" | {goal[0] if goal else ''} |")


def main():
    load = os.getloadavg()
    results = {kind: start_and_rest(kind) for kind in DATABASES}
    for kind in DATABASES:
        results[kind] |= signups(kind)
    csv = write_csv()
    for kind in DATABASES:
        results[kind] |= import_and_freeze(kind, csv)
    table(results, load)


main()
