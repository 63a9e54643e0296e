"""What `benches/measure desk` measures: how long the pages of the desk take with many readers and issues."""

import statistics
from http.client import HTTPConnection
from urllib.parse import urlencode

from lab import *

READERS = setting("READERS", 1_000_000)
ISSUES = setting("ISSUES", 500)
EDITORS = setting("EDITORS", 50)
ITEMS = setting("ITEMS", 40)
REQUESTS = setting("REQUESTS", 200)
TITLES = {"sqlite": "SQLite", "postgres": "PostgreSQL"}
PASSWORD = "a long enough phrase 47"


class Desk:
    """A desk with editors who are signed in."""

    def __init__(self, server, database):
        self.server = server
        self.cookies = []
        for number in range(EDITORS):
            email = f"editor{number}@example.org"
            add = [database.xabar, "editor", "add", email, "--name", f"Editor {number}", "--role", "owner"]
            subprocess.run(add, env=database.settings(), input=PASSWORD + "\n", check=True, capture_output=True, text=True)
            form = urlencode({"email": email, "password": PASSWORD, "next": "/desk"})
            status, headers, body = self.ask("POST", "/desk/sign-in", form)
            if status != 303:
                sys.exit(f"cannot sign in: {status} {body[:500]}")
            self.cookies.append(headers["set-cookie"].split(";")[0])

    def ask(self, method, path, form=None, number=None):
        connection = HTTPConnection(self.server.address, timeout=60)
        headers = {"Accept-Encoding": "gzip", "Origin": f"http://{self.server.address}"}
        if form is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        if number is not None:
            headers["Cookie"] = self.cookies[number % len(self.cookies)]
        with contextlib.closing(connection):
            connection.request(method, path, form, headers)
            answer = connection.getresponse()
            return answer.status, answer.headers, answer.read()

    def times(self, path):
        """The milliseconds of each request, and the octets of the answer."""
        taken, octets = [], 0
        for number in range(REQUESTS):
            begin = time.monotonic()
            status, _, body = self.ask("GET", path, number=number)
            taken.append(1000 * (time.monotonic() - begin))
            octets = len(body)
            if status != 200:
                sys.exit(f"{path}: {status}")
        return taken, octets


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
    return last


def main():
    print(f"{processor()}, {os.cpu_count()} cores; {READERS} readers, {ISSUES} issues of {ITEMS} items, {EDITORS} editors.\n")
    print("| | page | median | p95 | octets |")
    print("|---|---|---:|---:|---:|")
    for kind in DATABASES:
        database = Database(kind, "desk")
        database.command("migrate")
        say(f"{kind}: importing {READERS} readers")
        database.command("import", str(write_csv("readers.csv", READERS)), "--newsletter", "asie-centrale", "--yes")
        environment = {"XABAR_HTTP__PUBLIC_URL": "http://127.0.0.1"}
        with serve(database, "web", **environment) as server:
            issue = add_issues(server, database)
            desk = Desk(server, database)
            of_issue = ["write", "preview", "history", "checks", "send", "watch", "report"]
            pages = ["/desk", "/desk/issues", "/desk/issues/new", "/desk/account", "/desk/people", "/desk/tokens", "/desk/log"]
            pages += ["/desk/settings/asie-centrale"]
            pages += [f"/desk/issues/{issue}/{page}" for page in of_issue]
            for page in pages:
                status, headers, _ = desk.ask("GET", page, number=0)
                if status != 200:
                    say(f"{page}: {status} {headers.get('location', '')}, left out")
                    continue
                taken, octets = desk.times(page)
                p95 = statistics.quantiles(taken, n=20)[-1]
                shown = page.replace(issue, "…")
                print(f"| {TITLES[kind]} | `{shown}` | {statistics.median(taken):.1f} ms | {p95:.1f} ms | {octets} |", flush=True)


main()
