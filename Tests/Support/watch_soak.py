"""`blip watch` through a day's troubles in minutes: memory and descriptors stay flat, and each event is told once.

A film of 24 hours at 5 frames a second is read as fast as can be. Beside it a snapshot camera shows a new picture every
second or two, and RTSP and MJPEG cameras have ffmpeg killed or stalled (SIGSTOP), their servers killed, their connections
cut. The broker ends and comes back or stalls, the webhook's receiver goes and comes back, the disk of pictures and of the
webhook's queue is full and has room again.

usage: watch_soak.py BLIP [--minutes N] [--hours N]     of the soak, and of the film
"""

import argparse
import collections
import contextlib
import http.server
import json
import os
import pathlib
import random
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
import time

import watch_film
from watch import picture_bytes, rtsp
from watch_house import SAMPLES, Broker, Camera, Reader, Watch, free_port, serving, wait_until

PICTURES = {"four-dogs.png": "dogs", "three-pigs.png": "pigs", "car-above-star.png": "car"}
KINDS = ["kill", "stall", "cut", "server", "broker", "silent", "webhook", "disk"]
# Growth from the second quarter to the last that is no leak.
ALLOWED = 1.08


class Mjpeg(http.server.BaseHTTPRequestHandler):
    """A stream that may be cut."""
    picture, cuts = b"", 0

    def do_GET(self):
        before = Mjpeg.cuts
        self.send_response(200)
        self.send_header("Content-Type", "multipart/x-mixed-replace; boundary=frame")
        self.end_headers()
        with contextlib.suppress(OSError):
            while Mjpeg.cuts == before:
                self.wfile.write(b"--frame\r\nContent-Type: image/jpeg\r\nContent-Length: %d\r\n\r\n" % len(self.picture)
                                 + self.picture + b"\r\n")
                time.sleep(0.2)

    def log_message(self, *_):
        pass


class Receiver(http.server.BaseHTTPRequestHandler):
    ids = []

    def do_POST(self):
        self.rfile.read(int(self.headers["Content-Length"]))
        Receiver.ids.append(self.headers["X-Blip-Event"])
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_):
        pass


def day(folder, hours):
    """A film of so many hours, the state of which changes every few minutes; small, so that it is read quickly."""
    hour, film = folder / "hour.mp4", folder / "day.mp4"
    watch_film.make(hour, watch_film.sample_states(12, (300, 300), seed=5), size=(320, 180))
    listing = folder / "day.txt"
    listing.write_text(f"file '{hour}'\n" * hours)
    subprocess.run(["ffmpeg", "-v", "error", "-nostdin", "-y", "-f", "concat", "-safe", "0", "-i", listing, "-c", "copy", film],
                   check=True)
    return film


class Soak:
    def __init__(self, folder, small):
        self.folder, self.small, self.rng = folder, small, random.Random(1)
        self.webhook_port, self.webhook = free_port(), None
        self.rtsp_port, self.rtsp = free_port(), contextlib.ExitStack()
        self.rtsp_film = folder / "yard.mp4"
        watch_film.make(self.rtsp_film, watch_film.sample_states(40, (3, 6), seed=6), size=(640, 360))
        # Each comes as often as the others, in no order.
        self.kinds, self.done = [], collections.Counter()

    def ffmpeg(self, watch):
        """Those of streams: a film whose ffmpeg is killed has ended."""
        found = subprocess.run(["pgrep", "-P", str(watch.process.pid), "ffmpeg"], capture_output=True, text=True)
        children = []
        for pid in found.stdout.split():
            with contextlib.suppress(OSError):
                if b"day.mp4" not in pathlib.Path(f"/proc/{pid}/cmdline").read_bytes():
                    children.append(int(pid))
        return children

    def receive(self, is_there):
        if is_there and not self.webhook:
            self.webhook = http.server.ThreadingHTTPServer(("127.0.0.1", self.webhook_port), Receiver)
            threading.Thread(target=self.webhook.serve_forever, daemon=True).start()
        elif not is_there and self.webhook:
            self.webhook.shutdown()
            self.webhook.server_close()
            self.webhook = None

    def show(self, is_there):
        self.rtsp.close()
        if is_there:
            self.rtsp.enter_context(rtsp(self.rtsp_port, self.rtsp_film))

    def trouble(self, watch, broker):
        """One of them, and its end."""
        if not self.kinds:
            self.kinds = self.rng.sample(KINDS, len(KINDS))
        kind = self.kinds.pop()
        self.done[kind] += 1
        children = self.ffmpeg(watch)
        with contextlib.suppress(ProcessLookupError):
            if kind == "kill" and children:
                os.kill(self.rng.choice(children), signal.SIGKILL)
            elif kind == "stall" and children:
                os.kill(self.rng.choice(children), signal.SIGSTOP)
        if kind == "cut":
            Mjpeg.cuts += 1
        elif kind == "server":
            self.show(False)
            time.sleep(2)
            self.show(True)
        elif kind == "broker":
            broker.stop()
            time.sleep(3)
            broker.start()
        elif kind == "silent":
            broker.process.send_signal(signal.SIGSTOP)
            time.sleep(4)
            broker.process.send_signal(signal.SIGCONT)
        elif kind == "webhook":
            self.receive(False)
            time.sleep(3)
            self.receive(True)
        elif kind == "disk" and self.small:
            with contextlib.suppress(OSError), open(self.small / "fill", "wb") as fill:
                while True:
                    fill.write(b"x" * 4096)
                    fill.flush()
            time.sleep(3)
            (self.small / "fill").unlink()


