"""Times a folder of photos and a single caption at several picture sizes and weights, beside transformers in batches.

    make bench-dial
    python Benchmarks/dial.py --short   a tiny checkpoint, few photos: that it works, not how fast

All take turns, so many rounds; medians. The product's rate is that of its whole program, start and end
included, with its cache of compiled models warm; transformers' is that of its loop alone, with pixels ready
in memory, at its best batch. A single caption is the sum of its stages, one picture at a time.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import time
from pathlib import Path

from photos import make
from run import FORMS, PEERS, PHOTOS, ROOT, has_bf16, processor

BLIP = str(ROOT / ".build" / "release" / "blip")
TOKENS = 20


def programs(model: str, sizes: list[int], precision: str) -> dict[str, list[str]]:
    """The product's forms at each size; a converted folder has the size that it was converted for."""
    found = {}
    own = sizes[0]
    for size in sizes:
        found[f"{precision}, {size}"] = ["--model", model, "--precision", precision, "--image-size", str(size)]
    found[f"int8 weights, {own}"] = ["--model", model, "--weights", "int8"]
    for size in sizes:
        target = ROOT / ".bench" / f"{Path(model).name}-full-int8-{size}"
        subprocess.run([BLIP, "convert", model, "--out", str(target), "--image-size", str(size), *FORMS["full int8"]],
                       check=True, stdout=sys.stderr)
        found[f"full int8, {size}"] = ["--model", str(target)]
    found[f"{precision}, {own}, fixed shapes"] = ["--model", model, "--precision", precision, "--shapes", "fixed"]
    return found


def run(options: list[str], photos: list[Path]) -> tuple[float, list[dict]]:
    """Pictures a second, and the lines that were printed."""
    lengths = ["--min-length", str(TOKENS + 1), "--max-length", str(TOKENS + 1)]
    begin = time.perf_counter()
    written = subprocess.run(
        [BLIP, "caption", *options, *lengths, "--json", *map(str, photos)], check=True, stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL, text=True).stdout
    rate = len(photos) / (time.perf_counter() - begin)
    lines = [json.loads(line) for line in written.splitlines()]
    if any(len(line["token_ids"]) != TOKENS for line in lines) or len(lines) != len(photos):
        raise SystemExit(f"blip {' '.join(options)} did not write {TOKENS} tokens for each of {len(photos)} pictures")
    return rate, lines


def single(options: list[str], photos: list[Path]) -> float:
    """Milliseconds of a caption, but for the first, which waits for what is loaded."""
    _, lines = run([*options, "--batch", "1"], photos)
    stages = ("vision", "text", "decode")
    return statistics.median(sum(line["timing"][stage] for stage in stages) for line in lines[1:])


def peer(model: str, photos: list[Path], batch: int, dtype: str) -> float:
    command = [sys.executable, str(PEERS / "transformers_batches.py"), "--model", model, "--batch", str(batch),
               "--dtype", {"f32": "fp32"}.get(dtype, dtype), "--new-tokens", str(TOKENS),
               "--threads", str(len(os.sched_getaffinity(0))), "--images"]
    written = subprocess.run([*command, *map(str, photos)], check=True, stdout=subprocess.PIPE, text=True).stdout
    return json.loads(written.splitlines()[-1])["rate"]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", default=str(ROOT / ".bench" / "vqa-base-f16"))
    parser.add_argument("--sizes", type=int, nargs="+", default=[384, 320, 256, 224], help="the model's own first")
    parser.add_argument("--precision", default="bf16" if has_bf16() else "f32", choices=["bf16", "f32"])
    parser.add_argument("--photos", type=int, default=48)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--batches", type=int, nargs="+", default=[8, 16], help="of transformers")
    parser.add_argument("--short", action="store_true")
    given = parser.parse_args()
    if given.short:
        given.model, given.photos, given.rounds = str(PHOTOS.parent / "checkpoints" / "vqa-f32"), 4, 1
        given.sizes, given.batches = [32, 16], [2]
    if not Path(given.model, "model.safetensors").exists():
        maker = ROOT / "Tools" / "reference" / "make_base.py"
        subprocess.run([sys.executable, str(maker), given.model, "vqa-base", "--dtype", "float16"], check=True)
    photos = make(ROOT / ".bench" / f"photos-{given.photos}", given.photos)
    own = programs(given.model, given.sizes, given.precision)
    rates = {name: [] for name in own} | {f"transformers, batch {batch}": [] for batch in given.batches}
    times = {name: [] for name in own}
    for round_number in range(-1, given.rounds):
        for name, options in own.items():
            if round_number < 0:  # fills the cache of compiled models
                run(options, photos[:2])
                continue
            rates[name].append(run(options, photos)[0])
            times[name].append(single(options, photos[:6]))
        if round_number >= 0:
            for batch in given.batches:
                seen = photos[: max(2, len(photos) // 2)]
                rates[f"transformers, batch {batch}"].append(peer(given.model, seen, batch, given.precision))
    best = max(rates, key=lambda name: statistics.median(rates[name]) if name.startswith("transformers") else 0)
    first = next(iter(own))

    def ratio(values: list[float], others: list[float]) -> str:
        return f"{statistics.median(a / b for a, b in zip(values, others)):.2f}"

    print(f"{processor()}, {os.cpu_count()} cores; {Path(given.model).name}, {TOKENS} tokens, {len(photos)} photos, "
          f"{given.rounds} rounds.\n")
    print(f"| form, picture size | pictures a second | against {first} | against {best} | one caption | against {first} |")
    print("|---|---:|---:|---:|---:|---:|")
    for name, values in rates.items():
        caption = f"{statistics.median(times[name]):.0f} ms | {ratio(times[name], times[first])}" if name in times else "|"
        print(f"| {name} | {statistics.median(values):.2f} | {ratio(values, rates[first])} | "
              f"{ratio(values, rates[best])} | {caption} |")


if __name__ == "__main__":
    main()
