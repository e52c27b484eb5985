"""Write a checkpoint of train.py as an ordinary Hugging Face folder.

    python export.py --checkpoint run/checkpoint.pt --out ../../Sources/BlipDemoModel/Resources/demo

The one safetensors file holds the parts of all three of transformers' BLIP classes, so each finds all of its weights
there and two of them find some that they have no use for.
"""

import argparse
import json
from pathlib import Path

import torch
from safetensors.torch import save_file
from transformers import BlipForQuestionAnswering, GenerationConfig
from transformers.image_utils import OPENAI_CLIP_MEAN, OPENAI_CLIP_STD

import model as shape

CARD = Path(__file__).parent / "model-card.md"


def weights(state, dtype):
    """The averaged weights but for the heads of training, under transformers' names."""
    wanted = {k: v for k, v in state.items() if not k.startswith("aux_")}
    # Loading them into a transformers class checks the names, and what it saves tells which copies are left out
    # (the output embedding of the decoder is its input embedding).
    net = BlipForQuestionAnswering(shape.config())
    matching = ("itm_head.", "vision_proj.", "text_proj.")
    net.load_state_dict({k: v for k, v in wanted.items() if not k.startswith(matching)})
    tied = set(net.all_tied_weights_keys)
    return {k: v.to(dtype).contiguous().clone() for k, v in wanted.items() if k not in tied}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--checkpoint", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--float32", action="store_true", help="store the weights as F32 and not as F16")
    args = parser.parse_args()
    args.out.mkdir(parents=True, exist_ok=True)

    def write(name, value):
        (args.out / name).write_text(json.dumps(value, indent=2, ensure_ascii=False) + "\n")

    state = torch.load(args.checkpoint)["average"]
    tensors = weights(state, torch.float32 if args.float32 else torch.float16)
    save_file(tensors, args.out / "model.safetensors", metadata={"format": "pt"})

    config = shape.config()
    config.architectures = ["BlipForConditionalGeneration"]
    config.dtype = "float32"  # what to compute in, whatever the file stores
    config.save_pretrained(args.out)
    text = config.text_config
    GenerationConfig(bos_token_id=text.bos_token_id, eos_token_id=text.sep_token_id, pad_token_id=text.pad_token_id,
                     max_length=20).save_pretrained(args.out)

    write("preprocessor_config.json", {
        "do_convert_rgb": True, "do_normalize": True, "do_rescale": True, "do_resize": True,
        "image_mean": list(OPENAI_CLIP_MEAN), "image_std": list(OPENAI_CLIP_STD),
        "image_processor_type": "BlipImageProcessor", "processor_class": "BlipProcessor",
        "resample": 3, "rescale_factor": 1 / 255, "size": {"height": shape.IMAGE_SIDE, "width": shape.IMAGE_SIDE},
    })
    tokenizer = shape.tokenizer()
    tokenizer.save_pretrained(args.out)
    written = json.loads((args.out / "tokenizer_config.json").read_text())
    write("tokenizer_config.json", {**written, "processor_class": "BlipProcessor"})
    write("special_tokens_map.json", {
        "bos_token": "[DEC]", "cls_token": "[CLS]", "mask_token": "[MASK]", "pad_token": "[PAD]", "sep_token": "[SEP]",
        "unk_token": "[UNK]", "additional_special_tokens": ["[ENC]"],
    })
    (args.out / "vocab.txt").write_text("".join(t + "\n" for t in shape.VOCABULARY))
    (args.out / "model.safetensors").chmod(0o644)  # safetensors makes a private file
    if CARD.exists():
        (args.out / "README.md").write_text(CARD.read_text())
    size = sum(f.stat().st_size for f in args.out.iterdir())
    print(f"{sum(t.numel() for t in tensors.values()):,} parameters, {size:,} bytes in {args.out}")


if __name__ == "__main__":
    main()
