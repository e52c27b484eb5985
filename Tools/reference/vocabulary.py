"""A WordPiece vocabulary small enough to commit, laid out as BLIP checkpoints lay theirs out.

The last two embedding rows ([DEC], [ENC]) have no line in vocab.txt, as in the published checkpoints.
Row 2 is an ordinary word: the configuration's `eos_token_id` is 2 and must not end a caption.
"""

import json
import string
from pathlib import Path

from tokenizers import BertWordPieceTokenizer
from transformers import BertTokenizerFast

SPECIALS = {"pad": "[PAD]", "unk": "[UNK]", "cls": "[CLS]", "sep": "[SEP]", "mask": "[MASK]"}

WORDS = """
the of on in at by to from up down out off over under behind above below near through around across
is are was were be has have with without and or not no yes it its his her their this that there here
what where who how many which when why color kind time doing
man woman person people boy girl child children baby cat dog bird horse cow sheep bear elephant fish
car bus train truck bike boat plane rocket road street bridge building house tower temple church window
door wall roof table chair bed desk lamp cup coffee plate bowl spoon fork knife bottle glass food cake
pizza bread fruit apple banana orange flower tree grass leaf garden field forest mountain hill river
lake sea beach sand sky cloud sun moon star snow rain water fire light shadow
red green blue yellow white black brown pink purple gray dark bright small large big little tall old
young new long short round wooden metal
one two three four five six seven eight nine ten first second some several couple group pair
sitting standing walking running flying holding wearing looking eating drinking playing riding driving
smiling sleeping floating taking launching growing
picture photo image view background front side top bottom left right middle center space suit shirt
hat hair face head hand eye ear nose mouth leg arm foot tail fur
""".split()

PIECES = ["##s", "##es", "##ed", "##ing", "##er", "##ly", "##y"]


def lines() -> list[str]:
    head = [SPECIALS["pad"], SPECIALS["unk"], "a", SPECIALS["cls"], SPECIALS["sep"], SPECIALS["mask"]]
    symbols = list(".,?!'-:;") + list(string.digits)
    letters = [c for c in string.ascii_lowercase if c != "a"]
    continued = ["##" + c for c in string.ascii_lowercase + string.digits]
    rest = symbols + letters + continued + PIECES + WORDS
    return list(dict.fromkeys(head + rest))


def ids() -> dict[str, int]:
    """The ids that a text configuration names."""
    table = lines()
    found = {name + "_token_id": table.index(token) for name, token in SPECIALS.items()}
    return {**found, "bos_token_id": len(table), "enc_token_id": len(table) + 1, "vocab_size": len(table) + 2}


def tokenizer(vocabulary: Path, longest: int) -> BertTokenizerFast:
    # BertTokenizerFast(vocab_file=...) of transformers 5 ignores the file; tokenizers itself reads it.
    pieces = BertWordPieceTokenizer(str(vocabulary), lowercase=True)
    return BertTokenizerFast(
        tokenizer_object=pieces._tokenizer,
        model_max_length=longest,
        **{name + "_token": token for name, token in SPECIALS.items()},
    )


def save(folder: Path, longest: int = 512) -> None:
    """Writes vocab.txt, tokenizer.json and tokenizer_config.json as a published checkpoint has them."""
    vocabulary = folder / "vocab.txt"
    vocabulary.write_text("\n".join(lines()) + "\n")
    write_tokenizer(folder, tokenizer(vocabulary, longest), longest)


def write_tokenizer(folder: Path, made: BertTokenizerFast, longest: int) -> None:
    made.backend_tokenizer.save(str(folder / "tokenizer.json"), pretty=False)
    settings = {
        "do_lower_case": True,
        **{name + "_token": token for name, token in SPECIALS.items()},
        "model_max_length": longest,
        "processor_class": "BlipProcessor",
        "strip_accents": None,
        "tokenize_chinese_chars": True,
        "tokenizer_class": "BertTokenizer",
    }
    (folder / "tokenizer_config.json").write_text(json.dumps(settings, indent=2) + "\n")
