"""Runs transformers on prepared pixels and turns what it generates into plain numbers."""

import torch

# Names of what is generated, and the options given to transformers' generate. `prompt` is ours.
GREEDY = {
    "max_length_20": dict(max_length=20),
    "default": dict(),
    "prompt": dict(prompt="a picture of", max_length=20),
    "min_length_10": dict(max_length=20, min_length=10),
    "max_length_8": dict(max_length=8),
    "repetition_penalty_1.3": dict(max_length=20, repetition_penalty=1.3),
    "no_repeat_ngram_size_2": dict(max_length=20, no_repeat_ngram_size=2),
}
BEAMS = {
    "beams_3": dict(max_length=20, num_beams=3),
    "beams_3_prompt": dict(prompt="a picture of", max_length=20, num_beams=3),
    "beams_5_length_penalty_0.6": dict(max_length=20, num_beams=5, length_penalty=0.6, early_stopping=True),
    "beams_3_return_3": dict(max_length=20, num_beams=3, num_return_sequences=3),
    "beams_3_repetition_penalty_1.3": dict(max_length=20, num_beams=3, repetition_penalty=1.3),
}
ANSWER_GREEDY = {"default": dict(), "max_length_10": dict(max_length=10), "min_length_5": dict(min_length=5)}
ANSWER_BEAMS = {"beams_3_max_length_10": dict(max_length=10, num_beams=3)}

QUESTIONS = ["how many dogs are in the picture?", "What color is the cup", "where is the old woman, and what is it?"]
TEXTS = ["a cat looking at a flower", "a rocket taking off near the sea", "Two cups of coffee on a wooden table."]


# A record whose best and second token come closer at any step is not kept.
SMALLEST_GAP = 0.01


class Reference:
    """One checkpoint with whichever of the three BLIP classes its tasks need."""

    def __init__(self, tokenizer, config, captioner=None, answerer=None, matcher=None):
        self.tokenizer, self.text = tokenizer, config.text_config
        self.captioner, self.answerer, self.matcher = captioner, answerer, matcher
        self.vision_model = next(m for m in (captioner, answerer, matcher) if m is not None).vision_model
        # For pictures of another size than the checkpoint was trained on.
        self.interpolation = {}

    def interpolating(self) -> "Reference":
        self.interpolation = {"interpolate_pos_encoding": True}
        return self

    def vision(self, pixels: torch.Tensor):
        return self.vision_model(pixels, **self.interpolation)

    def tokens(self, text: str, batch: int = 1) -> torch.Tensor:
        return self.tokenizer(text, return_tensors="pt").input_ids.repeat(batch, 1)

    @torch.no_grad()
    def caption(self, pixels: torch.Tensor, prompt: str | None = None, **options):
        """A captioning checkpoint's own generate, or a VQA checkpoint's decoder on the image embeddings."""
        asked = self.tokens(prompt, len(pixels)) if prompt else None
        if self.captioner is not None:
            mask = None if asked is None else torch.ones_like(asked)
            return self.captioner.generate(pixels, input_ids=asked, attention_mask=mask, **self.interpolation, **settings(options))
        begin = asked[:, :-1] if prompt else torch.zeros(len(pixels), 1, dtype=torch.long)
        begin[:, 0] = self.text.bos_token_id
        return self.answerer.text_decoder.generate(
            input_ids=begin, encoder_hidden_states=self.vision(pixels)[0],
            eos_token_id=self.text.sep_token_id, pad_token_id=self.text.pad_token_id, **settings(options),
        )

    @torch.no_grad()
    def answer(self, pixels: torch.Tensor, question: str, **options):
        asked = self.tokens(question, len(pixels))
        mask = torch.ones_like(asked)
        return self.answerer.generate(asked, pixels, attention_mask=mask, **self.interpolation, **settings(options))

    @torch.no_grad()
    def match(self, pixels: torch.Tensor, text: str) -> dict:
        asked = self.tokens(text, len(pixels))
        given = {"attention_mask": torch.ones_like(asked), **self.interpolation}
        logits = self.matcher(asked, pixels, **given).itm_score
        cosine = self.matcher(asked, pixels, **given, use_itm_head=False).itm_score
        return {
            "text": text, "text_ids": asked[0].tolist(), "itm_logits": rounded(logits[0]),
            "match_probability": round(logits.softmax(1)[0, 1].item(), 6), "similarity": round(cosine[0, 0].item(), 6),
        }


def settings(options: dict) -> dict:
    return {**options, "return_dict_in_generate": True, "output_logits": True, "output_scores": True}


def rounded(values: torch.Tensor, digits: int = 6) -> list:
    return [round(value, digits) for value in values.flatten().tolist()]


def without_frame(row: torch.Tensor, end: int) -> tuple[list[int], bool]:
    """The ids after the begin token and up to the end token, and whether there was one."""
    ids = row.tolist()[1:]
    return (ids[: ids.index(end)], True) if end in ids else (ids, False)


def greedy_row(output, row: int, reference: Reference) -> dict:
    end = reference.text.sep_token_id
    ids, ended = without_frame(output.sequences[row], end)
    prompt = output.sequences.shape[1] - len(output.logits) - 1
    chosen = ids[prompt:] + ([end] if ended else [])
    raw = [output.logits[step][row].log_softmax(-1)[token].item() for step, token in enumerate(chosen)]
    used = [output.scores[step][row] for step in range(len(chosen))]
    processed = [scores.log_softmax(-1)[token].item() for scores, token in zip(used, chosen)]
    best = [scores.topk(2).values for scores in used]
    return {
        "ids": ids, "text": reference.tokenizer.decode(ids, skip_special_tokens=True), "ended": ended,
        "score": round(sum(raw) / len(raw), 6), "processed_score": round(sum(processed) / len(processed), 6),
        "gap": round(min((two[0] - two[1]).item() for two in best), 4),
    }


def beam_rows(output, reference: Reference) -> list[dict]:
    found = []
    for row, score in zip(output.sequences, output.sequences_scores):
        ids, ended = without_frame(row, reference.text.sep_token_id)
        # Finished shorter sequences are padded with the pad token after the end token; unfinished ones are full.
        text = reference.tokenizer.decode(ids, skip_special_tokens=True)
        found.append({"ids": ids, "text": text, "ended": ended, "score": round(score.item(), 6)})
    return found
