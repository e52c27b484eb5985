"""How `blip serve` bears load; prints figures of this one run, each beside its goal.

    make bench-serve                      all parts, with the demo model
    python Benchmarks/serve_load.py BLIP --model DIR --peer DIR --parts throughput,peer

throughput  captions a second of --clients (16), against `blip caption` of a folder with the same model
peer        the same against the OpenVINO notebook's pipeline behind FastAPI (peers/notebook_server.py)
overload    three times that rate for some seconds: who is refused, how soon, and how soon all is well again
memory      resident memory over many mixed requests, refused ones among them

Every picture is another one, so that none is found in the server's cache. Nothing else should run meanwhile.
"""

import argparse
import asyncio
import base64
import contextlib
import itertools
import os
import re
import signal
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.parse
from pathlib import Path

import aiohttp

ROOT = Path(__file__).resolve().parent.parent
PHOTOS = ROOT / "Tests" / "BLIPTests" / "Fixtures" / "photos"
SAMPLE = ROOT / "Samples" / "four-dogs.png"
TOKENS = 20
LENGTHS = f"max_length={TOKENS + 1}&min_length={TOKENS + 1}"
JPEG = {"Content-Type": "image/jpeg"}

counter = itertools.count()


def fresh(photo: bytes) -> bytes:
    """The same JPEG with a comment that no other has."""
    comment = str(next(counter)).encode()
    return photo[:2] + b"\xff\xfe" + (2 + len(comment)).to_bytes(2, "big") + comment + photo[2:]


def say(what: str, figure: str, goal: str, reached: bool) -> None:
    print(f"{what:58} {figure:>16}   goal: {goal:22} {'reached' if reached else 'NOT reached'}", flush=True)


@contextlib.contextmanager
def running(command: list[str]):
    """A server; gives its address and its process."""
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    try:
        address = process.stdout.readline().strip()
        if not address:
            raise SystemExit(f"{command[0]} did not start")
        yield address, process
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=120)


async def post(session, url: str, body=None, **more) -> tuple[int, float]:
    """Status, 0 for none, and seconds."""
    begin = time.perf_counter()
    try:
        async with session.post(url, data=body, **more) as reply:
            await reply.read()
            return reply.status, time.perf_counter() - begin
    except (aiohttp.ClientError, asyncio.TimeoutError):
        return 0, time.perf_counter() - begin


def session_of(connections: int = 0) -> aiohttp.ClientSession:
    return aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(limit=connections), timeout=aiohttp.ClientTimeout(total=120))


async def rate(url: str, photo: bytes, seconds: float, clients: int) -> float:
    """Captions a second of clients that each send the next picture when they have their answer."""
    done = 0
    start = time.perf_counter()
    counted_from, counted_to = start + min(seconds / 4, 5), start + min(seconds / 4, 5) + seconds
    address = urllib.parse.urlsplit(url)

    # Written by hand: aiohttp's client takes a twentieth of the time in which a small model captions.
    async def client() -> None:
        nonlocal done
        reader, writer = await asyncio.open_connection(address.hostname, address.port)
        while time.perf_counter() < counted_to:
            body = fresh(photo)
            head = f"POST {address.path}?{address.query} HTTP/1.1\r\nHost: {address.netloc}\r\n"
            head += f"Content-Type: image/jpeg\r\nContent-Length: {len(body)}\r\n\r\n"
            writer.write(head.encode() + body)
            async with asyncio.timeout(120):
                answer = await reader.readuntil(b"\r\n\r\n")
                assert answer.startswith(b"HTTP/1.1 200 "), answer
                await reader.readexactly(int(re.search(rb"(?i)\r\ncontent-length: *(\d+)", answer)[1]))
            done += counted_from <= time.perf_counter() < counted_to
        writer.close()

    await asyncio.gather(*[client() for _ in range(clients)])
    return done / seconds


