"""transformers over pictures in batches, their pixels ready in memory: the most that it makes of a folder."""

import time

import protocol
import torch
from PIL import Image
from transformers_peer import DTYPES, Pipeline


@torch.inference_mode()
def caption(pipeline: Pipeline, pixels: torch.Tensor, tokens: int) -> None:
    text = pipeline.text
    states = pipeline.model.vision_model(pixels)[0]
    written = pipeline.model.text_decoder.generate(
        input_ids=torch.full((len(pixels), 1), text.bos_token_id), encoder_hidden_states=states,
        eos_token_id=text.sep_token_id, pad_token_id=text.pad_token_id, min_new_tokens=tokens, max_new_tokens=tokens,
    )
    if written.shape != (len(pixels), tokens + 1):
        raise SystemExit(f"transformers wrote {tuple(written.shape)}, not {tokens} tokens for {len(pixels)} pictures")


if __name__ == "__main__":
    parser = protocol.arguments(__doc__)
    parser.add_argument("--dtype", choices=list(DTYPES), default="bf16")
    parser.add_argument("--batch", type=int, default=8)
    given = parser.parse_args()
    pipeline = Pipeline(given)
    pictures = [Image.open(path).convert("RGB") for path in given.images]
    pixels = pipeline.processor(pictures, return_tensors="pt").pixel_values.to(DTYPES[given.dtype])
    caption(pipeline, pixels[: given.batch], given.new_tokens)
    begin = time.perf_counter()
    for batch in pixels.split(given.batch):
        caption(pipeline, batch, given.new_tokens)
    protocol.say({"rate": round(len(pictures) / (time.perf_counter() - begin), 3)}, True)
