"""`blip watch` with real ffmpeg, a real RTSP server (GStreamer's) and HTTP cameras, on films of drawn scenes.

usage: watch.py BLIP [--long]     --long: 200 changes of scenes drawn anew (needs numpy and Pillow)
"""

import contextlib
import http.server
import json
import os
import pathlib
import queue
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time

import watch_film
from watch_film import SAMPLES
from watch_house import run_checks, waiting

HERE = pathlib.Path(__file__).parent
PATIENCE = 120  # many times what an idle machine takes
ASK = "what is in the picture?"
SECRET = "s3cret-word"
REGION = "0.4375,0,0.5625,1"


class Watch:
    """A running `blip watch`: its lines as they come."""

    def __init__(self, blip, *arguments, environment=None):
        self.errors = tempfile.TemporaryFile()
        self.process = subprocess.Popen(
            [blip, "watch", *map(str, arguments)], stdout=subprocess.PIPE, stderr=self.errors,
            env={**os.environ, "BLIP_MODEL": "demo", **(environment or {})}, text=True)
        self.lines, self.seen = queue.Queue(), []
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self):
        for line in self.process.stdout:
            self.lines.put(json.loads(line))
        self.lines.put(None)

    def wait_for(self, what, **fields):
        """The next line with such fields."""
        end = time.monotonic() + PATIENCE
        with waiting(what):
            while time.monotonic() < end:
                with contextlib.suppress(queue.Empty):
                    line = self.lines.get(timeout=1)
                    if line is None:
                        break
                    self.seen.append(line)
                    if all(line.get(key) == value for key, value in fields.items()):
                        return line
        raise AssertionError(f"{what} never came; got {self.seen[-5:]}\n{self.log()}")

    def log(self):
        self.errors.seek(0)
        return self.errors.read().decode()

    def children(self):
        """Of ffmpeg."""
        found = subprocess.run(["pgrep", "-P", str(self.process.pid), "ffmpeg"], capture_output=True, text=True)
        return [int(pid) for pid in found.stdout.split()]

    def end(self):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        status = self.process.wait(PATIENCE)
        left = subprocess.run(["pgrep", "-g", str(self.process.pid)], capture_output=True, text=True).stdout
        assert not left.strip(), "children are left"
        return status

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()


def run(blip, *arguments, environment=None):
    return subprocess.run([blip, "watch", *map(str, arguments)], capture_output=True, text=True, timeout=3600,
                          env={**os.environ, "BLIP_MODEL": "demo", **(environment or {})})


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


@contextlib.contextmanager
def rtsp(port, film):
    # The system's Python has the bindings, and not that of an environment.
    server = subprocess.Popen(["/usr/bin/python3", HERE / "rtsp_server.py", str(port), film], stdout=subprocess.PIPE)
    try:
        assert server.stdout.readline().strip() == b"ready"
        yield server
    finally:
        server.kill()
        server.wait()


class Camera(http.server.BaseHTTPRequestHandler):
    """/mjpeg, /snap.jpg, and what is no camera: /text, /endless, /header, /pixel.png."""
    picture = smallest = b""

    def do_GET(self):
        with contextlib.suppress(OSError):
            getattr(self, self.path.strip("/").split(".")[0])()

    def answer(self, kind, data):
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def snap(self):
        self.answer("image/jpeg", self.picture)

    def pixel(self):
        self.answer("image/png", self.smallest)

    def text(self):
        self.answer("text/html", b"<html>no camera</html>" * 100)

    def mjpeg(self):
        self.send_response(200)
        self.send_header("Content-Type", "multipart/x-mixed-replace; boundary=frame")
        self.end_headers()
        while True:
            self.wfile.write(b"--frame\r\nContent-Type: image/jpeg\r\nContent-Length: %d\r\n\r\n" % len(self.picture)
                             + self.picture + b"\r\n")
            time.sleep(0.2)

    def endless(self):
        self.send_response(200)
        self.end_headers()
        while True:
            self.wfile.write(b"x" * 65_536)

    def header(self):
        self.wfile.write(b"HTTP/1.1 200 OK\r\n")
        while True:
            self.wfile.write(b"X-More: " + b"x" * 1_000 + b"\r\n")
            time.sleep(0.01)

    def log_message(self, *_):
        pass


def picture_bytes(source, kind, *filters):
    return subprocess.run(["ffmpeg", "-v", "error", "-nostdin", "-i", source, *filters, "-f", "image2pipe", "-c:v", kind,
                           "pipe:1"], capture_output=True, check=True).stdout


