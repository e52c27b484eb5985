"""Tries the files of deploy/ with the programs that they are for, in front of a real `blip serve`: nginx, Caddy,
Prometheus' promtool, systemd, and the schemas of Compose and Kubernetes.

usage: deploy_files.py BLIP
"""

import contextlib
import http.client
import json
import os
import pathlib
import re
import shutil
import socket
import ssl
import subprocess
import sys
import tempfile
import time
import zlib

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
DEPLOY = ROOT / "deploy"
PICTURE = (ROOT / "Samples/four-dogs.png").read_bytes()
NAME = "blip.example.org"
FORWARDED = "203.0.113.7"


def main():
    program = str(pathlib.Path(sys.argv[1]).resolve())
    with tempfile.TemporaryDirectory() as work, contextlib.ExitStack() as ends:
        work = pathlib.Path(work)
        port, management = free_port(), free_port()
        ends.enter_context(running(
            [program, "serve", "--port", str(port), "--management-port", str(management), "--server-name", NAME,
             "--trusted-proxy", "127.0.0.1", "--idle-seconds", "150"], work / "blip.log", management))
        certificate(work)
        for name, start in {"nginx": nginx, "caddy": caddy}.items():
            if not found(name):
                check(f"{name} is not installed", False)
                continue
            front = free_port()
            folder = work / name
            folder.mkdir()
            with start(folder, work, port, front):
                proxy(name, front)
        check("nginx: the log has the client's address", FORWARDED in (work / "blip.log").read_text())
        monitoring(work, management)
    schemas()
    unit()
    print("all files of deploy/ work" if not failed else f"{len(failed)} failed: {failed}")
    sys.exit(bool(failed))


