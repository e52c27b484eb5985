"""Measures `blip watch` on films of drawn scenes, as docs/cameras.md has it.

    make bench-watch
    make bench-watch WATCH="--only latency,idle --seconds 60"

latency  from a change in front of the camera to its MQTT message: the demo model, four RTSP cameras of 720p at 5 frames a
         second (GStreamer's server, ffmpeg, mosquitto). The time of a change is the sender's: when it hands the first
         frame of the new state on. Each camera's picture changes every 3 to 6 s.
int8     the same with a checkpoint of base size, two cameras. Random weights answer every picture alike, so states are
         taught (by the vision model's vectors), and a question is asked of each look besides; its answers' time is told,
         too. --model FOLDER names the checkpoint: a converted one of full int8.
idle     processor time for each camera in which nothing moves, of blip and of ffmpeg, which decodes: a camera's rate of bits,
         key frames only, and a film that keeps all of a sensor's grain.
film     a film of half an hour and 200 changes, replayed as fast as can be: how many are told once, and what is false.
teach    what ten pictures a state teach, against the question, on held-out frames: of states that the demo model knows a
         word for, and of states that it has none for.

film and teach need numpy and Pillow (Tools/demo-model/requirements-scenes.txt).
"""

import argparse
import contextlib
import json
import os
import random
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "Tests" / "Support"))
import watch_film  # noqa: E402
from watch_house import Broker, Reader, free_port, wait_until  # noqa: E402

REGION = "[0.4375, 0, 0.5625, 1]"
ASK = "what is in the picture?"
KNOWN = {"dogs": "four-dogs.png", "pigs": "three-pigs.png", "a car and a star": "car-above-star.png"}
RATE = 5


def annex_b(film):
    """A film's H.264 with access unit delimiters, each group of pictures with its parameters."""
    stream = film.with_suffix(".h264")
    subprocess.run(["ffmpeg", "-v", "error", "-nostdin", "-y", "-i", film, "-c", "copy",
                    "-bsf:v", "h264_mp4toannexb,h264_metadata=aud=insert", "-f", "h264", stream], check=True)
    return stream


def film_of_samples(folder, name, seed, seconds=(3, 6), count=20):
    """A stream of known states, for rtsp_live.py."""
    rng, states = random.Random(seed), []
    while len(states) < count:
        # Not the same at its end and at its beginning.
        near = {states[-1][0]} if states else set()
        near |= {states[0][0]} if len(states) == count - 1 else set()
        state = rng.choice([s for s in KNOWN if s not in near])
        states.append((state, ROOT / "Samples" / KNOWN[state], rng.uniform(*seconds)))
    film = folder / f"{name}.mp4"
    times = watch_film.make(film, states, rate=RATE)
    return {"name": name, "film": str(annex_b(film)), "rate": RATE,
            "states": [[round(t * RATE), state] for t, (state, *_) in zip(times, states)]}


@contextlib.contextmanager
def cameras(folder, count):
    """So many RTSP cameras; gives the port and the list of changes, which grows."""
    streams, changes = folder / "streams.json", []
    streams.write_text(json.dumps([film_of_samples(folder, f"camera{n}", n) for n in range(count)]))
    port = free_port()
    server = subprocess.Popen(["/usr/bin/python3", ROOT / "Tests/Support/rtsp_live.py", str(port), streams],
                              stdout=subprocess.PIPE, text=True)
    try:
        assert server.stdout.readline().strip() == "ready"
        threading.Thread(target=lambda: changes.extend(map(json.loads, server.stdout)), daemon=True).start()
        yield port, changes
    finally:
        server.kill()
        server.wait()


@contextlib.contextmanager
def watching(blip, configuration, model):
    with open(configuration.with_suffix(".log"), "w") as log, \
            open(configuration.with_suffix(".out"), "w") as out:
        process = subprocess.Popen([blip, "watch", configuration], stdout=out, stderr=log,
                                   env={**os.environ, "BLIP_MODEL": model})
        try:
            yield process
        finally:
            process.terminate()
            process.wait(60)


def percentile(values, share):
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


def latencies(changes, events):
    """Seconds from each change to its message, and how many changes have none before the next one of their camera."""
    taken, lost = [], 0
    for stream in {change["stream"] for change in changes}:
        own = [change for change in changes if change["stream"] == stream]
        # The last may not be told yet, and the first may have begun before the watch.
        for change, following in zip(own[1:], own[2:]):
            told = [when for camera, state, when in events
                    if camera == stream and state == change["state"] and change["time"] <= when < following["time"]]
            if told:
                taken.append(told[0] - change["time"])
            else:
                lost += 1
    return taken, lost


