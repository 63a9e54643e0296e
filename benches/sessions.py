"""What `benches/measure sessions` measures: a relay that takes few mails a session over few connections."""

import asyncio
import statistics
import threading

from campaign import *

READERS = setting("READERS", 3_000)
ROUNDS = setting("ROUNDS", 3)
PER_SESSION = setting("PER_SESSION", 10)
ALLOWED = setting("ALLOWED", 3)
ROUND_TRIP = setting("ROUND_TRIP_MS", 40) / 1000
# A session: half a round trip to the greeting, which comes unasked, then EHLO, then the commands before the
# first text; after that each mail takes one, as its answer and those to the commands of the next come together.
TRIPS = 0.5 + 1 + 1 + PER_SESSION


@contextlib.contextmanager
def strict_relay():
    """Takes PER_SESSION mails a session and ALLOWED connections; yields its address and what it counts."""
    loop = asyncio.new_event_loop()
    counts = {"mails": 0, "open": 0, "surplus": 0, "too many": 0}

    async def session(reader, writer):
        counts["open"] += 1
        surplus = counts["open"] > ALLOWED
        mails = 0
        writer.write(b"220 relay.example ESMTP\r\n")
        with contextlib.suppress(OSError, asyncio.IncompleteReadError):
            while line := (await reader.readline()).upper():
                if line.startswith(b"EHLO"):
                    writer.write(b"250-relay.example\r\n250-PIPELINING\r\n250 8BITMIME\r\n")
                elif line.startswith(b"MAIL") and surplus:
                    counts["surplus"] += 1
                    writer.write(b"432 4.3.2 Concurrent connections limit exceeded\r\n")
                elif line.startswith(b"MAIL") and mails >= PER_SESSION:
                    counts["too many"] += 1
                    writer.write(b"452 4.5.3 Too many messages this session\r\n")
                elif line.startswith((b"RCPT", b"DATA")) and (surplus or mails >= PER_SESSION):
                    writer.write(b"503 5.5.1 MAIL first\r\n")
                elif line.startswith(b"DATA"):
                    writer.write(b"354 go on\r\n")
                    await reader.readuntil(b"\r\n.\r\n")
                    mails += 1
                    counts["mails"] += 1
                    writer.write(b"250 2.0.0 taken\r\n")
                elif line.startswith(b"QUIT"):
                    writer.write(b"221 2.0.0 bye\r\n")
                    break
                else:
                    writer.write(b"250 2.0.0 ok\r\n")
                await writer.drain()
        counts["open"] -= 1
        writer.close()

    server = loop.run_until_complete(asyncio.start_server(session, "127.0.0.1", 0, limit=1 << 22))
    threading.Thread(target=loop.run_forever, daemon=True).start()
    yield "127.0.0.1:{}".format(server.sockets[0].getsockname()[1]), counts
    loop.call_soon_threadsafe(loop.stop)


def main():
    csv = write_csv("readers.csv", READERS)
    campaigns = {kind: Campaigns(kind).add_readers(csv) for kind in DATABASES}
    allows = ALLOWED * PER_SESSION / (TRIPS * ROUND_TRIP)
    rates = {kind: [] for kind in DATABASES}
    with strict_relay() as (near, counts), far_away(near, ROUND_TRIP) as address:
        for _ in range(ROUNDS):
            for kind in DATABASES:
                rates[kind].append(campaigns[kind].send(address, XABAR_SMTP__MESSAGES_PER_CONNECTION="100")["rate"])
                say(f"{kind}: {rates[kind][-1]:.1f}/s, {counts}")
    print(f"{processor()}, {os.cpu_count()} cores; {READERS} readers, {CONNECTIONS} connections in the settings, of")
    print(f"which the relay takes {ALLOWED}, with {PER_SESSION} mails a session; {1000 * ROUND_TRIP:.0f} ms; "
          f"{ROUNDS} rounds, medians.\n")
    print("| | mails/s | the relay allows | share |")
    print("|---|---:|---:|---:|")
    for kind in DATABASES:
        rate = statistics.median(rates[kind])
        print(f"| {TITLES[kind]} | {rate:.1f} | {allows:.1f} | {rate / allows:.2f} |")


main()
