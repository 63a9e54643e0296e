"""What `benches/measure send` measures: whole campaigns to Postfix's smtp-sink, beside its
smtp-source, beside lettre's pooled transport, and with DKIM beside the signatures of OpenSSL."""

import re
import statistics

from campaign import *

READERS = setting("READERS", 100_000)
SIGNED = READERS // 3
ROUNDS = setting("ROUNDS", 3)
POOLED = sys.argv[5]


def smtp_source(address, octets):
    """Mails a second, and microseconds of its CPU a mail."""
    source = shutil.which("smtp-source", path=SBIN)
    command = [source, "-d", "-s", str(CONNECTIONS), "-m", str(READERS), "-l", str(octets)]
    command += ["-f", "sender@example.org", "-t", "reader@example.net", address]
    begin, before = time.monotonic(), os.times()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    lasted, after = time.monotonic() - begin, os.times()
    cpu = after.children_user + after.children_system - before.children_user - before.children_system
    return READERS / lasted, 1e6 * cpu / READERS


def pooled(address, octets):
    """Messages a second of lettre's pool, over a few seconds."""
    messages = min(READERS, 3_000)
    command = [POOLED, address, str(CONNECTIONS), str(messages), str(octets)]
    return float(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def openssl_signatures():
    """RSA-2048 signatures a second on one core."""
    command = ["openssl", "speed", "-seconds", "3", "rsa2048"]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return float(re.search(r"rsa\s+2048 bits\s+\S+s\s+\S+s\s+([0-9.]+)", done.stdout).group(1))


def dkim():
    """Settings that sign with a new RSA key."""
    key = FOLDER / "dkim.pem"
    command = ["openssl", "genpkey", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048", "-out", str(key)]
    subprocess.run(command, check=True, capture_output=True)
    key.chmod(0o600)
    names = {"KEY_FILE": str(key), "SELECTOR": "key", "DOMAIN": "example.org"}
    return {f"XABAR_DKIM__{name}": value for name, value in names.items()}


def size_of_a_mail():
    """Octets of the sample digest as it arrives."""
    folder = FOLDER / "dump"
    folder.mkdir()
    folder.chmod(0o777)
    one = Campaigns(DATABASES[0], "one").add_readers(write_csv("one.csv", 1))
    with sink("-d", f"{folder}/mail.") as address:
        one.send(address)
    return len(sorted(folder.iterdir())[-1].read_bytes())


def main():
    octets = size_of_a_mail()
    csv, few = write_csv("readers.csv", READERS), write_csv("few.csv", SIGNED)
    campaigns = {kind: Campaigns(kind).add_readers(csv) for kind in DATABASES}
    signed = {kind: Campaigns(kind, "signed").add_readers(few) for kind in DATABASES}
    key = dkim()
    rounds = []
    with sink() as address:
        for _ in range(ROUNDS):
            this = {"pooled": pooled(address, octets)}
            this["source"], this["source_cpu"] = smtp_source(address, octets)
            this["openssl"] = openssl_signatures()
            say_all("beside it", this)
            for kind in DATABASES:
                this[kind] = campaigns[kind].send(address)
                say_all(kind, this[kind])
                this[kind]["signed"] = signed[kind].send(address, **key)["rate"]
                say_all(f"{kind}, signed", {"rate": this[kind]["signed"]})
            rounds.append(this)
    report(octets, rounds)


def report(octets, rounds):
    middle = lambda value: statistics.median(value(this) for this in rounds)
    print(f"{processor()}, {os.cpu_count()} cores; {READERS} readers ({SIGNED} signed), mails of {octets} octets,")
    print(f"{CONNECTIONS} connections, {ROUNDS} rounds, medians.\n")
    print(f"smtp-source: {middle(lambda this: this['source']):.0f}/s, with "
          f"{middle(lambda this: this['source_cpu']):.0f} µs of its CPU a mail. lettre's pooled transport, "
          f"building each message: {middle(lambda this: this['pooled']):.0f}/s.")
    print(f"openssl speed rsa2048, one core: {middle(lambda this: this['openssl']):.0f} signatures/s.\n")
    print("| | " + " | ".join(TITLES[kind] for kind in DATABASES) + " |")
    print("|---|" + "---:|" * len(DATABASES))
    for title, form, value in (
        ("mails a second, from the trigger to the last record", "{:.0f}", lambda t, k: t[k]["rate"]),
        ("beside smtp-source", "{:.2f}", lambda t, k: t[k]["rate"] / t["source"]),
        ("beside lettre's pooled transport", "{:.1f}", lambda t, k: t[k]["rate"] / t["pooled"]),
        ("the same with DKIM, RSA-2048", "{:.0f}", lambda t, k: t[k]["signed"]),
        ("beside the signatures of OpenSSL on one core", "{:.2f}", lambda t, k: t[k]["signed"] / t["openssl"]),
        ("trigger to first recorded mail", "{:.2f} s", lambda t, k: t[k]["first"]),
        ("CPU time a mail, whole process", "{:.0f} µs", lambda t, k: t[k]["cpu"]),
        ("beside smtp-source's", "{:.2f}", lambda t, k: t[k]["cpu"] / t["source_cpu"]),
        ("PostgreSQL's own CPU a mail", "{:.0f} µs", lambda t, k: t[k].get("pg_cpu", 0)),
        ("memory, peak", "{:.0f} MiB", lambda t, k: t[k]["memory"]),
    ):
        cells = (form.format(middle(lambda this: value(this, kind))) for kind in DATABASES)
        print(f"| {title} | " + " | ".join(cells) + " |")


main()
