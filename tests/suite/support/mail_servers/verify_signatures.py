"""Prints the name of every mail in a folder that has no valid DKIM signature (dkimpy).

Arguments: the folder, then NAME=RECORD, the TXT records there are."""

import pathlib
import sys

import dkim

records = dict(argument.split("=", 1) for argument in sys.argv[2:])
records = {name + ".": record.encode() for name, record in records.items()}
for path in sorted(pathlib.Path(sys.argv[1]).iterdir()):
    try:
        good = dkim.verify(path.read_bytes(), dnsfunc=lambda name, timeout=5: records.get(name.decode(), b""))
    except dkim.DKIMException:
        good = False
    if not good:
        print(path.name)
