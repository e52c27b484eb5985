"""Writes the Unicode tables of Sources/BlipTokenizer by asking `tokenizers` about every scalar value.

BertNormalizer mixes the tables of several Rust crates, which stand at different versions of
Unicode. What counts is what it does, so each property is measured, never read from a file of
Unicode's.

    python unicode_tables.py ../../Sources/BlipTokenizer/Unicode
"""

import sys
import unicodedata
from pathlib import Path

from tokenizers import AddedToken, Tokenizer, models, normalizers, pre_tokenizers

SCALARS = [c for c in range(0x110000) if not 0xD800 <= c < 0xE000]
HANGUL = range(0xAC00, 0xD7A4)
DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
WIDTH = 94


def bert(**on):
    options = dict(clean_text=False, handle_chinese_chars=False, strip_accents=False, lowercase=False)
    return normalizers.BertNormalizer(**{**options, **on}).normalize_str


nfd = normalizers.NFD().normalize_str


def base36(number):
    digits = ""
    while number or not digits:
        number, digit = divmod(number, 36)
        digits = DIGITS[digit] + digits
    return digits


def runs(scalars):
    found = []
    for scalar in scalars:
        if found and found[-1][1] == scalar - 1:
            found[-1][1] = scalar
        else:
            found.append([scalar, scalar])
    return found


def packed_ranges(scalars):
    """Each run as the gap since the last one's end, and its length."""
    words, end = [], 0
    for first, last in runs(scalars):
        words += [base36(first - end), base36(last + 1 - first)]
        end = last + 1
    return words


