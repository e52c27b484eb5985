"""Where events go: a real broker (mosquitto) that ends and comes back, a webhook that is away, refuses and comes back, pictures.

usage: watch_mqtt.py BLIP
"""

import collections
import contextlib
import hashlib
import hmac
import http.server
import json
import os
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request

from watch_house import PATIENCE, SAMPLES, Broker, Camera, Reader, Watch, configuration, free_port, run_checks, serving, wait_until

PICTURES = ("four-dogs.png", "three-pigs.png", "car-above-star.png")
STATES = {"four-dogs.png": "dogs", "three-pigs.png": "pigs", "car-above-star.png": "car"}


def changes(watch, pictures):
    """Shows one after another, and waits until each is told."""
    for picture in pictures:
        count = len(watch.events)
        Camera.picture = picture
        watch.wait_for_state(STATES[picture], count)


def broker_is_told(blip, folder):
    """States, attributes, events and pictures; commands; credentials; the last will."""
    passwords = folder / "passwords"
    subprocess.run(["mosquitto_passwd", "-b", "-c", passwords, "blip", "hush-word"], check=True)
    with serving(Camera) as address, Broker(folder, "allow_anonymous false", f"password_file {passwords}") as broker, \
            Reader(broker.port, "-u", "blip", "-P", "hush-word") as reader:
        Camera.picture = PICTURES[0]
        file = configuration(folder, address, f"mqtt: {{host: 127.0.0.1, port: {broker.port}, user: blip, password: '${{WORD}}'}}\n")
        with Watch(blip, file, WORD="hush-word") as watch:
            reader.wait_for("blip/status", lambda p: p == b"online")
            _, _, entity, _ = reader.wait_for("homeassistant/binary_sensor/blip/yard-dogs/config")
            assert json.loads(entity)["state_topic"] == "blip/yard/sensor/dogs"
            reader.wait_for("blip/yard/sensor/dogs", lambda p: p == b"yes")
            _, _, attributes, _ = reader.wait_for("blip/yard/sensor/dogs/attributes")
            assert json.loads(attributes)["question"] == "are there dogs?" and json.loads(attributes)["probability"] > 0.5
            reader.wait_for("blip/yard/picture", lambda p: p[:2] == b"\xff\xd8")
            changes(watch, PICTURES[1:2])
            reader.wait_for("blip/yard/event", lambda p: json.loads(p)["state"] == "pigs" and json.loads(p)["event_type"] == "thing")

            def command(topic, text):
                broker.publish(topic, text, "-u", "blip", "-P", "hush-word")
            command("blip/yard/paused/set", "ON")
            reader.wait_for("blip/yard/paused", lambda p: p == b"ON")
            count = len(watch.events)
            Camera.picture = PICTURES[0]
            time.sleep(2)
            assert len(watch.events) == count, "asked although it is paused"
            command("blip/yard/paused/set", "OFF")
            reader.wait_for("blip/yard/sensor/thing", lambda p: p == b"dogs")
            command("blip/yard/ask", "PRESS")
            listed = subprocess.run(["ps", "axww", "-o", "args"], capture_output=True, text=True).stdout
            assert "hush-word" not in watch.errors() + "".join(watch.lines) and "blip watch hush-word" not in listed
            watch.process.kill()
            reader.wait_for("blip/status", lambda p: p == b"offline")
        with Watch(blip, file, WORD="hush-word") as watch:
            reader.wait_for("blip/status", lambda p: p == b"online")
            watch.end()
            reader.wait_for("blip/status", lambda p: p == b"offline")
        with Watch(blip, file, WORD="wrong-word") as watch:
            wait_until("that the broker refuses", lambda: "check user, password" in watch.errors())
            watch.wait_for_state("dogs")
            assert "wrong-word" not in watch.errors()


def broker_goes_and_comes(blip, folder):
    """A broker that ends, comes back, and is stalled: each event arrives, and once."""
    with serving(Camera) as address, Broker(folder) as broker, Reader(broker.port, topic="blip/+/event") as reader:
        Camera.picture = PICTURES[0]
        file = configuration(folder, address, f"mqtt: {{host: 127.0.0.1, port: {broker.port}, keep_alive: 4s}}\n")
        with Watch(blip, file) as watch:
            watch.wait_for_state("dogs")
            for _ in range(3):
                changes(watch, PICTURES[1:2])
                broker.stop()
                changes(watch, (PICTURES[2], PICTURES[0]))
                broker.start()
                changes(watch, PICTURES[1:])
            broker.process.send_signal(signal.SIGSTOP)
            changes(watch, (PICTURES[0], PICTURES[1]))
            wait_until("that the broker is silent", lambda: "does not answer" in watch.errors())
            broker.process.send_signal(signal.SIGCONT)
            changes(watch, PICTURES[2:])
            told = {(e["sensor"], e["time"]) for e in watch.events}
            got = collections.Counter()
            while set(got) < told:
                _, _, payload, _ = reader.wait_for("blip/yard/event")
                event = json.loads(payload)
                assert event["id"] == f"{event['sensor']}@{event['time']}"
                got[event["sensor"], event["time"]] += 1
            again = sum(got.values()) - len(got)
            # On a busy machine connections break that were meant to stand.
            breaks = watch.errors().count("The broker 127.0.0.1:")
            print(f"  {len(told)} events told, {len(got)} arrived, {again} of them again; {breaks} connections broke")
            assert set(got) == told and again <= 2 * breaks
            watch.end()


