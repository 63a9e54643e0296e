"""What `benches/measure week` measures: a week of operation, with a clock that is set forward between the issues.

Two issues a day to READERS; sign-ups, confirmations and one-click unsubscribes; recipients that are refused or
deferred; retention; a backup a day. Pages and worker are two processes that run all week, under libfaketime. After
each half of a day: memory, open files, connections to the database, size of the database.
"""

import asyncio
import re
import threading

from campaign import *

READERS = setting("READERS", 100_000)
HALF_DAYS = setting("HALF_DAYS", 14)
SIGNUPS = setting("SIGNUPS", 300)
LEAVING = 50
HALF_A_DAY = 12 * 3600
# Long enough for the loops of an hour and a minute to turn after the clock was set.
REST = 5
LIBRARY = "/usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1"


class Relay(asyncio.Protocol):
    """Takes mails as fast as Python can; refuses `gone.*`, defers `busy.*` the first time."""

    seen, copies, tried, confirmations, leaving = set(), 0, set(), [], []

    def connection_made(self, transport):
        self.transport, self.buffer, self.content, self.taken = transport, b"", None, False
        self.say("220 relay")

    def say(self, line):
        self.transport.write(line.encode() + b"\r\n")

    def data_received(self, octets):
        self.buffer += octets
        while True:
            end = b"\r\n.\r\n" if self.content else b"\r\n"
            part, found, rest = self.buffer.partition(end)
            if not found:
                return
            self.buffer = rest
            if self.content:
                self.content = None
                self.take(part)
                self.say("250 2.0.0 taken")
            else:
                self.hear(part.decode())

    def hear(self, line):
        verb = line[:4].upper()
        if verb == "EHLO":
            self.say("250-relay\r\n250-PIPELINING\r\n250 8BITMIME")
        elif verb == "RCPT":
            who = re.search(r"<([^>]*)>", line)[1]
            if who.startswith("gone."):
                self.taken = False
                return self.say("550 5.1.1 No such user")
            if who.startswith("busy.") and who not in Relay.tried:
                Relay.tried.add(who)
                self.taken = False
                return self.say("451 4.7.1 Try again later")
            self.taken = True
            self.say("250 2.1.5 ok")
        elif verb == "DATA":
            if not self.taken:
                return self.say("503 5.5.1 no recipient")
            self.content = True
            self.say("354 go on")
        elif verb == "QUIT":
            self.say("221 bye")
            self.transport.close()
        else:
            self.say("250 2.0.0 ok")

    def take(self, mail):
        head = mail.partition(b"\r\n\r\n")[0]
        name = re.search(rb"(?im)^message-id:\s*(\S+)", head)[1]
        Relay.copies += name in Relay.seen
        Relay.seen.add(name)
        if b"List-Unsubscribe" not in head:
            text = mail.replace(b"=\r\n", b"").replace(b"=3D", b"=")
            if link := re.search(rb"/confirm/[\w-]+", text):
                Relay.confirmations.append(link[0].decode())
        elif len(Relay.leaving) < LEAVING:
            Relay.leaving.append(re.search(rb"/unsubscribe/[\w-]+", head)[0].decode())


@contextlib.contextmanager
def relay():
    loop = asyncio.new_event_loop()
    server = loop.run_until_complete(loop.create_server(Relay, "127.0.0.1", 0))
    threading.Thread(target=loop.run_forever, daemon=True).start()
    yield "127.0.0.1:{}".format(server.sockets[0].getsockname()[1])
    loop.call_soon_threadsafe(loop.stop)


class Clock:
    """The clock of all processes of the service."""

    def __init__(self, kind):
        self.file, self.ahead = FOLDER / f"clock.{kind}", 0
        self.forward(0)

    def forward(self, seconds):
        self.ahead += seconds
        self.file.write_text(f"+{self.ahead}")

    def settings(self):
        return {"LD_PRELOAD": LIBRARY, "FAKETIME_TIMESTAMP_FILE": str(self.file), "FAKETIME_CACHE_DURATION": "1"}