def seconds(events):
    """Since the film's beginning, by the first line, which tells that the film is there."""
    from datetime import datetime
    return [datetime.fromisoformat(e["time"].replace("Z", "+00:00")).timestamp() for e in events]


def tell(blip, configuration, states, times):
    """Runs a film, prints how it went, and returns how many changes were told once, and what is false."""
    began = time.monotonic()
    result = run(blip, configuration)
    took = time.monotonic() - began
    assert result.returncode == 0, result.stderr
    lines = [json.loads(line) for line in result.stdout.splitlines()]
    events = [line for line in lines if line.get("sensor") == "thing"]
    start = seconds(events)[0] - 0.2  # The first state is told with the second frame.
    told = list(zip([t - start for t in seconds(events)], [e["state"] for e in events]))
    right, false = watch_film.told_once(told, states, times)
    late = sorted(min((t - begin for t, s in told if s == state and t >= begin - 0.01), default=99.0)
                  for (state, *_), begin in zip(states, times))
    length = times[-1] + states[-1][2]
    print(f"  {len(states)} states in {length / 60:.1f} minutes of film, read in {took:.0f} s: {right} told once, "
          f"{len(false)} false; told {late[len(late) // 2]:.1f} s after the change (p95 {late[int(len(late) * .95)]:.1f} s)")
    print("  " + result.stderr.strip().splitlines()[-1])
    return right, false


def film_is_told(blip, folder, long, learns=True):
    """Every change of a film of known states is told once."""
    film = folder / "film.mp4"
    if long:
        states = watch_film.scene_states(201, (4, 14), folder)
        answers = watch_film.KINDS
    else:
        states, answers = watch_film.sample_states(12, (2, 5)), tuple(SAMPLES)
    # Half an hour of it is small, so that it is soon drawn and read.
    times = watch_film.make(film, states, size=(640, 360) if long else (1280, 720))
    configuration = folder / "film.yaml"
    text = f"""
cameras:
  film: {{source: {film}, speed: fast}}
sensors:
  thing: {{ask: "{ASK}", answers: [{', '.join(answers)}], region: [{REGION}], on_motion: true}}
"""
    configuration.write_text(text)
    right, false = tell(blip, configuration, states, times)
    assert right >= 0.97 * len(states) and len(false) <= 2, false
    if long and learns:
        learned_is_told(blip, folder, text, states, times)


def learned_is_told(blip, folder, text, states, times):
    """The same film by what was taught of ten frames a state of another film."""
    lessons = [lesson for lesson in watch_film.scene_states(140, (1, 1), folder, seed=7)]
    film = folder / "lessons.mp4"
    begins = watch_film.make(film, lessons, size=(640, 360))
    configuration = folder / "learned.yaml"
    configuration.write_text(text.replace(f'ask: "{ASK}", answers:', "states:"))
    for kind in watch_film.KINDS:
        frames = []
        for index, ((state, *_), begin) in enumerate(zip(lessons, begins)):
            if state != kind or len(frames) == 10:
                continue
            frames.append(folder / f"lesson-{index}.png")
            subprocess.run(["ffmpeg", "-v", "error", "-nostdin", "-y", "-ss", str(begin + 0.4), "-i", film, "-frames:v", "1",
                            frames[-1]], check=True)
        result = run(blip, "teach", "thing", kind, *frames, "--config", configuration)
        assert result.returncode == 0, result.stderr
    print("  taught: " + result.stdout.strip())
    tell(blip, configuration, states, times)


