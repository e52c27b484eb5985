"""Requests, and how their answers are read: what both kinds of models share."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from . import _results
from ._frames import Bytes
from ._options import GenerationOptions
from ._pictures import Picture, picture_fields
from ._results import Answer, Caption, Embedding, Match

Result = TypeVar("Result")


@dataclass(frozen=True)
class Request(Generic[Result]):
    """What is sent, and what is made of the answer."""

    message: dict[str, Any]
    payload: Bytes
    read: Callable[[dict[str, Any], bytes], Result]


def caption(picture: Picture, prompt: str | None, options: dict[str, Any]) -> Request[Caption]:
    fields, payload = picture_fields(picture)
    message = _message("caption", fields, options, prompt=prompt)
    return Request(message, payload, _results.captions)


def ask(
    picture: Picture,
    questions: str | Sequence[str],
    answers: Sequence[str] | None,
    compat: str | None,
    options: dict[str, Any],
) -> Request[list[Answer]]:
    fields, payload = picture_fields(picture)
    message = _message(
        "ask", fields, options, questions=_list(questions), answers=answers, compat=compat
    )
    return Request(message, payload, _results.answers)


def match(picture: Picture, texts: str | Sequence[str]) -> Request[list[Match]]:
    fields, payload = picture_fields(picture)
    return Request(_message("match", fields, texts=_list(texts)), payload, _results.matches)


def embed(picture: Picture) -> Request[Embedding]:
    fields, payload = picture_fields(picture)
    return Request(
        _message("embed", fields), payload, lambda *reply: _results.embeddings(*reply)[0]
    )


def embed_texts(texts: Sequence[str]) -> Request[list[Embedding]]:
    return Request(_message("embed", {}, texts=_list(texts)), b"", _results.embeddings)


def _list(texts: str | Sequence[str]) -> list[str]:
    return [texts] if isinstance(texts, str) else list(texts)


def _message(
    task: str, fields: dict[str, Any], options: dict[str, Any] | None = None, **others: Any
) -> dict[str, Any]:
    message = {"task": task, **fields}
    message.update({name: value for name, value in others.items() if value is not None})
    given = {name: value for name, value in (options or {}).items() if value is not None}
    # A worker passes over what it does not know.
    unknown = sorted(given.keys() - GenerationOptions.__annotations__.keys())
    if unknown:
        known = ", ".join(GenerationOptions.__annotations__)
        raise TypeError(f"There is no option {unknown[0]}; those of generation are {known}.")
    if given:
        message["options"] = given
    return message
