"""Makes a tiny checkpoint as Salesforce publishes its own: one .pth under `model`, with the original's names.

    python make_salesforce.py PHOTOS OUT

OUT/tiny.pth and OUT/vocab.txt, without config.json; OUT/record.json has transformers' captions and answers. Heads are
64 wide and the vision model's epsilon is 1e-6, as in all of the original's models; momentum copies and a queue stand
in the file as they do in the original's pre-trained ones. Texts end with 102, which is [SEP] in BERT's vocabulary and
some word in this small one.
"""

import argparse
import json
from pathlib import Path

import torch
from transformers import AutoTokenizer, BlipConfig, BlipForQuestionAnswering
from transformers.models.blip.image_processing_pil_blip import BlipImageProcessorPil

from pictures import photos, pixels

VOCABULARY = Path(__file__).parents[2] / "Tests" / "BLIPTests" / "Fixtures" / "checkpoints" / "vqa-f32"
QUESTION = "what color is the cup?"


def original_name(name: str) -> str:
    if not name.startswith("vision_model."):
        return name
    name = name.removeprefix("vision_model.")
    for ours, theirs in {
        "embeddings.class_embedding": "cls_token", "embeddings.position_embedding": "pos_embed",
        "embeddings.patch_embedding": "patch_embed.proj", "post_layernorm": "norm", "encoder.layers": "blocks",
        "self_attn": "attn", "projection": "proj", "layer_norm": "norm",
    }.items():
        name = name.replace(ours, theirs)
    return f"visual_encoder.{name}"


@torch.no_grad()
def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("photos", type=Path)
    parser.add_argument("out", type=Path)
    given = parser.parse_args()
    torch.manual_seed(5)
    torch.set_num_threads(1)
    tokenizer = AutoTokenizer.from_pretrained(VOCABULARY)
    rows = len(tokenizer) + 2
    text = dict(
        vocab_size=rows, hidden_size=64, intermediate_size=96, num_hidden_layers=2, num_attention_heads=1,
        max_position_embeddings=48, bos_token_id=rows - 2, sep_token_id=102, pad_token_id=0,
    )
    vision = dict(
        hidden_size=64, intermediate_size=96, num_hidden_layers=2, num_attention_heads=1, image_size=64, patch_size=16,
        layer_norm_eps=1e-6,
    )
    model = BlipForQuestionAnswering(BlipConfig(text_config=text, vision_config=vision)).eval()
    for name, parameter in model.named_parameters():
        if "norm" not in name.lower():
            parameter.copy_(torch.randn_like(parameter) * 0.2)
    # Half precision keeps the fixture small; the reference runs on the same numbers, widened.
    stored = {name: tensor.half() for name, tensor in model.state_dict().items()}
    model.load_state_dict({name: tensor.float() for name, tensor in stored.items()})
    weights = {original_name(name): tensor for name, tensor in stored.items()}
    weights |= {"visual_encoder_m.cls_token": torch.zeros(1, 1, 64), "temp": torch.ones([]), "image_queue": torch.ones(4)}
    given.out.mkdir(parents=True, exist_ok=True)
    torch.save({"model": weights, "epoch": 1}, given.out / "tiny.pth")
    (given.out / "vocab.txt").write_text((VOCABULARY / "vocab.txt").read_text())
    processor = BlipImageProcessorPil(size={"height": 64, "width": 64})
    ends = dict(eos_token_id=102, pad_token_id=0, max_length=20)
    record = {}
    for name, photo in photos(given.photos).items():
        image = model.vision_model(pixels(processor, photo))[0]
        asked = tokenizer(QUESTION, return_tensors="pt").input_ids
        states = model.text_encoder(asked, encoder_hidden_states=image)[0]
        begin = torch.tensor([[rows - 2]])
        caption = model.text_decoder.generate(input_ids=begin, encoder_hidden_states=image, **ends)[0, 1:].tolist()
        answer = model.text_decoder.generate(input_ids=begin, encoder_hidden_states=states, **ends)[0, 1:].tolist()
        record[name] = {"caption": caption, "answer": answer}
    (given.out / "record.json").write_text(json.dumps({"question": QUESTION, "photos": record}, indent=1) + "\n")


if __name__ == "__main__":
    main()