def rtsp_is_watched(blip, folder):
    """Credentials are in no process list and no log; what is killed, stalled or away comes back; SIGHUP keeps the stream."""
    film = folder / "rtsp.mp4"
    # Longer than the check: at the film's end the stream would be opened anew.
    watch_film.make(film, watch_film.sample_states(100, (3, 4), seed=2), size=(640, 360))
    port = free_port()
    configuration = folder / "rtsp.yaml"
    password = folder / "password"
    password.write_text(SECRET + "\n")
    text = f"""
cameras:
  yard:
    source: rtsp://127.0.0.1:{port}/film
    user: anna
    password_file: password
    timeout: 5s
sensors:
  thing: {{ask: "{ASK}", answers: [{', '.join(SAMPLES)}], region: [{REGION}], on_motion: true}}
metrics_file: watch.prom
"""
    configuration.write_text(text)
    with Watch(blip, configuration) as watch:
        watch.wait_for("that the camera is away", state="unavailable")
        with rtsp(port, film) as server:
            watch.wait_for("the camera", state="available")
            states = {watch.wait_for("a state", sensor="thing")["state"] for _ in range(4)}
            assert len(states - {"unknown"}) >= 2, states
            [child] = watch.children()
            listed = subprocess.run(["ps", "axww", "-o", "args"], capture_output=True, text=True).stdout
            assert SECRET not in listed and f"{port}/film" not in listed.replace(str(film), "")

            configuration.write_text(text.replace("metrics_file", '  dogs: {ask: "are there dogs?", every: 500ms}\nmetrics_file'))
            watch.process.send_signal(signal.SIGHUP)
            watch.wait_for("the sensor that is new", sensor="dogs")
            assert watch.children() == [child], "the stream was lost"
            configuration.write_text(text.replace("sensors", "sensor"))
            watch.process.send_signal(signal.SIGHUP)

            os.kill(child, signal.SIGSTOP)
            watch.wait_for("that the stream stalls", state="unavailable")
            watch.wait_for("the stalled camera", state="available")
            [other] = watch.children()
            assert other != child
            os.kill(other, signal.SIGKILL)
            deadline = time.monotonic() + PATIENCE
            while watch.children() in ([], [other]) and time.monotonic() < deadline:
                time.sleep(0.2)
            watch.wait_for("a state after the kill", sensor="thing")
            server.kill()
            watch.wait_for("that the server is gone", state="unavailable")
        with rtsp(port, film):
            watch.wait_for("the camera again", state="available")
            watch.wait_for("a state of it", sensor="thing")
        metrics = (folder / "watch.prom").read_text()
        for name in ("frames_total", "gated_total", "answers_total", "latency_seconds_bucket", "restarts_total", "available"):
            assert f"blip_camera_{name}" in metrics, name
        assert watch.end() == 0
        told = watch.log() + json.dumps(watch.seen) + metrics
        assert "went on with the old configuration" in told and "did you mean sensors?" in told
        assert SECRET not in told


def rtsp_by_udp_is_watched(blip, folder):
    """Frames that come as datagrams."""
    film, port = folder / "udp.mp4", free_port()
    watch_film.make(film, watch_film.sample_states(8, (3, 4), seed=3), size=(640, 360))
    configuration = folder / "udp.yaml"
    configuration.write_text(f"cameras: {{yard: {{source: 'rtsp://anna:{SECRET}@127.0.0.1:{port}/film', transport: udp}}}}\n"
                             f"sensors: {{thing: {{ask: '{ASK}', answers: [{', '.join(SAMPLES)}], region: [{REGION}]}}}}\n")
    with rtsp(port, film), Watch(blip, configuration) as watch:
        states = {watch.wait_for("a state", sensor="thing")["state"] for _ in range(3)}
        assert len(states - {"unknown"}) >= 2, states
        assert watch.end() == 0


def http_cameras_are_watched(blip, folder):
    """MJPEG and snapshots; what is no camera is told of, and the others go on."""
    Camera.picture = picture_bytes(HERE.parents[1] / "Samples" / "four-dogs.png", "mjpeg")
    Camera.smallest = picture_bytes(HERE.parents[1] / "Samples" / "four-dogs.png", "png", "-vf", "scale=1:1")
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Camera)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    base = f"http://127.0.0.1:{server.server_address[1]}"
    configuration = folder / "http.yaml"
    sources = {"mjpeg": "mjpeg", "snap": "snap.jpg", "text": "text", "endless": "endless", "header": "header", "pixel": "pixel.png"}
    configuration.write_text(
        "cameras:\n" + "".join(f"  {name}: {{source: '{base}/{path}', timeout: 4s}}\n" for name, path in sources.items())
        + f"  gone: {{source: 'http://127.0.0.1:{free_port()}/x', timeout: 4s}}\n"
        + "sensors:\n" + "".join(f"  dogs_{name}: {{camera: {name}, ask: 'are there dogs?', every: 200ms}}\n" for name in sources))
    with Watch(blip, configuration) as watch:
        wanted = {("mjpeg", "yes"), ("snap", "yes"), ("text", "unavailable"), ("endless", "unavailable"),
                  ("header", "unavailable"),
                  ("gone", "unavailable"), ("pixel", "available")}
        while wanted:
            line = watch.wait_for("a line")
            wanted.discard((line["camera"], line["state"]))
        assert watch.end() == 0
    server.shutdown()


