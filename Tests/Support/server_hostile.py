"""`blip serve` against clients that mean harm: slow ones (slowhttptest), hostile pictures, and requests that
two ends of a proxy (haproxy) might read differently.

usage: server_hostile.py BLIP PICTURE [MUTATIONS] [SECONDS]
"""

import concurrent.futures
import io
import pathlib
import random
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
import zlib

from server_smuggling import smuggling

CAPTION = b"four dogs on a yellow background"
PHOTO = pathlib.Path(__file__).parent.parent / "BLIPTests" / "Fixtures" / "photos" / "chelsea.jpg"
KNOWN = {200, 400, 413, 415, 422}
MODES = {"head": ["-H", "-i", "5"], "body": ["-B", "-i", "5"], "read": ["-X", "-k", "5", "-n", "5", "-z", "32"]}


def send(base, picture, timeout=60):
    request = urllib.request.Request(base + "v1/captions", picture, {"Content-Type": "image/png"})
    try:
        with urllib.request.urlopen(request, timeout=timeout) as reply:
            return reply.status, reply.read()
    except urllib.error.HTTPError as refused:
        return refused.code, refused.read()


def gauge(base, name):
    with urllib.request.urlopen(base + "metrics", timeout=10) as reply:
        return int(re.search(rf"^{name} (\d+)$", reply.read().decode(), re.MULTILINE)[1])


def chunk(kind, data):
    return len(data).to_bytes(4, "big") + kind + data + zlib.crc32(kind + data).to_bytes(4, "big")


def png(width, height, data, colour=2, more=b""):
    header = width.to_bytes(4, "big") + height.to_bytes(4, "big") + bytes([8, colour, 0, 0, 0])
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + more + chunk(b"IDAT", data)
            + chunk(b"IEND", b""))


def zeros(count):
    """zlib's form of so many zeros: a thousandth of them."""
    deflate, out = zlib.compressobj(9), io.BytesIO()
    for _ in range(count >> 20):
        out.write(deflate.compress(bytes(1 << 20)))
    out.write(deflate.compress(bytes(count & 0xFFFFF)) + deflate.flush())
    return out.getvalue()


def hostile_pictures():
    yield "a bomb over the limit", png(20_000, 20_000, zeros(1 << 20)), {413}
    yield "a bomb under it", png(9_900, 9_900, zeros(9_900 * (3 * 9_900 + 1))), {200}
    yield "sides of no size", png(0, 0, zeros(1)), {415, 422}
    yield "greatest sides", png(0x7FFFFFFF, 0x7FFFFFFF, zeros(1)), {413, 415, 422}
    yield "one long line", png(5_000_000, 1, zeros(3 * 5_000_000 + 1)), {200, 413, 422}
    yield "an inflating comment", png(8, 8, zeros(8 * 25), more=chunk(
        b"zTXt", b"a\0\0" + zeros(256 << 20))), {200, 422}
    yield "an inflating profile", png(8, 8, zeros(8 * 25), more=chunk(
        b"iCCP", b"a\0\0" + zeros(256 << 20))), {200, 422}
    yield "a drawing that reads files", (
        b'<?xml version="1.0"?><!DOCTYPE svg [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
        b'<svg xmlns="http://www.w3.org/2000/svg"><text>&a;</text></svg>'), {415}
    yield "a document", b"%PDF-1.4\n%%EOF", {415}
    yield "a program", b"%!PS\n(%pipe%id) (r) file", {415}
    yield "nothing", b"", {415, 422}


def pictures(base, sample, count):
    for name, picture, statuses in hostile_pictures():
        status, body = send(base, picture)
        assert status in statuses, (name, status, body[:200])
    generator, seen = random.Random(7), {}
    for index in range(count):
        # PNG has checksums, and so most end there; JPEG is read on.
        bad = bytearray([sample, PHOTO.read_bytes()][index % 4 > 0])
        for _ in range(generator.randint(1, 8)):
            place = generator.randrange(len(bad))
            match generator.randrange(3):
                case 0: bad[place] = generator.randrange(256)
                case 1: del bad[place:place + generator.randint(1, 64)]
                case _: bad[place:place] = bad[:generator.randint(1, 64)]
        status, body = send(base, bytes(bad))
        assert status in KNOWN, (index, status, body[:200])
        seen[status] = seen.get(status, 0) + 1
    print(f"        {count} mutations, by status {seen}")


