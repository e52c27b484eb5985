"""Requests whose length the two ends of a proxy might read differently, to `blip serve` and through haproxy.

Each is answered 4xx, or 503, or as what it harmlessly is; nobody waits; and whoever uses the proxy's connections
next gets the answer to their own request.
"""

import contextlib
import os
import pathlib
import shutil
import socket
import subprocess
import tempfile
import time

# Left over where an end thinks that the body has ended before it.
INNER = b"GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n"
CHUNKED = "Transfer-Encoding: chunked"
CONFIGURATION = """
defaults
    mode http
    timeout connect 5s
    timeout client 30s
    timeout server 30s
frontend outside
    bind 127.0.0.1:{outside}
    default_backend blip
backend blip
    http-reuse always
    server blip 127.0.0.1:{inside}
"""


def post(*headers, body=b"hello", version="1.1"):
    lines = [f"POST /v1/captions HTTP/{version}", "Host: a", "Content-Type: image/png", *headers, "", ""]
    return "\r\n".join(lines).encode("latin-1") + body


def attacks():
    """What it is, its bytes, and whether it may also be taken for a request in order, a picture or not."""
    long = b"0\r\n\r\n" + INNER
    for lengths in (("5", "6"), ("6", "5"), ("0", f"{len(INNER)}")):
        yield f"lengths {lengths}", post(*[f"Content-Length: {n}" for n in lengths], body=INNER), False
    for value in ("+5", "-1", "0x5", "5 5", "5,6", "1e1", "", "9" * 20, "9" * 400):
        yield f"length '{value[:9]}'", post(f"Content-Length: {value}"), False
    yield "a length twice", post("Content-Length: 5", "Content-Length: 5"), True
    yield "a length, and chunks", post(f"Content-Length: {len(long)}", CHUNKED, body=long), True
    yield "a short length, and chunks", post("Content-Length: 4", CHUNKED, body=b"24\r\n" + INNER + b"\r\n0\r\n\r\n"), True
    for coding in ("xchunked", "chunked, identity", "identity", "chunked, chunked", "gzip", "\x0bchunked", "chunke\x00d"):
        yield f"coding {coding!r}", post(f"Content-Length: {len(long)}", f"Transfer-Encoding: {coding}", body=long), True
    yield "a space before the colon", post(f"Content-Length: {len(long)}", "Transfer-Encoding : chunked", body=long), False
    yield "a folded coding", post(f"Content-Length: {len(long)}", "Transfer-Encoding:\r\n chunked", body=long), True
    yield "two codings", post(CHUNKED, "Transfer-Encoding: identity", body=long), True
    yield "chunks in HTTP/1.0", post(f"Content-Length: {len(long)}", CHUNKED, body=long, version="1.0"), True
    for size in ("zz", "-1", "0x5", "5 5", "F" * 17, "", "5;a\nb"):
        yield f"chunk size {size[:9]!r}", post(CHUNKED, body=size.encode() + b"\r\nhello\r\n0\r\n\r\n"), size.startswith("5;")
    yield "a chunk longer than it says", post(CHUNKED, body=b"2\r\nhello\r\n0\r\n\r\n"), False
    yield "chunks that end by LF", post(CHUNKED, body=b"5\nhello\n0\n\n"), True
    yield "a length among the trailers", post(CHUNKED, body=b"0\r\nContent-Length: 99\r\n\r\n"), True
    yield "NUL in a header", post("A: \x00", "Content-Length: 5"), False
    yield "CR in a header", post("A: b\rContent-Length: 99", "Content-Length: 5"), False
    yield "a header without a name", post(": a", "Content-Length: 5"), False
    yield "two hosts", post("Host: b", "Content-Length: 5"), True
    yield "many headers", post(*[f"A{index}: b" for index in range(20_000)], "Content-Length: 5"), False
    yield "a long header", post("A: " + "b" * 1_000_000, "Content-Length: 5"), False
    yield "no request", b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(512), False


def answer(port, request, timeout=15):
    """The status of the first answer, 0 where the connection was closed without one."""
    received = b""
    with socket.create_connection(("127.0.0.1", port), timeout) as connection:
        until = time.monotonic() + timeout
        with contextlib.suppress(ConnectionError):
            connection.sendall(request)
        with contextlib.suppress(ConnectionError):
            while b"\r\n" not in received:
                connection.settimeout(max(0.1, until - time.monotonic()))
                piece = connection.recv(4096)
                if not piece:
                    break
                received += piece
    return int(received.split()[1]) if received.startswith(b"HTTP/") else 0


@contextlib.contextmanager
def proxy(inside):
    program = shutil.which("haproxy", path=os.environ.get("PATH", "") + ":/usr/sbin")
    assert program, "haproxy is missing (Debian has it)"
    with socket.create_server(("127.0.0.1", 0)) as free:
        outside = free.getsockname()[1]
    with tempfile.TemporaryDirectory() as folder:
        file = pathlib.Path(folder, "haproxy.cfg")
        file.write_text(CONFIGURATION.format(outside=outside, inside=inside))
        process = subprocess.Popen([program, "-db", "-f", file], stderr=subprocess.DEVNULL)
        try:
            until = time.monotonic() + 20
            while True:
                with contextlib.suppress(ConnectionRefusedError):
                    socket.create_connection(("127.0.0.1", outside)).close()
                    break
                assert process.poll() is None and time.monotonic() < until, "haproxy did not start"
                time.sleep(0.05)
            yield outside
        finally:
            process.terminate()
            process.wait(timeout=30)


def smuggling(base):
    inside = int(base.rstrip("/").rsplit(":", 1)[1])
    bystander = b"GET /health/live HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
    seen, wrong = {}, []
    with proxy(inside) as outside:
        for name, request, may_be_in_order in attacks():
            for port in (inside, outside):
                try:
                    status = answer(port, request)
                except TimeoutError:
                    status = "no answer"
                seen[status] = seen.get(status, 0) + 1
                good = status == 503 or (isinstance(status, int) and 400 <= status < 500)
                if not good and not (may_be_in_order and status == 200):
                    wrong.append((name, "proxy" if port == outside else "direct", status))
                others = {answer(port, bystander) for _ in range(3)}
                if others != {200}:
                    wrong.append((name, "bystanders got", others))
    print(f"        by status {seen}")
    assert not wrong, wrong
