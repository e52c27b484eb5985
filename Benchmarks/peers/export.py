"""PyTorch BLIP to OpenVINO: vision model, question encoder, and a decoder with past, as FP16 or INT8 IR."""

import contextlib
import sys
from pathlib import Path

import openvino as ov
import torch
from PIL import Image, ImageOps
from transformers import AutoConfig, BlipForConditionalGeneration, BlipForQuestionAnswering
from transformers.cache_utils import EncoderDecoderCache
from transformers.models.blip.image_processing_pil_blip import BlipImageProcessorPil

VISION, ENCODER, DECODER = "vision.xml", "text_encoder.xml", "text_decoder.xml"
CALIBRATION_PICTURES = 32  # NNCF takes seconds for each


class Vision(torch.nn.Module):
    def __init__(self, model):
        super().__init__()
        self.model = model

    def forward(self, pixel_values):
        return self.model(pixel_values)[0]


class Encoder(torch.nn.Module):
    def __init__(self, model):
        super().__init__()
        self.model = model

    def forward(self, input_ids, encoder_hidden_states):
        hidden = self.model.embeddings(input_ids)
        for layer in self.model.encoder.layer:
            hidden = layer(hidden, encoder_hidden_states)
        return hidden


class Grown:
    """Past keys and values that grow by concatenation alone, which traces where DynamicCache does not."""

    def __init__(self, past: list):
        self.layers = [(past[index], past[index + 1]) for index in range(0, len(past), 2)]

    def update(self, keys, values, layer: int):
        old = self.layers[layer]
        self.layers[layer] = (torch.cat([old[0], keys], dim=2), torch.cat([old[1], values], dim=2))
        return self.layers[layer]


class Recomputed:
    """Cross-attention's: nothing is kept from one step to the next."""

    def update(self, keys, values, layer: int):
        return keys, values


class Traced(EncoderDecoderCache):
    def __init__(self, past: list):
        self.self_attention_cache, self.cross_attention_cache, self.is_updated = Grown(past), Recomputed(), {}


class Decoder(torch.nn.Module):
    """One step: new ids and each layer's past in, logits and each layer's longer past out.

    Cross-attention keys and values are computed from the states in every step, as the notebook's decoder does.
    Its all-ones masks are left out, which changes nothing but a little time, in the peer's favour.
    """

    def __init__(self, model):
        super().__init__()
        self.model = model

    def forward(self, input_ids, encoder_hidden_states, past):
        length = past[0].shape[2]
        cache = Traced(past)
        count = input_ids.shape[1]
        rows = torch.arange(count).unsqueeze(1) + length
        columns = torch.arange(count + length).unsqueeze(0)
        mask = torch.where(columns <= rows, 0.0, -3.0e38)[None, None]
        position = torch.arange(count).unsqueeze(0) + length
        hidden = self.model.bert.embeddings(input_ids, position_ids=position)
        for layer in self.model.bert.encoder.layer:
            hidden = layer(hidden, encoder_hidden_states, attention_mask=mask, past_key_values=cache)
        longer = [tensor for layer in cache.self_attention_cache.layers for tensor in layer]
        return self.model.cls(hidden[:, -1:]), *longer


def load(folder: str):
    answers = "BlipForQuestionAnswering" in (AutoConfig.from_pretrained(folder).architectures or [])
    kind = BlipForQuestionAnswering if answers else BlipForConditionalGeneration
    return kind.from_pretrained(folder, dtype=torch.float32).eval()


@torch.no_grad()
def convert(model) -> dict[str, ov.Model]:
    text, side = model.config.text_config, model.config.vision_config.image_size
    pixels = torch.zeros(1, 3, side, side)
    states = model.vision_model(pixels)[0]
    ids = torch.tensor([[text.bos_token_id, 5]])
    parts = {VISION: ov.convert_model(Vision(model.vision_model), example_input=pixels, input=[(1, 3, side, side)])}
    if hasattr(model, "text_encoder"):
        example = {"input_ids": ids, "encoder_hidden_states": states}
        parts[ENCODER] = ov.convert_model(Encoder(model.text_encoder), example_input=example)
    size = text.hidden_size // text.num_attention_heads
    past = [torch.zeros(1, text.num_attention_heads, 3, size) for _ in range(2 * text.num_hidden_layers)]
    example = {"input_ids": ids, "encoder_hidden_states": states, "past": past}
    decoder = ov.convert_model(Decoder(model.text_decoder), example_input=example)
    width = model.config.text_config.encoder_hidden_size
    for index, port in enumerate(decoder.inputs):
        shape = [[-1, -1], [-1, -1, width]][index] if index < 2 else [-1, text.num_attention_heads, -1, size]
        port.get_node().set_partial_shape(ov.PartialShape(shape))
        port.get_tensor().set_names({["input_ids", "states"][index] if index < 2 else f"past.{index - 2}"})
    decoder.validate_nodes_and_infer_types()
    return {**parts, DECODER: decoder}


def calibration(folder: str, pictures: str):
    """Pixels of the pictures in a folder, mirrored and cropped until there are enough."""
    processor = BlipImageProcessorPil.from_pretrained(folder)
    paths = sorted(p for p in Path(pictures).rglob("*") if p.suffix.lower() in (".jpg", ".jpeg", ".png"))
    if not paths:
        raise SystemExit(f"{pictures} holds no pictures to calibrate with; name a folder of photos with --calibrate.")
    for index in range(CALIBRATION_PICTURES):
        picture = Image.open(paths[index % len(paths)]).convert("RGB")
        turn = index // len(paths)
        if turn % 2:
            picture = ImageOps.mirror(picture)
        picture = ImageOps.crop(picture, min(picture.size) * (turn % 7) // 20)
        yield processor(picture, return_tensors="np").pixel_values


def to_int8(parts: dict[str, ov.Model], folder: str, pictures: str) -> None:
    import nncf

    dataset = nncf.Dataset(list(calibration(folder, pictures)))
    parts[VISION] = nncf.quantize(
        parts[VISION], dataset, model_type=nncf.ModelType.TRANSFORMER, subset_size=CALIBRATION_PICTURES
    )
    parts[DECODER] = nncf.compress_weights(parts[DECODER])


def export(folder: str, ir: Path, int8: bool, pictures: str | None) -> None:
    """Makes the IR folder. NNCF and OpenVINO talk on stdout, which belongs to the JSON lines."""
    with contextlib.redirect_stdout(sys.stderr):
        parts = convert(load(folder))
        if int8:
            to_int8(parts, folder, pictures or "")
        ir.mkdir(parents=True, exist_ok=True)
        for name, part in parts.items():  # the decoder last: its presence says that all are there
            ov.save_model(part, ir / name, compress_to_fp16=True)
