"""Random weights that make a tiny BLIP talk: varied captions that depend on the picture and end by themselves."""

import torch
from transformers import BlipConfig, BlipForConditionalGeneration, BlipForImageTextRetrieval, BlipForQuestionAnswering

import vocabulary
from shapes import HEAD, Shape

CLASSES = {
    "caption": [BlipForConditionalGeneration],
    "vqa": [BlipForQuestionAnswering],
    "itm": [BlipForImageTextRetrieval],
    "all": [BlipForQuestionAnswering, BlipForImageTextRetrieval],
}

WORDS = "text_decoder.bert.embeddings.word_embeddings.weight"


def config(shape: Shape) -> BlipConfig:
    ids = vocabulary.ids()
    return BlipConfig(
        text_config=shape.text_config(ids), vision_config=shape.vision_config(),
        architectures=[CLASSES[shape.tasks][0].__name__], **shape.top,
    )


def tensor_shapes(shape: Shape) -> dict[str, torch.Size]:
    found = {}
    for model in CLASSES[shape.tasks]:
        with torch.device("meta"):
            made = model(config(shape))
        found.update({name: value.shape for name, value in made.state_dict().items()})
    return dict(sorted(found.items()))


def fill(name: str, size: torch.Size, source: torch.Generator) -> torch.Tensor:
    if name.endswith("patch_embedding.weight"):
        # Smooth, as trained ones are: pixel noise must not carry the day.
        coarse = torch.randn(size[0], size[1], 3, 3, generator=source)
        smooth = torch.nn.functional.interpolate(coarse, size[2:], mode="bilinear")
        return 2.0 * smooth / smooth[0].numel() ** 0.5 / 4
    noise = torch.randn(size, generator=source)
    if "norm" in name.lower():
        return 1 + 0.2 * noise if name.endswith("weight") else 0.2 * noise
    if name.endswith("position_embeddings.weight"):
        return 1.2 * noise  # more than the words', or one word repeats itself for ever
    if name.endswith("word_embeddings.weight"):
        # Rows of one length: otherwise the longest few win everywhere.
        return 0.5 * size[1] ** 0.5 * noise / noise.norm(dim=1, keepdim=True)
    if "position_embedding" in name or "class_embedding" in name:
        return 0.5 * noise
    if name.endswith("bias"):
        return (0.3 if "predictions" in name else 0.1) * noise
    fan_in = noise[0].numel()
    if ".query." in name or ".key." in name:
        return 1.5 * noise / fan_in**0.5  # attention that looks at something in particular
    if "qkv" in name or "crossattention" in name:
        return noise / fan_in**0.5
    return 2.0 * noise / fan_in**0.5


@torch.no_grad()
def average_logits(shape: Shape, made: dict[str, torch.Tensor], source: torch.Generator) -> torch.Tensor:
    """What the decoder says on average about smooth random pictures after random words."""
    settings = config(shape)
    model = CLASSES[shape.tasks][0](settings).eval()
    model.load_state_dict({name: made[name] for name in model.state_dict()})
    side, count = shape.image, 48
    pixels = 1.5 * torch.randn(count, 3, 4, 4, generator=source)
    states = model.vision_model(torch.nn.functional.interpolate(pixels, (side, side), mode="bilinear"))[0]
    words = torch.randint(6, settings.text_config.bos_token_id, (count, 20), generator=source)
    said = model.text_decoder(words, encoder_hidden_states=states).logits.mean((0, 1))
    if shape.tasks != "caption":
        asked = model.text_encoder(words[:, :12], encoder_hidden_states=states)[0]
        said = (said + model.text_decoder(words, encoder_hidden_states=asked).logits.mean((0, 1))) / 2
    return said


def weights(shape: Shape) -> dict[str, torch.Tensor]:
    """All tensors, tied copies included, already rounded to the file's type."""
    ids = vocabulary.ids()
    source = torch.Generator().manual_seed(shape.seed)
    made = {name: fill(name, size, source) for name, size in tensor_shapes(shape).items()}
    if WORDS in made:
        bias = made[HEAD + "bias"]
        made[HEAD + "decoder.weight"] = made[WORDS].clone()
        made[HEAD + "decoder.bias"] = bias
        # Without this a handful of words that the random layers favour would make up all captions.
        bias -= average_logits(shape, made, source)
        bias[[ids[key] for key in ("pad_token_id", "unk_token_id", "cls_token_id", "mask_token_id")]] = -20
        bias[ids["bos_token_id"] :] = -20
        bias[ids["sep_token_id"]] += shape.stop
        made[HEAD + "decoder.bias"] = bias.clone()
    dtype = getattr(torch, shape.dtype)
    return {name: tensor.to(dtype) for name, tensor in made.items()}
