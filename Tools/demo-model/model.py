"""The shape of the demo model, its vocabulary and its tokenizer."""

import string

from tokenizers import Tokenizer, decoders, models, normalizers, pre_tokenizers, processors
from transformers import BertTokenizerFast, BlipConfig

import scenes

IMAGE_SIDE = 112
PATCH = 16
GRID = IMAGE_SIDE // PATCH

SPECIAL = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]


def vocabulary():
    """BERT's special tokens, the words used, letters and pieces for any other word, then BLIP's two extra tokens."""
    singles = list(string.digits + string.ascii_lowercase)
    return (SPECIAL + list("?.,!'-:;()/&") + singles + scenes.words() + ["##" + c for c in singles]
            + ["[DEC]", "[ENC]"])


VOCABULARY = vocabulary()
IDS = {token: i for i, token in enumerate(VOCABULARY)}
assert len(IDS) == len(VOCABULARY)
PAD, CLS, SEP, DEC = (IDS[t] for t in ("[PAD]", "[CLS]", "[SEP]", "[DEC]"))


def encode(text):
    """The ids of a text made of whole words of the vocabulary, which saves training the tokenizer's time."""
    return [IDS[w] for w in text.replace("?", " ?").split()]


def tokenizer():
    # Built by hand: BertTokenizerFast(vocab_file=...) of transformers 5 does not read the file.
    t = Tokenizer(models.WordPiece(IDS, unk_token="[UNK]", max_input_chars_per_word=100))
    t.normalizer = normalizers.BertNormalizer(lowercase=True)
    t.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    t.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]", pair="[CLS] $A [SEP] $B:1 [SEP]:1", special_tokens=[("[CLS]", CLS), ("[SEP]", SEP)])
    t.decoder = decoders.WordPiece(prefix="##")
    return BertTokenizerFast(
        tokenizer_object=t, unk_token="[UNK]", sep_token="[SEP]", pad_token="[PAD]", cls_token="[CLS]",
        mask_token="[MASK]", bos_token="[DEC]", additional_special_tokens=["[ENC]"], model_max_length=64,
        do_lower_case=True)


def config(width=192, vision_layers=6, text_layers=3, heads=4):
    text = {
        "vocab_size": len(VOCABULARY), "hidden_size": width, "encoder_hidden_size": width,
        "intermediate_size": 4 * width, "projection_dim": width, "num_hidden_layers": text_layers,
        "num_attention_heads": heads, "max_position_embeddings": 64, "bos_token_id": DEC, "pad_token_id": PAD,
        "sep_token_id": SEP,
        # BLIP's captioning drops its second prompt token, which is this one, so the value is only a placeholder.
        "eos_token_id": SEP,
    }
    vision = {
        "hidden_size": width, "intermediate_size": 4 * width, "projection_dim": width,
        "num_hidden_layers": vision_layers, "num_attention_heads": heads, "image_size": IMAGE_SIDE,
        "patch_size": PATCH,
        # transformers' default of 1e-10 is meant for loading; to train from nothing takes a usual one.
        "initializer_range": 0.02,
    }
    return BlipConfig(text_config=text, vision_config=vision, projection_dim=width, image_text_hidden_size=96)