class Receiver(http.server.BaseHTTPRequestHandler):
    """A webhook's receiver that checks signatures."""
    secret, status, events = b"sign-word", 200, []

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        wanted = "sha256=" + hmac.new(self.secret, body, hashlib.sha256).hexdigest()
        good = hmac.compare_digest(self.headers.get("X-Blip-Signature", ""), wanted)
        if good and self.status == 200:
            Receiver.events.append((self.headers["X-Blip-Event"], json.loads(body)))
        self.send_response(self.status if good else 401)
        self.end_headers()

    def log_message(self, *_):
        pass


def webhook_is_told(blip, folder):
    """A webhook that is away, refuses and comes back; the queue outlives the program."""
    secret = folder / "secret"
    secret.write_text("sign-word\n")
    port = free_port()
    with serving(Camera) as address:
        Camera.picture = PICTURES[0]
        file = configuration(folder, address, f"webhook: {{url: 'http://127.0.0.1:{port}/hook?token=t0ken', secret_file: secret}}\n")
        told = []
        with Watch(blip, file) as watch:
            watch.wait_for_state("dogs")
            changes(watch, PICTURES[1:])
            wait_until("that nobody is there", lambda: "cannot be reached" in watch.errors())
            told += watch.events
            watch.process.kill()
            watch.process.wait()
            assert "t0ken" not in watch.errors() and "sign-word" not in watch.errors()
        kept = list((folder / "house.yaml.webhook-queue").glob("event-*.json"))
        assert len(kept) >= len(told), kept
        server = http.server.ThreadingHTTPServer(("127.0.0.1", port), Receiver)
        import threading
        threading.Thread(target=server.serve_forever, daemon=True).start()
        Receiver.status, Receiver.events = 503, []
        with Watch(blip, file) as watch:
            wait_until("that it answers with 503", lambda: "status 503" in watch.errors())
            changes(watch, PICTURES[:2])
            Receiver.status = 200
            told += watch.events
            wait_until("all events", lambda: {f"{e['sensor']}@{e['time']}" for e in told} <= {i for i, _ in Receiver.events})
            watch.end()
            told += watch.events[len(told):]
        ids = [i for i, _ in Receiver.events]
        assert len(ids) == len(set(ids)), "told twice"
        times = [body["time"] for _, body in Receiver.events if "sensor" in body]
        assert times == sorted(times), "out of order"
        assert not list((folder / "house.yaml.webhook-queue").glob("event-*.json"))
        print(f"  {len(ids)} events, each once and in their order")
        server.shutdown()


def pictures_are_kept(blip, folder):
    """Pictures with words within their limits; where the disk is full, one sentence, and all else goes on."""
    with serving(Camera) as address:
        Camera.picture = PICTURES[0]
        kept = folder / "pictures"
        file = configuration(folder, address, f"pictures: {{folder: {kept}, max_megabytes: 1}}\n")
        (kept / "2020-01-01").mkdir(parents=True)
        old, foreign = kept / "2020-01-01" / "120000.000-dogs-yes.jpg", kept / "2020-01-01" / "mine.jpg"
        for path in (old, foreign):
            path.write_bytes(b"x" * 100)
        with Watch(blip, file) as watch:
            watch.wait_for_state("dogs")
            changes(watch, PICTURES[1:])
            wait_until("the pictures", lambda: len(list(kept.glob("2[0-9]*/*-thing-*.jpg"))) >= 3)
            watch.end()
        assert not old.exists() and foreign.exists()
        sizes = [p.stat().st_size for p in kept.glob("*/*.jpg")]
        assert sum(sizes) <= 1_000_000, sizes
        if os.geteuid() != 0:
            print("  no full disk was tried: that needs root")
            return
        small = folder / "small"
        small.mkdir()
        subprocess.run(["mount", "-t", "tmpfs", "-o", "size=16k", "tmpfs", small], check=True)
        try:
            (small / "fill").write_bytes(b"x" * 12_000)
            file.write_text(file.read_text().replace(str(kept), str(small / "p"))
                            + f"webhook: {{url: 'http://127.0.0.1:{free_port()}/', queue: {small / 'q'}}}\n")
            with Watch(blip, file) as watch:
                watch.wait_for_state("car")
                changes(watch, PICTURES[:2] + PICTURES[2:] + PICTURES[:2])
                wait_until("the sentence", lambda: "has room" in watch.errors())
                assert watch.errors().count("Pictures of events cannot be kept") == 1, watch.errors()
                assert watch.errors().count("cannot be kept on disk") <= 1, watch.errors()
                watch.end()
        finally:
            subprocess.run(["umount", small], check=True)


