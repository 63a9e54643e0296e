"""Campaigns, and relays to send them to: Postfix's smtp-sink, near or far."""

import contextlib
import json
import os
import queue
import shutil
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

from lab import *

CONNECTIONS = setting("CONNECTIONS", 16)
# Of the sample issue: the first makes a mail of about 18 KB.
PARTS = setting("PARTS", 1)
TICKS = os.sysconf("SC_CLK_TCK")
SBIN = os.environ["PATH"] + ":/usr/sbin"
SAMPLE = HERE.parent / "locales/fr/demo/issue.json"
TITLES = {"sqlite": "SQLite", "postgres": "PostgreSQL"}


@contextlib.contextmanager
def sink(*options):
    """smtp-sink on a free port; yields its address."""
    address = f"127.0.0.1:{free_port()}"
    user = ["-u", "postfix"] if os.geteuid() == 0 else []
    command = [shutil.which("smtp-sink", path=SBIN), *user, *options, address, "1000"]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    try:
        while True:
            with contextlib.suppress(OSError), socket.create_connection(address.split(":"), 1):
                break
            time.sleep(0.05)
        yield address
    finally:
        process.terminate()
        process.wait()


@contextlib.contextmanager
def far_away(address, round_trip):
    """A relay that is `round_trip` seconds away: what it hears and says passes half of it later. Threads, because
    asyncio rounds each delay up to the next millisecond."""
    host, port = address.split(":")
    server = socket.create_server(("127.0.0.1", 0), backlog=256)

    def arrive(target, under_way):
        with contextlib.suppress(OSError):
            while (piece := under_way.get())[1]:
                due, octets = piece
                time.sleep(max(0, due - time.monotonic()))
                target.sendall(octets)
            target.shutdown(socket.SHUT_WR)

    def carry(source, target):
        under_way, octets = queue.SimpleQueue(), True
        start(arrive, target, under_way)
        while octets:
            octets = b""
            with contextlib.suppress(OSError):
                octets = source.recv(1 << 16)
            under_way.put((time.monotonic() + round_trip / 2, octets))

    def meet():
        with contextlib.suppress(OSError):
            while True:
                here, there = server.accept()[0], socket.create_connection((host, int(port)))
                for end in (here, there):
                    end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                start(carry, here, there)
                start(carry, there, here)

    def start(work, *arguments):
        threading.Thread(target=work, args=arguments, daemon=True).start()

    start(meet)
    yield "127.0.0.1:{}".format(server.getsockname()[1])
    server.close()


def cpu_seconds(pid):
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def cluster_use(database):
    """What PostgreSQL has used so far: CPU seconds of all its processes, WAL records and octets."""
    postmaster = (FOLDER / "postgres/data/postmaster.pid").read_text().split()[0]
    ticks = 0
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            fields = stat.read_text().rsplit(")", 1)[1].split()
            if fields[1] == postmaster:
                ticks += int(fields[11]) + int(fields[12])
            elif stat.parent.name == postmaster:
                # With those of its processes that have ended.
                ticks += sum(int(ticks) for ticks in fields[11:15])
    wal = database.psql("postgres", "SELECT wal_records, wal_bytes FROM pg_stat_wal").strip().split("|")
    return [ticks / TICKS, *map(int, wal)]


def row_octets(database):
    """What a delivery takes in the table of the ledger, with dead versions of rows and free space."""
    query = "SELECT pg_relation_size('delivery') / CAST(COUNT(*) AS FLOAT) FROM delivery"
    return float(database.psql(database.name, query))


class Campaigns:
    """One database with its readers."""

    def __init__(self, kind, name="campaign", xabar=XABAR):
        self.kind, self.database = kind, Database(kind, name, xabar)
        self.database.command("migrate")
        self.token = self.database.command("token", "add", "--name", "measure", "--role", "editor").strip()
        self.readers = 0

    def add_readers(self, csv):
        report = json.loads(self.database.command("--json", "import", str(csv), "--newsletter", "asie-centrale"))
        self.readers += report["imported"]
        return self

    def send(self, address, workers=1, seconds=None, triggered=None, apart=False, **settings):
        """Sends the sample issue to everybody, or for some seconds; returns rate, first mail, CPU and memory; on
        PostgreSQL also its own CPU in microseconds, WAL records and octets, and octets of the ledger, all for each
        mail.

        Calls `triggered` with the server and the issue's id once it is being sent. With `apart`, pages and worker
        are two processes, and CPU and memory are the worker's."""
        more = {"XABAR_SMTP__URL": f"smtp://{address}", "XABAR_SMTP__CONNECTIONS": str(CONNECTIONS)}
        # As smtp-source does: a connection serves as long as there are mails.
        more["XABAR_SMTP__MESSAGES_PER_CONNECTION"] = str(self.readers)
        more |= settings
        with contextlib.ExitStack() as running:
            server = running.enter_context(serve(self.database, "web" if apart else "all", **more))
            worker = running.enter_context(start_worker(self.database, **more)) if apart else server
            for _ in range(1, workers):
                running.enter_context(serve(self.database, "all", **more))
            before = cluster_use(self.database) if self.kind == "postgres" else []
            figures = self.watch(server, worker.process.pid, seconds, triggered)
            if before:
                used = [now - then for now, then in zip(cluster_use(self.database), before)]
                used = [figure / figures["sent"] for figure in used]
                figures |= {"pg_cpu": 1e6 * used[0], "wal_records": used[1], "wal_octets": used[2]}
                figures["row_octets"] = row_octets(self.database)
            figures["memory"] = memory_mib(worker.process.pid, "VmHWM")
        return figures

    def watch(self, server, pid, seconds, triggered):
        issue = json.loads(SAMPLE.read_text()) | {"newsletter": "asie-centrale"}
        issue["parts"] = issue["parts"][:PARTS]
        _, answer = server.call("POST", "/api/v1/issues", issue, self.token)
        issue = json.loads(answer)["id"]
        path = f"/api/v1/issues/{issue}"
        cpu, begin, first = cpu_seconds(pid), time.monotonic(), None
        server.call("POST", path + "/send", None, self.token)
        if triggered:
            triggered(server, issue)
        while True:
            state = json.loads(server.call("GET", path, None, self.token)[1])
            if first is None and state["counts"]["sent"]:
                first = time.monotonic() - begin
            lasted = time.monotonic() - begin
            if state["status"] == "sent" or seconds and lasted > seconds:
                break
            # Each look costs the database something too.
            time.sleep(0.02 if first is None else 0.1)
        cpu, sent = cpu_seconds(pid) - cpu, state["counts"]["sent"]
        if not seconds and sent != self.readers:
            sys.exit(f"{self.kind}: not everybody got the issue: {state['counts']}")
        return {"rate": sent / lasted, "first": first, "cpu": 1e6 * cpu / sent, "sent": sent}


def say_all(title, figures):
    say(f"{title}: " + ", ".join(f"{name} {value:.2f}" for name, value in figures.items()))
