"""The Python API beside the command line: `blip caption FOLDER` and `Model.caption_all`, in turn.

    python_api.py PROGRAM FOLDER [--model MODEL] [--rounds N] [--pictures N]

Both start a process and load the model each time, and write 20 tokens a picture, so that their rates hold the same work; one
picture each before, so that both find the compiled model in the cache. Python's memory is what this process has more at its
peak than before `swift_blip` was imported; the worker's is not in it.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import statistics
import subprocess
import sys
import time
from pathlib import Path

# Of begin token and 20 others.
LENGTH = ["--min-length", "21", "--max-length", "21"]
ENDINGS = {".jpg", ".jpeg", ".png", ".webp", ".gif", ".tif", ".tiff"}


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("program", type=os.path.abspath)
    parser.add_argument("folder")
    parser.add_argument("--model", default="demo")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--pictures", type=int, default=200)
    arguments = parser.parse_args()
    found = sorted(p for p in Path(arguments.folder).rglob("*") if p.suffix.lower() in ENDINGS)
    # A folder of few is gone through again and again.
    paths = (found * (arguments.pictures // len(found) + 1))[: arguments.pictures]
    print(f"{len(paths)} pictures, of which {len(set(paths))} differ; load {os.getloadavg()[0]:.1f}")
    before = peak_memory()
    sys.path.insert(0, str(Path(__file__).parents[1] / "Python"))
    for run in (command_line, python):
        run(arguments.program, arguments.model, paths[:1])
    rates: dict[str, list[float]] = {"command line": [], "Python": []}
    texts_of: dict[str, list[str]] = {}
    for _ in range(arguments.rounds):
        for name, run in (("command line", command_line), ("Python", python)):
            start = time.monotonic()
            texts = run(arguments.program, arguments.model, paths)
            rates[name].append(len(paths) / (time.monotonic() - start))
            assert len(texts) == len(paths)
            texts_of[name] = texts
            print(f"{name}: {rates[name][-1]:.2f} pictures a second", flush=True)
    ratio = statistics.median(rates["Python"]) / statistics.median(rates["command line"])
    equal = sum(a == b for a, b in zip(*texts_of.values()))
    # Of 16-bit floats, a batch of other pictures may change a word.
    print(f"{equal} of {len(paths)} captions are equal")
    print(f"Python ÷ command line: {ratio:.3f}; Python's memory: {peak_memory() - before:.0f} MB more")


def command_line(program: str, model: str, paths: list[Path]) -> list[str]:
    done = subprocess.run(
        [program, "caption", "@/dev/stdin", "--model", model, "--json", *LENGTH],
        input="\n".join(map(str, paths)), capture_output=True, text=True, check=True,
    )
    return [json.loads(line)["caption"] for line in done.stdout.splitlines()]


def python(program: str, model: str, paths: list[Path]) -> list[str]:
    import swift_blip

    with swift_blip.Model(model, program=program) as blip:
        return [caption.text for caption in blip.caption_all(paths, min_length=21, max_length=21)]


def peak_memory() -> float:
    """MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3


if __name__ == "__main__":
    main()