def check(rows):
    """Seconds, megabytes and descriptors."""
    quarter = len(rows) // 4
    second, last = rows[quarter:2 * quarter], rows[3 * quarter:]
    memory = [statistics.median(row[1] for row in part) for part in (second, last)]
    descriptors = [statistics.median(row[2] for row in part) for part in (second, last)]
    print(f"  memory {memory[0]:.0f} MB, then {memory[1]:.0f} MB; descriptors {descriptors[0]:.0f}, then {descriptors[1]:.0f}",
          flush=True)
    assert memory[1] <= memory[0] * ALLOWED and descriptors[1] <= descriptors[0] + 4, rows[::max(1, quarter // 4)]


def soak(blip, folder, small, minutes, hours):
    Mjpeg.picture = picture_bytes(SAMPLES / "three-pigs.png", "mjpeg")
    course = Soak(folder, small)
    film = day(folder, hours)
    with course.rtsp, serving(Camera) as snapshots, serving(Mjpeg) as mjpeg, Broker(folder) as broker, \
            Reader(broker.port, topic="blip/+/event") as reader:
        course.receive(True)
        course.show(True)
        answers = f"answers: [{', '.join(PICTURES.values())}]"
        file = folder / "house.yaml"
        place = small or folder / "kept"
        file.write_text(f"""
cameras:
  snap: {{source: "{snapshots}/snap.png", rate: 5}}
  yard: {{source: "rtsp://anna:s3cret-word@127.0.0.1:{course.rtsp_port}/film", timeout: 3s}}
  street: {{source: "{mjpeg}/stream", timeout: 3s}}
  day: {{source: {film}, speed: fast}}
sensors:
  thing: {{camera: snap, ask: what is in the picture?, {answers}, every: 200ms}}
  animal: {{camera: yard, ask: what is in the picture?, {answers}, on_motion: true}}
  pigs: {{camera: street, ask: are there pigs?}}
  film: {{camera: day, ask: are there dogs?, region: [0.4375, 0, 0.5625, 1], on_motion: true}}
mqtt: {{host: 127.0.0.1, port: {broker.port}, keep_alive: 4s}}
webhook: {{url: "http://127.0.0.1:{course.webhook_port}/", queue: {place}/queue}}
pictures: {{folder: {place}/pictures, max_megabytes: 1}}
metrics_file: soak.prom
""")
        rows, pictures = [], list(PICTURES)
        with Watch(blip, file) as watch:
            watch.wait_for_state("dogs")
            end, is_over = time.monotonic() + 60 * minutes, threading.Event()

            def measure():
                while not is_over.wait(1):
                    with contextlib.suppress(OSError, IndexError):
                        status = pathlib.Path(f"/proc/{watch.process.pid}/status").read_text()
                        rows.append((time.monotonic(), int(status.split("VmRSS:")[1].split()[0]) / 1000,
                                     len(os.listdir(f"/proc/{watch.process.pid}/fd"))))

            def change():
                while not is_over.wait(course.rng.uniform(0.8, 2)):
                    Camera.picture = course.rng.choice([p for p in pictures if p != Camera.picture])
            threads = [threading.Thread(target=work) for work in (measure, change)]
            for thread in threads:
                thread.start()
            try:
                while time.monotonic() < end and watch.process.poll() is None:
                    time.sleep(course.rng.uniform(1, 4))
                    course.trouble(watch, broker)
            finally:
                is_over.set()
                for thread in threads:
                    thread.join()
            assert watch.process.poll() is None, watch.errors()[-2000:]
            print("  troubles: " + ", ".join(f"{count} {kind}" for kind, count in course.done.items()), flush=True)
            # The film ends by itself where there is time.
            metrics = (folder / "soak.prom").read_text()  # No older than 15 s.
            frames = sum(float(line.split()[-1]) for line in metrics.splitlines()
                         if line.startswith('blip_camera_frames_total{camera="day"'))
            told = {f"{e['sensor']}@{e['time']}" for e in watch.events}
            got = collections.Counter()

            def all_are_there():
                while not reader.messages.empty():
                    got[json.loads(reader.messages.get()[2])["id"]] += 1
                return told <= set(got) and told <= set(Receiver.ids)
            with contextlib.suppress(AssertionError):
                wait_until("all events", all_are_there)
            watch.end()
        course.receive(False)
    hooks = collections.Counter(i for i in Receiver.ids if "@" in i)
    print(f"  {frames:.0f} frames of the film ({frames / 18_000:.1f} hours of it); {len(told)} events told; MQTT: "
          f"{len(told - set(got))} lost, {sum(got.values()) - len(got)} again; webhook: {len(told - set(hooks))} lost, "
          f"{sum(hooks.values()) - len(hooks)} again", flush=True)
    check(rows)
    assert not told - set(got) and not told - set(hooks)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("blip")
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--hours", type=int, default=24)
    given = parser.parse_args()
    # Whoever ends it ends what it started, too.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    with tempfile.TemporaryDirectory() as name:
        folder, small = pathlib.Path(name), None
        if os.geteuid() == 0:
            small = folder / "small"
            small.mkdir()
            subprocess.run(["mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", small], check=True)
        else:
            print("  no full disk is tried: that needs root")
        try:
            soak(str(pathlib.Path(given.blip).resolve()), folder, small, given.minutes, given.hours)
        finally:
            if small:
                subprocess.run(["umount", small], check=True)
    print("all is well")


if __name__ == "__main__":
    main()