def metrics_are_served(blip, folder):
    """What `blip serve --watch` tells Prometheus of each camera, by promtool where it is installed."""
    with serving(Camera) as address:
        Camera.picture = PICTURES[0]
        with Watch(blip, configuration(folder, address), command="serve") as served:
            base = wait_until("the server", lambda: served.lines and served.lines[0].rstrip("/"))

            def metrics():
                return urllib.request.urlopen(f"{base}/metrics", timeout=PATIENCE).read().decode()
            wait_until("answers", lambda: 'blip_camera_latency_seconds_count{camera="yard"}' in metrics())
            text = metrics()
            wanted = {name: "counter" for name in ("frames_total", "gated_total", "answers_total", "events_total",
                                                   "failures_total", "restarts_total")}
            for name, kind in {**wanted, "latency_seconds": "histogram", "available": "gauge"}.items():
                name = f"blip_camera_{name}"
                assert f"# TYPE {name} {kind}\n" in text, name
                assert re.search(rf"# HELP {name} [A-Z0-9].*\.\n", text), name
                assert re.search(rf'^{name}(_bucket)?{{camera="yard"[,}}]', text, re.MULTILINE), name
            for gate in ("change", "embedding"):
                assert f'blip_camera_gated_total{{camera="yard",gate="{gate}"}}' in text, gate
            if promtool := shutil.which("promtool"):
                done = subprocess.run([promtool, "check", "metrics"], input=text, capture_output=True, text=True)
                assert done.returncode == 0 and not done.stdout + done.stderr, done
            else:
                print("  promtool is not installed: names and labels alone were checked")
            served.end()


class Frigate(http.server.BaseHTTPRequestHandler):
    """Answers as Frigate's HTTP API does, by its documentation: /api/events/ID/snapshot.jpg and /api/CAMERA/latest.jpg."""

    def do_GET(self):
        path = self.path.split("?")[0]
        known = path in ("/api/events/1718987129.308396-fqk5ka/snapshot.jpg", "/api/front/latest.jpg")
        data = (SAMPLES / "four-dogs.png").read_bytes() if known else b"{}"
        self.send_response(200 if known else 404)
        self.send_header("Content-Type", "image/jpeg")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_):
        pass


def frigate_is_answered(blip, folder):
    """The recipes for Frigate: a question about each event's snapshot, and standing questions of the latest frame."""
    def event(identifier, kind):
        after = {"id": identifier, "camera": "front", "label": "dog", "has_snapshot": True, "has_clip": False}
        return json.dumps({"type": kind, "before": after, "after": after})

    recipe = pathlib.Path(__file__).parents[2] / "Examples" / "frigate" / "answer-events"
    with serving(Frigate) as frigate, Broker(folder) as broker, Reader(broker.port, topic="blip/#") as reader:
        file = folder / "frigate.yaml"
        file.write_text(f"cameras:\n  front: {{source: '{frigate}/api/front/latest.jpg'}}\n"
                        f"sensors:\n  dogs: {{ask: 'are there dogs?', every: 200ms}}\nmqtt: {{host: 127.0.0.1, port: {broker.port}}}\n")
        with Watch(blip, file, command="serve") as served:
            address = wait_until("the server", lambda: served.lines and served.lines[0].rstrip("/"))
            reader.wait_for("blip/front/sensor/dogs", lambda p: p == b"yes")
            environment = {**os.environ, "FRIGATE": frigate, "BLIP": address, "BROKER_PORT": str(broker.port),
                           "QUESTION": "how many dogs are there?"}
            script = subprocess.Popen([recipe], env=environment, stderr=subprocess.PIPE, text=True, start_new_session=True)
            try:
                answer = None
                # Until the script is there; from then on the broker keeps events for it.
                for _ in range(PATIENCE):
                    for identifier, kind in (("1718987129.308396-fqk5ka", "new"), ("0.1-none", "end"),
                                             ("1718987129.308396-fqk5ka", "end")):
                        broker.publish("frigate/events", event(identifier, kind))
                    with contextlib.suppress(AssertionError):
                        _, _, answer, _ = reader.wait_for("blip/frigate/front", patience=2)
                        break
                answer = json.loads(answer)
                assert (answer["id"], answer["answer"]) == ("1718987129.308396-fqk5ka", "4"), answer
            finally:
                os.killpg(script.pid, signal.SIGTERM)
                script.wait()
            assert "0.1-none was not answered" in script.stderr.read()
            served.end()


def main():
    blip = str(pathlib.Path(sys.argv[1]).resolve())
    names, checks = sys.argv[2:], (broker_is_told, broker_goes_and_comes, webhook_is_told, pictures_are_kept, metrics_are_served,
                                   frigate_is_answered)
    with contextlib.ExitStack() as folders:
        run_checks((check, blip, pathlib.Path(folders.enter_context(tempfile.TemporaryDirectory())))
                   for check in checks if not names or check.__name__ in names)


if __name__ == "__main__":
    main()
