"""Records what transformers makes of photos with each given checkpoint, in float32.

    python record.py PHOTOS OUT CHECKPOINT...

Writes OUT/NAME.json a checkpoint (README.md has the layout) and prints a table. Only robust results are kept:
the best and the second token at least SMALLEST_GAP apart, and nothing changed by pictures.disturbed.
"""

import argparse
import json
import warnings
from pathlib import Path

import torch
import transformers
from PIL import Image
from transformers import AutoTokenizer, BlipForConditionalGeneration, BlipForImageTextRetrieval, BlipForQuestionAnswering
from transformers.models.blip.image_processing_pil_blip import BlipImageProcessorPil

from generation import (
    ANSWER_BEAMS, ANSWER_GREEDY, BEAMS, GREEDY, QUESTIONS, SMALLEST_GAP, TEXTS, Reference, beam_rows, greedy_row,
    rounded,
)
from pictures import disturbed, photos, pixels


def load(folder: Path) -> Reference:
    """Each BLIP class for which no tensor is missing. Half weights are widened, all arithmetic is float32."""
    found = {}
    for kind in (BlipForQuestionAnswering, BlipForConditionalGeneration, BlipForImageTextRetrieval):
        try:
            model, info = kind.from_pretrained(folder, dtype=torch.float32, output_loading_info=True)
        except RuntimeError:  # shapes that this class cannot have, such as VQA with a wide vision model
            continue
        if not info["missing_keys"]:
            found[kind] = model.eval()
    answerer, config = found.get(BlipForQuestionAnswering), next(iter(found.values())).config
    captioner = None if answerer else found.get(BlipForConditionalGeneration)
    tokenizer = AutoTokenizer.from_pretrained(folder)
    return Reference(tokenizer, config, captioner, answerer, found.get(BlipForImageTextRetrieval))


def robust_greedy(run, exact: torch.Tensor, noisy: torch.Tensor, reference: Reference) -> dict | None:
    entry = greedy_row(run(exact), 0, reference)
    if entry["gap"] < SMALLEST_GAP:
        return None
    output = run(noisy)
    others = [greedy_row(output, row, reference) for row in range(len(noisy))]
    if any(other["ids"] != entry["ids"] for other in others):
        return None
    entry["spread"] = round(max(abs(other["score"] - entry["score"]) for other in others), 5)
    return entry


def robust_beams(run, exact: torch.Tensor, noisy: torch.Tensor, reference: Reference) -> dict | None:
    rows = beam_rows(run(exact), reference)
    others = beam_rows(run(noisy), reference)
    pairs = [(other, rows[index % len(rows)]) for index, other in enumerate(others)]
    if any(other["ids"] != row["ids"] for other, row in pairs):
        return None
    return {"sequences": rows, "spread": round(max(abs(o["score"] - r["score"]) for o, r in pairs), 5)}


def kept(entries: dict) -> dict:
    return {name: entry for name, entry in entries.items() if entry is not None}


def captions(reference: Reference, exact: torch.Tensor, noisy: torch.Tensor) -> dict:
    def run(options):
        return lambda batch: reference.caption(batch, **options)

    return {
        "captions": kept({n: robust_greedy(run(o), exact, noisy, reference) for n, o in GREEDY.items()}),
        "beam_captions": kept({n: robust_beams(run(o), exact, noisy, reference) for n, o in BEAMS.items()}),
    }


def answers(reference: Reference, exact: torch.Tensor, noisy: torch.Tensor) -> list[dict]:
    found = []
    for question in QUESTIONS:
        def run(options):
            return lambda batch: reference.answer(batch, question, **options)

        found.append({
            "question": question, "question_ids": reference.tokens(question)[0].tolist(),
            "answers": kept({n: robust_greedy(run(o), exact, noisy, reference) for n, o in ANSWER_GREEDY.items()}),
            "beam_answers": kept({n: robust_beams(run(o), exact, noisy, reference) for n, o in ANSWER_BEAMS.items()}),
        })
    return [entry for entry in found if entry["answers"] or entry["beam_answers"]]


