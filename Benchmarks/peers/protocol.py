"""What both peers share: arguments, timing, JSON lines, and the worker that answers commands from standard input."""

import time

STARTED = time.perf_counter()  # before the heavy imports, which count as loading

import argparse  # noqa: E402
import json  # noqa: E402
import resource  # noqa: E402
import sys  # noqa: E402
from contextlib import contextmanager  # noqa: E402

STAGES = ("preprocess", "vision", "text", "decode")
QUESTION = "how many dogs are in the picture?"


class Clock:
    """Milliseconds a stage; a stage that did not run took none."""

    def __init__(self):
        self.stages = dict.fromkeys(STAGES, 0.0)

    @contextmanager
    def stage(self, name: str):
        begin = time.perf_counter()
        yield
        self.stages[name] += (time.perf_counter() - begin) * 1000


def arguments(description: str) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", required=True, metavar="DIR", help="a Hugging Face checkpoint folder")
    parser.add_argument("--images", nargs="+", default=[], metavar="FILE", help="taken in turn, one a run")
    parser.add_argument("--task", choices=["caption", "vqa"], default="caption")
    parser.add_argument("--question", default=QUESTION)
    parser.add_argument("--new-tokens", type=int, default=20, help="exactly so many are generated")
    parser.add_argument("--free-length", action="store_true", help="let the end token end the text earlier")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--warmup", type=int, default=2)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--json", action="store_true", help="JSON lines (always so with --worker)")
    parser.add_argument("--worker", action="store_true", help="answer JSON commands from standard input")
    return parser


def lengths(command: dict) -> dict:
    count = command["new_tokens"]
    return {"max_new_tokens": count, **({} if command.get("free_length") else {"min_new_tokens": count})}


def timed(pipeline, command: dict) -> dict:
    clock = Clock()
    begin = time.perf_counter()
    ids, text = pipeline.run(command, clock)
    total = (time.perf_counter() - begin) * 1000
    stages = {name: round(value, 3) for name, value in {**clock.stages, "total": total}.items()}
    return {"task": command["task"], "image": command["image"], "token_ids": ids, "output": text, **stages}


def peak_rss_mb() -> float:
    return round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, 1)


def say(line: dict, as_json: bool) -> None:
    print(json.dumps(line) if as_json else "  ".join(f"{key} {value}" for key, value in line.items()), flush=True)


def serve(pipeline, given: argparse.Namespace) -> None:
    for line in sys.stdin:
        if not line.strip():
            continue
        try:
            command = {"task": given.task, "new_tokens": given.new_tokens, "question": given.question}
            command |= {"free_length": given.free_length, **json.loads(line)}
            if command["task"] == "quit":
                return
            say(timed(pipeline, command), True)
        except Exception as error:  # the driver decides what a failed command means
            say({"error": f"{type(error).__name__}: {error}"}, True)


def repeat(pipeline, given: argparse.Namespace) -> None:
    if not given.images:
        raise SystemExit("Name at least one picture with --images, or use --worker.")
    for run in range(-given.warmup, given.runs):
        command = {
            "task": given.task, "image": given.images[run % len(given.images)], "question": given.question,
            "new_tokens": given.new_tokens, "free_length": given.free_length,
        }
        line = timed(pipeline, command)
        if run >= 0:
            say({"run": run, **line}, given.json)


def main(pipeline_of, parser: argparse.ArgumentParser) -> None:
    given = parser.parse_args()
    pipeline = pipeline_of(given)
    load_ms = round((time.perf_counter() - STARTED) * 1000, 1)
    if given.worker:
        say({"ready": True, "load_ms": load_ms}, True)
        serve(pipeline, given)
    else:
        repeat(pipeline, given)
    say({"load_ms": load_ms, "peak_rss_mb": peak_rss_mb()}, given.json or given.worker)
