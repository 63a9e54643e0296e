"""An SMTP server whose verdicts the recipient's address chooses.

aiosmtpd speaks the protocol; this file only decides. The local part names the verdict:

    ok…           250
    defer… defer2. 450 4.2.0 to RCPT, the first time (the first two times)
    gone…         550 5.1.1 to RCPT
    full…         452 4.2.2 to RCPT
    slow…         no answer to RCPT before the next command on standard input
    busy…         421 to RCPT, then the connection is closed
    spam…         554 5.7.1 after the final dot
    drop…         closed after the final dot without a reply, once per Message-ID
    dropalways…   the same, each time

Standard input takes commands, one a line, each answered by a line: `accept`, `refuse`
(421 to everything), `hang` (no answer to anything), `hold N` (after N more messages,
keeps what comes and does not answer it). At its end the server exits.
"""

import argparse
import asyncio
import base64
import email
import hashlib
import itertools
import json
import logging
import os
import re
import shutil
import ssl
import sys
import time
import warnings

from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword

REFUSED = "421 4.3.2 Service not available, closing transmission channel"


class Verdicts:
    """aiosmtpd's handler: what to answer, and what to write down."""

    def __init__(self, folder, pipelining):
        self.pipelining = pipelining
        self.mode = "accept"
        self.to_answer = 0
        self.changed = asyncio.Event()
        self.deferred = {}
        self.dropped = set()
        self.messages = open(os.path.join(folder, "messages"), "ab", buffering=0)
        self.attempts = open(os.path.join(folder, "attempts"), "ab", buffering=0)

    def set_mode(self, mode, amount=0):
        self.mode = mode
        self.to_answer = int(amount)
        self.changed.set()
        self.changed = asyncio.Event()

    @staticmethod
    def write(file, **fields):
        file.write(json.dumps({"time": time.time(), **fields}).encode() + b"\n")
        os.fsync(file.fileno())

    def refused(self, server, stage, reply, recipient=None, message_id=None, digest=None):
        sender = server.envelope.mail_from if server.envelope else None
        self.write(
            self.attempts, connection=server.number, stage=stage, reply=reply,
            mail_from=sender, recipient=recipient, message_id=message_id, digest=digest,
        )
        return reply

    async def gate(self, server, stage):
        """Plays the switch: waits while it says hang, hangs up where it says refuse."""
        while self.mode == "hang":
            await self.changed.wait()
        if self.mode == "refuse":
            self.refused(server, stage, REFUSED)
            await self.hang_up(server, REFUSED)

    @staticmethod
    async def hang_up(server, reply=None):
        if reply:
            await server.push(reply)
        server.transport.close()
        raise asyncio.CancelledError  # what aiosmtpd itself meets on a lost connection

    async def handle_EHLO(self, server, session, envelope, hostname, responses):
        await self.gate(server, "EHLO")
        session.host_name = hostname
        # aiosmtpd reads line by line, so that it can promise this (RFC 2920).
        # The first line greets (RFC 5321 4.1.1.1).
        return [responses[0], "250-PIPELINING", *responses[1:]] if self.pipelining else responses

    async def handle_MAIL(self, server, session, envelope, address, options):
        await self.gate(server, "MAIL")
        envelope.mail_from = address
        # Whether the next command is there before this one is answered.
        envelope.pipelined = bool(server._reader._buffer)
        envelope.mail_options.extend(options)
        return "250 2.1.0 OK"

    async def handle_RCPT(self, server, session, envelope, address, options):
        await self.gate(server, "RCPT")
        if address.startswith("slow"):
            await self.changed.wait()
        verdict = self.verdict_on(address)
        if verdict.startswith("250"):
            envelope.rcpt_tos.append(address)
            return verdict
        self.refused(server, "RCPT", verdict, address)
        if verdict.startswith("421"):
            await self.hang_up(server, verdict)
        return verdict

    def verdict_on(self, address):
        if address.startswith("gone"):
            return f"550 5.1.1 <{address}>: No such user here"
        if address.startswith("full"):
            return "452 4.2.2 Mailbox full"
        if address.startswith("busy"):
            return "421 4.3.2 Too busy, try again later"
        if deferral := re.match(r"defer(\d*)", address):
            so_far = self.deferred.get(address, 0)
            if so_far < int(deferral[1] or 1):
                self.deferred[address] = so_far + 1
                return "450 4.2.0 Greylisted, come back later"
        return "250 2.1.5 OK"

    async def handle_DATA(self, server, session, envelope):
        await self.gate(server, "DATA")
        content = envelope.original_content
        message_id = str(email.message_from_bytes(content)["Message-ID"])
        about = {
            "recipient": ", ".join(envelope.rcpt_tos),
            "message_id": message_id,
            "digest": hashlib.sha256(content).hexdigest(),
        }
        if any(to.startswith("spam") for to in envelope.rcpt_tos):
            return self.refused(server, "DATA", "554 5.7.1 Message refused", **about)
        for to in envelope.rcpt_tos:
            if to.startswith("drop") and (
                to.startswith("dropalways") or message_id not in self.dropped
            ):
                self.dropped.add(message_id)
                self.refused(server, "DATA", "", **about)
                await self.hang_up(server)
        self.write(
            self.messages, connection=server.number, pipelined=envelope.pipelined,
            mail_from=envelope.mail_from,
            recipients=envelope.rcpt_tos, raw=base64.b64encode(content).decode(),
        )
        self.to_answer -= 1
        while self.mode == "hold" and self.to_answer < 0:
            await self.changed.wait()
        return "250 2.0.0 Kept"


