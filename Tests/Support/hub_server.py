"""A small server that speaks the Hugging Face hub's protocol for the tests, with faults on demand.

    python hub_server.py ROOT PORT_FILE CERTIFICATE KEY

ROOT/OWNER/NAME/FILE are the repositories. PORT_FILE is written once the server listens; it holds four ports: the hub's, that
of the host that large files are stored on, that of a proxy, and that of the hub with TLS. A path may begin with /fault/MODE;
see `Handler`. /log tells what was asked for, as JSON.

The proxy knows one name that nobody else knows, hub.test, and wants the password of PASSWORD where its user is `known`.
"""

import base64
import email.utils
import gzip
import hashlib
import json
import socket
import ssl
import sys
import threading
import time
import urllib.parse
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

ROOT = Path(sys.argv[1])
LOG: list[dict] = []
COUNTS: dict[str, int] = {}
PORTS: list[int] = []
LARGE = 100_000  # from so many bytes on, a file is stored elsewhere
SECRET = "Signature=c2lnbmVk"  # of addresses that only who was redirected knows


def git_hash(data: bytes) -> str:
    return hashlib.sha1(b"blob %d\0" % len(data) + data).hexdigest()


def is_large(path: Path) -> bool:
    return path.stat().st_size >= LARGE


def files_of(repository: Path) -> list[Path]:
    return sorted(p for p in repository.rglob("*") if p.is_file())


def commit(repository: Path) -> str:
    names = [f"{p.relative_to(repository)} {hashlib.sha256(p.read_bytes()).hexdigest()}" for p in files_of(repository)]
    return hashlib.sha1("\n".join(names).encode()).hexdigest()


