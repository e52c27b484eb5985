"""Compares the program with transformers, token for token, on checkpoints of the published sizes.

    make conformance
    python conformance.py [--kinds vqa-base caption-base ...] [--sizes 224 ...] [--photos 2] [--blip PATH]

Makes each random-weight checkpoint on the spot (in .bench/, kept for the next time), lets transformers 5.23 caption,
answer and match real photos in float32, lets `blip` do the same with pictures that it decoded and resized itself, and
prints one table: equal texts at f32, where everything must be, and at bf16 (if the processor has it), where it need
not. Those of base size also at other picture sizes, with `interpolate_pos_encoding=True` and `--image-size`. Exits with
1 where f32 differs.
"""

import argparse
import gc
import json
import subprocess
import sys
from pathlib import Path

import torch
import transformers
from transformers.models.blip.image_processing_pil_blip import BlipImageProcessorPil

from generation import QUESTIONS, TEXTS, without_frame
from pictures import photos, pixels
from record import load

ROOT = Path(__file__).resolve().parents[2]
PHOTOS = ROOT / "Tests" / "BLIPTests" / "Fixtures" / "photos"
CHECKPOINTS = ROOT / ".bench"

# name -> options for the program, options for transformers' generate (`prompt` is ours)
CAPTIONS = {
    "caption, greedy": ([], {}),
    "caption, 3 beams": (["--beams", "3"], {"num_beams": 3}),
    "caption, prompt": (["--prompt", "a picture of"], {"prompt": "a picture of"}),
}


def has_bf16() -> bool:
    """Whether the processor computes in it: where it is emulated, a caption took 48 s."""
    return not {"avx512_bf16", "amx_bf16", "bf16"}.isdisjoint(Path("/proc/cpuinfo").read_text().split())


def run(blip: str, *arguments: str) -> list[dict]:
    done = subprocess.run([blip, *arguments, "--json", "--no-cache"], capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"blip {' '.join(arguments)}: {done.stderr}")
    return [json.loads(line) for line in done.stdout.splitlines()]


def expected(folder: Path, names: list[str], size: int | None) -> dict:
    """What transformers says: {(case, photo, text): ids or probability}."""
    reference, found = load(folder), {}
    processor = BlipImageProcessorPil.from_pretrained(folder)
    if size:
        reference.interpolating()
        processor = BlipImageProcessorPil.from_pretrained(folder, size={"height": size, "width": size})
    given = photos(PHOTOS)
    end = reference.text.sep_token_id
    for name in names:
        exact = pixels(processor, given[name])
        if reference.captioner or reference.answerer:
            for case, (_, options) in CAPTIONS.items():
                output = reference.caption(exact, **options)
                found[case, name, ""] = without_frame(output.sequences[0], end)[0]
        for question in QUESTIONS if reference.answerer else []:
            output = reference.answer(exact, question)
            found["answer", name, question] = without_frame(output.sequences[0], end)[0]
        for text in TEXTS if reference.matcher else []:
            found["match", name, text] = reference.match(exact, text)["match_probability"]
    return found


def said(blip: str, folder: Path, names: list[str], size: int | None, precision: str, cases: set[str]) -> dict:
    """The same from the program."""
    common = ["--model", str(folder), "--precision", precision, "--device", "CPU"]
    common += ["--image-size", str(size)] if size else []
    paths = {str(PHOTOS / name): name for name in names}
    found = {}
    for case, (options, _) in CAPTIONS.items():
        if case in cases:
            for line in run(blip, "caption", *paths, *options, *common):
                found[case, paths[line["image"]], ""] = line["token_ids"]
    for path, name in paths.items():
        if "answer" in cases:
            for line in run(blip, "ask", path, *QUESTIONS, *common):
                found["answer", name, line["question"]] = line["token_ids"]
        if "match" in cases:
            for line in run(blip, "match", path, *TEXTS, *common):
                found["match", name, line["text"]] = line["match_probability"]
    return found


def same(case: str, one, other, tolerance: float) -> bool:
    return abs(one - other) <= tolerance if case == "match" else one == other


def main() -> None:
    kinds = ["vqa-base", "caption-base", "itm-base", "caption-large"]
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kinds", nargs="+", default=kinds, choices=kinds)
    parser.add_argument("--sizes", nargs="*", type=int, default=[224, 256, 320, 480], help="of pictures, besides 384")
    parser.add_argument("--photos", type=int, default=2, help="of the six fixtures")
    parser.add_argument("--blip", default=str(ROOT / ".build" / "release" / "blip"))
    given = parser.parse_args()
    transformers.utils.logging.set_verbosity_error()
    transformers.utils.logging.disable_progress_bar()
    names = sorted(photos(PHOTOS))[: given.photos]
    print("| checkpoint | size | what | equal at f32 | equal at bf16 |\n|---|---:|---|---:|---:|", flush=True)
    differs = False
    for kind in given.kinds:
        folder = CHECKPOINTS / kind
        if not (folder / "model.safetensors").exists():
            maker = [sys.executable, str(Path(__file__).with_name("make_base.py")), str(folder), kind]
            subprocess.run(maker, check=True, stdout=subprocess.DEVNULL)
        for size in [None, *(() if kind.endswith("large") else given.sizes)]:
            with torch.inference_mode():
                reference = expected(folder, names, size)
            gc.collect()
            cases = dict.fromkeys(case for case, _, _ in reference)
            f32 = said(given.blip, folder, names, size, "f32", set(cases))
            bf16 = said(given.blip, folder, names, size, "bf16", set(cases)) if has_bf16() else None
            for case in cases:
                keys = [key for key in reference if key[0] == case]
                # Probabilities are equal within 0.001; at bf16 it is told how many are within 0.05.
                exact = sum(same(case, reference[key], f32[key], 0.001) for key in keys)
                narrow = bf16 and f"{sum(same(case, reference[key], bf16[key], 0.05) for key in keys)} of {len(keys)}"
                differs |= exact < len(keys)
                row = f"{kind} | {size or 384} | {case} | {exact} of {len(keys)} | {narrow or 'not here'}"
                print(f"| {row} |", flush=True)
    if differs:
        sys.exit("Something differs at f32, where everything must be equal.")


if __name__ == "__main__":
    main()
