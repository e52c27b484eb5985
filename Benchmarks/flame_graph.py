"""Draws where a program's processor time goes, as a flame graph (Gregg, "The Flame Graph", CACM 2016).

    make flame-graph
    python Benchmarks/flame_graph.py --out FILE.svg --title TEXT -- .build/release/blip caption photos/ --model DIR

Without a program it is a caption of ten large photos by a base-size checkpoint that `make bench` made.

perf samples the stacks; oneDNN names the kernels that it makes while it runs (ONEDNN_JIT_PROFILE). Such kernels have no
frame information, so that those samples show the thread and the kernel, and nothing between.
"""

import argparse
import os
import re
import subprocess
import tempfile
from collections import Counter
from pathlib import Path
from xml.sax.saxutils import escape

from photos import make

ROOT = Path(__file__).resolve().parent.parent
WIDTH, ROW, LEAST, DEEPEST = 1200, 17, 0.002, 14  # pixels, the smallest share that is drawn, and the lowest row
COLOURS = {"kernel": "#e4572e", "OpenVINO": "#f3a712", "Swift": "#4c86a8", "picture": "#5fad56", "system": "#a8a8a8"}
LIBRARIES = {
    "OpenVINO": ("openvino", "libtbb"), "picture": ("vips", "jpeg", "png", "webp", "glib"), "system": ("kernel", "libc", "ld-"),
}


def stacks(program: list[str], frequency: int) -> Counter:
    """Samples by stack, from the thread's name to the innermost function."""
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder, "perf.data")
        record = ["perf", "record", "--quiet", "-F", str(frequency), "--call-graph", "dwarf,8192", "-o", str(data), "--"]
        subprocess.run([*record, *program], check=True, stdout=subprocess.DEVNULL,
                       env={**os.environ, "ONEDNN_JIT_PROFILE": "2"})
        script = ["perf", "script", "-i", str(data), "-F", "comm,ip,sym,dso"]
        written = subprocess.run(script, check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True).stdout
    written = subprocess.run(["swift", "demangle", "--simplified"], check=True, input=written, stdout=subprocess.PIPE,
                             text=True).stdout
    found: Counter = Counter()
    for sample in written.split("\n\n"):
        lines = [line for line in sample.splitlines() if line.strip()]
        if len(lines) > 1:
            found[("thread " + lines[0].strip(), *named(reversed(lines[1:])))] += 1
    return found


def named(lines) -> list[str]:
    """Frames from the outermost on, each after what it belongs to; those without a name that follow each other are one."""
    frames: list[str] = []
    for line in lines:
        match = re.match(r"\s*[0-9a-f]+ (.*) \((.*)\)$", line)
        if not match:
            continue
        symbol, library = match[1], match[2]
        if re.search(r"perf-\d+\.map|jitted|anon", library):
            frame = f"kernel: {re.sub(r'[_0-9]+$', '', symbol)}"
        elif library == "inlined":
            continue
        else:
            owner = next((name for name, parts in LIBRARIES.items() if any(part in library for part in parts)), "Swift")
            if symbol == "[unknown]":
                symbol = Path(library).name
            frame = f"{owner}: {re.sub(r'[<(].*', '', symbol) or symbol}"
        if not frames or frames[-1] != frame:
            frames.append(frame)
    return frames


def tree(samples: Counter) -> dict:
    root = {"name": "all", "count": 0, "children": {}}
    for stack, count in samples.items():
        node = root
        node["count"] += count
        for name in stack:
            node = node["children"].setdefault(name, {"name": name, "count": 0, "children": {}})
            node["count"] += count
    return root


def drawn(root: dict, title: str) -> str:
    boxes: list[str] = []
    deepest = 0

    def draw(node: dict, left: float, depth: int) -> None:
        nonlocal deepest
        share = node["count"] / root["count"]
        if share < LEAST or depth > DEEPEST:
            return
        deepest = max(deepest, depth)
        width, top = share * WIDTH, 2 * ROW + depth * ROW
        owner = node["name"].split(":")[0]
        label = node["name"] if owner != "kernel" else node["name"].removeprefix("kernel: ")
        letters = int(width / 6.6) - 1
        text = label if len(label) <= letters else label[: max(0, letters - 1)] + "…"
        shown = f'<text x="{left + 3:.1f}" y="{top + 12}">{escape(text)}</text>' if letters > 3 else ""
        boxes.append(
            f'<g><title>{escape(node["name"])}: {100 * share:.1f} %</title>'
            f'<rect x="{left:.1f}" y="{top}" width="{max(width - 0.5, 0.5):.1f}" height="{ROW - 1}" '
            f'fill="{COLOURS.get(owner, "#d9c8a9")}"/>{shown}</g>')
        for child in sorted(node["children"].values(), key=lambda child: -child["count"]):
            draw(child, left, depth + 1)
            left += child["count"] / root["count"] * WIDTH

    draw(root, 0, 0)
    height = (deepest + 4) * ROW
    for index, (owner, colour) in enumerate(COLOURS.items()):
        boxes.append(f'<text x="{3 + 130 * index}" y="{height - 5}" fill="{colour}" font-weight="bold">{owner}</text>')
    return "\n".join([
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" font-family="monospace" font-size="11">',
        f'<rect width="{WIDTH}" height="{height}" fill="white"/>',
        f'<text x="3" y="14" font-size="13">{escape(title)}</text>', *boxes, "</svg>", ""])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, default=ROOT / "docs" / "flame-graph.svg")
    parser.add_argument("--frequency", type=int, default=499, help="samples a second")
    parser.add_argument("--title", default="blip caption, 10 photos of 1 to 12 megapixels, base size at bf16")
    parser.add_argument("program", nargs=argparse.REMAINDER, help="-- PROGRAM ARGUMENTS")
    given = parser.parse_args()
    program = given.program[given.program[:1] == ["--"]:]
    if not program:
        photos = make(ROOT / ".bench" / "photos-10", 10)
        program = [str(ROOT / ".build" / "release" / "blip"), "caption", "--model", str(ROOT / ".bench" / "vqa-base-f16"),
                   "--precision", "bf16", "--min-length", "21", "--max-length", "21", *map(str, photos)]
    root = tree(stacks(program, given.frequency))
    given.out.write_text(drawn(root, f"{given.title}: {root['count']} samples"))


if __name__ == "__main__":
    main()