def nginx(folder, work, port, front):
    text = (DEPLOY / "nginx/swift-blip.conf").read_text()
    text = text.replace("127.0.0.1:8080", f"127.0.0.1:{port}").replace("listen 443", f"listen 127.0.0.1:{front}")
    text = text.replace("/etc/ssl/certs/blip.pem", f"{work}/blip.pem").replace("/etc/ssl/private/blip.key", f"{work}/blip.key")
    (folder / "nginx.conf").write_text(
        f"daemon off; pid {folder}/pid; error_log {folder}/error.log;\nevents {{}}\nhttp {{\n access_log off;\n"
        + "".join(f" {kind}_temp_path {folder}/{kind};\n" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
        + f"{text}\n}}\n")
    if os.getuid() == 0:  # Its workers would be others, who may not read this folder.
        (folder / "nginx.conf").write_text("user root;\n" + (folder / "nginx.conf").read_text())
    return running([found("nginx"), "-c", str(folder / "nginx.conf")], folder / "log", front)


def caddy(folder, work, port, front):
    text = (DEPLOY / "caddy/Caddyfile").read_text().replace("127.0.0.1:8080", f"127.0.0.1:{port}")
    text = text.replace(f"{NAME} {{", f"https://{NAME}:{front} {{\n\ttls {work}/blip.pem {work}/blip.key")
    (folder / "Caddyfile").write_text("{\n\tadmin off\n\tauto_https disable_redirects\n}\n" + text)
    return running([found("caddy"), "run", "--adapter", "caddyfile", "--config", str(folder / "Caddyfile")],
                   folder / "log", front, XDG_DATA_HOME=str(folder), XDG_CONFIG_HOME=str(folder))


def proxy(name, port):
    status, body = ask(port, "/v1/captions", PICTURE)
    check(f"{name}: a caption", status == 200 and b"four dogs" in body)
    status, body = ask(port, "/v1/captions", noise(20 << 20))
    check(f"{name}: a picture of 20 MiB", status == 200 and b"caption" in body)
    status, _ = ask(port, "/v1/captions", noise(40 << 20))
    check(f"{name}: a body of 40 MiB is refused ({status})", status == 413)
    answers = {ask(port, "/v1/captions", PICTURE)[0] for _ in range(20)}
    check(f"{name}: 20 more", answers == {200})
    check(f"{name}: a stream comes in pieces", pieces(port) >= 3)
    check(f"{name}: metrics for this machine", ask(port, "/metrics")[0] == 200)
    check(f"{name}: metrics for nobody else", ask(port, "/metrics", source="127.0.0.2")[0] == 403)
    check(f"{name}: the page", b"<html" in ask(port, "/")[1])


def connection(port, source=None):
    trust = ssl.create_default_context()
    trust.check_hostname, trust.verify_mode = False, ssl.CERT_NONE
    plain = socket.create_connection(("127.0.0.1", port), timeout=120, source_address=(source, 0) if source else None)
    client = http.client.HTTPSConnection(NAME, port)
    client.sock = trust.wrap_socket(plain, server_hostname=NAME)
    return client


def ask(port, path, body=None, source=None):
    client = connection(port, source)
    try:
        client.request("POST" if body else "GET", path, body,
                       {"Content-Type": "image/png", "X-Forwarded-For": FORWARDED} if body else {})
    except (BrokenPipeError, ConnectionResetError, ssl.SSLError):
        pass  # Refused before all was sent; the answer is there.
    try:
        reply = client.getresponse()
        return reply.status, reply.read()
    except (ConnectionResetError, http.client.HTTPException, ssl.SSLError):
        return 0, b""
    finally:
        client.close()


def pieces(port):
    import base64
    picture = "data:image/png;base64," + base64.b64encode(PICTURE).decode()
    client = connection(port)
    client.request("POST", "/v1/chat/completions", json.dumps({"model": "demo", "stream": True, "messages": [
        {"role": "user", "content": [{"type": "text", "text": "Describe this picture."},
                                     {"type": "image_url", "image_url": {"url": picture}}]}]}),
                   {"Content-Type": "application/json"})
    reply, count = client.getresponse(), 0
    while reply.read1(65536):
        count += 1
    client.close()
    return count


def monitoring(work, port):
    with contextlib.closing(http.client.HTTPConnection("127.0.0.1", port)) as client:
        client.request("GET", "/metrics")
        metrics = client.getresponse().read().decode()
    promtool = found("promtool")
    if not promtool:
        check("promtool is not installed", False)
        return
    done = subprocess.run([promtool, "check", "metrics"], input=metrics, capture_output=True, text=True)
    check("promtool check metrics " + done.stdout + done.stderr, done.returncode == 0 and not done.stdout + done.stderr)
    folder = DEPLOY / "monitoring"
    for words in (["check", "rules", "alerts.yaml"], ["check", "config", "prometheus.yaml"], ["test", "rules", "alerts-test.yaml"]):
        check(f"promtool {' '.join(words)}", run([promtool, *words], folder))
    dashboard = json.loads((folder / "grafana-dashboard.json").read_text())
    expressions = [target["expr"].replace("$__rate_interval", "5m").replace("$instance", ".*")
                   for panel in dashboard["panels"] for target in panel["targets"]]
    rules = {"groups": [{"name": "dashboard", "rules": [
        {"record": f"panel:{n}", "expr": expression} for n, expression in enumerate(expressions)]}]}
    (work / "dashboard.yaml").write_text(json.dumps(rules))
    check("promtool reads the dashboard's expressions", run([promtool, "check", "rules", str(work / "dashboard.yaml")], work))
    known = metrics + (ROOT / "Sources/BLIP/Monitoring/Metrics.swift").read_text()
    asked = set(re.findall(r"\b(?:blip|process)_\w+", " ".join(expressions) + (folder / "alerts.yaml").read_text()))
    unknown = {name for name in asked if re.sub("_(bucket|sum|count)$", "", name) not in known}
    check(f"the server has what the dashboard and alerts ask for {unknown or ''}", not unknown)


def schemas():
    import kubernetes_validate
    import yaml
    checker = pathlib.Path(sys.executable).parent / "check-jsonschema"
    check("compose.yaml fits Compose's schema", run(
        [str(checker), "--builtin-schema", "vendor.compose-spec", "compose.yaml"], DEPLOY))
    for path in sorted((DEPLOY / "kubernetes").glob("*.yaml")):
        for document in yaml.safe_load_all(path.read_text()):
            try:
                kubernetes_validate.validate(document, "1.31", strict=True)
                problem = ""
            except Exception as error:
                problem = str(error)
            check(f"{path.name}: {document['kind']} {problem}", not problem)
    application = yaml.safe_load((DEPLOY / "home-assistant/config.yaml").read_text())
    needed = {"name", "version", "slug", "description", "arch"}
    check("home-assistant/config.yaml has what it must", needed <= application.keys())


def unit():
    if not found("systemd-analyze"):
        return
    with tempfile.TemporaryDirectory() as folder:
        # Its program need not be installed here.
        text = (DEPLOY / "debian/swift-blip.service").read_text().replace("/usr/bin/blip", "/bin/true")
        path = pathlib.Path(folder) / "swift-blip.service"
        path.write_text(text)
        done = subprocess.run(["systemd-analyze", "verify", "--man=no", str(path)], capture_output=True, text=True)
        problems = [line for line in done.stderr.splitlines() if "swift-blip" in line]
        check(f"systemd-analyze verify {problems or ''}", not problems)
        done = subprocess.run(["systemd-analyze", "security", "--offline=true", str(path)], capture_output=True, text=True)
        level = re.search(r"exposure level for swift-blip.service: ([\d.]+)", done.stdout)
        check(f"systemd-analyze security: {level and level[1]}, 0 is best", level and float(level[1]) < 3)


failed = []


def check(what, holds):
    print(("ok    " if holds else "FAILED"), what, flush=True)
    if not holds:
        failed.append(what)


def run(command, folder):
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True)
    if done.returncode:
        print(done.stdout + done.stderr)
    return done.returncode == 0


def found(program):
    return shutil.which(program, path=os.environ["PATH"] + ":/usr/sbin")


@contextlib.contextmanager
def running(command, log, port, **environment):
    """Runs a program until the block ends; goes on once it takes connections."""
    with open(log, "w") as out:
        process = subprocess.Popen(command, stdout=out, stderr=out, env={**os.environ, **environment})
    try:
        while process.poll() is None:
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
                break
            time.sleep(0.1)
        if process.poll() is not None:
            sys.exit(f"{command[0]} ended: {log.read_text()}")
        yield process
    finally:
        process.terminate()
        process.wait(60)


def free_port():
    with socket.socket() as any_port:
        any_port.bind(("127.0.0.1", 0))
        return any_port.getsockname()[1]


def certificate(folder):
    subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", f"/CN={NAME}",
                    "-addext", f"subjectAltName=DNS:{NAME}", "-keyout", folder / "blip.key", "-out", folder / "blip.pem"],
                   check=True, capture_output=True)


def noise(size):
    """A PNG of about so many bytes that nothing makes smaller."""
    width, height = 3000, size // 9000
    rows = b"".join(b"\0" + os.urandom(width * 3) for _ in range(height))

    def chunk(kind, data):
        return len(data).to_bytes(4, "big") + kind + data + zlib.crc32(kind + data).to_bytes(4, "big")
    header = width.to_bytes(4, "big") + height.to_bytes(4, "big") + bytes([8, 2, 0, 0, 0])
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows, 0)) + chunk(b"IEND", b"")


main()
