"""Writes the tiny checkpoints of shapes.py as Hugging Face folders.

    python make_checkpoints.py OUT [NAME...]
"""

import json
import shutil
import sys
from pathlib import Path

import torch
from safetensors.torch import save_file

import vocabulary
from shapes import SHAPES, Shape
from weights import config, weights

METADATA = {"format": "pt"}


def stored(shape: Shape) -> dict[str, torch.Tensor]:
    tensors = {name: value for name, value in weights(shape).items() if name not in shape.absent}
    if shape.position_ids:
        positions = shape.text_config(vocabulary.ids())["max_position_embeddings"]
        for part in ("text_encoder.", "text_decoder.bert."):
            if any(name.startswith(part) for name in tensors):
                tensors[part + "embeddings.position_ids"] = torch.arange(positions).unsqueeze(0)
    return tensors


def write_tensors(folder: Path, tensors: dict, shards: int, container: str) -> None:
    if container == "bin":
        torch.save(tensors, folder / "pytorch_model.bin")
        return
    if shards == 1:
        save_file(tensors, folder / "model.safetensors", metadata=METADATA)
        return
    names = list(tensors)
    part = -(-len(names) // shards)
    weight_map, total = {}, 0
    for index in range(shards):
        file = f"model-{index + 1:05}-of-{shards:05}.safetensors"
        chosen = {name: tensors[name] for name in names[index * part : (index + 1) * part]}
        save_file(chosen, folder / file, metadata=METADATA)
        weight_map.update({name: file for name in chosen})
        total += sum(value.numel() * value.element_size() for value in chosen.values())
    listing = {"metadata": {"total_size": total}, "weight_map": weight_map}
    (folder / "model.safetensors.index.json").write_text(json.dumps(listing, indent=1) + "\n")


def write_preprocessor(folder: Path, side: int, mean: list, std: list) -> None:
    settings = {
        "do_normalize": True, "do_rescale": True, "do_resize": True,
        "image_mean": mean, "image_std": std,
        "image_processor_type": "BlipImageProcessor", "processor_class": "BlipProcessor",
        "resample": 3, "rescale_factor": 1 / 255, "size": {"height": side, "width": side},
    }
    (folder / "preprocessor_config.json").write_text(json.dumps(settings, indent=2) + "\n")


def write_config(folder: Path, shape: Shape) -> None:
    settings = config(shape).to_dict()
    settings["text_config"] = {k: v for k, v in settings["text_config"].items() if k not in shape.unnamed}
    settings["dtype"] = shape.dtype
    (folder / "config.json").write_text(json.dumps(settings, indent=1, sort_keys=True) + "\n")


def write(shape: Shape, folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    write_config(folder, shape)
    write_preprocessor(folder, shape.image, shape.mean, shape.std)
    vocabulary.save(folder)
    write_tensors(folder, stored(shape), shape.shards, shape.container)


def main(out: Path, names: list[str]) -> None:
    for shape in SHAPES:
        if not names or shape.name in names:
            write(shape, out / shape.name)
            size = sum(file.stat().st_size for file in (out / shape.name).iterdir())
            print(f"{shape.name:34} {size / 1000:7.0f} KB  {shape.note}")


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])
