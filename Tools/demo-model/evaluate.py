"""Judge an exported model with transformers' own classes on held-out scenes.

    python scenes.py --count 500 --out held-out
    python evaluate.py --model ../../Sources/BlipDemoModel/Resources/demo --data held-out

Greedy generation in float32, one question at a time or in batches without padding, as a caller would ask them.
"""

import argparse
import json
from collections import defaultdict
from pathlib import Path

import torch
from PIL import Image
from transformers import (AutoProcessor, BlipForConditionalGeneration, BlipForImageTextRetrieval,
                          BlipForQuestionAnswering)


def load(kind, folder):
    net, info = kind.from_pretrained(folder, dtype=torch.float32, output_loading_info=True)
    assert not info["missing_keys"], info["missing_keys"]
    return net.eval()


class Tally:
    def __init__(self):
        self.rows = defaultdict(list)
        self.mistakes = []

    def count(self, name, right, mistake):
        self.rows[name].append(bool(right))
        if not right:
            self.mistakes.append(f"{name}: {mistake}")

    def report(self, title):
        print(f"\n| {title} | right | of | share |\n|---|---:|---:|---:|")
        everything = [r for rows in self.rows.values() for r in rows]
        for name, rows in [*sorted(self.rows.items()), ("all", everything)]:
            print(f"| {name} | {sum(rows)} | {len(rows)} | {100 * sum(rows) / len(rows):.1f} % |")


def same_length(texts, tokenizer):
    """Batches of indices of texts with equally many tokens, so that none is padded."""
    groups = defaultdict(list)
    for i, text in enumerate(texts):
        groups[len(tokenizer(text)["input_ids"])].append(i)
    return [g[at:at + 100] for g in groups.values() for at in range(0, len(g), 100)]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--model", type=Path, required=True)
    parser.add_argument("--data", type=Path, required=True, help="folder that scenes.py wrote")
    parser.add_argument("--mistakes", type=int, default=10, help="how many of each to show")
    args = parser.parse_args()
    processor = AutoProcessor.from_pretrained(args.model)
    notes = json.loads((args.data / "annotations.json").read_text())
    images = [Image.open(args.data / n["file"]) for n in notes]
    pixels = torch.cat([processor.image_processor(i, return_tensors="pt")["pixel_values"] for i in images])
    greedy = {"do_sample": False, "num_beams": 1}
    tallies = {}

    with torch.no_grad():
        net, tally = load(BlipForConditionalGeneration, args.model), Tally()
        for at in range(0, len(notes), 100):
            said = processor.batch_decode(net.generate(pixel_values=pixels[at:at + 100], **greedy),
                                          skip_special_tokens=True)
            for n, text in zip(notes[at:], said):
                name = f"{n['count']} of a kind" if n["type"] == "count" else n["type"]
                tally.count(name, text.strip() == n["caption"], f"{n['file']} {n['caption']} | {text}")
        tallies["caption"] = tally

        net, tally = load(BlipForQuestionAnswering, args.model), Tally()
        asked = [(i, q) for i, n in enumerate(notes) for q in n["questions"]]
        for part in same_length([q["question"] for _, q in asked], processor.tokenizer):
            rows = [asked[k] for k in part]
            text = processor.tokenizer([q["question"] for _, q in rows], return_tensors="pt")
            said = processor.batch_decode(
                net.generate(input_ids=text["input_ids"], attention_mask=text["attention_mask"],
                             pixel_values=pixels[[i for i, _ in rows]], **greedy), skip_special_tokens=True)
            for (i, q), answer in zip(rows, said):
                tally.count(q["kind"], answer.strip() == q["answer"],
                            f"{notes[i]['file']} {q['question']} {q['answer']} | {answer}")
        tallies["answer"] = tally

        net, tally = load(BlipForImageTextRetrieval, args.model), Tally()
        told = [(i, t, "true") for i, n in enumerate(notes) for t in n["true"]]
        told += [(i, f["sentence"], "false: " + f["changed"]) for i, n in enumerate(notes) for f in n["false"]]
        for part in same_length([t[1] for t in told], processor.tokenizer):
            rows = [told[k] for k in part]
            text = processor.tokenizer([t for _, t, _ in rows], return_tensors="pt")
            scores = net(input_ids=text["input_ids"], attention_mask=text["attention_mask"],
                         pixel_values=pixels[[i for i, _, _ in rows]]).itm_score
            for (i, sentence, name), p in zip(rows, scores.softmax(-1)[:, 1].tolist()):
                tally.count(name, (p > 0.5) == (name == "true"), f"{notes[i]['file']} {sentence} | {p:.3f}")
        tallies["match"] = tally

        # Contrast: how often a picture's own caption is the closest of all the captions by cosine alone.
        captions = [n["caption"] for n in notes]
        features = torch.zeros(len(notes), net.config.image_text_hidden_size)
        for part in same_length(captions, processor.tokenizer):
            text = processor.tokenizer([captions[k] for k in part], return_tensors="pt")
            states = net.text_encoder(input_ids=text["input_ids"], attention_mask=text["attention_mask"])
            features[part] = torch.nn.functional.normalize(net.text_proj(states.last_hidden_state[:, 0]), dim=-1)
        seen = net.vision_model(pixel_values=pixels).last_hidden_state[:, 0]
        closest = (torch.nn.functional.normalize(net.vision_proj(seen), dim=-1) @ features.t()).argmax(-1)
        tally = Tally()
        for i, k in enumerate(closest.tolist()):
            tally.count(f"closest of {len(notes)} captions", captions[k] == captions[i], f"{captions[i]} | {captions[k]}")
        tallies["contrast"] = tally

    for title, tally in tallies.items():
        tally.report(title)
    for title, tally in tallies.items():
        if tally.mistakes and args.mistakes:
            print(f"\n{title}: {len(tally.mistakes)} mistakes", *tally.mistakes[:args.mistakes], sep="\n  ")


if __name__ == "__main__":
    main()
