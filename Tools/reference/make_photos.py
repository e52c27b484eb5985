"""Writes the six photos of the golden tests, and each again at the input sizes of the tiny checkpoints.

    python make_photos.py OUT

OUT/NAME.jpg|png are what a user would hand in. OUT/resized/SIDE/NAME.png is Pillow's bicubic result of
the first step of preprocessing: feeding that tests the model apart from the resampling.
"""

import sys
from pathlib import Path

import numpy as np
from PIL import Image
from skimage import data
from sklearn.datasets import load_sample_image

SIDES = (64, 96)


def sources() -> dict[str, tuple[np.ndarray, tuple[int, int], str]]:
    """Name to pixels, size to keep (width, height) and file ending."""
    return {
        "astronaut": (data.astronaut(), (240, 240), "png"),
        "chelsea": (data.chelsea(), (300, 200), "jpg"),
        "china": (load_sample_image("china.jpg"), (320, 214), "jpg"),
        "coffee": (data.coffee(), (200, 133), "png"),
        "flower": (load_sample_image("flower.jpg")[:, 160:440], (209, 319), "jpg"),
        "rocket": (data.rocket(), (160, 107), "png"),
    }


def main(out: Path) -> None:
    out.mkdir(parents=True, exist_ok=True)
    for name, (pixels, size, ending) in sources().items():
        path = out / f"{name}.{ending}"
        Image.fromarray(pixels).resize(size, Image.Resampling.LANCZOS).save(path, quality=90)
        for side in SIDES:
            smaller = out / "resized" / str(side) / f"{name}.png"
            smaller.parent.mkdir(parents=True, exist_ok=True)
            # From the written file, since JPEG loses some.
            photo = Image.open(path).convert("RGB")
            photo.resize((side, side), Image.Resampling.BICUBIC).save(smaller, optimize=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
