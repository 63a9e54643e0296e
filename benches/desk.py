"""What `benches/measure desk` measures: how long the pages of the desk take with many readers and issues."""

import statistics
from http.client import HTTPConnection
from urllib.parse import urlencode

from campaign import *

READERS = setting("READERS", 1_000_000)
ISSUES = setting("ISSUES", 500)
EDITORS = setting("EDITORS", 50)
ITEMS = setting("ITEMS", 40)
REQUESTS = setting("REQUESTS", 200)
WATCHERS = setting("WATCHERS", 50)
WATCHED_READERS = setting("WATCHED_READERS", 50_000)
ROUNDS = setting("ROUNDS", 3)
PASSWORD = "a long enough phrase 47"


class Desk:
    """A desk with editors who are signed in."""

    def __init__(self, server, database, editors=EDITORS):
        self.server = server
        self.cookies = []
        for number in range(editors):
            # Another server has other editors.
            email = f"editor{number}@{server.address.replace(':', '-')}.example.org"
            add = [database.xabar, "editor", "add", email, "--name", f"Editor {number}", "--role", "owner"]
            subprocess.run(add, env=database.settings(), input=PASSWORD + "\n", check=True, capture_output=True, text=True)
            form = urlencode({"email": email, "password": PASSWORD, "next": "/desk"})
            status, headers, body = self.ask("POST", "/desk/sign-in", form)
            if status != 303 or "set-cookie" not in headers:
                sys.exit(f"cannot sign in: {status} {body[:500]}")
            self.cookies.append(headers["set-cookie"].split(";")[0])

    def ask(self, method, path, form=None, number=None, token=None):
        connection = HTTPConnection(self.server.address, timeout=60)
        headers = {"Accept-Encoding": "gzip", "Origin": f"http://{self.server.address}"}
        if form is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        if token:
            headers["Authorization"] = f"Bearer {token}"
        elif number is not None:
            headers["Cookie"] = self.cookies[number % len(self.cookies)]
        with contextlib.closing(connection):
            connection.request(method, path, form, headers)
            answer = connection.getresponse()
            return answer.status, answer.headers, answer.read()

    def times(self, path, token=None):
        """The milliseconds of each request, and the octets of the answer."""
        taken, octets = [], 0
        for number in range(REQUESTS):
            begin = time.monotonic()
            status, _, body = self.ask("GET", path, number=number, token=token)
            taken.append(1000 * (time.monotonic() - begin))
            octets = len(body)
            if status != 200:
                sys.exit(f"{path}: {status}")
        return taken, octets


class Watchers:
    """Browsers that watch an issue go out: each reads the events of its page until they end."""

    def __init__(self, database):
        self.database = database
        self.events = 0

    def watch(self, server, issue):
        cookie = Desk(server, self.database, 1).cookies[0]
        for _ in range(WATCHERS):
            threading.Thread(target=self.read, args=(server.address, issue, cookie), daemon=True).start()

    def read(self, address, issue, cookie):
        connection = HTTPConnection(address, timeout=600)
        connection.request("GET", f"/desk/issues/{issue}/events", headers={"Cookie": cookie})
        with contextlib.suppress(OSError, http.client.HTTPException):
            answer = connection.getresponse()
            if answer.status != 200:
                sys.exit(f"the events: {answer.status}")
            for line in answer:
                self.events += line.startswith(b"data:")


