"""The tiny checkpoints: what each is there to catch.

`seed` and `stop` (the bias of [SEP], which decides how early captions end) come from find_seeds.py.
"""

from dataclasses import dataclass, field, replace

CLIP_MEAN = [0.48145466, 0.4578275, 0.40821073]
CLIP_STD = [0.26862954, 0.26130258, 0.27577711]


@dataclass(frozen=True)
class Shape:
    name: str
    tasks: str  # caption, vqa, itm or all
    note: str
    seed: int = 0
    stop: float = 1.0
    dtype: str = "float32"
    width: int = 32  # hidden size of the text model, and of the vision model unless `vision` says otherwise
    heads: int = 4
    layers: int = 2
    image: int = 96
    patch: int = 16
    vision: dict = field(default_factory=dict)
    text: dict = field(default_factory=dict)
    top: dict = field(default_factory=dict)
    mean: list = field(default_factory=lambda: CLIP_MEAN)
    std: list = field(default_factory=lambda: CLIP_STD)
    absent: tuple = ()  # tensors left out of the file
    position_ids: bool = False  # whether the file carries the index buffers of older checkpoints
    unnamed: tuple = ()  # keys of text_config left out of config.json
    shards: int = 1
    container: str = "safetensors"  # or bin: PyTorch's zip

    def vision_config(self) -> dict:
        base = dict(
            hidden_size=self.width, intermediate_size=2 * self.width, num_hidden_layers=self.layers,
            num_attention_heads=self.heads, image_size=self.image, patch_size=self.patch,
        )
        return {**base, **self.vision}

    def text_config(self, ids: dict) -> dict:
        base = dict(
            hidden_size=self.width, intermediate_size=2 * self.width, num_hidden_layers=self.layers,
            num_attention_heads=self.heads, max_position_embeddings=64, eos_token_id=2,
            encoder_hidden_size=self.vision_config()["hidden_size"],
            **{key: ids[key] for key in ("vocab_size", "bos_token_id", "sep_token_id", "pad_token_id")},
        )
        return {**base, **self.text}


HEAD = "text_decoder.cls.predictions."
TIED = (HEAD + "decoder.weight", HEAD + "decoder.bias")

BARE = [
    Shape("vqa-f32", "vqa", "the plain case; both tied copies and position_ids are in the file", position_ids=True),
    Shape("vqa-sharded", "vqa", "three files and an index", dtype="float16", shards=3, layers=3),
    Shape("vqa-bin", "vqa", "pytorch_model.bin instead of safetensors", container="bin", dtype="float16",
          position_ids=True),
    Shape("vqa-no-encoder-hidden-size", "vqa", "text_config lacks encoder_hidden_size", dtype="float16",
          unnamed=("encoder_hidden_size",)),
    Shape("caption-f16", "caption", "float16 weights", dtype="float16", absent=TIED),
    Shape("caption-bf16", "caption", "bfloat16 weights", dtype="bfloat16", absent=TIED),
    Shape("caption-wide-vision", "caption", "vision 64 wide, text 32, encoder_hidden_size 64", dtype="float16",
          vision=dict(hidden_size=64, intermediate_size=96, num_attention_heads=8)),
    Shape("large-like", "caption", "the large model's proportions: vision wider, deeper and with more heads; "
          "12 text heads; encoder_hidden_size missing", dtype="float16", width=48, heads=12,
          vision=dict(hidden_size=64, intermediate_size=128, num_hidden_layers=3, num_attention_heads=16),
          unnamed=("encoder_hidden_size",)),
    Shape("caption-untied-missing", "caption", "decoder.weight and decoder.bias are not in the file", absent=TIED),
    Shape("caption-word-embeddings-missing", "caption", "only decoder.weight and decoder.bias are in the file, "
          "their twins are not", dtype="float16", absent=("text_decoder.bert.embeddings.word_embeddings.weight", HEAD + "bias")),
    Shape("patch8-image64", "caption", "64 patches of 8x8", image=64, patch=8, dtype="float16"),
    Shape("patch32-image96", "caption", "9 patches of 32x32", patch=32, dtype="float16"),
    Shape("itm-f32", "itm", "matching and similarity; image_text_hidden_size 24, projection_dim 40 is a decoy",
          top=dict(image_text_hidden_size=24, projection_dim=40)),
    Shape("all-tasks", "all", "vision, encoder, decoder, matching head and projections in one file", dtype="float16",
          top=dict(image_text_hidden_size=24)),
    Shape("eps-variant", "vqa", "layer norm eps large enough to matter, 2 text and 8 vision heads, other "
          "intermediate sizes, 40 positions, mean and std of 0.5", dtype="float16",
          vision=dict(layer_norm_eps=0.1, num_attention_heads=8, intermediate_size=80, projection_dim=20),
          text=dict(layer_norm_eps=0.05, num_attention_heads=2, intermediate_size=48, max_position_embeddings=40,
                    projection_dim=28),
          mean=[0.5, 0.5, 0.5], std=[0.5, 0.5, 0.5]),
]

# What find_seeds.py found: seed and bias of [SEP].
SEEDS = {
    "vqa-f32": (30, 2.6),
    "vqa-sharded": (2, 2.9),
    "vqa-bin": (2, 2.6),
    "vqa-no-encoder-hidden-size": (7, 1.2),
    "caption-f16": (30, 1.0),
    "caption-bf16": (24, 1.8),
    "caption-wide-vision": (21, 2.4),
    "large-like": (5, 0.8),
    "caption-untied-missing": (30, 1.0),
    "caption-word-embeddings-missing": (24, 1.8),
    "patch8-image64": (30, 1.4),
    "patch32-image96": (18, 0.9),
    "itm-f32": (1, 1.5),
    "all-tasks": (27, 0.7),
    "eps-variant": (1, 1.5),
}
SHAPES = [replace(shape, seed=SEEDS[shape.name][0], stop=SEEDS[shape.name][1]) for shape in BARE]
