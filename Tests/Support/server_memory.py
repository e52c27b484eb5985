"""The memory of `blip serve` under the heaviest requests that it takes, and after a minute without any. What it was
before is taken with a full cache of encoded pictures (512 MiB), as a server has it after a while.

usage: server_memory.py BLIP [--pictures 10000] [--quiet 60]
"""

import argparse
import base64
import concurrent.futures
import json
import pathlib
import re
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
import zlib

LIMIT = 1024  # MiB
FILLING = 700  # pictures, more than the cache holds of the demo model's
GROWTH = 1.3


def chunk(kind, data):
    return len(data).to_bytes(4, "big") + kind + data + zlib.crc32(kind + data).to_bytes(4, "big")


def png(size, data, mark, padding=0):
    """A chunk that decoders skip makes each another picture, which the server does not know yet."""
    header = size.to_bytes(4, "big") * 2 + bytes([8, 2, 0, 0, 0])
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"teSt", mark.to_bytes(4, "big") + bytes(padding))
            + chunk(b"IDAT", data) + chunk(b"IEND", b""))


def plain(size, colour):
    deflate = zlib.compressobj(1)
    row = b"\0" + bytes(colour) * size
    return b"".join(deflate.compress(row) for _ in range(size)) + deflate.flush()


def send(base, path, body, kind):
    request = urllib.request.Request(base + path, body, {"Content-Type": kind})
    try:
        with urllib.request.urlopen(request, timeout=600) as reply:
            reply.read()
            return reply.status
    except urllib.error.HTTPError as refused:
        refused.read()
        return refused.code
    except (urllib.error.URLError, ConnectionError) as cut:
        # All bodies share a limit: what is more is refused before it is read, and this client does not read on.
        if isinstance(getattr(cut, "reason", cut), (BrokenPipeError, ConnectionResetError)):
            return "refused while it was sent"
        raise


class Server:
    def __init__(self, program):
        self.process = subprocess.Popen([program, "serve", "--port", "0"], stdout=subprocess.PIPE,
                                        stderr=subprocess.DEVNULL, text=True)
        self.base = self.process.stdout.readline().strip()

    def status(self, name):
        text = pathlib.Path(f"/proc/{self.process.pid}/status").read_text()
        return int(re.search(rf"^{name}:\s+(\d+)", text, re.MULTILINE)[1]) >> 10

    def forget_peak(self):
        pathlib.Path(f"/proc/{self.process.pid}/clear_refs").write_text("5")


def heavy(server, given):
    """64 pictures of 90 megapixels at a time."""
    data = plain(9_500, (200, 180, 40))
    return [(server.base, "v1/captions", png(9_500, data, index), "image/png") for index in range(64)], 64


def bodies(server, given):
    """32 bodies of 22 MiB at a time, half of them JSON."""
    data = plain(64, (200, 180, 40))
    asked = []
    for index in range(32):
        if index % 2:
            text = base64.b64encode(png(64, data, index, padding=16 << 20)).decode()
            asked.append(("api/generate", json.dumps({"images": [text], "stream": False}).encode(), "application/json"))
        else:
            asked.append(("v1/captions", png(64, data, index, padding=22 << 20), "image/png"))
    return [(server.base, *each) for each in asked], 32


def small(base, index):
    colour = (*divmod(index, 200), index % 251)
    return base, "v1/captions", png(64, plain(64, colour), index), "image/png"


def different(server, given):
    """Many different pictures, 16 at a time."""
    return (small(server.base, FILLING + index) for index in range(given.pictures)), 16


def measure(server, part, given):
    before = server.status("VmRSS")
    server.forget_peak()
    statuses = {}
    requests, clients = part(server, given)
    with concurrent.futures.ThreadPoolExecutor(clients) as pool:
        for status in pool.map(lambda request: send(*request), requests):
            statuses[status] = statuses.get(status, 0) + 1
    peak = server.status("VmHWM")
    del requests
    time.sleep(given.quiet)
    after = server.status("VmRSS")
    print(f"{part.__doc__} {before} MiB before, {peak} at most, {after} after {given.quiet} s ({after / before:.2f} times); "
          f"by status {statuses}", flush=True)
    wrong = [status for status in statuses if status not in (200, 429, "refused while it was sent")]
    return not wrong and peak < LIMIT and after < GROWTH * before


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("blip")
    parser.add_argument("--pictures", type=int, default=10_000)
    parser.add_argument("--quiet", type=int, default=60)
    parser.add_argument("--parts", default="different,heavy,bodies")
    given = parser.parse_args()
    server = Server(given.blip)
    right = True
    try:
        with concurrent.futures.ThreadPoolExecutor(16) as pool:
            for _ in pool.map(lambda index: send(*small(server.base, index)), range(FILLING)):
                pass
        for name in given.parts.split(","):
            right = measure(server, globals()[name], given) and right
    finally:
        server.process.send_signal(signal.SIGTERM)
        server.process.wait(timeout=60)
    sys.exit(0 if right else 1)


main()
