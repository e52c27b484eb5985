"""SIGTERM to `blip serve` while clients ask: no request is lost, no kept connection breaks unannounced, and it ends
within the drain time.

usage: server_shutdown.py BLIP PICTURE [CLIENTS]

Two kinds of clients: those that leave when /health/ready says 503, as behind a load balancer, and those that go on.
Half of each want streams. All keep their connections, and open a new one after `Connection: close`.
"""

import collections
import http.client
import pathlib
import signal
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request

CAPTION = b"four dogs on a yellow background"
DRAIN = 20
PATIENCE = 120


class Client(threading.Thread):
    """Asks again and again; `told` counts what came of it."""

    def __init__(self, address, picture, streams, leaves, stop, told):
        super().__init__(daemon=True)
        self.address, self.picture, self.streams, self.leaves = address, picture, streams, leaves
        self.stop, self.told = stop, told
        self.answers = 0

    def run(self):
        connection, used = None, 0
        path = "/v1/captions?stream=1" if self.streams else "/v1/captions"
        while not self.stop.is_set():
            if connection is None:
                connection, used = http.client.HTTPConnection(*self.address, timeout=PATIENCE), 0
                try:
                    connection.connect()
                except OSError:
                    # Nobody listens any more: a client is told so at once, and nothing was sent.
                    self.told["no connection"] += 1
                    return
            try:
                connection.request("POST", path, self.picture, {"Content-Type": "image/png"})
                reply = connection.getresponse()
                body = reply.read()
            except (OSError, http.client.HTTPException) as error:
                if not used and not self.leaves and isinstance(error, ConnectionResetError):
                    # It was connected by the system in the moment when the listener ended, and read by nobody.
                    self.told["unread"] += 1
                    return
                kind = "broken kept connections" if used else "lost"
                self.told[kind] += 1
                self.told[f"{kind}: {error!r}"[:120]] += 1
                return
            if reply.status == 200 and CAPTION in body:
                self.told["answered"] += 1
                self.answers += 1
            elif reply.status in (429, 503):
                self.told["refused"] += 1
                time.sleep(0.05)
            else:
                self.told["lost"] += 1
                self.told[f"lost: {reply.status} {body[-80:]!r}"] += 1
                return
            used += 1
            if reply.will_close:
                connection.close()
                connection = None


def ready(base):
    try:
        with urllib.request.urlopen(base + "health/ready", timeout=10) as reply:
            return reply.status == 200
    except (urllib.error.URLError, OSError):
        return False


def run(program, picture, count, leave):
    server = subprocess.Popen(
        [program, "serve", "--port", "0", "--precision", "f32", "--drain-seconds", str(DRAIN)],
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    try:
        base = server.stdout.readline().strip()
        host, port = base.removeprefix("http://").rstrip("/").split(":")
        stop, told = threading.Event(), collections.Counter()
        clients = [Client((host, int(port)), picture, index % 2 == 0, leave, stop, told) for index in range(count)]
        for client in clients:
            client.start()
        until = time.monotonic() + PATIENCE
        while not all(client.answers > 1 for client in clients):
            assert time.monotonic() < until, "no load: %s" % told
            time.sleep(0.1)
        begin = time.monotonic()
        server.send_signal(signal.SIGTERM)
        if leave:
            while ready(base):
                assert time.monotonic() < begin + DRAIN, "still ready"
                time.sleep(0.02)
            stop.set()
        status = server.wait(timeout=DRAIN + PATIENCE)
        seconds = time.monotonic() - begin
        stop.set()
        for client in clients:
            client.join(timeout=PATIENCE)
    finally:
        server.kill()
    name = "clients that leave" if leave else "clients that go on"
    print(f"{name}: {told['answered']} answered, {told['lost']} lost, {told['broken kept connections']} kept connections "
          f"broken, {told['refused']} refused, {told['unread']} unread, ended after {seconds:.1f} s with status {status}")
    for kind, number in told.items():
        if ": " in kind:
            print(f"  {number} times {kind}")
    assert status == 0 and not told["lost"] and not told["broken kept connections"], told
    # A busy machine may take its time with what was running.
    assert seconds < DRAIN + 10, seconds


def main():
    program, picture = sys.argv[1], pathlib.Path(sys.argv[2]).read_bytes()
    count = int(sys.argv[3]) if len(sys.argv) > 3 else 24
    for leave in (True, False):
        run(program, picture, count, leave)


main()
