"""Verifies every DKIM signature of the mail on standard input with opendkim.

Arguments: NAME=RECORD, the TXT records there are. Prints `pass` or `fail`, a line a signature.
opendkim speaks of one signature of a mail only, so it gets the mail with one at a time."""

import pathlib
import re
import subprocess
import sys
import tempfile

SIGNATURE = re.compile(rb"^DKIM-Signature:.*\r\n(?:[ \t].*\r\n)*", re.MULTILINE | re.IGNORECASE)

raw = sys.stdin.buffer.read()
signatures = SIGNATURE.findall(raw[: raw.index(b"\r\n\r\n") + 2])
with tempfile.TemporaryDirectory() as name:
    folder = pathlib.Path(name)
    records = [argument.split("=", 1) for argument in sys.argv[1:]]
    (folder / "records").write_text("".join(f"{name} {record}\n" for name, record in records))
    (folder / "settings").write_text(f"Mode v\nTestDNSData file:{folder}/records\n")
    for signature in signatures:
        mail = raw
        for other in signatures:
            if other != signature:
                mail = mail.replace(other, b"", 1)
        (folder / "mail").write_bytes(mail)
        command = ["/usr/sbin/opendkim", "-x", str(folder / "settings"), "-vv", "-t", str(folder / "mail")]
        said = subprocess.run(command, capture_output=True, text=True)
        good = said.returncode == 0 and " verification " in said.stdout and " succeeded" in said.stdout
        print("pass" if good else "fail")
