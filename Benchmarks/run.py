"""Times the product against its peers, in turn, and prints ratios from this one run.

    make bench                         a base-size random checkpoint, made if it is not there
    python Benchmarks/run.py --edge    as on processors with AVX2 alone, such as the N series
    python Benchmarks/run.py --short   few runs of a tiny checkpoint: that it works, not how fast

Each counted round runs every program once, one after another, on the same picture with the same
number of tokens; a ratio is the median over rounds of peer / product. Nothing else should run
meanwhile. Times are of this machine and this hour; only the ratios are worth quoting.
"""

import argparse
import json
import os
import platform
import statistics
import subprocess
import sys
from pathlib import Path

from limit import least_milliseconds

ROOT = Path(__file__).resolve().parent.parent
PEERS = ROOT / "Benchmarks" / "peers"
PHOTOS = ROOT / "Tests" / "BLIPTests" / "Fixtures" / "photos"
QUESTION = "how many dogs are in the picture?"

CASES = {
    "caption, 20 tokens": {"task": "caption", "new_tokens": 20},
    "question, 5 tokens": {"task": "vqa", "new_tokens": 5, "question": QUESTION},
}
# Only the product keeps a picture between questions; a peer looks at it again.
SECOND = {"task": "vqa", "new_tokens": 1, "question": QUESTION, "same_picture": True}


class Worker:
    """A program that answers one JSON command a line."""

    def __init__(self, name: str, command: list[str]):
        self.name = name
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.load_ms = self.read()["load_ms"]

    def read(self) -> dict:
        line = self.process.stdout.readline()
        if not line:
            raise SystemExit(f"{self.name} ended early; see its error above")
        answer = json.loads(line)
        if "error" in answer:
            raise SystemExit(f"{self.name}: {answer['error']}")
        return answer

    def run(self, command: dict) -> dict:
        self.process.stdin.write(json.dumps(command) + "\n")
        self.process.stdin.flush()
        return self.read()

    def quit(self) -> float:
        self.process.stdin.write('{"task": "quit"}\n')
        self.process.stdin.close()
        peak = self.read()["peak_rss_mb"]
        self.process.wait()
        return peak


def processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
        return next(line.split(":")[1].strip() for line in lines if line.startswith("model name"))
    except (OSError, StopIteration):
        return platform.processor()


def workers(model: str, ir: Path, include_int8: bool, is_edge: bool) -> list[Worker]:
    product = str(ROOT / ".build" / "release" / "BenchmarkWorker")
    python = sys.executable
    common = ["--model", model, "--worker"]
    integers = ROOT / ".bench" / f"{Path(model).name}-int8"
    blip = str(ROOT / ".build" / "release" / "blip")
    subprocess.run([blip, "convert", model, "--out", str(integers), "--weights", "int8"], check=True, stdout=sys.stderr)
    # Without instructions for bf16, all compute in f32.
    precision, dtype = ("f32", "fp32") if is_edge else ("bf16", "bf16")
    started = [
        Worker(f"swift-blip, {precision}", [product, model, precision]),
        Worker("swift-blip, int8 weights", [product, str(integers), precision]),
        Worker("notebook, FP16 IR", [python, str(PEERS / "notebook.py"), *common, "--ir", str(ir)]),
        Worker(f"transformers, {dtype}", [python, str(PEERS / "transformers_peer.py"), *common, "--dtype", dtype]),
    ]
    if include_int8:
        int8 = ["--int8", "--calibrate", str(PHOTOS), "--ir", f"{ir}-int8"]
        started.append(Worker("notebook, INT8", [python, str(PEERS / "notebook.py"), *common, *int8]))
    return started


def measure(started: list[Worker], command: dict, pictures: list[Path], runs: int, warmup: int) -> dict:
    times = {worker.name: [] for worker in started}
    for round_number in range(-warmup, runs):
        picture = str(pictures[round_number % len(pictures)])
        for worker in started:
            answer = worker.run({**command, "image": picture})
            if len(answer["token_ids"]) != command["new_tokens"]:
                raise SystemExit(f"{worker.name} wrote {len(answer['token_ids'])} tokens, not {command['new_tokens']}")
            if round_number >= 0:
                times[worker.name].append(answer["total"])
    return times


def table(title: str, times: dict) -> list[str]:
    product = next(iter(times.values()))
    lines = [f"| {title} | median | fastest to slowest | against swift-blip |", "|---|---|---|---|"]
    for name, values in times.items():
        ratio = statistics.median(peer / own for peer, own in zip(values, product))
        lines.append(
            f"| {name} | {statistics.median(values):.0f} ms | {min(values):.0f} to {max(values):.0f} ms "
            f"| {ratio:.2f} times as long |"
        )
    return lines


def against_limit(times: dict, tokens: int) -> str:
    least, products, memory = least_milliseconds(tokens, os.cpu_count() or 1)
    own = statistics.median(next(iter(times.values())))
    return (
        f"At {products:.0f} GFLOP/s in bf16 and {memory:.1f} GB/s, both measured in this run (`limit.py`), that caption "
        f"takes {least:.0f} ms or more: swift-blip at bf16 takes {own / least:.2f} times that."
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", default=str(ROOT / ".bench" / "vqa-base-f16"))
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--warmup", type=int, default=2)
    parser.add_argument("--int8", action="store_true", help="also the notebook's INT8 variant (NNCF, minutes)")
    parser.add_argument("--edge", action="store_true", help="let oneDNN use AVX2 at most, and f32")
    parser.add_argument("--short", action="store_true")
    parser.add_argument("--out", type=Path, help="also write the tables to this file")
    given = parser.parse_args()
    if given.edge:
        os.environ["ONEDNN_MAX_CPU_ISA"] = "AVX2"
    if given.short:
        given.model, given.runs, given.warmup = str(PHOTOS.parent / "checkpoints" / "vqa-f32"), 2, 1
    if not Path(given.model).exists():
        maker = ROOT / "Tools" / "reference" / "make_base.py"
        subprocess.run([sys.executable, str(maker), given.model, "vqa-base", "--dtype", "float16"], check=True)

    pictures = sorted(path for path in PHOTOS.iterdir() if path.suffix in {".jpg", ".png"})
    # The notebook's exported models are kept for the next time, away from the fixtures.
    ir = ROOT / ".bench" / f"{Path(given.model).name}-notebook"
    ir.parent.mkdir(exist_ok=True)
    started = workers(given.model, ir, given.int8, given.edge)
    lines = [f"{processor()}, {os.cpu_count()} cores; {Path(given.model).name}; {given.runs} rounds.", ""]
    for title, command in CASES.items():
        times = measure(started, command, pictures, given.runs, given.warmup)
        lines += table(title, times) + [""]
        if command["task"] == "caption" and "base" in Path(given.model).name and not given.edge:
            lines += [against_limit(times, command["new_tokens"]), ""]
    second = measure(started, SECOND, pictures[:1], given.runs, given.warmup)
    lines += table("a second question about the same picture, one token", second) + [""]
    lines += ["| | load | peak memory |", "|---|---|---|"]
    lines += [f"| {worker.name} | {worker.load_ms / 1000:.1f} s | {worker.quit():.0f} MB |" for worker in started]
    print("\n".join(lines))
    if given.out:
        given.out.write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
