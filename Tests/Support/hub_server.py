"""A small server that speaks the Hugging Face hub's protocol for the tests, with faults on demand.

    python hub_server.py ROOT PORT_FILE

ROOT/OWNER/NAME/FILE are the repositories. PORT_FILE is written once the server listens: its port, and a second port that
stands for the host that large files are stored on. A path may begin with /fault/MODE; see `Handler.fault`. /log tells
what was asked for, as JSON.
"""

import hashlib
import json
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

ROOT = Path(sys.argv[1])
LOG: list[dict] = []
COUNTS: dict[str, int] = {}
PORTS: list[int] = []
LARGE = 100_000  # from so many bytes on, a file is stored elsewhere


def etag(path: Path) -> str:
    data = path.read_bytes()
    if len(data) >= LARGE:
        return hashlib.sha256(data).hexdigest()
    return hashlib.sha1(b"blob %d\0" % len(data) + data).hexdigest()


def commit(repository: Path) -> str:
    names = sorted(str(p.relative_to(repository)) + etag(p) for p in repository.rglob("*") if p.is_file())
    return hashlib.sha1("".join(names).encode()).hexdigest()


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def do_HEAD(self):
        self.handle_request()

    def do_GET(self):
        self.handle_request()

    def handle_request(self):
        path, mode = self.path, "none"
        if path == "/log":
            return self.answer(200, json.dumps(LOG).encode())
        if path.startswith("/fault/"):
            _, _, mode, path = path.split("/", 3)
            path = "/" + path
        port = self.server.server_address[1]
        LOG.append({
            "method": self.command, "path": path, "range": self.headers.get("Range"), "elsewhere": port == PORTS[1],
            "token": self.headers.get("Authorization"),
        })
        parts = path.strip("/").split("/")
        if self.fault(mode, path):
            return
        if parts[:2] == ["api", "models"]:
            repository = ROOT / parts[2] / parts[3]
            if not repository.is_dir():
                return self.answer(404, b"{}")
            files = sorted(str(p.relative_to(repository)) for p in repository.rglob("*") if p.is_file())
            if parts[4] == "tree":
                sizes = {name: (repository / name).stat().st_size for name in files}
                listed = [{"type": "file", "path": n, "size": s, "oid": etag(repository / n)} for n, s in sizes.items()]
                return self.answer(200, json.dumps(listed).encode())
            if mode == "evil-names":
                files += ["../../evil.json", "/etc/passwd", "model-00001-of-2\n.safetensors"]
            body = {"id": f"{parts[2]}/{parts[3]}", "sha": commit(repository), "siblings": [{"rfilename": name} for name in files]}
            return self.answer(200, json.dumps(body).encode())
        if "resolve" in parts:
            file = ROOT / parts[0] / parts[1] / "/".join(parts[4:])
            if not file.is_file():
                return self.answer(404, b"")
            return self.resolve(file, mode)
        if parts[0] == "stored":
            return self.content(ROOT / "/".join(parts[1:]), mode)
        self.answer(404, b"")

    def resolve(self, file: Path, mode: str):
        repository = ROOT / file.relative_to(ROOT).parts[0] / file.relative_to(ROOT).parts[1]
        tag = etag(file) if mode != "wrong-hash" else "0" * len(etag(file))
        size = file.stat().st_size
        headers = {"X-Repo-Commit": commit(repository), "ETag": f'"{tag}"'}
        if size < LARGE:
            if self.command == "HEAD":
                return self.answer(200, b"", headers, length=size)
            return self.content(file, mode, headers)
        prefix = f"/fault/{mode}" if mode != "none" else ""
        location = f"http://127.0.0.1:{PORTS[1]}{prefix}/stored/{file.relative_to(ROOT)}"
        headers |= {"X-Linked-ETag": f'"{tag}"', "X-Linked-Size": str(size), "Location": location}
        self.answer(302, b"", headers)

    def content(self, file: Path, mode: str, headers: dict | None = None):
        data = file.read_bytes()
        start, status = 0, 200
        asked = self.headers.get("Range")
        if asked and mode != "no-ranges":
            start, status = int(asked.removeprefix("bytes=").split("-")[0]), 206
        part = data[start:]
        if mode == "too-much":
            part += b"more"
        self.send_response(status)
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(part)))
        self.end_headers()
        if self.command == "HEAD":
            return
        if mode == "breaks":  # every connection breaks after a third of what is left
            self.wfile.write(part[: max(1, len(part) // 3)])
            return self.shut()
        if mode == "too-little":  # nothing more ever comes than the first kilobyte
            self.wfile.write(part[: max(0, 1024 - start)])
            return self.shut()
        if mode == "slow":
            for at in range(0, len(part), 8192):
                self.wfile.write(part[at : at + 8192])
                self.wfile.flush()
                time.sleep(0.002)
            return
        self.wfile.write(part)

    def fault(self, mode: str, path: str) -> bool:
        """Whether the request was answered with a fault already."""
        if mode.isdigit():
            self.answer(int(mode), b"{}")
            return True
        if mode == "odd-headers":  # numbers that no clock and no disk can hold
            COUNTS[path] = COUNTS.get(path, 0) + 1
            if COUNTS[path] == 1:
                self.answer(429, b"{}", {"Retry-After": "-1e300"})
                return True
            if "resolve" in path:
                self.answer(200, b"", {"ETag": "0" * 40, "X-Linked-Size": "9223372036854775807"})
                return True
        if mode in ("429-once", "500-twice"):
            COUNTS[mode + path] = COUNTS.get(mode + path, 0) + 1
            status, times = (429, 1) if mode == "429-once" else (500, 2)
            if COUNTS[mode + path] <= times:
                self.answer(status, b"{}", {"Retry-After": "0"})
                return True
        if mode == "stalls":
            time.sleep(3)
            self.shut()
            return True
        if mode == "nonsense" and path.startswith("/api"):
            self.answer(200, b"<html>it works</html>")
            return True
        return False

    def answer(self, status: int, body: bytes, headers: dict | None = None, length: int | None = None):
        self.send_response(status)
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body) if length is None else length))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def shut(self):
        self.wfile.flush()
        self.close_connection = True


def main() -> None:
    servers = [ThreadingHTTPServer(("127.0.0.1", 0), Handler) for _ in range(2)]
    PORTS.extend(server.server_address[1] for server in servers)
    for server in servers:
        server.daemon_threads = True
    threading.Thread(target=servers[1].serve_forever, daemon=True).start()
    partial = Path(sys.argv[2] + ".partial")
    partial.write_text(f"{PORTS[0]} {PORTS[1]}")
    partial.rename(sys.argv[2])
    servers[0].serve_forever()


if __name__ == "__main__":
    main()
