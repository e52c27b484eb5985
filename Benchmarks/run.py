"""Times the product against its peers, in turn, and prints ratios from this one run.

    make bench                                 a base-size random checkpoint, made if it is not there
    python Benchmarks/run.py --isa AVX2_VNNI   about as on the N series' processors, which have no AVX-512
    python Benchmarks/run.py --short           few runs of a tiny checkpoint: that it works, not how fast

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

from limit import Limit

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


def has_bf16() -> bool:
    """Whether the processor computes in it. Where it does not, all are timed at f32: emulated, a caption took 48 s."""
    return not {"avx512_bf16", "amx_bf16", "bf16"}.isdisjoint(Path("/proc/cpuinfo").read_text().split())


# The product's converted forms of a checkpoint, by the options of `blip convert`.
FORMS = {
    "int8 weights": ["--weights", "int8"],
    "full int8": ["--activations", "int8", "--calibrate", str(PHOTOS)],
}


def converted(model: str, form: str) -> str:
    """The folder of a form of the checkpoint, written anew: the program may have changed since."""
    blip = str(ROOT / ".build" / "release" / "blip")
    folder = str(ROOT / ".bench" / f"{Path(model).name}-{form.replace(' ', '-')}")
    subprocess.run([blip, "convert", model, "--out", folder, *FORMS[form]], check=True, stdout=sys.stderr)
    return folder


def workers(model: str, ir: Path, include_int8: bool, narrow: bool) -> list[Worker]:
    product = str(ROOT / ".build" / "release" / "BenchmarkWorker")
    python = sys.executable
    common = ["--model", model, "--worker"]
    # Without instructions for bf16, all compute in f32.
    precision, dtype = ("bf16", "bf16") if narrow else ("f32", "fp32")
    wide = [] if narrow else ["--precision", "f32"]
    started = [
        Worker(f"swift-blip, {precision}", [product, model, precision]),
        # Integers are computed as the program sees fit, where bf16 is to be had.
        *[Worker(f"swift-blip, {form}", [product, converted(model, form), "auto" if narrow else precision])
          for form in FORMS],
        Worker("notebook, FP16 IR", [python, str(PEERS / "notebook.py"), *common, *wide, "--ir", str(ir)]),
        Worker(f"transformers, {dtype}", [python, str(PEERS / "transformers_peer.py"), *common, "--dtype", dtype]),
    ]
    if include_int8:
        int8 = ["--int8", "--calibrate", str(PHOTOS), "--ir", f"{ir}-int8"]
        started.append(Worker("notebook, INT8", [python, str(PEERS / "notebook.py"), *common, *wide, *int8]))
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
    """Each program's times, and how long it takes against each of the product's forms: medians of the rounds' ratios."""
    own = [name for name in times if name.startswith("swift-blip")]
    against = " | ".join(f"against {name.removeprefix('swift-blip, ')}" for name in own)
    lines = [f"| {title} | median | fastest to slowest | {against} |", "|---" * (3 + len(own)) + "|"]
    for name, values in times.items():
        ratios = [statistics.median(peer / mine for peer, mine in zip(values, times[form])) for form in own]
        cells = " | ".join(f"{ratio:.2f}" for ratio in ratios)
        lines.append(
            f"| {name} | {statistics.median(values):.0f} ms | {min(values):.0f} to {max(values):.0f} ms | {cells} |")
    return lines


def against_limit(times: dict, tokens: int) -> str:
    machine = Limit.measured(os.cpu_count() or 1)
    lines = []
    for name, type in (("bf16", "bf16"), ("full int8", "int8")):
        least = 1000 * machine.seconds(tokens, type)
        own = statistics.median(times[f"swift-blip, {name}"])
        lines.append(f"at {name} {least:.0f} ms or more, and swift-blip takes {own / least:.2f} times that")
    return f"{machine}, all measured in this run (`limit.py`): that caption takes {'; '.join(lines)}."


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", default=str(ROOT / ".bench" / "vqa-base-f16"))
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--warmup", type=int, default=2)
    parser.add_argument("--int8", action="store_true", help="also the notebook's INT8 variant (NNCF, minutes)")
    parser.add_argument("--isa", help="let oneDNN use these instructions at most: AVX2_VNNI, AVX512_CORE_BF16, ...")
    parser.add_argument("--short", action="store_true")
    parser.add_argument("--out", type=Path, help="also write the tables to this file")
    given = parser.parse_args()
    if given.isa:
        os.environ["ONEDNN_MAX_CPU_ISA"] = given.isa
        if given.isa.startswith("AVX2"):  # PyTorch has more libraries than one.
            os.environ |= {"ATEN_CPU_CAPABILITY": "avx2", "MKL_ENABLE_INSTRUCTIONS": "AVX2"}
    narrow = has_bf16() and "AVX2" not in (given.isa or "")
    if given.short:
        given.model, given.runs, given.warmup = str(PHOTOS.parent / "checkpoints" / "vqa-f32"), 2, 1
    if not Path(given.model, "model.safetensors").exists():
        maker = ROOT / "Tools" / "reference" / "make_base.py"
        subprocess.run([sys.executable, str(maker), given.model, "vqa-base", "--dtype", "float16"], check=True)

    pictures = sorted(path for path in PHOTOS.iterdir() if path.suffix in {".jpg", ".png"})
    # The notebook's exported models are kept for the next time, away from the fixtures.
    ir = ROOT / ".bench" / f"{Path(given.model).name}-notebook"
    ir.parent.mkdir(exist_ok=True)
    started = workers(given.model, ir, given.int8, narrow)
    isa = f", {given.isa} at most" if given.isa else ""
    lines = [f"{processor()}, {os.cpu_count()} cores{isa}; {Path(given.model).name}; {given.runs} rounds.", ""]
    for title, command in CASES.items():
        times = measure(started, command, pictures, given.runs, given.warmup)
        lines += table(title, times) + [""]
        if command["task"] == "caption" and "base" in Path(given.model).name and narrow:
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
