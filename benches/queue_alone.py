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

    def issue(self, state, audience, rest):
        """An issue of this state to every reader; `rest` inserts what belongs to it, with its number for {}."""
        issue = uuid.uuid4()
        name = f"'{issue}'" if self.kind == "postgres" else f"x'{issue.hex}'"
        self.run(
            f"INSERT INTO issue (id, newsletter_id, slug, state, version, subject, content, created_at, {audience})"
            f" SELECT {name}, id, '{issue}', '{state}', 1, '', '{{}}', 0, {READERS}, {READERS} FROM newsletter;"
            + rest.format(name)
        )
        return issue

    def fill(self, rows, waiting):
        """A ledger of so many rows, and issues that wait, each for every reader; returns their numbers."""
        for _ in range(rows // READERS):
            self.issue(
                "sent",
                "audience, sent",
                "INSERT INTO delivery (issue_id, subscription_id, state, attempts, ended_at, first_attempt_at, reply_code,"
                " reply_text) SELECT {}, id, 'sent', 1, 1, 1, 250, '2.0.0 Ok' FROM subscription",
            )
        listed = "ARRAY_AGG(id)" if self.kind == "postgres" else "json_group_array(id)"
        ranges = (
            "INSERT INTO delivery_range (issue_id, first_id, last_id, due_at, members)"
            f" SELECT {{}}, MIN(id), MAX(id), 0, {listed} FROM subscription GROUP BY id / 128"
        )
        issues = [self.issue("sending", "audience, queued", ranges) for _ in range(waiting)]
        self.run("ANALYZE delivery; ANALYZE delivery_range")
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
    print("| | rows of the ledger before | deliveries/s |")
    print("|---|---:|---:|")
    a_round = DELIVERIES // READERS
    for kind in DATABASES:
        queue = Queue(kind)
        for rows in (FEW, MANY):
            rates, issues = [], []
            for _ in range(ROUNDS):
                if rows == FEW or not issues:
                    queue.empty()
                    issues = queue.fill(rows, a_round if rows == FEW else a_round * ROUNDS)
                taken, issues = issues[:a_round], issues[a_round:]
                rates.append(rate(queue, taken))
                say(f"{kind}, {rows} rows: {rates[-1]:.0f}/s")
            queue.empty()
            print(f"| {TITLES[kind]} | {rows} | {statistics.median(rates):.0f} |", flush=True)


main()