class Server(SMTP):
    """aiosmtpd's protocol with a switch before the greeting and a number a connection."""

    numbers = itertools.count(1)

    def __init__(self, handler, **options):
        super().__init__(handler, **options)
        self.number = next(self.numbers)

    async def _handle_client(self):
        await self.event_handler.gate(self, "CONNECT")
        await super()._handle_client()


def options_of(args):
    options = {"enable_SMTPUTF8": not args.no_smtputf8, "hostname": "localhost"}
    if args.size:
        options["data_size_limit"] = args.size
    if args.tls == "starttls":
        options |= {"tls_context": context_of(args), "require_starttls": True}
    if args.user:
        # Both channels doubt implicit TLS, which aiosmtpd cannot see.
        warnings.simplefilter("ignore")
        logging.getLogger("mail").setLevel(logging.ERROR)
        wanted = LoginPassword(args.user.encode(), args.password.encode())
        options |= {
            "auth_required": True,
            "auth_require_tls": args.tls == "starttls",
            "authenticator": lambda server, session, envelope, mechanism, data: AuthResult(
                success=data == wanted, handled=False  # aiosmtpd then says 535
            ),
        }
    return options


def context_of(args):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(args.certificate, args.key)
    return context


async def obey(verdicts, folder):
    reader = asyncio.StreamReader()
    loop = asyncio.get_running_loop()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    while line := await reader.readline():
        verdicts.set_mode(*line.decode().split())
        print("done", flush=True)
    # The test is over, or its process died and cannot tidy up.
    shutil.rmtree(folder, ignore_errors=True)
    os._exit(0)


async def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("folder")
    parser.add_argument("--no-smtputf8", action="store_true")
    parser.add_argument("--no-pipelining", action="store_true")
    parser.add_argument("--size", type=int)
    parser.add_argument("--tls", choices=["starttls", "implicit"])
    parser.add_argument("--certificate")
    parser.add_argument("--key")
    parser.add_argument("--user")
    parser.add_argument("--password")
    args = parser.parse_args()
    verdicts = Verdicts(args.folder, not args.no_pipelining)
    options = options_of(args)
    loop = asyncio.get_running_loop()
    server = await loop.create_server(
        lambda: Server(verdicts, loop=loop, **options),
        "127.0.0.1",
        0,
        ssl=context_of(args) if args.tls == "implicit" else None,
    )
    print(server.sockets[0].getsockname()[1], flush=True)
    await obey(verdicts, args.folder)


asyncio.run(main())
