"""What the tests of events share: a camera whose picture is chosen, a real broker, a `blip watch` of them."""

import contextlib
import http.server
import json
import os
import pathlib
import queue
import shutil
import socket
import subprocess
import threading
import time

SAMPLES = pathlib.Path(__file__).resolve().parents[2] / "Samples"
MOSQUITTO = shutil.which("mosquitto", path=os.environ.get("PATH", "") + ":/usr/sbin")
PATIENCE = 120  # many times what an idle machine takes


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


@contextlib.contextmanager
def waiting(what):
    """Tells of what took long, so that a log shows where the time went."""
    begin = time.monotonic()
    yield
    if (taken := time.monotonic() - begin) > 5:
        print(f"  waited {taken:.0f} s for {str(what).split(';')[0]}", flush=True)


def run_checks(checks):
    """Each by its name and what it is for, with the time that it took."""
    for check, *arguments in checks:
        print(f"{check.__name__.replace('_', ' ')}: {check.__doc__.strip()}", flush=True)
        begin = time.monotonic()
        check(*arguments)
        print(f"  passed in {time.monotonic() - begin:.0f} s", flush=True)
    print("all is well")


def wait_until(what, condition):
    end = time.monotonic() + PATIENCE
    with waiting(what):
        while time.monotonic() < end:
            if value := condition():
                return value
            time.sleep(0.05)
    raise AssertionError(f"never came: {what}")


@contextlib.contextmanager
def serving(handler):
    """An HTTP server on a free port, told as an address."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()


class Camera(http.server.BaseHTTPRequestHandler):
    """A camera that gives the sample whose name is chosen."""
    picture = "four-dogs.png"

    def do_GET(self):
        data = (SAMPLES / self.picture).read_bytes()
        self.send_response(200)
        self.send_header("Content-Type", "image/png")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        with contextlib.suppress(OSError):
            self.wfile.write(data)

    def log_message(self, *_):
        pass


class Broker:
    """mosquitto, which keeps its messages when it is ended."""

    def __init__(self, folder, *lines):
        self.port = free_port()
        self.file = pathlib.Path(folder) / "mosquitto.conf"
        self.file.write_text("\n".join([
            f"listener {self.port} 127.0.0.1", "persistence true", f"persistence_location {folder}/", "user root",
            *(lines or ["allow_anonymous true"])]) + "\n")
        self.process = None
        self.start()

    def start(self):
        self.process = subprocess.Popen([MOSQUITTO, "-c", self.file], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        wait_until("the broker", self.listens)

    def listens(self):
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self.port), 1):
            return True

    def stop(self):
        if self.process:
            self.process.terminate()
            self.process.wait(PATIENCE)
            self.process = None

    def publish(self, topic, text, *options):
        subprocess.run(["mosquitto_pub", "-p", str(self.port), *options, "-t", topic, "-m", text], check=True)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()


class Reader:
    """mosquitto_sub with a session that outlives connections: messages as they come, with the time of their arrival."""

    def __init__(self, port, *options, topic="#"):
        self.messages, self.seen = queue.Queue(), []
        self.process = subprocess.Popen(
            ["mosquitto_sub", "-p", str(port), "-i", f"reader-{free_port()}", "-c", "-q", "1", "-t", topic, "-F",
             "%t\t%r\t%U\t%x", *options],
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self):
        for line in self.process.stdout:
            topic, retained, when, payload = line.rstrip("\n").split("\t")
            self.messages.put((topic, retained == "1", bytes.fromhex(payload), float(when)))

    def wait_for(self, topic, what=lambda payload: True, patience=PATIENCE):
        """The next message under a topic that is as wanted."""
        end = time.monotonic() + patience
        with waiting(topic):
            while time.monotonic() < end:
                with contextlib.suppress(queue.Empty):
                    message = self.messages.get(timeout=0.5)
                    self.seen.append(message)
                    if message[0] == topic and what(message[2]):
                        return message
        raise AssertionError(f"nothing that is wanted came under {topic}; got {[m[0] for m in self.seen][-20:]}")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()


class Watch:
    """A running `blip watch`."""

    def __init__(self, blip, configuration, command="watch", **environment):
        self.log = open(pathlib.Path(configuration).with_suffix(".log"), "w+")
        arguments = ["watch", configuration] if command == "watch" else ["serve", "--port", "0", "--watch", configuration]
        self.process = subprocess.Popen([blip, *arguments], stdout=subprocess.PIPE, stderr=self.log, text=True,
                                        env={**os.environ, "BLIP_MODEL": "demo", **environment})
        self.lines = []
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self):
        for line in self.process.stdout:
            self.lines.append(line.strip())

    @property
    def events(self):
        return [event for event in map(json.loads, self.lines) if "sensor" in event]

    def errors(self):
        return pathlib.Path(self.log.name).read_text()

    def wait_for_state(self, state, count=0):
        return wait_until(f"the state {state}; {self.events[-3:]} {self.errors()}",
                          lambda: next((e for e in self.events[count:] if e["state"] == state), None))

    def end(self, wanted=0):
        self.process.terminate()
        assert self.process.wait(PATIENCE) == wanted, self.errors()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        self.log.close()


def configuration(folder, address, more=""):
    """One camera with three sensors: dogs or not, what it is, how many."""
    file = pathlib.Path(folder) / "house.yaml"
    file.write_text(f"""
cameras:
  yard: {{source: "{address}/snap.png", rate: 5, title: The yard}}
sensors:
  dogs: {{camera: yard, ask: "are there dogs?", every: 200ms, title: Dogs, device_class: occupancy}}
  thing: {{camera: yard, ask: "what is in the picture?", answers: [dogs, pigs, car], every: 200ms, title: Thing}}
{more}""")
    return file
