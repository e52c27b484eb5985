"""Records what pycocoevalcap and VQA's published rules say of small cases.

    python -m venv .venv && .venv/bin/pip install -r requirements-metrics.txt
    .venv/bin/python record_metrics.py ../../Tests/BlipEvaluationTests/Fixtures

Java must be there: pycocoevalcap's tokenizer is Stanford's, a Java program that it brings along.
"""

import contextlib
import io
import json
import os
import pathlib
import random
import sys

# Else the tokenizer reads and writes in whatever the machine's locale says.
os.environ["JAVA_TOOL_OPTIONS"] = "-Dfile.encoding=UTF-8"

from pycocoevalcap.bleu.bleu import Bleu
from pycocoevalcap.cider.cider import Cider
from pycocoevalcap.rouge.rouge import Rouge
from pycocoevalcap.tokenizer.ptbtokenizer import PTBTokenizer

from metric_cases import CAPTION_SETS, QUESTIONS, TEXTS
from vqa_rules import accuracies, normalized


def tokenized(captions: dict[int, list[str]]) -> dict[int, list[str]]:
    with contextlib.redirect_stderr(io.StringIO()):
        return PTBTokenizer().tokenize(
            {key: [{"caption": text} for text in texts] for key, texts in captions.items()})


def scores(cases: list[dict]) -> dict:
    references = tokenized({i: case["references"] for i, case in enumerate(cases)})
    candidates = tokenized({i: [case["candidate"]] for i, case in enumerate(cases)})
    bleu, _ = Bleu(4).compute_score(references, candidates, verbose=0)
    rouge, rouge_each = Rouge().compute_score(references, candidates)
    cider, cider_each = Cider().compute_score(references, candidates)
    return {
        "bleu": bleu, "rouge_l": float(rouge), "cider": float(cider),
        "rouge_l_each": [float(x) for x in rouge_each],
        "cider_each": [float(x) for x in cider_each],
    }


def random_cases(count: int, seed: int) -> list[dict]:
    """Captions of few words, so that many n-grams match."""
    draw = random.Random(seed)
    words = "a man woman dog on the beach with red ball . , and is riding bike's two".split()

    def caption() -> str:
        return " ".join(draw.choice(words) for _ in range(draw.randint(0, 14)))

    return [
        {"candidate": caption(), "references": [caption() for _ in range(draw.randint(1, 6))]}
        for _ in range(count)
    ]


def write(folder: pathlib.Path, name: str, value) -> None:
    (folder / name).write_text(json.dumps(value, ensure_ascii=False, indent=1) + "\n", "utf-8")


def main(folder: pathlib.Path) -> None:
    tokens = tokenized({0: TEXTS})[0]
    assert len(tokens) == len(TEXTS)
    write(folder, "tokens.json", [
        # A no-break space is part of its token.
        {"text": text, "tokens": [token for token in line.split(" ") if token]}
        for text, line in zip(TEXTS, tokens)
    ])
    sets = CAPTION_SETS | {f"random {seed}": random_cases(20, seed) for seed in range(4)}
    write(folder, "captions.json", [
        {"name": name, "cases": cases, **scores(cases)} for name, cases in sets.items()
    ])
    answers = sorted({a for q in QUESTIONS for a in [q["candidate"], *q["answers"]]})
    write(folder, "answers.json", {
        "normalized": [{"text": text, "normalized": normalized(text)} for text in answers],
        "questions": QUESTIONS, **accuracies(QUESTIONS),
    })


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]))
