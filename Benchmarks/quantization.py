"""How much rounding costs: image embeddings of each form of a checkpoint against FP32, beside NNCF's forms.

    .venv/bench/bin/python Benchmarks/quantization.py [--model CHECKPOINT] [--pictures FOLDER]

Every form is a vision model that OpenVINO runs on the same pictures. The calibrated ones learn from half of the pictures,
and all are measured on the other half: the mean cosine between each token's embedding and FP32's, once at f32 and once as
the program runs it on processors with bf16; and milliseconds a picture, all forms in turn. The product's forms are what
`blip convert` writes; NNCF's start from the same checkpoint through PyTorch, as peers/export.py exports it.
"""

import argparse
import random
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import nncf
import numpy as np
import openvino as ov
import torch
from PIL import Image, ImageOps
from transformers.models.blip.image_processing_pil_blip import BlipImageProcessorPil

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "Benchmarks" / "peers"))
import export  # noqa: E402

PHOTOS = ROOT / "Tests" / "BLIPTests" / "Fixtures" / "photos"
BF16 = {"INFERENCE_PRECISION_HINT": "bf16"}
# As CompiledParts sets them.
FORMS = {
    "f16": ([], {}),
    "int8": (["--weights", "int8"], {"DYNAMIC_QUANTIZATION_GROUP_SIZE": "768"}),
    "int4": (["--weights", "int4"], {"DYNAMIC_QUANTIZATION_GROUP_SIZE": "64"}),
    "int8, activations too": (["--activations", "int8"], {"DYNAMIC_QUANTIZATION_GROUP_SIZE": "768"}),
}


def crops(folder: Path, count: int) -> None:
    """Pieces of the photos of the tests, some mirrored, the same every time."""
    dice = random.Random(7)
    photos = [Image.open(path).convert("RGB") for path in sorted(PHOTOS.iterdir()) if path.suffix in {".jpg", ".png"}]
    for index in range(count):
        photo = photos[index % len(photos)]
        side = int(min(photo.size) * dice.uniform(0.4, 1))
        left, top = dice.randint(0, photo.width - side), dice.randint(0, photo.height - side)
        piece = photo.crop((left, top, left + side, top + side))
        (ImageOps.mirror(piece) if dice.random() < 0.5 else piece).save(folder / f"{index:03}.png")


def pixels(model: str, pictures: list[Path]) -> list[np.ndarray]:
    processor = BlipImageProcessorPil.from_pretrained(model)
    return [processor(Image.open(path).convert("RGB"), return_tensors="np").pixel_values for path in pictures]


def cosine(found: np.ndarray, expected: np.ndarray) -> float:
    lengths = np.linalg.norm(found, axis=-1) * np.linalg.norm(expected, axis=-1)
    return float(((found * expected).sum(-1) / lengths).mean())


class Form:
    """A vision model in one form, compiled twice: to be exact, and to be quick."""

    def __init__(self, name: str, model: ov.Model | Path, settings: dict):
        self.name, self.milliseconds = name, []
        with tempfile.TemporaryDirectory() as folder:
            if isinstance(model, Path):
                weights = model.with_suffix(".bin")
                model = ov.Core().read_model(model)
            else:
                weights = Path(folder) / "vision.bin"
                ov.save_model(model, weights.with_suffix(".xml"), compress_to_fp16=True)
            self.megabytes = weights.stat().st_size / 1e6
        exact = {"INFERENCE_PRECISION_HINT": "f32", "DYNAMIC_QUANTIZATION_GROUP_SIZE": "0"}
        self.exact = ov.Core().compile_model(model, "CPU", exact)
        self.quick = ov.Core().compile_model(model, "CPU", {"PERFORMANCE_HINT": "LATENCY", **BF16, **settings})

    def measure(self, pictures: list[np.ndarray], expected: list[np.ndarray]) -> None:
        pairs = list(zip(pictures, expected, strict=True))
        self.cosines = [statistics.mean(cosine(run(x)[0], y) for x, y in pairs) for run in (self.exact, self.quick)]

    def time(self, picture: np.ndarray) -> None:
        begin = time.perf_counter()
        self.quick(picture)
        self.milliseconds.append((time.perf_counter() - begin) * 1000)