def rate_of_command(blip: list[str], model: list[str], photo: bytes, count: int, batch: int) -> float:
    """Of `blip caption` over a folder, its start not counted: the time of twice as many pictures, less that of one."""
    def run(pictures: int) -> float:
        with tempfile.TemporaryDirectory() as folder:
            for index in range(pictures):
                Path(folder, f"{index:05}.jpg").write_bytes(fresh(photo))
            begin = time.perf_counter()
            subprocess.run(
                [*blip, "caption", folder, *model, "--json", "--max-length", str(TOKENS + 1), "--min-length",
                 str(TOKENS + 1), "--batch", str(batch)], check=True, stdout=subprocess.DEVNULL)
            return time.perf_counter() - begin

    run(1)  # compiled models are kept
    return count / (run(2 * count) - run(count))


async def overload(base: str, photo: bytes, sustained: float, seconds: float) -> None:
    url = f"{base}v1/captions?{LENGTHS}"
    async with session_of() as session:
        alone = statistics.median([(await post(session, url, fresh(photo), headers=JPEG))[1] for _ in range(5)])
        tasks, start, interval = [], time.perf_counter(), 1 / (3 * sustained)
        for index in range(int(seconds / interval)):
            await asyncio.sleep(max(0, start + index * interval - time.perf_counter()))
            tasks.append(asyncio.create_task(post(session, url, fresh(photo), headers=JPEG)))
        ended = time.perf_counter()
        answers = await asyncio.gather(*tasks)
        drained = time.perf_counter() - ended
        while (await post(session, url, fresh(photo), headers=JPEG))[1] > 2 * alone + 0.05:
            assert time.perf_counter() - ended < 120, "never well again"
        well = time.perf_counter() - ended
    refused = sorted(taken for status, taken in answers if status == 429)
    served = sorted(taken for status, taken in answers if status == 200)
    others = [status for status, _ in answers if status not in (200, 429)]
    print(f"overload: {len(answers)} requests in {seconds:.0f} s, {len(served)} served, {len(refused)} refused")
    refusal = percentile(refused, 99)
    say("refused ones answered, p99", f"{1000 * refusal:.0f} ms", "< 50 ms", refusal < 0.05)
    bound = 1.5 * 64 / sustained  # the queue's 64 requests, with time to spare
    slowest = percentile(served, 99)
    say("served ones answered, p99", f"{slowest:.2f} s", f"< {bound:.1f} s (the queue)", 0 < slowest < bound)
    say("unanswered, or answered otherwise", str(len(others)), "0", not others)
    say(f"as quick as before after (queue empty after {drained:.1f} s)", f"{well:.1f} s", "< 10 s", well < 10)