def watched(kind):
    """The worker's CPU time of a mail without watchers and with them, in turn; the pages are another process."""
    campaigns = Campaigns(kind, "watched").add_readers(write_csv("watched.csv", WATCHED_READERS))
    cpu = {"alone": [], "watched": []}
    events = 0
    with sink() as address:
        for _ in range(ROUNDS):
            cpu["alone"].append(campaigns.send(address, apart=True)["cpu"])
            watchers = Watchers(campaigns.database)
            cpu["watched"].append(campaigns.send(address, apart=True, triggered=watchers.watch)["cpu"])
            events += watchers.events
    if not events:
        sys.exit("no watcher saw an event, so the figures say nothing")
    alone, beside = statistics.median(cpu["alone"]), statistics.median(cpu["watched"])
    share = statistics.median(100 * (b / a - 1) for a, b in zip(cpu["alone"], cpu["watched"]))
    print(f"| {TITLES[kind]} | {alone:.1f} µs | {beside:.1f} µs | {share:+.1f} % | {events} |", flush=True)


def item(number):
    return {
        "title": f"A headline of the usual length about something that happened, number {number}",
        "url": f"https://magazine.example.net/articles/{number}",
        "summary": "Two sentences say what it is about. The second one says why it matters to readers. " * 2,
        "countries": [("kz", "kg", "uz", "tj", "tm")[number % 5]],
    }


def add_issues(server, database):
    token = database.command("token", "add", "--name", "bench", "--role", "owner").strip()
    items = [item(number) for number in range(ITEMS)]
    last = None
    for number in range(ISSUES):
        issue = {
            "newsletter": "asie-centrale",
            "subject": f"Issue {number}",
            "intro": "Dear readers, this is the week.",
            "parts": [{"kind": "articles", "items": items}],
        }
        status, body = server.call("POST", "/api/v1/issues", issue, token)
        if status != 201:
            sys.exit(f"cannot add an issue: {status} {body}")
        last = json.loads(body)["id"]
    return last, token


def act(server, token, issue, what):
    status, body = server.call("POST", f"/api/v1/issues/{issue}/{what}", None, token)
    if status not in (200, 202):
        sys.exit(f"cannot {what}: {status} {body}")


def measure(kind, desk, pages, issue, token=None):
    for page in pages:
        taken, octets = desk.times(page, token)
        p95 = statistics.quantiles(taken, n=20)[-1]
        shown = page.replace(issue, "…")
        print(f"| {TITLES[kind]} | `{shown}` | {statistics.median(taken):.1f} ms | {p95:.1f} ms | {octets} |", flush=True)


def main():
    print(f"{processor()}, {os.cpu_count()} cores; {READERS} readers, {ISSUES} issues of {ITEMS} items, {EDITORS} editors.\n")
    print("| | page | median | p95 | octets |")
    print("|---|---|---:|---:|---:|")
    for kind in DATABASES:
        database = Database(kind, "desk")
        database.command("migrate")
        say(f"{kind}: importing {READERS} readers")
        database.command("import", str(write_csv("readers.csv", READERS)), "--newsletter", "asie-centrale")
        environment = {"XABAR_HTTP__PUBLIC_URL": "http://127.0.0.1"}
        with serve(database, "web", **environment) as server:
            issue, token = add_issues(server, database)
            desk = Desk(server, database)
            pages = ["/desk", "/desk/issues", "/desk/issues/new", "/desk/account"]
            pages += [f"/desk/people{page}" for page in ("", "/tokens", "/log")]
            settings = ("basics", "look", "recipe", "fields", "texts", "signup", "safety")
            pages += [f"/desk/settings/asie-centrale/{page}" for page in settings]
            pages += [f"/desk/issues/{issue}/{page}" for page in ("write", "preview", "history", "checks", "send")]
            measure(kind, desk, pages, issue)
            measure(kind, desk, ["/api/v1/issues"], issue, token)
            act(server, token, issue, "send")
            measure(kind, desk, [f"/desk/issues/{issue}/watch"], issue)
            act(server, token, issue, "cancel")
            measure(kind, desk, [f"/desk/issues/{issue}/report", f"/desk/issues/{issue}/failed"], issue)
    print("\n| | the worker's CPU of a mail, nobody watches | %d watch | | events |" % WATCHERS)
    print("|---|---:|---:|---:|---:|")
    for kind in DATABASES:
        watched(kind)


main()
