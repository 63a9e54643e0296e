"""What `benches/measure traces` measures: what it costs a campaign that spans are sent to a collector."""

import http.server
import statistics
import threading

from campaign import *

READERS = setting("READERS", 30_000)
ROUNDS = setting("ROUNDS", 3)
# The default, and every trace.
RATIOS = os.environ.get("RATIOS", "0.01 1").split()


class Collector(http.server.ThreadingHTTPServer):
    """Takes every export, and counts its octets. A process of its own would be nearer to one; only the CPU time of
    the service is read."""

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Taker)
        self.taken = 0
        self.url = f"http://127.0.0.1:{self.server_port}"

    def __enter__(self):
        threading.Thread(target=self.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_):
        self.shutdown()
        self.server_close()


class Taker(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        self.server.taken += len(self.rfile.read(int(self.headers["content-length"])))
        self.send_response(200)
        self.send_header("content-type", "application/x-protobuf")
        self.send_header("content-length", "0")
        self.end_headers()

    def log_message(self, *_):
        pass


def main():
    print(f"{processor()}, {os.cpu_count()} cores; {READERS} readers, medians of {ROUNDS}.\n")
    print("| | traces sent | CPU a mail, without | with | more | mails/s, without | with | octets a mail |")
    print("|---|---:|---:|---:|---:|---:|---:|---:|")
    for kind in DATABASES:
        campaigns = Campaigns(kind, "traces").add_readers(write_csv("readers.csv", READERS))
        seen = {ratio: [] for ratio in [None, *RATIOS]}
        for _ in range(ROUNDS):
            for ratio in seen:
                with sink() as address, Collector() as collector:
                    traces = {"XABAR_TRACES__ENDPOINT": collector.url, "XABAR_TRACES__SAMPLE_RATIO": ratio}
                    figures = campaigns.send(address, **(traces if ratio else {}))
                    figures["octets"] = collector.taken / READERS
                if ratio and not collector.taken:
                    sys.exit("the collector got nothing")
                seen[ratio].append(figures)
                say_all(f"{kind}, ratio {ratio or 'none'}", figures)
        median = lambda ratio, what: statistics.median(figures[what] for figures in seen[ratio])
        for ratio in RATIOS:
            more = statistics.median(w["cpu"] / a["cpu"] for a, w in zip(seen[None], seen[ratio]))
            print(
                f"| {TITLES[kind]} | {float(ratio):.0%} | {median(None, 'cpu'):.0f} µs | {median(ratio, 'cpu'):.0f} µs "
                f"| {100 * (more - 1):+.1f} % | {median(None, 'rate'):.0f} | {median(ratio, 'rate'):.0f} "
                f"| {median(ratio, 'octets'):.0f} |",
                flush=True,
            )


main()