def product_forms(blip: str, model: str, pictures: Path, work: Path) -> list[Form]:
    forms = []
    for name, (options, settings) in FORMS.items():
        out = work / name.split()[-1].strip(",") / "ir"
        further = ["--calibrate", str(pictures)] if "--activations" in options else []
        command = [blip, "convert", model, "--out", str(out), *options, *further]
        subprocess.run(command, check=True, stdout=sys.stderr)
        forms.append(Form(f"swift-blip {name}", out / "vision.xml", settings))
    return forms


@torch.no_grad()
def exported(checkpoint: torch.nn.Module) -> ov.Model:
    side = checkpoint.config.vision_config.image_size
    example = torch.zeros(1, 3, side, side)
    return ov.convert_model(export.Vision(checkpoint.vision_model), example_input=example, input=[(1, 3, side, side)])


def nncf_forms(checkpoint: torch.nn.Module, calibration: list[np.ndarray]) -> list[Form]:
    symmetric = nncf.compress_weights(exported(checkpoint), mode=nncf.CompressWeightsMode.INT8_SYM)
    quantized = nncf.quantize(
        exported(checkpoint), nncf.Dataset(calibration), model_type=nncf.ModelType.TRANSFORMER,
        subset_size=len(calibration),
    )
    return [
        Form("NNCF compress_weights, INT8_SYM", symmetric, {"DYNAMIC_QUANTIZATION_GROUP_SIZE": "768"}),
        Form("NNCF quantize, transformer preset", quantized, {}),
    ]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", default=str(ROOT / ".bench" / "vqa-base-f16"))
    parser.add_argument("--pictures", type=Path, help="a folder of photos; without one, pieces of the tests' photos")
    parser.add_argument("--count", type=int, default=48, help="pictures, half of them to calibrate with")
    parser.add_argument("--rounds", type=int, default=5, help="of timing")
    parser.add_argument("--blip", default=str(ROOT / ".build" / "release" / "blip"))
    given = parser.parse_args()
    if not Path(given.model).exists():
        maker = ROOT / "Tools" / "reference" / "make_base.py"
        subprocess.run([sys.executable, str(maker), given.model, "vqa-base", "--dtype", "float16"], check=True)
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        pieces, known = work / "pieces", work / "known"
        pieces.mkdir()
        known.mkdir()
        if not given.pictures:
            crops(pieces, given.count)
        found = sorted(p for p in (given.pictures or pieces).iterdir() if p.suffix.lower() in (".jpg", ".jpeg", ".png"))
        paths = found[:: max(1, len(found) // given.count)][: given.count]
        for path in paths[::2]:
            (known / path.name).symlink_to(path.resolve())
        calibration, unseen = pixels(given.model, paths[::2]), pixels(given.model, paths[1::2])
        forms = product_forms(given.blip, given.model, known, work)
        checkpoint = export.load(given.model)
        with torch.no_grad():
            expected = [checkpoint.vision_model(torch.from_numpy(x))[0].numpy() for x in unseen]
        forms += nncf_forms(checkpoint, calibration)
        del checkpoint
        for form in forms:
            form.measure(unseen, expected)
        for _ in range(given.rounds):
            for form in forms:
                form.time(unseen[0])
    first = statistics.median(forms[0].milliseconds)
    print(f"{Path(given.model).name}; {len(calibration)} pictures to calibrate, {len(unseen)} others to measure.\n")
    print("| vision model | MB | cosine at f32 | cosine at bf16 | time at bf16 | times as fast as f16 |")
    print("|---|---:|---:|---:|---:|---:|")
    for form in forms:
        median = statistics.median(form.milliseconds)
        cosines = " | ".join(f"{value:.5f}" for value in form.cosines)
        print(f"| {form.name} | {form.megabytes:.0f} | {cosines} | {median:.0f} ms | {first / median:.2f} |")


if __name__ == "__main__":
    main()