def percentile(values: list[float], percent: int) -> float:
    return values[min(len(values) - 1, len(values) * percent // 100)] if values else 0


def resident(process) -> int:
    return int(re.search(r"VmRSS:\s+(\d+)", Path(f"/proc/{process.pid}/status").read_text())[1])


async def memory(base: str, process, photo: bytes, count: int, clients: int) -> None:
    text = base64.b64encode(SAMPLE.read_bytes()).decode()
    chat = [{"role": "user", "content": [{"type": "image_url", "image_url": {"url": f"data:image/png;base64,{text}"}}]}]
    tensor = [{"name": "image", "datatype": "BYTES", "shape": [1], "data": [text]}]

    def mixed(session, index: int):
        match index % 8:
            case 0: return post(session, base + "v1/captions?stream=1", fresh(photo), headers=JPEG)
            case 1: return post(session, base + "v1/answers?question=how+many%3F", fresh(photo), headers=JPEG)
            case 2: return post(session, base + "v1/matches?text=a+dog&text=a+cat", fresh(photo), headers=JPEG)
            case 3: return post(session, base + "v1/chat/completions", json={"messages": chat, "logprobs": True})
            case 4: return post(session, base + "api/generate", json={"images": [text]})
            case 5: return post(session, base + "v2/models/demo/infer", json={"inputs": tensor})
            case 6: return post(session, base + "v1/captions", photo[: len(photo) // 2], headers=JPEG)
            case _: return post(session, base + "v1/captions?beams=3", b"no picture", headers=JPEG)

    statuses: dict[int, int] = {}
    indices, before = iter(range(count)), 0

    async def client(session):
        nonlocal before
        for index in indices:
            if index == count // 4:
                before = resident(process)
            status, _ = await mixed(session, index)
            statuses[status] = statuses.get(status, 0) + 1

    async with session_of(clients) as session:
        await asyncio.gather(*[client(session) for _ in range(clients)])
    after = resident(process)
    print(f"memory: {count} mixed requests, by status {dict(sorted(statuses.items()))}")
    say(f"resident, {before >> 10} MiB after a quarter, {after >> 10} MiB after all", f"{after / before:.3f}",
        "< 1.05 times", after < 1.05 * before)
    unexpected = sum(number for status, number in statuses.items() if status not in (200, 415, 422, 429))
    say("answered otherwise than 200, 415, 422 or 429", str(unexpected), "0", not unexpected)


def measured(clients):
    """Runs them. They are elsewhere in life: their clocks are not to wait for a processor that the server has."""
    before = os.getpriority(os.PRIO_PROCESS, 0)
    with contextlib.suppress(PermissionError):
        os.setpriority(os.PRIO_PROCESS, 0, -10)
    try:
        return asyncio.run(clients)
    finally:
        os.setpriority(os.PRIO_PROCESS, 0, before)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("blip", help="the program")
    parser.add_argument("--model", help="a checkpoint (default: the embedded demo model)")
    parser.add_argument("--peer", metavar="DIR", help="a checkpoint that the peer captions with, the same")
    parser.add_argument("--parts", default="throughput,overload,memory")
    parser.add_argument("--seconds", type=float, default=20, help="of each measurement")
    parser.add_argument("--overload-seconds", type=float, help="of the overload (default: as the others)")
    parser.add_argument("--requests", type=int, default=10_000, help="for memory")
    parser.add_argument("--rounds", type=int, default=3, help="of server and command line in turn, for throughput")
    parser.add_argument("--clients", type=int, default=16)
    parser.add_argument("--batch", type=int, default=16, help="rows of a batch, of server and command line")
    given = parser.parse_args()
    parts = given.parts.split(",")
    photo = (PHOTOS / "chelsea.jpg").read_bytes()
    model = ["--model", given.model] if given.model else []
    serve = [given.blip, "serve", "--port", "0", "--batch", str(given.batch), *model]
    with running(serve) as (base, process):
        url = f"{base}v1/captions?{LENGTHS}"
        sustained = measured(rate(url, photo, given.seconds, given.clients))
        print(f"throughput: {sustained:.2f} captions/s of {TOKENS} tokens, {given.clients} clients", flush=True)
        if "throughput" in parts:
            count = max(4 * given.batch, int(sustained * given.seconds / 2) // given.batch * given.batch)
            rounds = []
            for _ in range(given.rounds):
                command = rate_of_command([given.blip], model, photo, count, given.batch)
                rounds.append((measured(rate(url, photo, given.seconds, given.clients)) / command, command))
            share, command = (statistics.median(column) for column in zip(*rounds))
            each = ", ".join(f"{100 * share:.0f}" for share, _ in rounds)
            say(f"of the command line's {command:.2f} captions/s ({each} %)", f"{100 * share:.0f} %", ">= 90 %",
                share >= 0.9)
        if "overload" in parts:
            measured(overload(base, photo, sustained, given.overload_seconds or given.seconds))
        if "memory" in parts:
            measured(memory(base, process, photo, given.requests, given.clients))
    if "peer" in parts:
        script = [sys.executable, str(ROOT / "Benchmarks" / "peers" / "notebook_server.py")]
        with running([*script, "--model", given.peer, "--new-tokens", str(TOKENS)]) as (base, _):
            peer = measured(rate(base, photo, given.seconds, given.clients))
        times = sustained / peer
        say(f"of the notebook behind FastAPI's {peer:.2f} captions/s", f"{times:.1f} times", ">= 5 times", times >= 5)


main()
