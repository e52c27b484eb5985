"""Measure the library of photos: searches among many vectors, indexing again, and what is found on held-out scenes.

    python library.py BLIP BENCHMARK_LIBRARY [--short] [--only vectors|duplicates|files|speed|scenes]

Prints a table, each row with its goal. The library of many vectors is filled by this script, with random unit vectors:
nothing is nearer than by chance, so that its recall is the least to be expected, and comparing them all for duplicates
takes longest. Written words have a test of their own: make test-write-back COUNT=10000.
"""

import argparse
import json
import os
import sqlite3
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
from PIL import Image

WIDTH = 256
TOP = 10
PARTS = ["vectors", "duplicates", "files", "speed", "scenes"]


def run(*command, check=True) -> str:
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True)
    if check and done.returncode:
        sys.exit(f"{' '.join(map(str, command))}: {done.stderr}")
    return done.stdout


def objects(text: str) -> list[dict]:
    return [json.loads(line) for line in text.splitlines()]


class Bench:
    def __init__(self, given, folder: Path):
        self.given, self.folder, self.rows = given, folder, []

    def row(self, what: str, found: str, goal: str) -> None:
        self.rows.append(f"| {what} | {found} | {goal} |")
        print(f"{what}: {found} (goal: {goal})", file=sys.stderr, flush=True)

    def index(self, photos: Path, library: Path, *options) -> tuple[dict, float]:
        start = time.perf_counter()
        found = run(self.given.blip, "index", photos, "--library", library, "--model", "demo", "--json", *options)
        return objects(found)[-1], time.perf_counter() - start

    def empty_library(self, name: str) -> tuple[Path, Path]:
        photos, library = self.folder / name, self.folder / f"{name}.sqlite"
        photos.mkdir()
        self.index(photos, library)
        return photos, library

    def duplicates(self) -> None:
        photos, library = self.empty_library("duplicates")
        rng, count = np.random.default_rng(20), self.given.compared
        with sqlite3.connect(library) as database:
            for start in range(0, count, 50_000):
                vectors = rng.standard_normal((min(50_000, count - start), WIDTH), dtype=np.float32)
                vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
                self.insert(database, vectors, np.arange(start + 1, start + 1 + len(vectors)))
        start = time.perf_counter()
        run(self.given.blip, "duplicates", "--library", library, "--json")
        self.row(f"duplicates among {count:,} vectors", f"{time.perf_counter() - start:.1f} s", "")

    def vectors(self) -> None:
        count, rng = self.given.vectors, np.random.default_rng(19)
        photos, library = self.empty_library("vectors")
        queries = rng.standard_normal((50, WIDTH), dtype=np.float32)
        queries /= np.linalg.norm(queries, axis=1, keepdims=True)
        best_scores = np.full((len(queries), TOP), -np.inf, np.float32)
        best_ids = np.zeros((len(queries), TOP), np.int64)
        with sqlite3.connect(library) as database:
            for start in range(0, count, 50_000):
                vectors = rng.standard_normal((min(50_000, count - start), WIDTH), dtype=np.float32)
                vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
                ids = np.arange(start + 1, start + 1 + len(vectors))
                self.insert(database, vectors, ids)
                scores = np.concatenate([best_scores, queries @ vectors.T], axis=1)
                all_ids = np.concatenate([best_ids, np.tile(ids, (len(queries), 1))], axis=1)
                order = np.argsort(-scores, axis=1)[:, :TOP]
                best_scores = np.take_along_axis(scores, order, 1)
                best_ids = np.take_along_axis(all_ids, order, 1)
        self.index(photos, library)  # writes the file of vectors
        queries.tofile(self.folder / "queries")
        *found, peak = objects(
            run(self.given.benchmark, "vectors", library, self.folder / "queries", TOP))
        right = sum(len(set(f["ids"]) & set(exact.tolist())) for f, exact in zip(found, best_ids))
        median = np.median([f["milliseconds"] for f in found])
        what = f"search among {count:,} vectors of {WIDTH}"
        self.row(f"{what}, median of {len(found)}", f"{median:.1f} ms", "25 ms")
        self.row(f"{what}, memory at most", f"{peak['peak_mb']:.0f} MB", "350 MB")
        self.row(f"{what}, recall at {TOP}", f"{right / (TOP * len(found)):.3f}", "0.99")

    @staticmethod
    def insert(database, vectors, ids) -> None:
        scales = np.abs(vectors).max(axis=1, keepdims=True) / 127
        steps = vectors / scales
        whole = np.clip(np.rint(steps), -127, 127).astype(np.int8)
        rest = np.clip(np.rint((steps - whole) * 256), -127, 127).astype(np.int8)
        database.executemany(
            "INSERT INTO picture (id, hash, width, height) VALUES (?, ?, 1, 1)",
            ((int(i), int(i).to_bytes(8, "big")) for i in ids))
        database.executemany(
            "INSERT INTO vector (id, picture, model, scale, bytes, residual) VALUES (?, ?, 1, ?, ?, ?)",
            ((int(i), int(i), float(s[0]), w.tobytes(), r.tobytes())
             for i, s, w, r in zip(ids, scales, whole, rest)))

    def files(self) -> None:
        """Files are entered as an index run would: seeing so many would take long, and is not what is measured."""
        photos, library = self.empty_library("files")
        picture = self.folder / "one.png"
        Image.new("RGB", (8, 8), (9, 9, 9)).save(picture)
        content = picture.read_bytes()
        for number in range(self.given.files):
            place = photos / f"{number // 1000:03}" / f"IMG_{number:06}.png"
            if number % 1000 == 0:
                place.parent.mkdir()
            place.write_bytes(content + number.to_bytes(8, "big"))
        with sqlite3.connect(library) as database:
            rng = np.random.default_rng(1)
            vectors = rng.standard_normal((self.given.files, WIDTH), dtype=np.float32)
            self.insert(database, vectors, np.arange(1, self.given.files + 1))
            (model,) = database.execute("SELECT value FROM setting WHERE name = 'caption_model'").fetchone()
            database.execute("UPDATE picture SET caption = 'a picture', caption_model = ?", (int(model),))
            rows = []
            for number, place in enumerate(sorted(photos.glob("*/*.png"))):
                status = place.stat()
                rows.append((os.fsencode(place.resolve()), number + 1, status.st_size, status.st_mtime_ns, status.st_ino,
                             status.st_dev))
            database.executemany(
                "INSERT INTO file (path, picture, size, modified, inode, device, sidecar) VALUES (?, ?, ?, ?, ?, ?, 0)",
                rows)
        self.index(photos, library)  # notes what they lie on, as of a library of an older version
        summary, seconds = self.index(photos, library)
        assert summary["unchanged"] == self.given.files, summary
        self.row(f"indexing {self.given.files:,} unchanged files again", f"{seconds:.1f} s", "10 s")
        for place in sorted(photos.glob("*/*.png"))[: self.given.renamed]:
            place.rename(place.with_name("renamed-" + place.name))
        summary, seconds = self.index(photos, library)
        assert summary["moved"] == self.given.renamed and summary["added"] == 0, summary
        self.row(f"indexing after {self.given.renamed:,} of them were renamed", f"{seconds:.1f} s, all known",
                 "no inference")

    def drawn_scenes(self) -> tuple[Path, list[dict]]:
        photos = self.folder / "scenes"
        if not photos.exists():
            maker = Path(__file__).parent.parent / "Tools/demo-model/scenes.py"
            run(sys.executable, maker, "--count", self.given.scenes, "--out", photos)
        return photos, json.loads((photos / "annotations.json").read_text())

    def speed(self) -> None:
        """Runs in turn, so that what else the machine does falls upon both."""
        photos, notes = self.drawn_scenes()
        shares = []
        for turn in range(3):
            _, seconds = self.index(photos, self.folder / f"speed-{turn}.sqlite", "--batch", 8)
            start = time.perf_counter()
            run(self.given.blip, "caption", photos, "--model", "demo", "--json", "--batch", 8)
            shares.append((time.perf_counter() - start) / seconds)
        self.row(f"indexing {len(notes)} scenes, beside blip caption alone, median of {len(shares)}",
                 f"{100 * np.median(shares):.0f} % of its pictures a second", "90 %")

    def scenes(self) -> None:
        photos, notes = self.drawn_scenes()
        library = self.folder / "scenes.sqlite"
        self.index(photos, library)
        texts = [{"text": note["caption"], "file": note["file"]} for note in notes]
        (self.folder / "texts.json").write_text(json.dumps(texts))
        *found, _ = objects(run(self.given.benchmark, "scenes", library, self.folder / "texts.json"))
        goal = "within 1 point of all reranked"
        for name, title in [("vectors", "vectors alone"), ("joined", "joined with words"),
                            ("reranked", "joined, --rerank 16")]:
            ranks = [f.get(name) for f in found]
            self.row(f"R@1, R@5 of {len(texts)} texts: {title}", self.recall(ranks), goal if "rerank" in title else "")
        self.row("R@1, R@5: all reranked", self.rerank_all(photos, notes), "")

    @staticmethod
    def recall(ranks) -> str:
        share = [100 * sum(r is not None and r < k for r in ranks) / len(ranks) for k in (1, 5)]
        return f"{share[0]:.1f} %, {share[1]:.1f} %"

    def rerank_all(self, photos: Path, notes: list[dict]) -> str:
        coco = {
            "images": [{"id": i, "file_name": note["file"]} for i, note in enumerate(notes)],
            "annotations": [
                {"id": i, "image_id": i, "caption": note["caption"]} for i, note in enumerate(notes)],
        }
        annotations = self.folder / "coco.json"
        annotations.write_text(json.dumps(coco))
        rows = objects(run(
            self.given.blip, "eval", "retrieval", annotations, photos, "--rerank", len(notes), "--model", "demo",
            "--json"))
        scores = {row["metric"]: row["score"] for row in rows if row.get("name") == "text_to_image"}
        return f"{100 * scores['R@1']:.1f} %, {100 * scores['R@5']:.1f} %"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("blip")
    parser.add_argument("benchmark")
    parser.add_argument("--vectors", type=int, default=1_000_000)
    parser.add_argument("--compared", type=int, default=100_000, help="vectors among which duplicates are looked for")
    parser.add_argument("--files", type=int, default=100_000)
    parser.add_argument("--renamed", type=int, default=10_000)
    parser.add_argument("--scenes", type=int, default=500)
    parser.add_argument("--only", choices=PARTS)
    parser.add_argument("--short", action="store_true", help="a tenth of it, or less: that it works")
    given = parser.parse_args()
    if given.short:
        given.vectors, given.compared, given.files, given.renamed, given.scenes = 20_000, 5_000, 2_000, 200, 20
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(given, Path(folder).resolve())
        for part in PARTS:
            if given.only in (None, part):
                getattr(bench, part)()
        print("| what | found | goal |\n|---|---|---|", *bench.rows, sep="\n")


if __name__ == "__main__":
    main()
