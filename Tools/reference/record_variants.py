"""Records what transformers makes of checkpoints whose small files say something else.

    python record_variants.py FIXTURES

Writes FIXTURES/variants.json: for each variant the checkpoint, the files that are put into a copy of it, the
default captions of the photos, where the best two tokens are SMALLEST_GAP apart, and the first photo's mean pixel.
"""

import copy
import json
import shutil
import sys
import tempfile
import warnings
from pathlib import Path

import torch
import transformers
from transformers import AutoImageProcessor

from generation import SMALLEST_GAP, greedy_row
from pictures import photos
from record import load

BASE = "caption-untied-missing"
HALVES = {"image_mean": [0.5, 0.5, 0.5], "image_std": [0.5, 0.5, 0.5]}
GENERATION = {"num_beams": 3, "max_length": 8, "repetition_penalty": 2.0}
ACTIVATIONS = [
    "gelu_python", "gelu_new", "gelu_pytorch_tanh", "gelu_python_tanh", "gelu_fast", "gelu_accurate", "gelu_10",
    "quick_gelu", "relu", "relu2", "relu6", "leaky_relu", "silu", "swish", "hardswish", "mish", "tanh", "sigmoid",
    "linear",
]


def variants(folder: Path) -> dict[str, dict]:
    """Names, and the files that make each one."""
    config = json.loads((folder / "config.json").read_text())
    pixels = json.loads((folder / "preprocessor_config.json").read_text())

    def configured(change) -> dict:
        other = copy.deepcopy(config)
        change(other)
        return {"config.json": other}

    def activated(name: str) -> dict:
        return configured(lambda c: (c["text_config"].update(hidden_act=name), c["vision_config"].update(hidden_act=name)))

    def processor(**nested) -> dict:
        return {"processor_config.json": {"processor_class": "BlipProcessor", **nested}}

    return {
        "plain": {},
        "nested image_processor before an older file": processor(image_processor={**pixels, **HALVES}),
        "image_processor is null": processor(image_processor=None),
        "processor_config.json without image_processor": processor(),
        "generation_config.json": {"generation_config.json": GENERATION},
        "generation options in config.json": configured(lambda c: c.update(GENERATION)),
        "generation options in text_config": configured(lambda c: c["text_config"].update(GENERATION)),
        "max_new_tokens in text_config": configured(lambda c: c["text_config"].update(max_new_tokens=5)),
        "no model_type": configured(lambda c: c.pop("model_type")),
        "NaN and Infinity": configured(
            lambda c: c.update(initializer_factor=float("nan"), logit_scale_init_value=-float("inf"))),
        **{f"resample {word}": {"preprocessor_config.json": {**pixels, "resample": word}}
           for word in ["bicubic", "nearest", "3", 0, 1, 2, 4, 5]},
        **{f"activation {name}": activated(name) for name in ACTIVATIONS},
    }


def record(checkpoint: Path, files: dict, pictures: dict) -> dict:
    with tempfile.TemporaryDirectory() as folder:
        folder = Path(folder) / checkpoint.name
        shutil.copytree(checkpoint, folder)
        for name, content in files.items():
            (folder / name).write_text(json.dumps(content))
        reference = load(folder)
        processor = AutoImageProcessor.from_pretrained(folder, backend="pil")
        found, means = {}, []
        for name, photo in pictures.items():
            pixels = processor(photo, return_tensors="pt").pixel_values
            means.append(round(pixels.double().mean().item(), 7))
            row = greedy_row(reference.caption(pixels), 0, reference)
            if row["gap"] >= SMALLEST_GAP:
                found[name] = row["ids"]
        return {"pixels": means[0], "captions": found}


def main(fixtures: Path) -> None:
    torch.set_num_threads(1)
    warnings.simplefilter("ignore")
    transformers.utils.logging.set_verbosity_error()
    transformers.utils.logging.disable_progress_bar()
    checkpoint = fixtures / "checkpoints" / BASE
    pictures = photos(fixtures / "photos")
    found = [
        {"name": name, "files": {file: json.dumps(content) for file, content in files.items()},
         **record(checkpoint, files, pictures)}
        for name, files in variants(checkpoint).items()
    ]
    lines = ",\n".join(json.dumps(entry, separators=(",", ":")) for entry in found)
    top = {"checkpoint": BASE, "transformers": transformers.__version__}
    (fixtures / "variants.json").write_text(json.dumps(top, indent=1)[:-2] + f',\n "variants": [\n{lines}\n]\n}}\n')
    plain = found[0]["captions"]
    for entry in found:
        same = sum(plain.get(name) == ids for name, ids in entry["captions"].items())
        print(f"{entry['name']:46} captions {len(entry['captions'])}, as plain {same}")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
