"""Times whole programs, as a user runs them: from start to the first caption, and over a folder of photos.

    make bench-programs
    python Benchmarks/programs.py --short   a tiny checkpoint, few photos: that it works, not how fast

Start: the wall clock from starting a program to its caption, and its peak memory; files cached, IR
saved, the product's cache of compiled models warm. In turn, so many times each; medians.

Folder: JPEG photos of 1 to 12 megapixels (`photos.py`), 20 tokens each. The product's time is all of
its program's, start and end included; a peer's is that of its loop alone. A peer sees every n-th
photo, since its time a photo does not depend on how many there are.
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
from run import FORMS, PEERS, PHOTOS, ROOT, converted, has_bf16, processor

BLIP = str(ROOT / ".build" / "release" / "blip")
PICTURE = str(PHOTOS / "chelsea.jpg")
PRECISION = "bf16" if has_bf16() else "f32"


def products(model: str) -> dict[str, list[str]]:
    common = ["--min-length", "21", "--max-length", "21", "--json"]
    # Integers are computed as the program sees fit.
    models = {PRECISION: [model, "--precision", PRECISION]} | {form: [converted(model, form)] for form in FORMS}
    return {f"swift-blip, {form}": [BLIP, "caption", "--model", *path, *common] for form, path in models.items()}


def peers(model: str, ir: Path, include_int8: bool) -> dict[str, list[str]]:
    common = ["--model", model, "--warmup", "0", "--new-tokens", "20", "--json"]
    notebook = [sys.executable, str(PEERS / "notebook.py"), *common]
    dtype = "bf16" if PRECISION == "bf16" else "fp32"
    found = {
        "notebook, FP16 IR": [*notebook, "--ir", str(ir)],
        f"transformers, {PRECISION}": [sys.executable, str(PEERS / "transformers_peer.py"), *common, "--dtype", dtype],
    }
    if include_int8:
        found["notebook, INT8"] = [*notebook, "--int8", "--calibrate", str(PHOTOS), "--ir", f"{ir}-int8"]
    return found


def start(command: list[str]) -> tuple[float, float]:
    """Seconds until the caption is printed, and megabytes at most."""
    begin = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    line = process.stdout.readline()
    taken = time.perf_counter() - begin
    process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    if status != 0 or "token_ids" not in json.loads(line):
        raise SystemExit(f"{command[:2]} failed: {line}")
    return taken, usage.ru_maxrss / 1000


def starts(commands: dict[str, list[str]], count: int) -> list[str]:
    measured: dict[str, list[tuple[float, float]]] = {name: [] for name in commands}
    for round_number in range(-1, count):
        for name, command in commands.items():
            values = start(command)
            if round_number >= 0:
                measured[name].append(values)
    medians = {name: [statistics.median(column) for column in zip(*values)] for name, values in measured.items()}
    own = {name: values for name, values in medians.items() if name.startswith("swift-blip")}
    lines = ["| start to caption | median | peak memory | " + " | ".join(f"{name}: time, memory" for name in own) + " |"]
    lines.append("|---" * (3 + len(own)) + "|")
    for name, (taken, memory) in medians.items():
        cells = " | ".join(f"{taken / mine:.2f} times as long, {bytes / memory:.2f}" for mine, bytes in own.values())
        lines.append(f"| {name} | {taken:.2f} s | {memory:.0f} MB | {cells} |")
    return lines


def folder(products: dict[str, list[str]], peers: dict[str, list[str]], photos: list[Path], every: int) -> list[str]:
    rates = {}
    for name, command in products.items():
        begin = time.perf_counter()
        written = subprocess.run([*command, *map(str, photos)], check=True, stdout=subprocess.PIPE, text=True).stdout
        rates[name] = len(written.splitlines()) / (time.perf_counter() - begin)
    for name, command in peers.items():
        seen = [str(photo) for photo in photos[every // 2 :: every]]
        lines = subprocess.run(
            [*command, "--images", *seen, "--runs", str(len(seen))], check=True, stdout=subprocess.PIPE, text=True
        ).stdout.splitlines()
        times = [json.loads(line)["total"] for line in lines if "token_ids" in line]
        rates[name] = len(times) / sum(times) * 1000
    lines = [f"| {len(photos)} photos | pictures a second | " + " | ".join(f"{name}, times" for name in products) + " |"]
    lines.append("|---" * (2 + len(products)) + "|")
    for name, rate in rates.items():
        lines.append(f"| {name} | {rate:.2f} | " + " | ".join(f"{rates[own] / rate:.2f}" for own in products) + " |")
    return lines


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", default=str(ROOT / ".bench" / "vqa-base-f16"))
    parser.add_argument("--photos", type=int, default=200)
    parser.add_argument("--every", type=int, default=5, help="a peer sees every n-th photo")
    parser.add_argument("--starts", type=int, default=5)
    parser.add_argument("--int8", action="store_true", help="also the notebook's INT8 variant")
    parser.add_argument("--out", type=Path, help="also write the tables to this file")
    parser.add_argument("--short", action="store_true")
    given = parser.parse_args()
    if given.short:
        given.model, given.photos, given.every, given.starts = str(PHOTOS.parent / "checkpoints" / "vqa-f32"), 4, 2, 1
    if not Path(given.model, "model.safetensors").exists():
        maker = ROOT / "Tools" / "reference" / "make_base.py"
        subprocess.run([sys.executable, str(maker), given.model, "vqa-base", "--dtype", "float16"], check=True)
    own = products(given.model)
    others = peers(given.model, ROOT / ".bench" / f"{Path(given.model).name}-notebook", given.int8)
    once = {name: [*command, PICTURE] for name, command in own.items()}
    once |= {name: [*command, "--images", PICTURE, "--runs", "1"] for name, command in others.items()}
    lines = [f"{processor()}, {os.cpu_count()} cores; {Path(given.model).name}.", "", *starts(once, given.starts), ""]
    photos = make(ROOT / ".bench" / f"photos-{given.photos}", given.photos)
    lines += folder(own, others, photos, given.every)
    print("\n".join(lines))
    if given.out:
        given.out.write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
