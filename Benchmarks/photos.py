"""Makes a folder of JPEG photos of 1 to 12 megapixels, as cameras write them.

    python Benchmarks/photos.py FOLDER [--count 200]

Crops of the test photos, enlarged, with a sensor's grain so that the files are as large as a
camera's and their decoding costs as much. The same photos every time; those that are there stay.
"""

import argparse
import random
from pathlib import Path

import numpy as np
from PIL import Image

SOURCES = Path(__file__).resolve().parent.parent / "Tests" / "BLIPTests" / "Fixtures" / "photos"
ASPECTS = [(4, 3), (3, 2), (16, 9), (3, 4), (2, 3), (1, 1)]


def photo(sources: list[Image.Image], index: int, count: int) -> Image.Image:
    drawn = random.Random(index)
    source = drawn.choice(sources)
    megapixels = 1 + 11 * index / max(count - 1, 1)
    wide, high = drawn.choice(ASPECTS)
    scale = (megapixels * 1e6 / (wide * high)) ** 0.5
    width, height = round(wide * scale), round(high * scale)
    zoom = drawn.uniform(0.7, 1) * min(source.width / width, source.height / height)
    crop_width, crop_height = width * zoom, height * zoom
    left, top = drawn.uniform(0, source.width - crop_width), drawn.uniform(0, source.height - crop_height)
    box = (left, top, left + crop_width, top + crop_height)
    large = source.resize((width, height), Image.Resampling.BICUBIC, box=box)
    grain = np.random.default_rng(index).integers(-6, 7, (height, width, 1), np.int16)
    return Image.fromarray(np.clip(np.asarray(large, np.int16) + grain, 0, 255).astype(np.uint8))


def make(folder: Path, count: int) -> list[Path]:
    folder.mkdir(parents=True, exist_ok=True)
    files = [path for path in sorted(SOURCES.iterdir()) if path.suffix in {".jpg", ".png"}]
    sources = [Image.open(path).convert("RGB") for path in files]
    made = [folder / f"{index:03}.jpg" for index in range(count)]
    for index, path in enumerate(made):
        if not path.exists():
            partial = path.with_suffix(".partial")
            photo(sources, index, count).save(partial, "JPEG", quality=random.Random(index).randint(85, 95))
            partial.rename(path)
    return made


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--count", type=int, default=200)
    given = parser.parse_args()
    made = make(given.folder, given.count)
    print(f"{len(made)} photos, {sum(path.stat().st_size for path in made) / 1e6:.0f} MB in {given.folder}")