def packed_classes(values):
    """A range list for each value of a {scalar: value}."""
    words = []
    for value in sorted(set(values.values())):
        ranges = packed_ranges(sorted(c for c in values if values[c] == value))
        words += [base36(value), base36(len(ranges) // 2), *ranges]
    return words


def packed_offsets(mapping):
    """Each {scalar: scalar} as gap, length, step and the offset's zigzag code."""
    found = []
    for scalar, target in sorted(mapping.items()):
        offset = target - scalar
        if found and found[-1][3] == offset:
            first, last, step, _ = found[-1]
            if scalar - last == (step or scalar - last) and scalar - last <= 2:
                found[-1] = [first, scalar, scalar - last, offset]
                continue
        found.append([scalar, scalar, 0, offset])
    words, end = [], 0
    for first, last, step, offset in found:
        step = step or 1
        zigzag = 2 * offset if offset >= 0 else -2 * offset - 1
        words += [base36(n) for n in (first - end, (last - first) // step + 1, step, zigzag)]
        end = last
    return words


def packed_strings(mapping):
    """Each {scalar: scalars} as gap, count and the scalars."""
    words, end = [], 0
    for scalar, target in sorted(mapping.items()):
        words += [base36(scalar - end), base36(len(target)), *(base36(ord(t)) for t in target)]
        end = scalar
    return words


def combining_classes():
    """The class by which the NFD sorts each scalar, found by sorting it with scalars of known class."""
    low, high = "\u0334", "\u0345"  # the classes 1 and 240

    def swaps(a, b):
        return a != b and nfd("a" + a + b) == "a" + b + a

    known = {}
    for scalar in range(0x300, 0x1E000):
        text, value = chr(scalar), unicodedata.combining(chr(scalar))
        if value and nfd(text) == text and (swaps(high, text) or swaps(text, low)):
            known.setdefault(value, text)
    classes = {}
    for scalar in SCALARS:
        text = chr(scalar)
        if nfd(text) != text or not (swaps(high, text) or swaps(text, low)):
            continue
        [classes[scalar]] = [
            v for v, k in known.items() if not swaps(k, text) and not swaps(text, k)
        ]
    return classes


def word_scalars():
    """Those that a single_word token may not touch."""
    tokenizer = Tokenizer(models.WordPiece({"[UNK]": 0}, unk_token="[UNK]"))
    tokenizer.add_tokens([AddedToken("!", single_word=True, normalized=False)])
    return [c for c in SCALARS if chr(c) != "!" and 1 not in tokenizer.encode(f"!{chr(c)}").ids]


def measure():
    clean, strip = bert(clean_text=True), bert(strip_accents=True)
    lower, chinese = bert(lowercase=True), bert(handle_chinese_chars=True)
    split = pre_tokenizers.BertPreTokenizer().pre_tokenize_str
    sets = {name: [] for name in ("removed", "whitespace", "mark", "punctuation", "chinese")}
    lowercase, long_lowercase, decomposition = {}, {}, {}
    for scalar in SCALARS:
        text = chr(scalar)
        if clean(text) == "":
            sets["removed"].append(scalar)
        words = [word for word, _ in split("a" + text + "a")]
        if words == ["a", "a"]:
            sets["whitespace"].append(scalar)
            assert clean(text) in ("", " ")
        else:
            assert clean(text) in ("", text)
            if words != ["a" + text + "a"]:
                assert words == ["a", text, "a"]
                sets["punctuation"].append(scalar)
        if chinese(text) != text:
            assert chinese(text) == f" {text} "
            sets["chinese"].append(scalar)
        decomposed = nfd(text)
        if decomposed != text:
            if scalar not in HANGUL:
                decomposition[scalar] = decomposed
        elif strip(text) == "":
            sets["mark"].append(scalar)
        lowered = lower(text)
        if len(lowered) > 1:
            long_lowercase[scalar] = lowered
        elif lowered != text:
            lowercase[scalar] = ord(lowered)
    return sets, lowercase, long_lowercase, decomposition


def literal(name, comment, words):
    lines, line = [], ""
    for word in words:
        if line and len(line) + 1 + len(word) > WIDTH - 8:
            lines.append(line)
            line = word
        else:
            line = f"{line} {word}" if line else word
    lines.append(line)
    body = " \\\n".join("        " + line for line in lines)
    return f'    /// {comment}\n    static let {name} = """\n{body}\n        """\n'


def swift(name, literals):
    head = "// Made by Tools/tokenizer-reference/unicode_tables.py: do not edit.\n"
    return f"{head}\nextension {name} {{\n" + "\n".join(literals) + "}\n"


def main(folder):
    sets, lowercase, long_lowercase, decomposition = measure()
    sets["word"] = word_scalars()
    comments = {
        "removed": "What clean_text takes out: Cc, Cf, Co and U+FFFD, but not unassigned scalars.",
        "whitespace": "What separates words: White_Space.",
        "mark": "Nonspacing marks, which strip_accents takes out after the NFD.",
        "punctuation": "What is a word of its own: ASCII punctuation and P*.",
        "chinese": "What gets a space on either side.",
        "word": "What a single_word token may not touch.",
    }
    literals = [literal(n, comments[n], packed_ranges(s)) for n, s in sets.items()]
    literals.append(
        literal(
            "combiningClasses",
            "Canonical_Combining_Class, where it is not 0: class, count of runs, the runs.",
            packed_classes(combining_classes()),
        )
    )
    literals.append(
        literal(
            "lowercase",
            "Lower case that is one scalar: gap, count, step, zigzag code of the offset.",
            packed_offsets(lowercase),
        )
    )
    literals.append(
        literal(
            "longLowercase",
            "Lower case that is more than one scalar: gap, count, the scalars.",
            packed_strings(long_lowercase),
        )
    )
    Path(folder, "UnicodeData.swift").write_text(swift("UnicodeData", literals))
    decompositions = literal(
        "decompositions",
        "Full canonical decomposition, but of Hangul: gap, count, the scalars.",
        packed_strings(decomposition),
    )
    Path(folder, "UnicodeData+Decompositions.swift").write_text(
        swift("UnicodeData", [decompositions])
    )


if __name__ == "__main__":
    main(sys.argv[1])