def measure_latency(blip, folder, count, seconds, model, sensors, settle=0):
    """The table's row, and the counts of the metrics."""
    with cameras(folder, count) as (port, changes), Broker(folder) as broker, \
            Reader(broker.port, topic="blip/+/event") as reader:
        configuration = folder / "house.yaml"
        configuration.write_text(
            "cameras:\n" + "".join(f"  camera{n}: {{source: 'rtsp://127.0.0.1:{port}/camera{n}'}}\n" for n in range(count))
            + "sensors:\n" + "".join(sensors(n) for n in range(count))
            + f"mqtt: {{host: 127.0.0.1, port: {broker.port}, discovery: false}}\nmetrics_file: watch.prom\n")
        with watching(blip, configuration, model):
            events = []
            wait_until("states of all cameras", lambda: drain(reader, events) or len({c for c, *_ in events}) == count)
            time.sleep(settle)
            begin = time.time()
            time.sleep(seconds)
            end = time.time()
            # Room for what is on its way.
            time.sleep(3)
            drain(reader, events)
        metrics = (folder / "watch.prom").read_text() if (folder / "watch.prom").exists() else ""
    taken, lost = latencies([c for c in changes if begin <= c["time"] <= end], events)
    print(f"  {count} cameras, {seconds} s: {len(taken)} changes told, {lost} not before the next; from change to message "
          f"median {statistics.median(taken):.2f} s, p95 {percentile(taken, .95):.2f} s, longest {max(taken):.2f} s", flush=True)
    return metrics


def drain(reader, events):
    """Takes the changes that arrived, each with its time. Nothing is waited for."""
    while not reader.messages.empty():
        _, _, payload, when = reader.messages.get()
        event = json.loads(payload)
        if event["sensor"].startswith("thing"):
            events.append((event["camera"], event["state"], when))


def latency(blip, folder, given):
    def sensors(n):
        return (f"  thing{n}: {{camera: camera{n}, ask: '{ASK}', answers: [{', '.join(KNOWN)}], region: {REGION}, "
                "on_motion: true}\n")
    measure_latency(blip, folder, 4, given.seconds, "demo", sensors)


def int8(blip, folder, given):
    if not given.model:
        return print("  left out: name a converted folder with --model")
    pictures = folder / "lessons"
    pictures.mkdir()
    film = {state: [] for state in KNOWN}
    for state, sample in KNOWN.items():
        for n in range(5):
            # A whole frame, as the film has it.
            picture = pictures / f"{state.replace(' ', '-')}-{n}.png"
            subprocess.run(["ffmpeg", "-v", "error", "-nostdin", "-y", "-f", "lavfi", "-i", "color=gray:s=560x720", "-i",
                            ROOT / "Samples" / sample, "-filter_complex",
                            f"[1:v]scale=720:720,eq=brightness={0.01 * n}[s];[0:v][s]hstack", "-frames:v", "1", picture],
                           check=True)
            film[state].append(picture)

    def sensors(n):
        return (f"  thing{n}: {{camera: camera{n}, states: [{', '.join(KNOWN)}], region: {REGION}, on_motion: true, "
                f"threshold: 0.4}}\n  asked{n}: {{camera: camera{n}, ask: is there a dog?, region: {REGION}, on_motion: true, "
                "threshold: 0}\n")
    lessons = folder / "house.yaml"
    lessons.write_text(f"cameras: {{camera0: {{source: {pictures}}}, camera1: {{source: {pictures}}}}}\nsensors:\n"
                       + sensors(0) + sensors(1))
    for n in range(2):
        for state, frames in film.items():
            result = subprocess.run([blip, "watch", "teach", f"thing{n}", state, *frames, "--config", lessons],
                                    env={**os.environ, "BLIP_MODEL": given.model}, capture_output=True, text=True)
            assert result.returncode == 0, result.stderr
    metrics = measure_latency(blip, folder, 2, given.seconds, given.model, sensors)
    times, count = (sum(float(line.split()[-1]) for line in metrics.splitlines()
                        if line.startswith(f"blip_camera_latency_seconds_{part}")) for part in ("sum", "count"))
    if count:
        print(f"  {count:.0f} answers, {times / count:.2f} s each from their frame on (mean), in batches and turns")


