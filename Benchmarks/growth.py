"""How time and memory grow with the work: whole programs, each point one run, drawn as docs/growth.svg.

    make bench-growth
    python Benchmarks/growth.py --only pictures,beams   some of it

Time is the program's from start to end without what it waited for while the model was loading, as it tells itself (some
of loading goes on while it works); memory its peak. Compiled models are in the cache. A dashed line is what growth in proportion to the first point would be: anything that rises above it
grows faster than its work.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import matplotlib

matplotlib.use("svg")
from matplotlib import pyplot  # noqa: E402
from PIL import Image  # noqa: E402

from photos import make  # noqa: E402
from run import ROOT, processor  # noqa: E402

BLIP = str(ROOT / ".build" / "release" / "blip")
BASE = str(ROOT / ".bench" / "vqa-base-f16")
QUESTIONS = ["what is this?", "how many are there?", "what color is it?", "where is it?"]


def lengths(tokens: int) -> list[str]:
    return ["--min-length", str(tokens + 1), "--max-length", str(tokens + 1)]


class Series:
    """One command with one number that grows."""

    def __init__(self, title: str, unit: str, points: list[float], command: Callable[[float], list[str]],
                 log: bool = False, grows: bool = True, recompiles: bool = False):
        """Whether its axes are logarithmic, its work grows, and each point has compiled models of its own."""
        self.title, self.unit, self.points, self.command = title, unit, points, command
        self.log, self.grows, self.recompiles = log, grows, recompiles

    def measure(self) -> list[tuple[float, float, float]]:
        for point in self.points if self.recompiles else self.points[:1]:
            run(self.command(point))
        return [(point, *run(self.command(point))) for point in self.points]


def run(arguments: list[str]) -> tuple[float, float]:
    """Seconds without waiting for the model, and megabytes at most."""
    with tempfile.TemporaryFile("w+") as output:
        begin = time.perf_counter()
        process = subprocess.Popen([BLIP, *arguments, "--json"], stdout=output)
        _, status, usage = os.wait4(process.pid, 0)
        taken = time.perf_counter() - begin
        if status:
            raise SystemExit(f"{arguments} failed")
        output.seek(0)
        load = json.loads(output.readline())["timing"]["load"] / 1000
    return taken - load, usage.ru_maxrss / 1000


def listed(folder: Path, photos: list[Path], count: int) -> str:
    """An argument that names so many pictures: the photos again and again, small and large ones mixed."""
    path = folder / f"{count}.txt"
    path.write_text("".join(f"{photos[(61 * index + 100) % len(photos)]}\n" for index in range(count)))
    return f"@{path}"


def all_series(folder: Path, photos: list[Path], base: str, most: int) -> dict[str, Series]:
    small = str(ROOT / "Tests" / "BLIPTests" / "Fixtures" / "photos" / "chelsea.jpg")

    def sized(megapixels: float) -> str:
        path = folder / f"{megapixels}.jpg"
        side = round((megapixels * 1e6) ** 0.5)
        Image.open(photos[-1]).resize((side, side)).save(path, quality=90)
        return str(path)

    caption = ["caption", "--model", base]
    powers = [1, 10, 100, 1000, 10_000]
    return {
        "pictures": Series(
            "Pictures, base size, photos of 1 to 12 megapixels", "pictures",
            [n for n in (1, 3, 10, 30, 100, 300, 1000, 10_000) if n <= most],
            lambda n: [*caption, listed(folder, photos, int(n)), *lengths(20)], log=True),
        "demo": Series(
            "Pictures, demo model, a small picture", "pictures", powers,
            lambda n: ["caption", listed(folder, [Path(small)], int(n)), *lengths(20)], log=True),
        "batch": Series(
            "Pictures in a batch (--batch), 32 pictures", "a batch", [1, 2, 4, 8, 16, 32],
            lambda n: [*caption, listed(folder, [Path(small)], 32), "--batch", str(int(n)), *lengths(20)],
            grows=False),
        "length": Series(
            "Length of a caption", "tokens", [1, 10, 20, 40, 80, 160, 320, 500],
            lambda n: [*caption, small, *lengths(int(n))]),
        "beams": Series(
            "Beams, 20 tokens", "beams", [1, 2, 4, 8, 16],
            lambda n: [*caption, small, "--beams", str(int(n)), *lengths(20)]),
        "questions": Series(
            "Questions about one picture, 5 tokens each", "questions", [1, 2, 4, 8, 16, 32],
            lambda n: ["ask", small, *[QUESTIONS[i % len(QUESTIONS)] for i in range(int(n))], "--model", base,
                       *lengths(5)]),
        "size": Series(
            "Megapixels of a JPEG", "megapixels", [0.3, 1, 3, 12, 24, 48, 96],
            lambda n: [*caption, sized(n), *lengths(1)]),
        "cores": Series(
            "Threads (--threads), 8 pictures", "threads", list(range(1, (os.cpu_count() or 1) + 1)),
            lambda n: [*caption, listed(folder, [Path(small)], 8), "--threads", str(int(n)), *lengths(20)],
            grows=False, recompiles=True),
    }


def draw(measured: dict[str, tuple[Series, list]], path: Path) -> None:
    pyplot.rcParams |= {"svg.fonttype": "none", "font.size": 9}
    rows = len(measured)
    figure, axes = pyplot.subplots(rows, 2, figsize=(9, 2.3 * rows), squeeze=False, layout="constrained")
    for (time_axis, memory_axis), (series, points) in zip(axes, measured.values()):
        numbers, seconds, megabytes = zip(*points)
        time_axis.plot(numbers, seconds, "o-", color="#2468d6", clip_on=False)
        if series.grows:
            proportional = [seconds[0] * n / numbers[0] for n in numbers]
            time_axis.plot(numbers, proportional, "--", color="#999999", linewidth=1)
        memory_axis.plot(numbers, megabytes, "o-", color="#c2410c", clip_on=False)
        memory_axis.set_ylim(0, 1.15 * max(megabytes))
        time_axis.set_title(series.title, loc="left", fontsize=9)
        time_axis.set_ylabel("seconds")
        memory_axis.set_ylabel("peak, MB")
        for axis in (time_axis, memory_axis):
            axis.set_xlabel(series.unit)
            axis.spines[["top", "right"]].set_visible(False)
            if series.log:
                axis.set_xscale("log")
        if series.log:
            time_axis.set_yscale("log")
        else:
            time_axis.set_ylim(0, 1.15 * max(seconds))
    figure.savefig(path)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", default=BASE)
    parser.add_argument("--most", type=int, default=300, help="pictures at base size (10000 take an hour)")
    parser.add_argument("--only", help="series, with commas between them")
    parser.add_argument("--out", type=Path, default=ROOT / "docs" / "growth.svg")
    given = parser.parse_args()
    if not Path(given.model, "model.safetensors").exists():
        maker = ROOT / "Tools" / "reference" / "make_base.py"
        subprocess.run([sys.executable, str(maker), given.model, "vqa-base", "--dtype", "float16"], check=True)
    photos = make(ROOT / ".bench" / "photos-200", 200)
    with tempfile.TemporaryDirectory() as folder:
        series = all_series(Path(folder), photos, given.model, given.most)
        wanted = given.only.split(",") if given.only else list(series)
        measured = {}
        print(f"{processor()}, {os.cpu_count()} cores; {Path(given.model).name}.", flush=True)
        for name in wanted:
            measured[name] = (series[name], series[name].measure())
            print(f"\n| {series[name].title} | seconds | peak, MB |\n|---|---|---|")
            for point, seconds, megabytes in measured[name][1]:
                print(f"| {point:g} | {seconds:.2f} | {megabytes:.0f} |", flush=True)
    draw(measured, given.out)


if __name__ == "__main__":
    main()