def is_first(key: str, times: int = 1) -> bool:
    COUNTS[key] = COUNTS.get(key, 0) + 1
    return COUNTS[key] <= times


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def do_GET(self):
        self.mode, path = "none", self.path
        if path == "/log":
            return self.answer(200, json.dumps(LOG).encode())
        if path.startswith("/fault/"):
            _, _, self.mode, path = path.split("/", 3)
            path = "/" + path
        self.is_elsewhere = self.server.server_address[1] == PORTS[1]
        LOG.append({
            "method": self.command, "path": path, "range": self.headers.get("Range"), "elsewhere": self.is_elsewhere,
            "token": self.headers.get("Authorization"), "proxied": False,
        })
        address = urllib.parse.urlsplit(path)
        parts = [urllib.parse.unquote(part) for part in address.path.strip("/").split("/")]
        if self.fault(path):
            return
        if self.is_elsewhere and parts[0] == "stored":
            return self.stored(parts, address.query)
        if parts[:2] == ["api", "models"]:
            return self.api(parts[2:], urllib.parse.parse_qs(address.query))
        if parts[:2] == ["api", "resolve-cache"]:
            return self.content(ROOT / "/".join(parts[3:5]) / "/".join(parts[6:]))
        if "resolve" in parts:
            return self.resolve(ROOT / parts[0] / parts[1], "/".join(parts[4:]))
        self.answer(404, b"")

    do_HEAD = do_GET

    # What is asked for.

    def api(self, parts: list[str], query: dict):
        repository = ROOT / parts[0] / parts[1]
        if not repository.is_dir():
            return self.refuse(404 if self.headers.get("Authorization") else 401, "RepoNotFound", "Repository not found")
        if parts[3] == "nope":
            return self.refuse(404, "RevisionNotFound", "Invalid rev id: nope")
        entries = [self.entry(repository, path) for path in files_of(repository)]
        if parts[2] == "tree":
            return self.tree(entries, query)
        siblings = []
        for entry in entries:
            sibling = {"rfilename": entry["path"]}
            if "blobs" in query and self.mode not in ("tree-only", "no-sizes"):
                sibling |= {"size": entry["size"], "blobId": entry["oid"]}
                if "lfs" in entry:
                    sibling["lfs"] = {"sha256": entry["lfs"]["oid"], "size": entry["lfs"]["size"], "pointerSize": 134}
            siblings.append(sibling)
        if self.mode == "evil-names":
            siblings += [{"rfilename": name} for name in ("../../evil.json", "/etc/passwd", "model-00001-of-2\n.safetensors")]
        body = {"id": f"{parts[0]}/{parts[1]}", "sha": commit(repository), "siblings": siblings}
        self.text(json.dumps(body).encode())

    def entry(self, repository: Path, path: Path) -> dict:
        data = path.read_bytes()
        size = 9223372036854775807 if self.mode == "odd-sizes" else len(data)
        entry = {"type": "file", "path": str(path.relative_to(repository)), "size": size, "oid": git_hash(data)}
        if is_large(path):
            entry["lfs"] = {"oid": hashlib.sha256(data).hexdigest(), "size": size, "pointerSize": 134}
        if self.mode == "wrong-hash":
            entry["oid"] = "0" * 40
        if self.mode == "no-sizes":
            del entry["size"], entry["oid"]
            entry.pop("lfs", None)
        return entry

    def tree(self, entries: list[dict], query: dict):
        if "recursive" not in query:
            entries = []
        if self.mode != "tree-only":
            return self.text(json.dumps(entries).encode())
        # Pages of three; the links lead to the hub that a mirror mirrors.
        start, headers = int(query.get("cursor", ["0"])[0]), {}
        if start + 3 < len(entries):
            headers["Link"] = f'<https://hub.invalid/api?recursive=true&cursor={start + 3}>; rel="next"'
        self.text(json.dumps(entries[start : start + 3]).encode(), headers)

    def resolve(self, repository: Path, name: str):
        file = repository / name
        if not file.is_file():
            return self.refuse(404, "EntryNotFound", "Entry not found")
        if self.mode == "gated":
            if not self.headers.get("Authorization"):
                return self.refuse(401, "GatedRepo", "Access is restricted. Please log in.")
            return self.refuse(403, "GatedRepo", "You are not in the authorized list.")
        tag = hashlib.sha256(file.read_bytes()).hexdigest() if is_large(file) else git_hash(file.read_bytes())
        if self.mode == "odd-tags":  # as proxy repositories and mirrors tag
            tag = hashlib.md5(file.read_bytes()).hexdigest()
        headers = {"X-Repo-Commit": commit(repository), "ETag": f'W/"{tag}"' if self.mode == "odd-tags" else f'"{tag}"'}
        owner, model = repository.parts[-2:]
        if self.mode == "one-host":
            return self.content(file, headers)
        prefix = f"/fault/{self.mode}" if self.mode != "none" else ""
        if not is_large(file):
            headers["Location"] = f"{prefix}/api/resolve-cache/models/{owner}/{model}/{commit(repository)}/{urllib.parse.quote(name)}"
            return self.answer(307, b"", headers)
        # Relative to whoever was asked, so that what goes through the proxy does so here too.
        host = (self.headers.get("Host") or "127.0.0.1").split(":")[0]
        headers |= {"X-Linked-ETag": f'"{tag}"', "X-Linked-Size": str(file.stat().st_size)}
        headers["Location"] = f"http://{host}:{PORTS[1]}{prefix}/stored/{owner}/{model}/{urllib.parse.quote(name)}?{SECRET}"
        self.answer(302, b"", headers)

    def stored(self, parts: list[str], query: str):
        if self.mode == "blocked":
            return self.answer(403, b"<html>Not allowed by your company</html>")
        if query != SECRET or self.headers.get("Authorization"):
            return self.answer(400, b"<Error/>")
        self.content(ROOT / "/".join(parts[1:]))

    def content(self, file: Path, headers: dict | None = None):
        data = file.read_bytes()
        if self.command == "HEAD":  # as huggingface_hub asks
            return self.answer(200, b"", {"ETag": f'"{git_hash(data)}"', "X-Repo-Commit": commit(file.parent)}, length=len(data))
        if self.mode == "gzip" and not self.is_elsewhere:
            return self.text(data, headers)
        start, status, headers = 0, 200, dict(headers or {})
        asked = self.headers.get("Range")
        if asked and self.mode != "no-ranges":
            start, status = int(asked.removeprefix("bytes=").split("-")[0]), 206
            if self.mode == "other-range":  # a proxy that begins where it likes
                start //= 2
            if start >= len(data):
                return self.answer(416, b"no such range")
            headers["Content-Range"] = f"bytes {start}-{len(data) - 1}/{len(data)}"
        part = data[start:]
        if self.mode == "too-much":
            part += b"more"
        if self.mode == "chunked":
            return self.chunks(status, part, headers)
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(part)))
        self.end_headers()
        # A connection may break after a third of what is left, for good after a kilobyte, or twice.
        third = max(1, len(part) // 3)
        if self.mode == "breaks" or (self.mode in ("no-ranges", "other-range") and is_first(f"break {file} {self.mode}", 2)):
            self.wfile.write(part[:third])
            return self.shut()
        if self.mode == "resets" and is_first(f"reset {file}", 2):
            self.wfile.write(part[:third])
            self.wfile.flush()
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
            self.close_connection = True
            return self.connection.close()
        if self.mode == "too-little":
            self.wfile.write(part[: max(0, 1024 - start)])
            return self.shut()
        if self.mode == "slow":
            for at in range(0, len(part), 8192):
                self.wfile.write(part[at : at + 8192])
                self.wfile.flush()
                time.sleep(0.002)
            return
        self.wfile.write(part)

    # What goes wrong.

    def fault(self, path: str) -> bool:
        """Whether the request was answered with a fault already."""
        mode, token = self.mode, self.headers.get("Authorization")
        if mode.isdigit():
            self.answer(int(mode), b"{}")
        elif mode == "odd-waits" and is_first(mode + path):
            self.answer(429, b"{}", {"Retry-After": "-1e300", "RateLimit": '"api";r=9;t=99999'})
        elif mode == "429-once" and is_first(mode + path):
            self.answer(429, b"{}", {"Retry-After": "0"})
        elif mode == "500-twice" and ("/resolve/" in path or "/revision/" in path) and is_first(mode + path, 2):
            self.answer(500, b"{}")
        elif mode == "date-once" and is_first(mode):
            self.answer(503, b"", {"Retry-After": email.utils.formatdate(time.time() + 3, usegmt=True)})
        elif mode == "limit-once" and is_first(mode):
            self.answer(429, b"{}", {"RateLimit": '"api";r=0;t=1', "RateLimit-Policy": '"fixed window";"api";q=500;w=300'})
        elif mode == "limit-tomorrow":
            self.answer(429, b"{}", {"Retry-After": "86400"})
        elif mode == "stalls":
            time.sleep(3)
            self.shut()
        elif mode == "stale" and token:
            self.refuse(401, "", "Invalid credentials in Authorization header")
        elif mode == "echoes":  # whoever answers tells all that was sent, everywhere
            sent = " ".join(f"{name}: {value}" for name, value in self.headers.items())
            self.refuse(403, sent, sent, Location=f"http://127.0.0.1/?{SECRET}")
        elif mode == "disabled":
            self.refuse(403, "", "Access to this resource is disabled.")
        elif mode == "moved":  # an endpoint that sends everybody to another host
            self.answer(308, b"", {"Location": f"http://localhost:{PORTS[0]}{path}"})
        elif mode == "renamed":  # a repository with another name, and a hub that forgets what was asked of it
            self.answer(307, b"", {"Location": urllib.parse.urlsplit(path).path})
        elif mode == "nonsense" and path.startswith("/api"):
            self.answer(200, b"<html>it works</html>")
        elif mode == "endless" and path.startswith("/api"):
            self.text(b" " * (64 << 20))
        elif mode == "lost-list" and path.startswith("/api") and is_first(mode):
            self.send_response(200)
            self.send_header("Content-Length", "1000")
            self.end_headers()
            self.wfile.write(b'{"sha":')
            self.shut()
        else:
            return False
        return True

    def refuse(self, status: int, code: str, message: str, **headers: str):
        self.answer(status, json.dumps({"error": message}).encode(), {"X-Error-Code": code, "X-Error-Message": message, **headers})

    # How it is sent.

    def text(self, body: bytes, headers: dict | None = None):
        """As CloudFront sends it where compression is allowed, and some mirrors where it is not."""
        if self.mode not in ("gzip", "endless"):
            return self.answer(200, body, headers)
        self.chunks(200, gzip.compress(body, 1), {"Content-Encoding": "gzip", **(headers or {})})

    def chunks(self, status: int, body: bytes, headers: dict):
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        for at in range(0, len(body), 30_000):
            part = body[at : at + 30_000]
            self.wfile.write(b"%x\r\n%s\r\n" % (len(part), part))
        self.wfile.write(b"0\r\n\r\n")

    def answer(self, status: int, body: bytes, headers: dict | None = None, length: int | None = None):
        self.send_response(status)
        for name, value in (headers or {}).items():
            if value:
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(body) if length is None else length))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def shut(self):
        self.wfile.flush()
        self.close_connection = True