def processor_seconds(pid):
    """Of a process, and of its children."""
    children = subprocess.run(["pgrep", "-P", str(pid)], capture_output=True, text=True).stdout.split()

    def seconds(process):
        with contextlib.suppress(OSError):
            fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
            return sum(map(int, fields[11:13])) / os.sysconf("SC_CLK_TCK")
        return 0
    return seconds(pid), sum(map(seconds, children))


# Cameras keep to a rate of bits, 2 Mbit/s and less for 720p, and their grain is lost to it; "grain" keeps all of it.
LIMITS = {"still": ("-b:v", "2M", "-maxrate", "2M", "-bufsize", "2M"), "grain": ("-crf", "23")}
# How many cameras, which film, and the camera's other keys.
IDLE = ((1, "still", ""), (4, "still", ""), (1, "still", ", key_frames: true"), (1, "grain", ""))


def idle(blip, folder, given):
    port, streams, told = free_port(), [], {}
    for name, limits in LIMITS.items():
        film = folder / f"{name}.mp4"
        # A sensor's grain, which no camera is without.
        subprocess.run(["ffmpeg", "-v", "error", "-nostdin", "-y", "-loop", "1", "-i", ROOT / "Samples/four-dogs.png", "-t",
                        "20", "-vf", f"fps={RATE},scale=1280:720,noise=alls=6:allf=t,format=yuv420p", "-c:v", "libx264",
                        "-preset", "veryfast", "-tune", "zerolatency", *watch_film.ONE_SLICE, *limits, "-g", str(4 * RATE),
                        film], check=True)
        stream = annex_b(film)
        told[name] = f"{stream.stat().st_size * 8 / 20 / 1e6:.1f} Mbit/s"
        streams += [{"name": f"{name}{n}", "film": str(stream), "rate": RATE, "states": [[0, "dogs"]]} for n in range(4)]
    (folder / "streams.json").write_text(json.dumps(streams))
    server = subprocess.Popen(["/usr/bin/python3", ROOT / "Tests/Support/rtsp_live.py", str(port), folder / "streams.json"],
                              stdout=subprocess.PIPE, text=True)
    try:
        assert server.stdout.readline().strip() == "ready"
        for row, (count, name, keys) in enumerate(IDLE):
            configuration = folder / f"idle{row}.yaml"
            configuration.write_text(
                "cameras:\n" + "".join(f"  c{n}: {{source: 'rtsp://127.0.0.1:{port}/{name}{n}'{keys}}}\n"
                                       for n in range(count))
                + "sensors:\n" + "".join(f"  dogs{n}: {{camera: c{n}, ask: are there dogs?, every: 200ms}}\n"
                                         for n in range(count)))
            with watching(blip, configuration, "demo") as process:
                out = configuration.with_suffix(".out")
                wait_until("all states", lambda: out.read_text().count('"sensor"') >= count)
                time.sleep(3)
                begin, before = time.monotonic(), processor_seconds(process.pid)
                time.sleep(min(30, given.seconds))
                spent = time.monotonic() - begin
                own, children = (100 * (after - earlier) / spent / count
                                 for after, earlier in zip(processor_seconds(process.pid), before))
            log = configuration.with_suffix(".log").read_text()
            looks = next((line for line in log.splitlines() if "answers" in line), "")
            print(f"  {count} of 720p at {RATE} frames a second, {told[name]}{keys}: {own + children:.1f} % of a core each "
                  f"(blip {own:.1f}, ffmpeg {children:.1f}); {looks[:100]}", flush=True)
    finally:
        server.kill()
        server.wait()


def film(blip, folder, given):
    import watch
    watch.film_is_told(blip, folder, True, learns=False)


def scenes_of(folder, kinds, count, seed):
    """Pictures of scenes drawn anew: one thing each, of these kinds in turn; (kind, picture)."""
    sys.path.insert(0, str(ROOT / "Tools" / "demo-model"))
    import scenes
    from PIL import Image

    rng, made = random.Random(seed), []
    for number in range(count):
        kind = kinds[number % len(kinds)]
        scene = scenes.make_scene(rng.randrange(scenes.VALIDATION_SEED))
        scene.relation = None
        scene.things = scenes._scatter(rng, kind, 1)
        made.append((kind, Image.fromarray(scene.render(448)), folder / f"{seed}-{number:04}.png"))
    return made