class Week:
    def __init__(self, kind, address):
        self.kind, self.clock = kind, Clock(kind)
        Relay.leaving.clear()
        Relay.copies = 0
        campaigns = Campaigns(kind, "week")
        self.database, self.token = campaigns.database, campaigns.token
        path = FOLDER / "readers.csv"
        rows = path.read_text().splitlines(keepends=True) if path.exists() else None
        if rows is None:
            rows = write_csv("readers.csv", READERS).read_text().splitlines(keepends=True)
            for at in range(1, len(rows)):
                rows[at] = {0: "gone.", 50: "busy."}.get(at % 100, "") + rows[at]
            path.write_text("".join(rows))
        campaigns.add_readers(path)
        off = ("PER_IP_PER_HOUR", "MAILS_PER_DOMAIN_PER_HOUR", "MAILS_PER_HOUR", "ATTACK_SIGNUPS_PER_HOUR")
        self.more = {f"XABAR_SIGNUP__{name}": "0" for name in off} | self.clock.settings()
        self.more |= {"XABAR_SMTP__URL": f"smtp://{address}", "XABAR_SMTP__CONNECTIONS": str(CONNECTIONS)}
        # So that retention has work within the week.
        days = {"UNCONFIRMED_DAYS": 2, "REPLY_DAYS": 2, "DELIVERY_DAYS": 2}
        self.more |= {f"XABAR_RETENTION__{name}": str(number) for name, number in days.items()}
        self.more["XABAR_SIGNUP__CONFIRM_HOURS"] = "48"

    def run(self):
        with (
            serve(self.database, "web", **self.more) as self.web,
            start_worker(self.database, **self.more) as self.worker,
        ):
            for number in range(1, HALF_DAYS + 1):
                Relay.seen.clear()
                Relay.tried.clear()
                counts = self.send(number)
                joined, left = self.visits(number)
                saved = self.back_up() if number % 2 == 0 else None
                self.clock.forward(HALF_A_DAY)
                time.sleep(REST)
                self.print(number, counts, joined, left, saved)

    def send(self, number):
        issue = json.loads(SAMPLE.read_text()) | {"newsletter": "asie-centrale"}
        issue["parts"], issue["subject"] = issue["parts"][:PARTS], f"{issue['subject']} {number}"
        status, answer = self.web.call("POST", "/api/v1/issues", issue, self.token)
        if status != 201:
            sys.exit(f"no issue: {answer}")
        path = "/api/v1/issues/" + json.loads(answer)["id"]
        self.web.call("POST", path + "/send", None, self.token)
        while True:
            state = json.loads(self.web.call("GET", path, None, self.token)[1])
            counts = state["counts"]
            if state["status"] == "sent":
                return counts
            if counts["sent"] and not counts["queued"]:
                # Those that were deferred are due in some minutes. A lease lasts two.
                self.clock.forward(30)
                time.sleep(0.5)
            time.sleep(0.5)

    def visits(self, number):
        Relay.confirmations.clear()
        for visitor in range(SIGNUPS):
            body = {"email": f"new.{number}.{visitor}@example.net"}
            self.expect(202, self.web.call("POST", "/api/v1/subscriptions", body))
        while len(Relay.confirmations) < SIGNUPS:
            time.sleep(0.1)
        # Two of three confirm.
        confirmed = [link for at, link in enumerate(Relay.confirmations) if at % 3]
        for link in confirmed:
            self.expect(200, self.web.call("POST", link))
        leaving, Relay.leaving[:] = list(Relay.leaving), []
        for link in leaving:
            self.expect(200, self.web.call("POST", link))
        return len(confirmed), len(leaving)

    def expect(self, status, answer):
        if answer[0] != status:
            sys.exit(f"{status} was expected: {answer}")

    def back_up(self):
        folder = FOLDER / f"backups.{self.kind}"
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        begin = time.monotonic()
        self.database.command("backup", str(folder))
        return time.monotonic() - begin

    def size_mib(self):
        if self.kind == "sqlite":
            return sum(f.stat().st_size for f in FOLDER.glob(f"{self.database.name}.db*")) / 2**20
        return self.database.number(f"SELECT pg_database_size('{self.database.name}')") / 2**20

    def connections(self):
        if self.kind == "sqlite":
            return ""
        query = f"SELECT COUNT(*) FROM pg_stat_activity WHERE datname = '{self.database.name}' AND application_name = 'xabar'"
        return self.database.number(query)

    def print(self, number, counts, joined, left, saved):
        row = [TITLES[self.kind], f"{number / 2:.1f}", counts["sent"], counts["bounced"], Relay.copies, joined, left]
        for process in (self.web, self.worker):
            pid = process.process.pid
            row += [f"{memory_mib(pid, 'VmRSS'):.0f}", len(os.listdir(f"/proc/{pid}/fd"))]
        row += [self.connections(), f"{self.size_mib():.0f}", f"{saved:.1f} s" if saved else ""]
        print("| " + " | ".join(map(str, row)) + " |", flush=True)


def main():
    print(f"{processor()}, {os.cpu_count()} cores; {READERS} readers, {CONNECTIONS} connections to the relay.\n")
    print(
        "| | day | taken | refused | copies | confirmed | left | web: MiB | files | worker: MiB | files "
        "| connections | database: MiB | backup |"
    )
    print("|---|" + "---:|" * 13)
    for kind in DATABASES:
        with relay() as address:
            Week(kind, address).run()


main()