def sizes_may_change(blip, folder):
    """A stream that changes its size goes on."""
    for name, size in (("large", "1280:720"), ("small", "640:360")):
        subprocess.run(["ffmpeg", "-v", "error", "-nostdin", "-y", "-loop", "1", "-t", "4", "-i",
                        HERE.parents[1] / "Samples" / ("four-dogs.png" if name == "large" else "three-pigs.png"),
                        "-vf", f"scale={size},fps=5", "-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p",
                        folder / f"{name}.h264"], check=True)
    both = folder / "both.h264"
    both.write_bytes((folder / "large.h264").read_bytes() + (folder / "small.h264").read_bytes())
    result = run(blip, both, "--fast", "--ask", "are there dogs?", "--every", "200ms")
    states = [line["state"] for line in map(json.loads, result.stdout.splitlines()) if "sensor" in line]
    assert states == ["yes", "no"], (states, result.stderr)


def mistakes_are_named(blip, folder):
    """--check, --schema, --preview, and sources that are none."""
    good = folder / "good.yaml"
    good.write_text(f"cameras:\n  yard: {{source: {folder / 'film.mp4'}}}\n"
                    f"sensors:\n  dogs: {{ask: 'are there dogs?', region: [{REGION}]}}\n")
    result = run(blip, good, "--check")
    assert result.returncode == 0 and "1 camera, 1 sensor" in result.stdout, result
    bad = folder / "bad.yaml"
    bad.write_text(good.read_text().replace("ask", "aks").replace("source", "sorce"))
    result = run(blip, bad, "--check")
    assert result.returncode == 64 and "did you mean ask?" in result.stderr and "did you mean source?" in result.stderr
    bad.write_text(good.read_text().replace("are there", "are there " + "very " * 600))
    result = run(blip, bad, "--check")
    assert result.returncode == 64 and "too long" in result.stderr, result
    schema = json.loads(run(blip, "--schema").stdout)
    assert set(schema["properties"]) >= {"cameras", "sensors", "mqtt", "webhook", "pictures"}
    figure = folder / "preview.png"
    result = run(blip, good, "--preview", figure)
    assert result.returncode == 0 and figure.read_bytes()[1:4] == b"PNG", result
    for source in ("ftp://host/x", folder / "nothing.mp4", "rtsp://"):
        assert run(blip, source).returncode == 64, source
    broken = folder / "broken.mp4"
    broken.write_bytes(b"no film" * 1000)
    result = run(blip, broken)
    assert '"unavailable"' in result.stdout, result
    # An ffmpeg that reads nothing of what it is told.
    gone = folder / "gone" / "ffmpeg"
    gone.parent.mkdir()
    gone.write_text("#!/bin/sh\nexec 0<&-\nexit 3\n")
    gone.chmod(0o755)
    result = run(blip, folder / "film.mp4", environment={"PATH": f"{gone.parent}:{os.environ['PATH']}"})
    assert "ffmpeg ended with status 3" in result.stdout, result


def states_are_taught(blip, folder):
    """What was taught answers; a wrong picture is corrected."""
    watch = folder / "taught.yaml"
    watch.write_text(f"cameras:\n  film: {{source: {folder / 'film.mp4'}, speed: fast}}\n"
                     f"sensors:\n  animal: {{states: [dogs, others], region: [0, 0, 1, 1], every: 0s}}\n")
    samples = HERE.parents[1] / "Samples"
    first = run(blip, "teach", "animal", "dogs", samples / "four-dogs.png", samples / "three-pigs.png", "--config", watch)
    assert first.returncode == 0 and "one state only" in first.stderr, first
    second = run(blip, "teach", "animal", "others", samples / "three-pigs.png", samples / "car-above-star.png",
                 "--config", watch)
    assert second.returncode == 0 and "1 dogs, 2 others" in second.stdout, second
    wrong = run(blip, "teach", "animal", "cats", samples / "four-dogs.png", "--config", watch)
    assert wrong.returncode == 64 and "no state cats" in wrong.stderr, wrong
    result = run(blip, watch)
    assert any('"ranking"' in line for line in result.stdout.splitlines()), result


def main():
    blip, long = str(pathlib.Path(sys.argv[1]).resolve()), "--long" in sys.argv
    checks = [film_is_told, rtsp_is_watched, rtsp_by_udp_is_watched, http_cameras_are_watched, sizes_may_change,
              mistakes_are_named, states_are_taught]
    with tempfile.TemporaryDirectory() as name:
        run_checks((check, blip, pathlib.Path(name), *([long] if check is film_is_told else [])) for check in checks)


if __name__ == "__main__":
    main()