def teach(blip, folder, given):
    """Shares of held-out frames that are told rightly."""
    held_out, kinds = given.frames, watch_film.KINDS

    def score(name, states, ask, lessons, tests):
        configuration = folder / f"{name}.yaml"
        configuration.write_text(f"cameras: {{c: {{source: {folder}}}}}\n"
                                 f"sensors: {{thing: {{states: [{', '.join(states)}]}}}}\n")
        environment = {**os.environ, "BLIP_MODEL": "demo"}
        told = ""
        for state in states:
            frames = [picture for kind, picture in lessons if kind == state][:10]
            result = subprocess.run([blip, "watch", "teach", "thing", state, *frames, "--config", configuration],
                                    capture_output=True, text=True, env=environment)
            assert result.returncode == 0, result.stderr
            told = result.stdout.strip()
        frames = folder / f"{name}-tests"
        frames.mkdir()
        for index, (_, picture) in enumerate(tests):
            os.link(picture, frames / f"{index:05}.png")
        # Each frame is looked at by itself: the state that one answer tells.
        rows = {}
        for kind, sensor in (("taught", f"states: [{', '.join(states)}]"),
                             ("asked", f"ask: '{ask}', answers: [{', '.join(states)}]")):
            run = folder / f"{name}.yaml"
            run.write_text(f"cameras: {{c: {{source: {frames}, speed: fast, rate: 1}}}}\nsensors:\n"
                           f"  {'thing' if kind == 'taught' else 'asked'}: {{{sensor}, every: 0s, agree: 1, of: 1, "
                           "threshold: 0, min_change: 0, same: 2}\n")
            result = subprocess.run([blip, "watch", run], capture_output=True, text=True, env=environment)
            assert result.returncode == 0, result.stderr
            rows[kind] = replayed(result.stdout, tests, states)
        print(f"  {name}: taught {100 * rows['taught']:.1f} %, asked {100 * rows['asked']:.1f} % of {len(tests)} frames; {told}",
              flush=True)

    def replayed(lines, tests, states):
        events = [json.loads(line) for line in lines.splitlines() if '"sensor"' in line]
        begin = min(event["time"] for event in events)
        from datetime import datetime

        def seconds(text):
            return datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp()
        state, right, at = None, 0, {}
        for event in events:
            at[round(seconds(event["time"]) - seconds(begin))] = event["state"]
        for index, (kind, _) in enumerate(tests):
            state = at.get(index, state)
            right += state == kind
        return right / len(tests)

    def saved(pictures):
        for _, image, path in pictures:
            image.save(path)
        return [(kind, path) for kind, _, path in pictures]

    random.Random(3).shuffle(tests := saved(scenes_of(folder, kinds, held_out, 11)))
    score("six kinds of thing", kinds, ASK, saved(scenes_of(folder, kinds, 60, 12)), tests)

    # A lamp that is on or off, at the frame's corner: the demo model was never asked of such a thing.
    def lamps(count, seed):
        from PIL import ImageDraw
        rng, made = random.Random(seed), []
        for number, (_, image, path) in enumerate(scenes_of(folder, kinds, count, seed)):
            state = ("lit", "dark")[number % 2]
            x, y = rng.randint(20, 60), rng.randint(20, 60)
            ImageDraw.Draw(image).ellipse([x, y, x + 80, y + 80], outline=(40, 40, 40), width=6,
                                          fill=(255, 230, 90) if state == "lit" else (60, 60, 70))
            made.append((state, image, path))
        return saved(made)
    random.Random(4).shuffle(tests := lamps(held_out, 21))
    score("a lamp that is lit or dark", ("lit", "dark"), "is the lamp lit or dark?", lamps(20, 22), tests)


MEASUREMENTS = {"latency": latency, "int8": int8, "idle": idle, "film": film, "teach": teach}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("blip")
    parser.add_argument("--only", default=",".join(MEASUREMENTS), help="such as latency,idle")
    parser.add_argument("--seconds", type=int, default=120, help="how long each is measured")
    parser.add_argument("--frames", type=int, default=300, help="held-out frames of teach")
    parser.add_argument("--model", help="the checkpoint of int8")
    given = parser.parse_args()
    blip = str(Path(given.blip).resolve())
    # Whoever ends it ends what it started, too.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    for name in given.only.split(","):
        print(f"{name}:", flush=True)
        with tempfile.TemporaryDirectory() as folder:
            MEASUREMENTS[name](blip, Path(folder), given)


if __name__ == "__main__":
    main()
