"""What benches/measure enumeration measures: whether answers to sign-ups tell readers from strangers.

Sign-ups of active readers and of addresses never seen, in random order, one after the other over
one connection; answers must be equal, and the times must not tell one from the other.
"""

import json
import os
import random
import socket
import statistics
import sys
import time
from urllib.parse import urlencode

from lab import *

REQUESTS = setting("REQUESTS", 2000)
SEED = setting("SEED", 4)
WARM_UP = 100
# The area under the ROC curve: 0.5 is what guessing gets.
GOAL = 0.55


class Line:
    """One connection that stays open."""

    def __init__(self, address):
        host, port = address.split(":")
        self.socket = socket.create_connection((host, int(port)), timeout=60)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.address = address

    def send(self, path, kind, body):
        """The answer as status, headers and body, and the microseconds until all of it was there."""
        head = f"POST {path} HTTP/1.1\r\nHost: {self.address}\r\nContent-Type: {kind}\r\n"
        request = f"{head}Content-Length: {len(body)}\r\n\r\n{body}".encode()
        begin = time.perf_counter_ns()
        self.socket.sendall(request)
        received = b""
        while b"\r\n\r\n" not in received:
            received += self.more()
        head, _, body = received.partition(b"\r\n\r\n")
        lines = head.decode().split("\r\n")
        length = next(int(l.split(":")[1]) for l in lines if l.lower().startswith("content-length:"))
        while len(body) < length:
            body += self.more()
        micros = (time.perf_counter_ns() - begin) / 1000
        headers = sorted(line for line in lines if not line.lower().startswith("date:"))
        return (headers, body.decode()), micros

    def more(self):
        received = self.socket.recv(65536)
        if not received:
            sys.exit("the service closed the connection")
        return received


def by_api(email):
    return "/api/v1/subscriptions", "application/json", json.dumps({"email": email})


def by_form(email):
    fields = {"email": email, "newsletter": "asie-centrale", "lang": "fr", "consent": "yes"}
    return "/subscribe", "application/x-www-form-urlencoded", urlencode(fields)


def area(known, unknown):
    """The chance that a reader's answer takes longer than a stranger's; half for a draw."""
    ranked = sorted([(micros, 1) for micros in known] + [(micros, 0) for micros in unknown])
    ranks, place = 0.0, 0
    while place < len(ranked):
        end = place
        while end < len(ranked) and ranked[end][0] == ranked[place][0]:
            end += 1
        # Equal times share the mean of their ranks.
        ranks += (place + end + 1) / 2 * sum(label for _, label in ranked[place:end])
        place = end
    return (ranks - len(known) * (len(known) + 1) / 2) / (len(known) * len(unknown))


def compare(server, ask, readers, strangers):
    chance = random.Random(SEED)
    wishes = [(email, True) for email in readers] + [(email, False) for email in strangers]
    chance.shuffle(wishes)
    line = Line(server.address)
    for number in range(WARM_UP):
        line.send(*ask(f"warm-up-{ask.__name__}-{number}@mail1.example.org"))
    times, faces = {True: [], False: []}, {}
    for email, known in wishes:
        (headers, body), micros = line.send(*ask(email))
        times[known].append(micros)
        # The length of the page follows that of the address, which it repeats.
        face = body.replace(email, "ADDRESS"), tuple(
            header for header in headers if not header.lower().startswith("content-length:")
        )
        faces.setdefault(face, set()).add(known)
    if len(faces) != 1:
        sys.exit(f"the answers differ: {[(face[1], known) for face, known in faces.items()]}")
    return {
        "known": statistics.median(times[True]) / 1000,
        "unknown": statistics.median(times[False]) / 1000,
        "area": area(times[True], times[False]),
    }


def measure(kind):
    database = Database(kind, "enumeration")
    database.command("migrate")
    half = REQUESTS // 2
    # Each reader is asked for once: a second time within a day costs the service less.
    csv = write_csv("readers.csv", 2 * half)
    database.command("import", str(csv), "--newsletter", "asie-centrale")
    readers = [line.split(",")[0] for line in csv.read_text().splitlines()[1:]]
    strangers = [email.replace("reader.", "nobody.") for email in readers]
    # All sign-ups come from one address, and nobody confirms them. The worker rests: it would
    # only hide what the answers may tell.
    free = {
        f"XABAR_SIGNUP__{name}": "0"
        for name in ("PER_IP_PER_HOUR", "ATTACK_SIGNUPS_PER_HOUR", "MAILS_PER_DOMAIN_PER_HOUR")
    }
    with serve(database, "web", **free) as server:
        results = {}
        for place, (name, ask) in enumerate((("API", by_api), ("form", by_form))):
            part = slice(place * half, (place + 1) * half)
            results[name] = compare(server, ask, readers[part], strangers[part])
            say(f"{kind} {name}: {results[name]}")
    reminded = database.number("SELECT COUNT(*) FROM outbox WHERE kind = 'already_subscribed'")
    if reminded != 2 * half:
        sys.exit(f"{kind}: {2 * half} sign-ups of readers, but {reminded} of them were known")
    return results


def main():
    load = os.getloadavg()
    titles = {"sqlite": "SQLite", "postgres": "PostgreSQL"}
    results = {titles[kind]: measure(kind) for kind in DATABASES}
    print(f"{processor()}, {os.cpu_count()} cores; load {load[0]:.2f} before, {os.getloadavg()[0]:.2f} after;")
    print(f"{REQUESTS} sign-ups each, half of them of readers, in random order (seed {SEED}).\n")
    print("| | answers | a reader | a stranger | area under the ROC curve | goal |")
    print("|---|---|---:|---:|---:|---|")
    missed = False
    for title, ways in results.items():
        for way, found in ways.items():
            good = 1 - GOAL <= found["area"] <= GOAL
            missed |= not good
            print(
                f"| {title}, {way} | equal | {found['known']:.2f} ms | {found['unknown']:.2f} ms "
                f"| {found['area']:.3f}{'' if good else ' (missed)'} | {1 - GOAL:.2f} to {GOAL:.2f} |"
            )
    sys.exit(1 if missed else 0)


main()
