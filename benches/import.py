"""What benches/measure import measures: an import with proof, the check of the consent chain, and how fast the
IP addresses of its events are removed; of this build, and before it of another one if BEFORE is set."""

import contextlib
import json
import os
import sqlite3
import subprocess
import sys
import time

from lab import *

ROWS = setting("ROWS", 1_000_000)
BUILDS = [build for build in (os.environ.get("BEFORE"), XABAR) if build]
TITLES = {"sqlite": "SQLite", "postgres": "PostgreSQL"}
GOALS = {"sqlite": 100_000, "postgres": 60_000}
GOAL_OF_CHAIN, GOAL_MIB = 100_000, 64


def server_seconds(kind):
    """The CPU time of the sessions of PostgreSQL that have ended."""
    if kind == "sqlite":
        return 0
    pid = (FOLDER / "postgres/data/postmaster.pid").read_text().split()[0]
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[13]) + int(fields[14])) / os.sysconf("SC_CLK_TCK")


def run(database, *arguments):
    """A command: how long it took, its CPU time, its most memory, what it printed."""
    server, begin = server_seconds(database.kind), time.monotonic()
    process = subprocess.Popen(
        [database.xabar, "--json", *arguments], env=database.settings(), stdout=subprocess.PIPE, text=True
    )
    printed = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.monotonic() - begin
    if status:
        sys.exit(f"{database.kind}: {arguments[0]} failed: {printed}")
    # The session of the server ends a little later.
    time.sleep(1)
    return {
        "seconds": seconds,
        "cpu": usage.ru_utime + usage.ru_stime,
        "server": server_seconds(database.kind) - server,
        "mib": usage.ru_maxrss / 1024,
        "printed": json.loads(printed),
    }


def give_addresses(database):
    """An IP address for each event, which the trigger of the record refuses."""
    update = "UPDATE consent_event SET ip = '192.0.2.' || id % 250"
    if database.kind == "postgres":
        trigger = "ALTER TABLE consent_event {} TRIGGER consent_event_is_final"
        for statement in (trigger.format("DISABLE"), update, trigger.format("ENABLE"), "VACUUM ANALYZE consent_event"):
            database.psql(database.name, statement)
        return
    name = "consent_event_is_final"
    with contextlib.closing(sqlite3.connect(database.path)) as connection:
        trigger = connection.execute("SELECT sql FROM sqlite_master WHERE name = ?", [name]).fetchone()[0]
        for statement in (f"DROP TRIGGER {name}", update, trigger):
            connection.execute(statement)
        connection.commit()


def forget_addresses(database):
    """How long a worker takes that starts, and removes them at once."""
    give_addresses(database)
    begin = time.monotonic()
    with start_worker(database):
        while database.number("SELECT COUNT(*) FROM retention_log WHERE what = 'IP addresses'") == 0:
            if time.monotonic() - begin > 600:
                sys.exit(f"{database.kind}: the worker has not removed the IP addresses")
            time.sleep(0.2)
    return time.monotonic() - begin


def measure(kind, number, csv):
    database = Database(kind, f"import{number}", BUILDS[number])
    database.command("migrate")
    imported = run(database, "import", str(csv), "--newsletter", "asie-centrale")
    if imported["printed"]["imported"] != ROWS:
        sys.exit(f"{kind}: the import did not take all rows: {imported['printed']}")
    checked = run(database, "consent", "verify")
    if not checked["printed"]["intact"] or checked["printed"]["events"] != ROWS:
        sys.exit(f"{kind}: the chain is not intact: {checked['printed']}")
    forgotten = forget_addresses(database)
    say(f"{kind}, {BUILDS[number]}: {ROWS / imported['seconds']:.0f} rows/s")
    return imported, checked, forgotten


def line(kind, number, results):
    imported, checked, forgotten = results
    cpu = lambda part: f"{1e6 * part['cpu'] / ROWS:.1f}" + (
        f" + {1e6 * part['server'] / ROWS:.1f}" if kind == "postgres" else ""
    )
    rate = lambda seconds, goal: f"{ROWS / seconds:.0f}/s" + (" (missed)" if ROWS / seconds < goal else "")
    cells = [
        TITLES[kind] + (", before" if number < len(BUILDS) - 1 else ""),
        rate(imported["seconds"], GOALS[kind]),
        cpu(imported),
        f"{imported['mib']:.0f} MiB" + (" (missed)" if imported["mib"] > GOAL_MIB else ""),
        rate(checked["seconds"], GOAL_OF_CHAIN),
        cpu(checked),
        rate(forgotten, GOAL_OF_CHAIN),
    ]
    print("| " + " | ".join(cells) + " |", flush=True)


def main():
    csv = write_csv("readers.csv", ROWS)
    print(f"{processor()}, {os.cpu_count()} cores; load {os.getloadavg()[0]:.2f} before; {ROWS} rows.\n")
    print("| | import | µs of CPU a row | memory, peak | check of the chain | µs of CPU an event | IP addresses removed |")
    print("|---|---:|---:|---:|---:|---:|---:|")
    for kind in DATABASES:
        for number in range(len(BUILDS)):
            line(kind, number, measure(kind, number, csv))
    print(f"\nLoad {os.getloadavg()[0]:.2f} after.")


main()