def matches(reference: Reference, exact: torch.Tensor, noisy: torch.Tensor) -> list[dict]:
    found = []
    for text in TEXTS:
        entry = reference.match(exact, text)
        others = [reference.match(one, text) for one in noisy.split(1)]
        for key in ("match_probability", "similarity"):
            entry[key + "_spread"] = round(max(abs(other[key] - entry[key]) for other in others), 6)
        found.append(entry)
    return found


@torch.no_grad()
def image_embeddings(reference: Reference, exact: torch.Tensor, noisy: torch.Tensor) -> dict:
    states, others = reference.vision(exact)[0][0], reference.vision(noisy)[0]
    tokens = {"0": states[0, :8], "1": states[1, :8], "last": states[-1, :8]}
    return {
        "shape": list(states.shape), "norm": round(states.norm().item(), 5),
        "spread": round((others - states).abs().max().item(), 5),
        "tokens": {name: rounded(values) for name, values in tokens.items()},
    }


def photo_record(name: str, photo: Image.Image, reference: Reference, processor: BlipImageProcessorPil) -> dict:
    exact, noisy = pixels(processor, photo), disturbed(processor, photo)
    side = processor.size["height"]
    entry = {
        "photo": f"photos/{name}", "resized": f"photos/resized/{side}/{Path(name).stem}.png",
        "pixels": {"mean": rounded(exact.mean((0, 2, 3))), "first": [rounded(c[0, :8]) for c in exact[0]]},
        "image_embeddings": image_embeddings(reference, exact, noisy),
    }
    if reference.captioner or reference.answerer:
        entry.update(captions(reference, exact, noisy))
    if reference.answerer:
        entry["questions"] = answers(reference, exact, noisy)
    if reference.matcher:
        entry["matches"] = matches(reference, exact, noisy)
    return entry


def head(folder: Path, reference: Reference) -> dict:
    tasks = {"caption": reference.captioner or reference.answerer, "vqa": reference.answerer, "itm": reference.matcher}
    text = reference.text
    return {
        "checkpoint": folder.name, "transformers": transformers.__version__, "torch": torch.__version__,
        "tasks": [name for name, model in tasks.items() if model is not None],
        "begin": text.bos_token_id, "end": text.sep_token_id, "pad": text.pad_token_id,
        "options": {**GREEDY, **BEAMS}, "answer_options": {**ANSWER_GREEDY, **ANSWER_BEAMS},
    }


def write(path: Path, top: dict, entries: list[dict]) -> None:
    """One photo a line: small, and readable in a diff."""
    lines = ",\n".join(json.dumps(entry, separators=(",", ":")) for entry in entries)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(top, indent=1)[:-2] + f',\n "photos": [\n{lines}\n]\n}}\n')


def summary(entries: list[dict]) -> str:
    greedy = [e for p in entries for e in p.get("captions", {}).values()]
    asked = [e for p in entries for q in p.get("questions", []) for e in q["answers"].values()]
    beams = [e for p in entries for e in p.get("beam_captions", {}).values()]
    beams += [e for p in entries for q in p.get("questions", []) for e in q["beam_answers"].values()]
    gap = min([e["gap"] for e in greedy + asked], default=float("nan"))
    tokens = len({token for e in greedy + asked for token in e["ids"]})
    sizes = sorted({len(e["ids"]) for e in greedy + asked})
    ended = sum(e["ended"] for e in greedy + asked)
    return (
        f"captions {len(greedy):3} answers {len(asked):3} beams {len(beams):3} ended {ended:3} gap {gap:.4f} "
        f"tokens {tokens:3} lengths {sizes}"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("photos", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("checkpoints", type=Path, nargs="+")
    given = parser.parse_args()
    torch.set_num_threads(1)  # tiny products; more threads only wait for each other
    warnings.simplefilter("ignore")
    transformers.utils.logging.set_verbosity_error()
    transformers.utils.logging.disable_progress_bar()
    for folder in given.checkpoints:
        reference = load(folder)
        processor = BlipImageProcessorPil.from_pretrained(folder)
        entries = [photo_record(n, p, reference, processor) for n, p in photos(given.photos).items()]
        write(given.out / f"{folder.name}.json", head(folder, reference), entries)
        print(f"{folder.name:32} {summary(entries)}", flush=True)


if __name__ == "__main__":
    main()
