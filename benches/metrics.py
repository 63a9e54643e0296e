"""What `benches/measure metrics` measures: what it costs a campaign that Prometheus reads the metrics."""

import statistics
import threading
import urllib.request

from campaign import *

READERS = setting("READERS", 100_000)
ROUNDS = setting("ROUNDS", 5)
EVERY = setting("EVERY_SECONDS", 5)


class Scraper:
    """Reads `/metrics` every some seconds, as Prometheus does."""

    def __init__(self, address):
        self.url, self.stop, self.read = f"http://{address}/metrics", threading.Event(), 0
        self.thread = threading.Thread(target=self.run)

    def run(self):
        while not self.stop.wait(EVERY):
            with urllib.request.urlopen(self.url, timeout=10) as answer:
                self.read += len(answer.read()) > 0

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.stop.set()
        self.thread.join()


def main():
    print(f"{processor()}, {os.cpu_count()} cores; {READERS} readers, read every {EVERY} s, medians of {ROUNDS}.\n")
    print("| | CPU a mail | read | more | mails/s | read |")
    print("|---|---:|---:|---:|---:|---:|")
    for kind in DATABASES:
        campaigns = Campaigns(kind, "metrics").add_readers(write_csv("readers.csv", READERS))
        seen = {"alone": [], "read": []}
        for _ in range(ROUNDS):
            for how in seen:
                address = f"127.0.0.1:{free_port()}"
                with contextlib.ExitStack() as running:
                    sink_address = running.enter_context(sink())
                    scraper = Scraper(address)
                    begin = (lambda *_: running.enter_context(scraper)) if how == "read" else None
                    figures = campaigns.send(sink_address, triggered=begin, XABAR_METRICS__LISTEN=address)
                    if begin and not scraper.read:
                        sys.exit("the campaign ended before the metrics were read; take more READERS")
                seen[how].append(figures)
                say_all(f"{kind} {how}", figures)
        median = lambda how, what: statistics.median(figures[what] for figures in seen[how])
        ratio = statistics.median(r["cpu"] / a["cpu"] for a, r in zip(seen["alone"], seen["read"]))
        print(
            f"| {TITLES[kind]} | {median('alone', 'cpu'):.0f} µs | {median('read', 'cpu'):.0f} µs | {100 * (ratio - 1):+.1f} % "
            f"| {median('alone', 'rate'):.0f} | {median('read', 'rate'):.0f} |",
            flush=True,
        )


main()
