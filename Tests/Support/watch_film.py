"""Films of drawn scenes whose states are known, made by ffmpeg."""

import pathlib
import random
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
# What the samples show, in the words of the demo model.
SAMPLES = {"dogs": "four-dogs.png", "pigs": "three-pigs.png", "an elephant and a cow": "elephant-and-cow.png",
           "a car and a star": "car-above-star.png"}
KINDS = ("dog", "cat", "car", "tree", "house", "banana")
RATE = 5


def sample_states(count, seconds, seed=1):
    """A list of (state, picture, seconds), no state twice in a row."""
    rng = random.Random(seed)
    states = []
    while len(states) < count:
        state = rng.choice([s for s in SAMPLES if not states or s != states[-1][0]])
        states.append((state, ROOT / "Samples" / SAMPLES[state], rng.uniform(*seconds)))
    return states


def scene_states(count, seconds, folder, seed=1):
    """The same of scenes drawn anew: another background, place and size at each change.

    Needs numpy and Pillow (Tools/demo-model/requirements-scenes.txt).
    """
    sys.path.insert(0, str(ROOT / "Tools" / "demo-model"))
    import scenes
    from PIL import Image

    rng = random.Random(seed)
    states = []
    while len(states) < count:
        state = rng.choice([k for k in KINDS if not states or k != states[-1][0]])
        scene = scenes.make_scene(rng.randrange(scenes.VALIDATION_SEED))
        scene.relation = None
        scene.things = scenes._scatter(rng, state, 1)
        picture = folder / f"scene-{len(states):04}.png"
        Image.fromarray(scene.render(448)).save(picture)
        states.append((state, picture, rng.uniform(*seconds)))
    return states


# Else x264 cuts a frame into as many slices as there are cores, and GStreamer's server, which puts a film's parameters before
# each slice of a key frame, has readers lose all but the last.
ONE_SLICE = ("-x264-params", "sliced-threads=0")


def make(film, states, size=(1280, 720), rate=RATE):
    """The scenes one after another, right in the frame; left of them a clock of noise runs, which is no change of state.

    Returns for each state when it begins, in seconds.
    """
    width, height = size
    times, start, frames = [], 0, []
    for _, picture, seconds in states:
        count = max(rate, round(seconds * rate))
        times.append(start / rate)
        frames.append((picture, count))
        start += count
    # What moves beside the region, a square at the right.
    noise = f"testsrc2=size={width - height}x{height}:rate={rate}"
    command = ["ffmpeg", "-v", "error", "-nostdin", "-y", "-f", "lavfi", "-i", noise]
    listing = film.with_suffix(".txt")
    listing.write_text("".join(f"file '{picture}'\nduration {count / rate}\n" for picture, count in frames)
                       + f"file '{frames[-1][0]}'\n")
    command += ["-f", "concat", "-safe", "0", "-i", str(listing), "-filter_complex",
                f"[1:v]fps={rate},scale={height}:{height},format=yuv420p[scene];[0:v]format=yuv420p[noise];"
                "[noise][scene]hstack=shortest=1",
                "-t", str(start / rate), "-c:v", "libx264", "-preset", "ultrafast", "-tune", "zerolatency", *ONE_SLICE,
                "-g", str(2 * rate), "-r", str(rate), str(film)]
    subprocess.run(command, check=True)
    listing.unlink()
    return times


def told_once(events, states, times):
    """How many changes were told once, and which events are false.

    events: (seconds, state) in their order. A change counts where its state is told between its beginning and the next
    one's, once; any other state that is told meanwhile is false. "unknown" is none.
    """
    right, false = 0, []
    ends = times[1:] + [float("inf")]
    known = [(t, s) for t, s in events if s != "unknown"]
    for (state, *_), begin, end in zip(states, times, ends):
        told = [s for t, s in known if begin - 0.01 <= t < end]
        right += told.count(state) == 1
        false += [(begin, state, s) for s in told if s != state] + [(begin, state, s) for s in told if s == state][1:]
    return right, false
