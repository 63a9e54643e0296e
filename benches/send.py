"""What `benches/measure send` measures: whole campaigns to Postfix's smtp-sink, beside its smtp-source."""

import contextlib
import json
import os
import shutil
import statistics
import subprocess
import sys
import time
from pathlib import Path

from lab import *

READERS = setting("READERS", 100_000)
ROUNDS = setting("ROUNDS", 3)
CONNECTIONS = setting("CONNECTIONS", 16)
# Of the sample issue: the first makes a mail of about 18 KB.
PARTS = setting("PARTS", 1)
TICKS = os.sysconf("SC_CLK_TCK")
SBIN = os.environ["PATH"] + ":/usr/sbin"
SAMPLE = HERE.parent / "locales/fr/demo/issue.json"


@contextlib.contextmanager
def sink(*options):
    """smtp-sink on a free port; yields its address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        address = "127.0.0.1:{}".format(probe.getsockname()[1])
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


def smtp_source(address, octets):
    source = shutil.which("smtp-source", path=SBIN)
    command = [source, "-d", "-s", str(CONNECTIONS), "-m", str(READERS), "-l", str(octets)]
    command += ["-f", "sender@example.org", "-t", "reader@example.net", address]
    begin = time.monotonic()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return READERS / (time.monotonic() - begin)


def cpu_seconds(pid):
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


class Campaigns:
    """One database with its readers."""

    def __init__(self, kind):
        self.kind, self.database = kind, Database(kind, "campaign")
        self.token = self.database.command("token", "add", "--name", "measure", "--role", "editor").strip()

    def add_readers(self, csv):
        report = json.loads(self.database.command("--json", "import", str(csv), "--newsletter", "asie-centrale"))
        return report["imported"]

    def send(self, address, audience):
        """Sends the sample issue to everybody; returns rate, first mail, CPU and memory."""
        more = {"XABAR_SMTP__URL": f"smtp://{address}", "XABAR_SMTP__CONNECTIONS": str(CONNECTIONS)}
        # As smtp-source does: a connection serves as long as there are mails.
        more["XABAR_SMTP__MESSAGES_PER_CONNECTION"] = str(READERS)
        with serve(self.database, "all", **more) as server:
            issue = json.loads(SAMPLE.read_text()) | {"newsletter": "asie-centrale"}
            issue["parts"] = issue["parts"][:PARTS]
            _, answer = server.call("POST", "/api/v1/issues", issue, self.token)
            path = "/api/v1/issues/{}".format(json.loads(answer)["id"])
            cpu, begin, first = cpu_seconds(server.process.pid), time.monotonic(), None
            server.call("POST", path + "/send", None, self.token)
            while True:
                state = json.loads(server.call("GET", path, None, self.token)[1])
                if first is None and state["counts"]["sent"]:
                    first = time.monotonic() - begin
                if state["status"] == "sent":
                    break
                time.sleep(0.02)
            seconds = time.monotonic() - begin
            cpu = cpu_seconds(server.process.pid) - cpu
            memory = memory_mib(server.process.pid, "VmHWM")
        if state["counts"]["sent"] != audience:
            sys.exit(f"{self.kind}: not everybody got the issue: {state['counts']}")
        return {"rate": audience / seconds, "first": first, "cpu": 1e6 * cpu / audience, "memory": memory}


def size_of_a_mail():
    """Octets of the sample digest as it arrives."""
    folder = FOLDER / "dump"
    folder.mkdir()
    folder.chmod(0o777)
    campaigns = Campaigns("sqlite") if "sqlite" in DATABASES else Campaigns(DATABASES[0])
    campaigns.add_readers(write_csv("one.csv", 1))
    with sink("-d", f"{folder}/mail.") as address:
        campaigns.send(address, 1)
    dumped = sorted(folder.iterdir())
    return len(dumped[-1].read_bytes()), campaigns


def main():
    octets, first = size_of_a_mail()
    csv = write_csv("readers.csv", READERS)
    campaigns = {first.kind: first}
    for kind in DATABASES:
        campaigns.setdefault(kind, Campaigns(kind)).add_readers(csv)
    figures = {kind: [] for kind in DATABASES}
    ratios = {kind: [] for kind in DATABASES}
    source = []
    with sink() as address:
        for _ in range(ROUNDS):
            source.append(smtp_source(address, octets))
            say(f"smtp-source: {source[-1]:.0f}/s")
            for kind in DATABASES:
                figures[kind].append(campaigns[kind].send(address, READERS))
                ratios[kind].append(figures[kind][-1]["rate"] / source[-1])
                say(f"{kind}: " + ", ".join(f"{k} {v:.1f}" for k, v in figures[kind][-1].items()))
    report(octets, source, figures, ratios)


def report(octets, source, figures, ratios):
    median = statistics.median
    middle = lambda kind, key: median(round_[key] for round_ in figures[kind])
    titles = {"sqlite": "SQLite", "postgres": "PostgreSQL"}
    print(f"{processor()}, {os.cpu_count()} cores; {READERS} readers, mails of {octets} octets,")
    print(f"{CONNECTIONS} connections, {ROUNDS} rounds, medians. smtp-source: {median(source):.0f}/s.\n")
    print("| | " + " | ".join(titles[kind] for kind in DATABASES) + " |")
    print("|---|" + "---:|" * len(DATABASES))
    for title, form, value in (
        ("mails a second, from the trigger to the last record", "{:.0f}", lambda k: middle(k, "rate")),
        ("the same as a part of smtp-source", "{:.2f}", lambda k: median(ratios[k])),
        ("trigger to first recorded mail", "{:.2f} s", lambda k: middle(k, "first")),
        ("CPU time a mail, whole process", "{:.0f} µs", lambda k: middle(k, "cpu")),
        ("memory, peak", "{:.0f} MiB", lambda k: middle(k, "memory")),
    ):
        print(f"| {title} | " + " | ".join(form.format(value(kind)) for kind in DATABASES) + " |")


main()
