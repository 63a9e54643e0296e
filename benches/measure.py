"""What benches/measure measures by default: starts, memory, sign-ups, import, freezing."""

import json
import os
import statistics
import subprocess
import sys
import time

from lab import *

ROWS = setting("ROWS", 1_000_000)
ROUNDS = setting("ROUNDS", 3)
SECONDS = setting("SECONDS_PER_ROUND", 10)
CONNECTIONS = setting("CONNECTIONS", 32)
REST_SECONDS = setting("REST_SECONDS", 10)
STARTS = setting("STARTS", 7)


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
    url = f"http://{server.address}/api/v1/subscriptions"
    return wrk_figures(start_wrk(url, "signup.lua", CONNECTIONS, SECONDS, arguments=[name]))


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
    if database.number("SELECT COUNT(*) FROM untried_delivery") != ROWS:
        sys.exit(f"{kind}: the ranges do not have every reader")
    say(f"{kind} freeze: {freeze:.2f} s")
    return {"import": ROWS / seconds, "peak": peak, "freeze": freeze}


def table(results, load):
    lines = [
        ("start to the first answer at /readyz", "start", "{:.0f} ms", None),
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
    csv = write_csv("readers.csv", ROWS)
    for kind in DATABASES:
        results[kind] |= import_and_freeze(kind, csv)
    table(results, load)


main()