def bombs_together(base, process, count=16):
    """Large pictures at the same time: decoded a few at a time, and others are answered meanwhile."""
    bomb = png(9_900, 9_900, zeros(9_900 * (3 * 9_900 + 1)))
    # A chunk that decoders skip makes each another picture, which the server does not know yet.
    bombs = [bomb[:33] + chunk(b"teSt", index.to_bytes(4, "big")) + bomb[33:] for index in range(count)]
    slowest = 0
    with concurrent.futures.ThreadPoolExecutor(count) as clients:
        sent = [clients.submit(send, base, each, 300) for each in bombs]
        while not all(each.done() for each in sent):
            begin = time.monotonic()
            urllib.request.urlopen(base + "health/live", timeout=60).read()
            slowest = max(slowest, time.monotonic() - begin)
            time.sleep(0.1)
    statuses = {each.result()[0] for each in sent}
    peak = int(re.search(r"VmHWM:\s+(\d+)", pathlib.Path(f"/proc/{process.pid}/status").read_text())[1]) >> 10
    print(f"        {count} bombs of 98 megapixels together: {peak} MiB at most, health within {1000 * slowest:.0f} ms")
    assert statuses <= {200, 429}, statuses
    # All of them decoded would be 4.7 GB.
    assert peak < 2048, f"{peak} MiB"


def slow(base, mode, seconds):
    """The attack holds connections; others are served meanwhile, and in the end none is held."""
    with tempfile.TemporaryDirectory() as folder:
        attack = subprocess.Popen(
            ["slowhttptest", *MODES[mode], "-c", "300", "-r", "100", "-l", str(seconds), "-p", "5",
             "-o", folder + "/report", "-u", base if mode != "body" else base + "v1/captions"],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        held, slowest = 0, 0
        while attack.poll() is None:
            begin = time.monotonic()
            held = max(held, gauge(base, "blip_connections"))
            slowest = max(slowest, time.monotonic() - begin)
            time.sleep(0.5)
    print(f"        {held} connections held, others waited {1000 * slowest:.0f} ms at most")
    assert held > 50, "no attack"
    until = time.monotonic() + 45
    while gauge(base, "blip_connections") > 1:
        assert time.monotonic() < until, "connections are still held"
        time.sleep(0.5)


def main():
    program, sample = sys.argv[1], pathlib.Path(sys.argv[2]).read_bytes()
    count = int(sys.argv[3]) if len(sys.argv) > 3 else 300
    seconds = int(sys.argv[4]) if len(sys.argv) > 4 else 15
    assert shutil.which("slowhttptest"), "slowhttptest is missing (Debian has it)"
    server = subprocess.Popen([program, "serve", "--port", "0", "--precision", "f32"],
                              stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    failed = 0
    try:
        base = server.stdout.readline().strip()
        tests = [("pictures", lambda: pictures(base, sample, count))]
        tests += [("bombs together", lambda: bombs_together(base, server))]
        tests += [("smuggling", lambda: smuggling(base))]
        tests += [(f"slow {mode}", lambda mode=mode: slow(base, mode, seconds)) for mode in MODES]
        for name, test in tests:
            try:
                test()
                status, body = send(base, sample)
                assert status == 200 and CAPTION in body, (status, body)
                print(f"ok      {name}", flush=True)
            except Exception as error:  # noqa: BLE001: every failure is told of
                failed += 1
                print(f"FAILED  {name}: {error!r}", flush=True)
    finally:
        server.send_signal(signal.SIGTERM)
        failed += server.wait(timeout=60) != 0
    sys.exit(1 if failed else 0)


main()
