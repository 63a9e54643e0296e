"""What `benches/measure queue` measures: claiming and recording without SMTP, in small tables and in large ones."""

import statistics
import uuid

from campaign import *

QUEUE = sys.argv[6]
FEW = setting("FEW", 10_000)
MANY = setting("MANY", 10_000_000)
DELIVERIES = setting("DELIVERIES", 200_000)
ROUNDS = setting("ROUNDS", 3)
# Readers are few: their tables are another matter than the queue.
READERS = 10_000


class Queue:
    """A database in which issues wait for a worker."""

    def __init__(self, kind):
        self.kind, self.database = kind, Campaigns(kind, "queue").add_readers(write_csv("readers.csv", READERS)).database

    def run(self, script):
        if self.kind == "postgres":
            return self.database.psql(self.database.name, script)
        with contextlib.closing(sqlite3.connect(self.database.path)) as connection:
            connection.executescript(script)

    def fill(self, rows):
        """Issues with so many deliveries in all, each to every reader; returns their numbers."""
        issues = [uuid.uuid4() for _ in range(rows // READERS)]
        quote = "'{}'" if self.kind == "postgres" else "x'{}'"
        for issue in issues:
            name = quote.format(issue if self.kind == "postgres" else issue.hex)
            self.run(
                f"INSERT INTO issue (id, newsletter_id, slug, state, version, subject, content, created_at, audience, queued)"
                f" SELECT {name}, id, '{issue}', 'sending', 1, '', '{{}}', 0, {READERS}, {READERS} FROM newsletter;"
                f"INSERT INTO delivery (issue_id, subscription_id, state, attempts)"
                f" SELECT {name}, id, 'queued', 0 FROM subscription;"
                f"INSERT INTO delivery_range (issue_id, first_id, last_id, due_at)"
                f" SELECT {name}, MIN(id), MAX(id), 0 FROM subscription"
            )
        self.run("ANALYZE delivery")
        return issues

    def empty(self):
        self.run("DELETE FROM delivery_range; DELETE FROM delivery; DELETE FROM issue")
        self.run("VACUUM")


def rate(queue, issues):
    """Deliveries a second over as many issues as it takes."""
    seconds = 0.0
    for issue in issues:
        command = [QUEUE, queue.database.url, str(issue), str(READERS)]
        done = subprocess.run(command, check=True, capture_output=True, text=True)
        seconds += READERS / float(done.stdout)
    return READERS * len(issues) / seconds


def main():
    print(f"{processor()}, {os.cpu_count()} cores; one worker, batches of 128, {ROUNDS} rounds, medians.\n")
    print("| | rows | deliveries/s |")
    print("|---|---:|---:|")
    for kind in DATABASES:
        queue = Queue(kind)
        for rows in (FEW, MANY):
            rates = []
            issues = queue.fill(rows)
            for _ in range(ROUNDS):
                if len(issues) < 1:
                    queue.empty()
                    issues = queue.fill(rows)
                taken, issues = issues[: DELIVERIES // READERS], issues[DELIVERIES // READERS :]
                rates.append(rate(queue, taken))
                say(f"{kind}, {rows} rows: {rates[-1]:.0f}/s")
            queue.empty()
            print(f"| {TITLES[kind]} | {rows} | {statistics.median(rates):.0f} |", flush=True)


main()
