"""What `benches/measure beside` measures: campaigns of this build and of another, in turn."""

import statistics

from campaign import *

READERS = setting("READERS", 100_000)
ROUNDS = setting("ROUNDS", 5)
BEFORE = os.environ["BEFORE"]


def main():
    csv = write_csv("readers.csv", READERS)
    builds = {"before": BEFORE, "now": XABAR}
    campaigns = {
        (kind, build): Campaigns(kind, build, binary).add_readers(csv)
        for kind in DATABASES
        for build, binary in builds.items()
    }
    rounds = {key: [] for key in campaigns}
    with sink() as address:
        for number in range(ROUNDS):
            # Each goes first in every other round.
            for key in sorted(campaigns, reverse=number % 2 == 1):
                rounds[key].append(campaigns[key].send(address))
                say_all(" ".join(key), rounds[key][-1])
    report(rounds)


def report(rounds):
    print(f"{processor()}, {os.cpu_count()} cores; {READERS} readers, {CONNECTIONS} connections,")
    print(f"{ROUNDS} rounds in turn, medians; the ratio is that of each round.\n")
    print("| | mails/s before | now | ratio | lowest and highest | CPU a mail before | now |")
    print("|---|---:|---:|---:|---:|---:|---:|")
    for kind in DATABASES:
        before, now = rounds[kind, "before"], rounds[kind, "now"]
        ratios = sorted(new["rate"] / old["rate"] for old, new in zip(before, now))
        middle = lambda runs, name: statistics.median(run[name] for run in runs)
        print(
            f"| {TITLES[kind]} | {middle(before, 'rate'):.0f} | {middle(now, 'rate'):.0f} "
            f"| {statistics.median(ratios):.2f} | {ratios[0]:.2f}, {ratios[-1]:.2f} "
            f"| {middle(before, 'cpu'):.0f} µs | {middle(now, 'cpu'):.0f} µs |"
        )
    if "postgres" in DATABASES:
        print("\n| PostgreSQL, for each mail | before | now |\n|---|---:|---:|")
        rows = {
            "its own CPU, µs": "pg_cpu",
            "WAL records": "wal_records",
            "octets of WAL": "wal_octets",
            "octets of the ledger": "row_octets",
        }
        for title, name in rows.items():
            figures = [statistics.median(run[name] for run in rounds["postgres", build]) for build in ("before", "now")]
            print(f"| {title} | {figures[0]:.1f} | {figures[1]:.1f} |")


main()
