"""Makes tiny adapters with peft, merges them with peft, and records what transformers makes of the merged models.

    pip install peft==0.18.0
    python record_adapters.py FIXTURES

Writes FIXTURES/adapters/NAME with the adapter as peft saves it, or the whole model's state, and record.json.
"""

import json
import shutil
import sys
import warnings
from pathlib import Path

import torch
import transformers
from peft import LoraConfig, PeftModel, get_peft_model
from safetensors.torch import load_file
from transformers import AutoImageProcessor, AutoTokenizer, BlipForConditionalGeneration, BlipForQuestionAnswering

from generation import QUESTIONS, SMALLEST_GAP, Reference, greedy_row
from pictures import photos

KINDS = {"caption": BlipForConditionalGeneration, "vqa": BlipForQuestionAnswering}
ADAPTERS = {
    # What most people train.
    "plain": ("caption-untied-missing", dict(r=4, lora_alpha=16, target_modules=["query", "value", "qkv"])),
    "half": ("caption-f16", dict(r=2, lora_alpha=8, target_modules=["query", "key", "qkv", "projection"])),
    "settings": ("caption-untied-missing", dict(
        r=4, lora_alpha=6, use_rslora=True, fan_in_fan_out=True, bias="all", lora_bias=False,
        target_modules=["query", "key", "fc1", "qkv", "patch_embedding"],
        rank_pattern={"fc1": 2}, alpha_pattern={"text_decoder.bert.encoder.layer.0.attention.self.query": 24, "qkv": 2},
        modules_to_save=["transform"])),
    "lora-bias": ("caption-untied-missing", dict(r=2, lora_alpha=8, lora_bias=True, target_modules=["query", "fc2"])),
    # Tied weights: one parameter, whichever of its names is given.
    "words": ("caption-untied-missing", dict(r=4, lora_alpha=12, target_modules=["word_embeddings", "value"])),
    "decoder": ("vqa-f32", dict(r=2, lora_alpha=4, target_modules=["decoder", "query"])),
}


def load(checkpoint: Path):
    kind = KINDS[checkpoint.name.split("-")[0]]
    return kind.from_pretrained(checkpoint, dtype=torch.float32).eval()


@torch.no_grad()
def filled(model, seed: int, dtype: torch.dtype):
    """As after training: the factors start as noise and nothing."""
    source = torch.Generator().manual_seed(seed)
    for name, value in model.named_parameters():
        if "lora_" in name or "modules_to_save" in name:
            noise = torch.randn(value.shape, generator=source)
            value.copy_((value + 0.15 * noise).to(dtype).float() if "modules" in name else (0.15 * noise).to(dtype).float())
    return model


def record(model, checkpoint: Path, fixtures: Path) -> dict:
    tokenizer = AutoTokenizer.from_pretrained(checkpoint)
    processor = AutoImageProcessor.from_pretrained(checkpoint, backend="pil")
    is_captioner = isinstance(model, BlipForConditionalGeneration)
    reference = Reference(tokenizer, model.config, model if is_captioner else None, None if is_captioner else model)
    captions, answers = {}, {}
    for name, photo in photos(fixtures / "photos").items():
        pixels = processor(photo, return_tensors="pt").pixel_values
        row = greedy_row(reference.caption(pixels), 0, reference)
        if row["gap"] >= SMALLEST_GAP:
            captions[name] = row["ids"]
        if not is_captioner:
            row = greedy_row(reference.answer(pixels, QUESTIONS[0]), 0, reference)
            if row["gap"] >= SMALLEST_GAP:
                answers[name] = row["ids"]
    return {"checkpoint": checkpoint.name, "question": QUESTIONS[0], "captions": captions, "answers": answers}


def write(name: str, fixtures: Path, folder: Path) -> None:
    base, settings = ADAPTERS[name]
    checkpoint = fixtures / "checkpoints" / base
    shutil.rmtree(folder, ignore_errors=True)
    model = filled(get_peft_model(load(checkpoint), LoraConfig(**settings)), len(name), torch.float32)
    model.peft_config["default"].base_model_name_or_path = f"somebody/{base}"
    model.save_pretrained(folder, save_embedding_layers=False)
    (folder / "README.md").unlink(missing_ok=True)
    if name == "half":
        # As peft wrote it before safetensors.
        torch.save(load_file(folder / "adapter_model.safetensors"), folder / "adapter_model.bin")
        (folder / "adapter_model.safetensors").unlink()
    merged = PeftModel.from_pretrained(load(checkpoint), folder).merge_and_unload()
    result = record(merged, checkpoint, fixtures)
    (folder / "record.json").write_text(json.dumps(result, separators=(",", ":")) + "\n")
    print(name, len(result["captions"]), len(result["answers"]), sorted(path.name for path in folder.iterdir()))


def write_state(fixtures: Path, folder: Path) -> None:
    """A whole PeftModel's state_dict(), in half precision, as torch.save writes it."""
    checkpoint = fixtures / "checkpoints" / "caption-f16"
    shutil.rmtree(folder, ignore_errors=True)
    settings = dict(r=2, lora_alpha=8, target_modules=["query", "qkv", "fc1"], modules_to_save=["transform"])
    model = filled(get_peft_model(load(checkpoint), LoraConfig(**settings)), 7, torch.float16)
    model.save_pretrained(folder)
    for file in folder.iterdir():
        if file.name != "adapter_config.json":
            file.unlink()
    torch.save({k: v.half() for k, v in model.state_dict().items()}, folder / "pytorch_model.bin")
    for file in checkpoint.iterdir():
        if file.suffix != ".safetensors":
            shutil.copy(file, folder)
    result = record(model.merge_and_unload(), checkpoint, fixtures)
    (folder / "record.json").write_text(json.dumps(result, separators=(",", ":")) + "\n")
    print("state", len(result["captions"]))


def main(fixtures: Path) -> None:
    torch.set_num_threads(1)
    torch.manual_seed(1)
    warnings.simplefilter("ignore")
    transformers.utils.logging.set_verbosity_error()
    transformers.utils.logging.disable_progress_bar()
    for name in ADAPTERS:
        write(name, fixtures, fixtures / "adapters" / name)
    write_state(fixtures, fixtures / "adapters" / "state")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
