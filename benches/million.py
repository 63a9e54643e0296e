"""What `benches/measure million` measures: memory and the first mail, with few readers and with many."""

from campaign import *

FEW = setting("FEW", 10_000)
MANY = setting("MANY", 1_000_000)
SECONDS = setting("SECONDS", 120)


def main():
    print(f"{processor()}, {os.cpu_count()} cores; to smtp-sink, {CONNECTIONS} connections.\n")
    print("| | readers | trigger to first recorded mail | mails/s | memory, peak |")
    print("|---|---:|---:|---:|---:|")
    for kind in DATABASES:
        for readers in (FEW, MANY):
            campaigns = Campaigns(kind, f"readers_{readers}")
            campaigns.add_readers(write_csv("readers.csv", readers))
            with sink() as address:
                seen = campaigns.send(address, seconds=SECONDS)
            print(f"| {TITLES[kind]} | {readers} | {seen['first']:.2f} s | {seen['rate']:.0f} | {seen['memory']:.1f} MiB |", flush=True)


main()
