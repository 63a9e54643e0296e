"""What `benches/measure restart` measures: requests that fail while two processes with pages are replaced in turn."""

import signal

from lab import *

RESTARTS = setting("RESTARTS", 6)
CONNECTIONS = setting("CONNECTIONS", 16)
DRAIN = 3

HAPROXY = """
defaults
    mode http
    timeout connect 5s
    timeout client 60s
    timeout server 100s
    timeout http-keep-alive 30s
frontend pages
    bind ADDRESS
    default_backend xabar
backend xabar
    # As in packaging/proxy/haproxy.cfg.
    option forwardfor
    option httpchk GET /readyz
    default-server check inter 500ms fall 1 rise 1
"""


class Pages:
    """A process with pages that can be replaced."""

    def __init__(self, database):
        self.database, self.address = database, f"127.0.0.1:{free_port()}"
        self.start()

    def start(self):
        more = {"XABAR_HTTP__DRAIN_SECONDS": str(DRAIN)}
        more |= {"XABAR_SIGNUP__PER_IP_PER_HOUR": "0", "XABAR_HTTP__MAX_CONNECTIONS_PER_IP": "0"}
        more["XABAR_HTTP__TRUSTED_PROXIES"] = "127.0.0.1"
        command = [self.database.xabar, "serve", "--role", "web"]
        self.running = Server(command, self.database.settings(**more), self.address)

    def replace(self):
        self.running.process.send_signal(signal.SIGTERM)
        if self.running.process.wait() != 0:
            sys.exit("a process with pages ended badly; see server.log")
        self.start()
        # The proxy has to see that it is back.
        time.sleep(2)


def main():
    database = Database("postgres", "restart")
    database.command("migrate")
    pages = [Pages(database), Pages(database)]
    address = f"127.0.0.1:{free_port()}"
    config = FOLDER / "haproxy.cfg"
    servers = "".join(f"    server pages{n} {one.address}\n" for n, one in enumerate(pages))
    config.write_text(HAPROXY.replace("ADDRESS", address) + servers)
    print(f"{processor()}, {os.cpu_count()} cores; {CONNECTIONS} connections each, {RESTARTS} restarts.\n")
    print("| | requests | failed |")
    print("|---|---:|---:|")
    with Server(["/usr/sbin/haproxy", "-f", str(config)], address=address):
        seconds = RESTARTS * (DRAIN + 5)
        form = start_wrk(f"http://{address}/subscribe?newsletter=asie-centrale", "figures.lua", CONNECTIONS, seconds)
        api = f"http://{address}/api/v1/subscriptions"
        signups = start_wrk(api, "signup.lua", CONNECTIONS, seconds, arguments=["restart"])
        for number in range(RESTARTS):
            pages[number % 2].replace()
        if form.poll() is not None or signups.poll() is not None:
            sys.exit("the requests ended before the restarts; raise the seconds")
        for name, process in (("sign-up form", form), ("sign-ups", signups)):
            output = process.communicate()[0]
            figures = json.loads(output.strip().splitlines()[-1])
            print(f"| {name} | {figures['requests']} | {figures['errors']} |", flush=True)
    for one in pages:
        one.running.__exit__()


main()
