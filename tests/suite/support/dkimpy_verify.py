"""Verifies every DKIM signature of the mail on standard input with dkimpy.

Arguments: NAME=RECORD, the TXT records there are. Prints `pass` or `fail`, a line a signature."""

import sys

import dkim

records = dict(argument.split("=", 1) for argument in sys.argv[1:])
records = {name + ".": record for name, record in records.items()}
raw = sys.stdin.buffer.read()
for number in range(raw.lower().count(b"\ndkim-signature:") + raw.lower().startswith(b"dkim-signature:")):
    check = dkim.DKIM(raw)
    try:
        good = check.verify(idx=number, dnsfunc=lambda name, timeout=5: records.get(name.decode(), "").encode())
    except dkim.DKIMException as error:
        good = False
        print(error, file=sys.stderr)
    print("pass" if good else "fail")
