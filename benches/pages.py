"""What `benches/measure pages` measures: public pages beside nginx with the same octets, and beside another build."""

import statistics

from lab import *

SECONDS = setting("SECONDS_PER_ROUND", 8)
ROUNDS = setting("ROUNDS", 3)
CONNECTIONS = setting("CONNECTIONS", 32)
ISSUES = setting("ISSUES", 20)
BEFORE = os.environ.get("BEFORE")
TITLES = {"sqlite": "SQLite", "postgres": "PostgreSQL"}
LIST = "/archive/asie-centrale"
FEED = f"{LIST}/feed.xml"
FORM = "/subscribe?newsletter=asie-centrale"


def wrk(address, path, connections=CONNECTIONS, seconds=SECONDS):
    headers = ["Accept-Encoding: gzip", "Accept-Language: fr"]
    return start_wrk(f"http://{address}{path}", "figures.lua", connections, seconds, headers)


def figures(process):
    """Requests a second and the 99th percentile in milliseconds."""
    found = wrk_figures(process)
    return 1e6 * found["requests"] / found["micros"], found["p99_micros"] / 1000


def add_issues(server, database):
    """Issues that the archive shows: frozen, and sent by nobody. Returns the path of one."""
    token = database.command("token", "add", "--name", "bench", "--role", "owner").strip()
    summary = "Two sentences say what it is about. The second one says why it matters to readers. " * 2
    items = [{"title": f"A headline, number {n}", "url": f"https://example.net/{n}", "summary": summary} for n in range(20)]
    for number in range(ISSUES):
        issue = {"newsletter": "asie-centrale", "subject": f"Issue {number}", "intro": "Dear readers, this is the week."}
        issue["parts"] = [{"kind": "articles", "items": items}]
        status, body = server.call("POST", "/api/v1/issues", issue, token)
        if status != 201:
            sys.exit(f"cannot add an issue: {status} {body}")
        added = json.loads(body)
        status, body = server.call("POST", f"/api/v1/issues/{added['id']}/send", None, token)
        if status != 202:
            sys.exit(f"cannot send an issue: {status} {body}")
    return f"{LIST}/{added['slug']}"


def octets(server, path):
    connection = http.client.HTTPConnection(server.address, timeout=60)
    with contextlib.closing(connection):
        connection.request("GET", path, headers={"Accept-Encoding": "gzip", "Accept-Language": "fr"})
        answer = connection.getresponse()
        body = answer.read()
        if answer.status != 200 or answer.headers["content-encoding"] != "gzip":
            sys.exit(f"{path}: {answer.status}, {answer.headers['content-encoding']}")
        return body


class Nginx:
    """Serves the same octets from files."""

    def __init__(self, pages):
        self.folder = FOLDER / "nginx"
        self.folder.mkdir(exist_ok=True)
        self.folder.chmod(0o755)
        FOLDER.chmod(0o755)
        self.names = {}
        for number, (path, body) in enumerate(pages.items()):
            (self.folder / f"{number}.html").write_bytes(body)
            self.names[path] = f"/{number}.html"
        self.address = f"127.0.0.1:{free_port()}"
        config = self.folder / "nginx.conf"
        config.write_text(
            f"worker_processes auto; daemon off; pid {self.folder}/pid; error_log {self.folder}/error.log;\n"
            f"events {{ worker_connections 1024; }}\n"
            f"http {{ access_log off; sendfile on; tcp_nopush on; keepalive_requests 100000000;\n"
            f"types {{ text/html html; }}\n"
            f"server {{ listen {self.address}; root {self.folder}; add_header Content-Encoding gzip; }} }}\n"
        )
        self.process = subprocess.Popen(["nginx", "-c", str(config)])
        time.sleep(0.5)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait()


def rates(kind, server, before, issue):
    pages = {"sign-up form": FORM, "archive, list": LIST, "archive, issue": issue, "feed": FEED}
    with Nginx({path: octets(server, path) for path in pages.values()}) as nginx:
        for name, path in pages.items():
            servers = {"nginx": (nginx.address, nginx.names[path]), "now": (server.address, path)}
            if before:
                servers["before"] = (before.address, path)
            found = {name: [] for name in servers}
            for _ in range(ROUNDS):
                for which, (address, at) in servers.items():
                    found[which].append(figures(wrk(address, at)))
            rate = {which: statistics.median(rate for rate, _ in rounds) for which, rounds in found.items()}
            p99 = statistics.median(p99 for _, p99 in found["now"])
            earlier = f"{rate['before']:.0f}/s" if before else ""
            share = rate["now"] / rate["nginx"]
            print(
                f"| {TITLES[kind]} | {name} | {rate['nginx']:.0f}/s | {earlier} | {rate['now']:.0f}/s | {share:.2f} | {p99:.1f} ms |",
                flush=True,
            )


def beside_the_feed(server):
    """The 99th percentile of the form alone, and while ten clients read the feed."""
    alone = statistics.median(figures(wrk(server.address, FORM, 4))[1] for _ in range(ROUNDS))
    beside = []
    for _ in range(ROUNDS):
        feed = wrk(server.address, FEED, 10, SECONDS + 2)
        time.sleep(1)
        beside.append(figures(wrk(server.address, FORM, 4))[1])
        figures(feed)
    return alone, statistics.median(beside)


def main():
    print(f"{processor()}, {os.cpu_count()} cores; {CONNECTIONS} connections, {ROUNDS} rounds of {SECONDS} s, medians.\n")
    print("| | page | nginx, same octets | before | now | now / nginx | p99 |")
    print("|---|---|---:|---:|---:|---:|---:|")
    moved = []
    for kind in DATABASES:
        builds = {"now": XABAR} | ({"before": BEFORE} if BEFORE else {})
        with contextlib.ExitStack() as stack:
            servers = {}
            for build, xabar in builds.items():
                # Of their own: one process at a time serves an SQLite file.
                database = Database(kind, f"pages_{build}", xabar)
                database.command("migrate")
                database.command("import", str(write_csv("few.csv", 10)), "--newsletter", "asie-centrale")
                servers[build] = stack.enter_context(serve(database, "web"))
                issue = add_issues(servers[build], database)
            rates(kind, servers["now"], servers.get("before"), issue)
            moved += [(TITLES[kind], build, *beside_the_feed(server)) for build, server in servers.items()]
    print("\n| | build | form alone, p99 | while ten clients read the feed |")
    print("|---|---|---:|---:|")
    for kind, build, alone, beside in moved:
        print(f"| {kind} | {build} | {alone:.1f} ms | {beside:.1f} ms |")


main()
