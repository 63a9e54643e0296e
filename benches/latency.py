"""What `benches/measure latency` measures: a relay 40 ms away, one worker and two."""

import statistics

from campaign import *

READERS = setting("READERS", 8_000)
ROUNDS = setting("ROUNDS", 3)
ROUND_TRIP = setting("ROUND_TRIP_MS", 40) / 1000


def main():
    csv = write_csv("readers.csv", READERS)
    campaigns = {kind: Campaigns(kind).add_readers(csv) for kind in DATABASES}
    figures = {(kind, workers): [] for kind in DATABASES for workers in (1, 2)}
    with sink() as near, far_away(near, ROUND_TRIP) as address:
        for _ in range(ROUNDS):
            for (kind, workers), rates in figures.items():
                # SQLite belongs to one process.
                if (kind, workers) != ("sqlite", 2):
                    rates.append(campaigns[kind].send(address, workers)["rate"])
                    say(f"{kind}, {workers} workers: {rates[-1]:.0f}/s")
    print(f"{processor()}, {os.cpu_count()} cores; {READERS} readers, {1000 * ROUND_TRIP:.0f} ms,")
    print(f"{CONNECTIONS} connections a worker, {ROUNDS} rounds, medians.\n")
    print("| | mails/s | mails a round trip and connection | beside one worker |")
    print("|---|---:|---:|---:|")
    for (kind, workers), rates in figures.items():
        if rates:
            rate = statistics.median(rates)
            each = rate * ROUND_TRIP / CONNECTIONS / workers
            beside = statistics.median(two / one for two, one in zip(rates, figures[kind, 1]))
            print(f"| {TITLES[kind]}, workers: {workers} | {rate:.0f} | {each:.2f} | {beside:.2f} |")


main()
