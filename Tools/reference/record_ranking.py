"""Records how Salesforce's original treats questions and ranks closed lists, on transformers' modules.

    python record_ranking.py PHOTOS OUT CHECKPOINT...

transformers has neither; this follows the paper's released code step by step: questions lower-cased and cleaned, [ENC]
in the place of [CLS], at most 35 tokens; answers by 3 beams of 1 to 10 tokens, or ranked: the answers whose first
token is likeliest, then those by their whole loss, label smoothing 0.1 included. Writes OUT/NAME.json.
"""

import argparse
import json
import re
from pathlib import Path

import torch
from torch.nn.functional import cross_entropy
from transformers import AutoTokenizer, BlipForQuestionAnswering
from transformers.models.blip.image_processing_pil_blip import BlipImageProcessorPil

from pictures import photos, pixels

QUESTIONS = [
    "How many dogs are in the picture?",
    "What  color: is (the) cup * ~ \"here\"; no?!  ",
    "where is the old woman, and what is it? " * 4,
]
ANSWERS = ["red", "blue", "two dogs", "a red cup on the table", "yes", "no", "in the water", "elephant", "2", "dog"]


def cleaned(question: str) -> str:
    question = re.sub(r"([.!\"()*#:;~])", "", question.lower()).rstrip(" ")
    return " ".join(question.split(" ")[:50])


@torch.no_grad()
def ranking(model, tokenizer, states, shortlist: int) -> list[dict]:
    text = model.config.text_config
    ids = tokenizer(ANSWERS, padding="longest", return_tensors="pt").input_ids
    ids[:, 0] = text.bos_token_id
    decoder = model.text_decoder
    start = decoder(ids[:1, :1], encoder_hidden_states=states).logits[:, 0]
    kept = start.softmax(-1)[0].index_select(0, ids[:, 1]).topk(min(shortlist, len(ANSWERS))).indices
    chosen = ids[kept]
    mask = (chosen != text.pad_token_id).long()
    logits = decoder(
        chosen, attention_mask=mask, encoder_hidden_states=states.repeat(len(kept), 1, 1)
    ).logits[:, :-1]
    targets = chosen[:, 1:].masked_fill(mask[:, 1:] == 0, -100)
    flat = (logits.reshape(-1, logits.shape[-1]), targets.reshape(-1))
    smoothed = -cross_entropy(*flat, reduction="none", label_smoothing=0.1).view(targets.shape).sum(1)
    plain = -cross_entropy(*flat, reduction="none").view(targets.shape).sum(1)
    order = smoothed.argsort(descending=True).tolist()
    return [
        {"answer": ANSWERS[kept[i]], "score": round(smoothed[i].item(), 5), "log_likelihood": round(plain[i].item(), 5)}
        for i in order
    ]


@torch.no_grad()
def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("photos", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("checkpoints", type=Path, nargs="+")
    given = parser.parse_args()
    torch.set_num_threads(1)
    for folder in given.checkpoints:
        model = BlipForQuestionAnswering.from_pretrained(folder, dtype=torch.float32).eval()
        tokenizer, processor = AutoTokenizer.from_pretrained(folder), BlipImageProcessorPil.from_pretrained(folder)
        text, entries = model.config.text_config, []
        for name, photo in photos(given.photos).items():
            image = model.vision_model(pixels(processor, photo))[0]
            for question in QUESTIONS:
                asked = tokenizer(cleaned(question), truncation=True, max_length=35, return_tensors="pt").input_ids
                asked[:, 0] = text.bos_token_id + 1  # [ENC], which the original adds right after [DEC]
                states = model.text_encoder(asked, encoder_hidden_states=image)[0]
                output = model.text_decoder.generate(
                    input_ids=torch.tensor([[text.bos_token_id]]), encoder_hidden_states=states,
                    max_length=10, min_length=1, num_beams=3,
                    eos_token_id=text.sep_token_id, pad_token_id=text.pad_token_id,
                )
                written = output[0, 1:].tolist()
                if text.sep_token_id in written:
                    written = written[: written.index(text.sep_token_id)]
                entries.append({
                    "photo": f"photos/{name}", "question": question, "question_ids": asked[0].tolist(),
                    "answer_ids": written, "ranking": ranking(model, tokenizer, states, 128),
                })
        given.out.mkdir(parents=True, exist_ok=True)
        rows = ",\n".join(json.dumps(entry, separators=(",", ":")) for entry in entries)
        head = json.dumps({"checkpoint": folder.name, "answers": ANSWERS})[:-1]
        (given.out / f"{folder.name}.json").write_text(f'{head}, "entries": [\n{rows}\n]}}\n')
        print(folder.name, len(entries))


if __name__ == "__main__":
    main()
