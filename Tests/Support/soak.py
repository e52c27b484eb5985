"""Asks `blip serve` differing things for minutes or hours, and shows that memory, file descriptors and threads
stay flat: a row a second in a table beside the plot, which it draws.

Pictures, prompts, lengths, beams and the number of clients differ from request to request. At the end the server
is left alone, and must let go of its model (--unload-after), and answer again.

usage: soak.py BLIP [--minutes N | --hours N] [--model DIR] [--shapes fixed] [--plot FILE.svg]
"""

import argparse
import concurrent.futures
import itertools
import json
import os
import pathlib
import random
import statistics
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
import zlib

WORDS = "is the red cat that sits on the mat near the window of the old house grey or blue".split()
IDLE_SECONDS = 3
# Growth from the middle third to the last that is no leak: the allocator's and the kernels' own.
ALLOWED = {"memory (MB)": 0.05, "descriptors": 0, "threads": 0}


def png(random_bytes, size=64):
    def chunk(kind, data):
        return len(data).to_bytes(4, "big") + kind + data + zlib.crc32(kind + data).to_bytes(4, "big")

    colours = [random_bytes.randbytes(3) for _ in range(4)]
    half = size // 2
    rows = b"".join(
        b"\0" + colours[2 * (y > half)] * half + colours[2 * (y > half) + 1] * half for y in range(size))
    header = size.to_bytes(4, "big") * 2 + bytes([8, 2, 0, 0, 0])
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows))
            + chunk(b"IEND", b""))


def form(fields, picture):
    mark = b"soak-boundary"
    parts = [b'--%s\r\nContent-Disposition: form-data; name="%s"\r\n\r\n%s\r\n' % (mark, name.encode(), str(value).encode())
             for name, value in fields]
    parts.append(b'--%s\r\nContent-Disposition: form-data; name="image"; filename="a.png"\r\n'
                 b"Content-Type: image/png\r\n\r\n%s\r\n--%s--\r\n" % (mark, picture, mark))
    return b"".join(parts), "multipart/form-data; boundary=" + mark.decode()


def ask(base, seed):
    """One request, which its seed decides; its answer."""
    choice = random.Random(seed)
    text = " ".join(choice.choices(WORDS, k=choice.randint(1, 12)))
    options = [("max_length", choice.randint(4, 24)), ("beams", choice.choice([1, 1, 1, 3]))]
    path, fields = choice.choice([
        ("v1/captions", options), ("v1/captions", [("prompt", text), ("max_length", 48)]),
        ("v1/answers", [("question", text)] + options), ("v1/matches", [("text", text)]),
    ])
    # Of few pictures, so that the cache of encoded ones is soon as full as it gets.
    body, kind = form(fields, png(random.Random(choice.randrange(24))))
    request = urllib.request.Request(base + path, body, {"Content-Type": kind})
    with urllib.request.urlopen(request, timeout=120) as reply:
        return reply.read()


def untimed(answer):
    """An answer without what it took."""
    return json.loads(answer, object_hook=lambda fields: {
        name: value for name, value in fields.items() if name != "timing"})


def sample(process):
    folder = pathlib.Path(f"/proc/{process.pid}")
    status = dict(line.split(":", 1) for line in (folder / "status").read_text().splitlines())
    return {"memory (MB)": int(status["VmRSS"].split()[0]) / 1000,
            "descriptors": len(os.listdir(folder / "fd")), "threads": int(status["Threads"])}