class ProxyHandler(BaseHTTPRequestHandler):
    """A proxy that connects, as those of companies do."""

    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def do_CONNECT(self):
        sent = self.headers.get("Proxy-Authorization")
        LOG.append({"method": "CONNECT", "path": self.path, "range": None, "elsewhere": False, "token": sent, "proxied": True})
        host, _, port = self.path.rpartition(":")
        if sent and base64.b64decode(sent.removeprefix("Basic ")) != b"known:p@ss":
            return self.end(407)
        if host == "forbidden.test":
            return self.end(403)
        try:
            other = socket.create_connection(("127.0.0.1" if host == "hub.test" else host, int(port)), 5)
        except OSError:
            return self.end(502)
        self.send_response(200)
        self.end_headers()
        threading.Thread(target=self.pass_on, args=(other, self.connection), daemon=True).start()
        self.pass_on(self.connection, other)
        self.close_connection = True

    def end(self, status: int):
        self.send_response(status)
        self.send_header("Content-Length", "0")
        self.end_headers()

    @staticmethod
    def pass_on(source: socket.socket, sink: socket.socket):
        try:
            while data := source.recv(65536):
                sink.sendall(data)
            sink.shutdown(socket.SHUT_WR)
        except OSError:
            pass


class Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_):
        pass  # Clients that are killed, and those that do not trust the certificate.


def main() -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(sys.argv[3], sys.argv[4])
    servers = [Server(("127.0.0.1", 0), handler) for handler in (Handler, Handler, ProxyHandler, Handler)]
    servers[3].socket = context.wrap_socket(servers[3].socket, server_side=True, do_handshake_on_connect=False)
    PORTS.extend(server.server_address[1] for server in servers)
    for server in servers[1:]:
        threading.Thread(target=server.serve_forever, daemon=True).start()
    partial = Path(sys.argv[2] + ".partial")
    partial.write_text(" ".join(map(str, PORTS)))
    partial.rename(sys.argv[2])
    servers[0].serve_forever()


if __name__ == "__main__":
    main()
