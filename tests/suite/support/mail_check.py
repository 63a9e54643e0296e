"""Reads one mail from standard input as strictly as the RFCs allow, with Python's own
parser, and prints what it found as JSON: headers, text, html, defects."""

import email.policy
import json
import re
import sys

ONCE = ["From", "To", "Subject", "Date", "Message-ID", "MIME-Version"]
AT_MOST_ONCE = [
    "Reply-To", "Sender", "Cc", "Content-Type", "Content-Transfer-Encoding", "List-Id",
    "List-Unsubscribe", "List-Unsubscribe-Post", "Feedback-ID", "Auto-Submitted",
    "Precedence", "Return-Path",
]


def check_bytes(raw):
    """RFC 5321 and 5322 on the octets, before any parser can be lenient."""
    if re.search(rb"\r(?!\n)|(?<!\r)\n", raw):
        yield "a bare CR or LF"
    if not raw.endswith(b"\r\n"):
        yield "the last line does not end"
    if b"\0" in raw:
        yield "a NUL"
    if re.search(rb"[^\x00-\x7f]", raw):
        yield "an octet over 127"
    head = raw.partition(b"\r\n\r\n")[0]
    for line in raw.split(b"\r\n"):
        if len(line) > 998:
            yield f"a line of {len(line)} octets: {line[:60]!r}"
    for line in head.split(b"\r\n"):
        if not line.strip():
            yield "a header line of white space only"
        # White space after the first word is where it could have been folded.
        word = re.sub(rb"^(\S+:)?\s*", b"", line)
        if len(line) > 78 and re.search(rb"\s", word.strip()):
            yield f"a header line of {len(line)} octets could be folded: {line!r}"
    for word in re.findall(rb"=\?[^?\s]+\?[BbQq]\?[^?]*\?=", head):
        if len(word) > 75:
            yield f"an encoded word of {len(word)} octets"


def check_headers(message):
    names = [name.lower() for name in message.keys()]
    for name in ONCE:
        if names.count(name.lower()) != 1:
            yield f"{name}: {names.count(name.lower())} times"
    for name in AT_MOST_ONCE:
        if names.count(name.lower()) > 1:
            yield f"{name}: {names.count(name.lower())} times"
    for (name, value), (_, raw) in zip(message.items(), message.raw_items(), strict=True):
        for defect in value.defects:
            yield f"{name}: {type(defect).__name__} {defect}"
        # The words of a subject may look like that; what travelled and was read may not.
        if any(word in str(value) for word in re.findall(r"=\?\S*\?=", str(raw))):
            yield f"{name}: an encoded word that does not decode: {value}"
        if "\ufffd" in str(value):
            yield f"{name}: does not decode: {value}"
    if message["Date"] and getattr(message["Date"], "datetime", None) is None:
        yield "Date: unreadable"
    if message["From"] and len(message["From"].addresses) != 1:
        yield "From: not one address"
    if not re.fullmatch(r"<[^<>@\s]+@[^<>@\s]+>", str(message["Message-ID"] or "")):
        yield f"Message-ID: {message['Message-ID']}"


def check_quoted_printable(payload):
    for line in payload.splitlines():
        if len(line) > 76:
            yield f"a quoted-printable line of {len(line)} octets"
        if re.search(r"=(?![0-9A-F]{2}|$)", line):
            yield f"broken quoted-printable: {line}"
        if line.endswith((" ", "\t")):
            yield "quoted-printable line ends in white space"


def check_parts(message, found):
    for part in message.walk():
        for defect in part.defects:
            yield f"{part.get_content_type()}: {type(defect).__name__} {defect}"
        if part.is_multipart():
            continue
        kind = part.get_content_type()
        payload = part.get_payload()
        encoding = str(part["Content-Transfer-Encoding"] or "7bit").lower()
        if encoding == "quoted-printable":
            yield from check_quoted_printable(payload)
        elif encoding == "base64":
            if any(len(line) > 76 for line in payload.splitlines()):
                yield "a base64 line over 76 octets"
        elif encoding != "7bit":
            yield f"{kind}: encoding {encoding}"
        # Decoding may add defects of its own, so look at the new ones as well.
        known = len(part.defects)
        content = part.get_payload(decode=True)
        for defect in part.defects[known:]:
            yield f"{kind}: {type(defect).__name__} {defect}"
        if part.get_content_maintype() == "text":
            try:
                found[kind] = content.decode(part.get_content_charset("us-ascii"))
            except (LookupError, UnicodeDecodeError) as error:
                yield f"{kind}: {error}"
                continue
            if not found[kind].strip():
                yield f"{kind}: empty"


def check_alternatives(message):
    groups = [
        [part.get_content_type() for part in group.iter_parts()]
        for group in message.walk()
        if group.get_content_type() == "multipart/alternative"
    ]
    if len(groups) != 1 or groups[0][0] != "text/plain" or groups[0][-1] not in (
        "text/html", "multipart/related",
    ):
        yield f"not one multipart/alternative with the text first: {groups}"


def main():
    raw = sys.stdin.buffer.read()
    message = email.message_from_bytes(raw, policy=email.policy.SMTP)
    found = {}
    defects = [
        *check_bytes(raw), *check_headers(message), *check_parts(message, found),
        *check_alternatives(message),
    ]
    json.dump(
        {
            "headers": [[name, str(value)] for name, value in message.items()],
            "text": found.get("text/plain"),
            "html": found.get("text/html"),
            "defects": defects,
        },
        sys.stdout,
    )


main()