def plot(samples, path):
    """A small SVG: a panel for each series over the seconds."""
    width, height = 640, 130
    end = max(samples[-1][0], 1)
    panels = []
    for index, name in enumerate(ALLOWED):
        values = [row[name] for _, row in samples]
        top = max(values) * 1.15 or 1
        points = " ".join(
            f"{50 + (width - 70) * t / end:.1f},{height - 24 - (height - 50) * value / top:.1f}"
            for (t, _), value in zip(samples, values))
        panels.append(
            f'<g transform="translate(0,{index * height})"><text x="50" y="16">{name}, at most {max(values):.0f}</text>'
            f'<path d="M50 24V{height - 24}H{width - 20}" fill="none" stroke="#999"/>'
            f'<text x="{width - 20}" y="{height - 8}" text-anchor="end">{end:.0f} s</text>'
            f'<polyline points="{points}" fill="none" stroke="#2867b2" stroke-width="1.5"/></g>')
    path.write_text(
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {3 * height}" '
        f'font-family="sans-serif" font-size="12">{"".join(panels)}</svg>\n')


def steady(samples):
    """What grew, in words."""
    third = len(samples) // 3
    grown = []
    for name, allowed in ALLOWED.items():
        middle, last = (statistics.median(row[name] for _, row in part)
                        for part in (samples[third:2 * third], samples[2 * third:]))
        print(f"{name}: {middle:.0f} in the middle third, {last:.0f} in the last")
        # Connections come and go.
        if last > middle * (1 + allowed) + (0 if allowed else 2):
            grown.append(f"{name} grew from {middle:.0f} to {last:.0f}")
    return grown


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("blip")
    parser.add_argument("--minutes", type=float, default=4)
    parser.add_argument("--hours", type=float)
    parser.add_argument("--clients", type=int, default=4)
    parser.add_argument("--model", default="demo")
    parser.add_argument("--shapes", choices=["dynamic", "fixed"], default="dynamic")
    parser.add_argument("--plot", type=pathlib.Path, default=pathlib.Path("soak.svg"))
    given = parser.parse_args()
    seconds = given.hours * 3600 if given.hours else given.minutes * 60

    server = subprocess.Popen(
        [given.blip, "serve", "--port", "0", "--model", given.model, "--shapes", given.shapes,
         "--unload-after", str(IDLE_SECONDS)],
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    try:
        base = server.stdout.readline().strip()
        if not base:
            sys.exit("blip serve did not start")
        before = ask(base, 1)
        samples, answered, failures = [], itertools.count(), []
        start, over = time.monotonic(), threading.Event()

        def client(number):
            for turn in itertools.count():
                if over.is_set():
                    return
                try:
                    ask(base, number * 1_000_003 + turn)
                    next(answered)
                except urllib.error.HTTPError as error:
                    failures.append(error.read().decode())
                except OSError as error:
                    failures.append(str(error))

        with concurrent.futures.ThreadPoolExecutor(given.clients) as clients:
            for number in range(given.clients):
                clients.submit(client, number + 1)
            step = max(1, seconds / 20_000)
            while time.monotonic() - start < seconds and server.poll() is None:
                time.sleep(step)
                samples.append((time.monotonic() - start, sample(server)))
            over.set()
        if server.poll() is not None:
            sys.exit(f"blip serve ended with status {server.returncode}")
        count = next(answered)
        print(f"{count} requests in {seconds:.0f} s, {len(failures)} failed {failures[:3]}")
        problems = steady(samples) + [f"failed: {text}" for text in failures[:3]]

        # Idle for long enough, however busy the machine is.
        loaded = sample(server)["memory (MB)"]
        for _ in range(60):
            time.sleep(1)
            samples.append((time.monotonic() - start, sample(server)))
            unloaded = samples[-1][1]["memory (MB)"]
            if len(samples) and unloaded < loaded * 0.9:
                break
        print(f"idle: {loaded:.0f} MB before, {unloaded:.0f} MB after")
        if unloaded >= loaded * 0.9:
            problems.append("an idle server kept its model")
        after = ask(base, 1)
        if untimed(before) != untimed(after):
            problems.append(f"another answer after it was idle: {before} and {after}")
        plot(samples, given.plot)
        print(f"drawn: {given.plot}")
        if problems:
            sys.exit("\n".join(problems))
    finally:
        server.terminate()
        server.wait(30)


if __name__ == "__main__":
    main()
