"""Records what transformers makes of pictures of other sizes than a checkpoint was trained on.

    python record_sizes.py FIXTURES SAMPLES DEMO

Writes FIXTURES/sizes.json: for the tiny checkpoints of CASES and the demo model, and for several sizes, the position
embeddings that `interpolate_pos_encoding` makes (their norm and some values), and with `interpolate_pos_encoding=True`
captions, answers and matches of a few pictures, as robust as those of record.py.
"""

import json
import sys
import warnings
from pathlib import Path

import torch
import transformers
from transformers.models.blip.image_processing_pil_blip import BlipImageProcessorPil

from generation import QUESTIONS, TEXTS, rounded
from pictures import disturbed, photos
from record import kept, load, matches, robust_beams, robust_greedy

# Finer and coarser grids, one of them a single patch, and the checkpoint's own.
CASES = {"all-tasks": [16, 32, 64, 96, 112, 160, 224], "patch8-image64": [32, 80, 128], "large-like": [48, 144]}
DEMO = [64, 96, 128, 160]
CAPTIONS = {"greedy": {}, "prompt": dict(prompt="a picture of")}
BEAMS = {"beams_3": dict(num_beams=3)}


@torch.no_grad()
def positions(reference, side: int) -> dict:
    embeddings = reference.vision_model.embeddings
    tokens = (side // embeddings.patch_size) ** 2 + 1
    found = embeddings.interpolate_pos_encoding(torch.zeros(1, tokens, embeddings.embed_dim), side, side)[0]
    places = sorted({0, 1, tokens // 2, tokens - 1})
    return {
        "tokens": tokens, "norm": round(found.double().norm().item(), 5),
        "values": {str(place): rounded(found[place, :4], 7) for place in places},
    }


def picture(reference, processor, photo) -> dict:
    exact, noisy = processor(photo, return_tensors="pt").pixel_values, disturbed(processor, photo)
    entry = {}
    if reference.captioner or reference.answerer:
        def captioned(options):
            return lambda batch: reference.caption(batch, **options)

        entry["captions"] = kept({n: robust_greedy(captioned(o), exact, noisy, reference) for n, o in CAPTIONS.items()})
        entry["beams"] = kept({n: robust_beams(captioned(o), exact, noisy, reference) for n, o in BEAMS.items()})
    if reference.answerer:
        entry["answers"] = kept({
            question: robust_greedy(lambda batch: reference.answer(batch, question), exact, noisy, reference)
            for question in QUESTIONS[:2]})
    if reference.matcher:
        entry["matches"] = {m["text"]: [m["match_probability"], m["match_probability_spread"]]
                            for m in matches(reference, exact, noisy)[:2]}
    for name in ("captions", "answers"):
        entry[name] = {key: row["ids"] for key, row in entry.get(name, {}).items()}
    entry["beams"] = {key: [s["ids"] for s in row["sequences"]] for key, row in entry.get("beams", {}).items()}
    return entry


def record(folder: Path, pictures: dict, sides: list[int]) -> list[dict]:
    reference = load(folder).interpolating()
    found = []
    for side in sides:
        processor = BlipImageProcessorPil.from_pretrained(folder, size={"height": side, "width": side})
        found.append({
            "checkpoint": folder.name, "size": side, "positions": positions(reference, side),
            "pictures": {name: picture(reference, processor, photo) for name, photo in pictures.items()},
        })
        texts = [entry for p in found[-1]["pictures"].values() for kind in p.values() for entry in kind]
        print(f"{folder.name:20} {side:4} {len(texts)} texts", flush=True)
    return found


def main(fixtures: Path, samples: Path, demo: Path) -> None:
    torch.set_num_threads(1)
    warnings.simplefilter("ignore")
    transformers.utils.logging.set_verbosity_error()
    transformers.utils.logging.disable_progress_bar()
    tiny, drawn = (dict(list(photos(folder).items())[:3]) for folder in (fixtures / "photos", samples))
    found = []
    for name, sides in CASES.items():
        found += record(fixtures / "checkpoints" / name, tiny, sides)
    found += record(demo, drawn, DEMO)
    lines = ",\n".join(json.dumps(entry, separators=(",", ":")) for entry in found)
    top = {"transformers": transformers.__version__, "torch": torch.__version__}
    (fixtures / "sizes.json").write_text(json.dumps(top, indent=1)[:-2] + f',\n "sizes": [\n{lines}\n]\n}}\n')


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
