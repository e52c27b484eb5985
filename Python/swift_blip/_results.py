"""What a model finds."""

from __future__ import annotations

import math
import sys
from array import array
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np


@dataclass(frozen=True)
class Timing:
    """Milliseconds by stage; in a batch, a picture's share."""

    preprocess: float
    vision: float
    text: float
    decode: float
    total: float


@dataclass(frozen=True)
class Caption:
    """A picture in words."""

    text: str
    #: The mean log-probability of the generated tokens; None where it has no meaning.
    score: float | None
    token_ids: tuple[int, ...]
    timing: Timing
    #: The others, best first, where ``count`` asked for several.
    alternatives: tuple[Caption, ...] = ()

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True)
class RankedAnswer:
    """An answer of a closed list."""

    text: str
    #: The sum of the log-probabilities of its tokens, smoothed; what answers are ordered by.
    score: float


@dataclass(frozen=True)
class Answer:
    """The answer to a question."""

    question: str
    text: str
    #: The mean log-probability of the generated tokens; None of a closed list.
    score: float | None
    token_ids: tuple[int, ...]
    timing: Timing
    #: Of a closed list, best first.
    ranking: tuple[RankedAnswer, ...] = ()

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True)
class Match:
    """How well a text fits a picture."""

    text: str
    #: From 0 to 1, by the image-text matching head.
    probability: float
    #: From -1 to 1, the cosine of both vectors; None where the checkpoint has none.
    similarity: float | None
    timing: Timing


@dataclass(frozen=True)
class Embedding:
    """The unit vector of a picture or text."""

    values: array[float]

    def cosine(self, other: Embedding) -> float:
        """How alike the two are, from -1 to 1."""
        norms = math.sqrt(_dot(self, self) * _dot(other, other))
        return _dot(self, other) / norms if norms else math.nan

    def numpy(self) -> np.ndarray[Any, Any]:
        """The vector as float32."""
        import numpy as np

        return np.frombuffer(self.values, dtype=np.float32)

    def __len__(self) -> int:
        return len(self.values)


def _dot(first: Embedding, second: Embedding) -> float:
    return sum(a * b for a, b in zip(first.values, second.values))


def captions(message: dict[str, Any], payload: bytes) -> Caption:
    timing = _timing(message)
    found = [
        Caption(item["caption"], item.get("score"), tuple(item["token_ids"]), timing)
        for item in message["captions"]
    ]
    best = found[0]
    return Caption(best.text, best.score, best.token_ids, timing, tuple(found[1:]))


def answers(message: dict[str, Any], payload: bytes) -> list[Answer]:
    return [
        Answer(
            item["question"],
            item["answer"],
            item.get("score"),
            tuple(item["token_ids"]),
            _timing(message),
            tuple(RankedAnswer(rank["answer"], rank["score"]) for rank in item.get("ranking", [])),
        )
        for item in message["answers"]
    ]


def matches(message: dict[str, Any], payload: bytes) -> list[Match]:
    return [
        Match(item["text"], item["match_probability"], item.get("similarity"), _timing(message))
        for item in message["matches"]
    ]


def embeddings(message: dict[str, Any], payload: bytes) -> list[Embedding]:
    size = 4 * message["width"]
    found = []
    for start in range(0, size * message["vectors"], size):
        values = array("f", payload[start : start + size])
        if sys.byteorder == "big":
            values.byteswap()
        found.append(Embedding(values))
    return found


def _timing(message: dict[str, Any]) -> Timing:
    timing = message["timing"]
    return Timing(
        timing["preprocess"], timing["vision"], timing["text"], timing["decode"], timing["total"]
    )
