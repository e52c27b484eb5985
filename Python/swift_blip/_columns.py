"""Columns of a table: what Ray and Spark share."""

from __future__ import annotations

import os
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, TypedDict, TypeVar

from ._errors import RequestError, WorkerError
from ._model import Model

if TYPE_CHECKING:
    from typing_extensions import Unpack

Batch = TypeVar("Batch")
Result = TypeVar("Result")
Task = Literal["caption", "ask", "match", "embed"]

#: The columns that a task adds, and their kinds; each has ``error`` too, a sentence or nothing.
COLUMNS: dict[str, dict[str, str]] = {
    "caption": {"caption": "text", "score": "number"},
    "ask": {"answer": "text", "score": "number"},
    "match": {"match_probability": "number", "similarity": "number"},
    "embed": {"embedding": "numbers"},
}


def check_names(task: Task, names: Iterable[str]) -> None:
    """Refuses a table that has columns of the task's names, such as the error of another task."""
    # Spark takes "Score" and "score" for the same.
    taken = [name for name in names if name.lower() in (*COLUMNS[task], "error")]
    if taken:
        raise ValueError(
            f"The table has a column {taken[0]!r} already, which the task {task} adds; rename or drop it first."
        )


class TaskArguments(TypedDict, total=False):
    """What is asked of every picture, as keyword arguments of both engines."""

    #: Of ask.
    question: str | None
    #: Of ask: a closed list.
    answers: Sequence[str] | None
    #: Of match.
    text: str | None
    #: Of caption.
    prompt: str | None
    #: Of captions and answers, as GenerationOptions has them.
    options: dict[str, Any] | None
    #: Of Model: device, precision, threads, program, arguments.
    runtime: dict[str, Any] | None


@dataclass(frozen=True)
class Settings:
    """A task, its arguments and the model, as they can be a key of a dictionary."""

    task: Task = "caption"
    model: str | None = None
    question: str | None = None
    answers: tuple[str, ...] | None = None
    text: str | None = None
    prompt: str | None = None
    options: tuple[tuple[str, Any], ...] = ()
    runtime: tuple[tuple[str, Any], ...] = field(default=())

    def __post_init__(self) -> None:
        if self.task not in COLUMNS:
            raise ValueError(f"task is {', '.join(COLUMNS)}, and not {self.task!r}.")
        if self.task == "ask" and not self.question:
            raise ValueError("The task ask needs a question.")
        if self.task == "match" and not self.text:
            raise ValueError("The task match needs a text.")
        if self.answers is not None and not self.answers:
            raise ValueError("The list of answers is empty; give one or more, or none at all.")


def settings(task: Task, model: str | None, **arguments: Unpack[TaskArguments]) -> Settings:
    """Settings of what users write."""
    unknown = sorted(arguments.keys() - TaskArguments.__annotations__.keys())
    if unknown:
        known = ", ".join(TaskArguments.__annotations__)
        raise TypeError(f"There is no argument {unknown[0]}; those of a task are {known}.")
    answers = arguments.get("answers")
    if isinstance(answers, str):
        raise TypeError("answers is a list of texts, and not a text.")

    def fixed(values: dict[str, Any] | None) -> tuple[tuple[str, Any], ...]:
        return tuple(
            (name, tuple(value) if isinstance(value, list) else value)
            for name, value in (values or {}).items()
        )

    return Settings(
        task,
        model,
        arguments.get("question"),
        None if answers is None else tuple(answers),
        arguments.get("text"),
        arguments.get("prompt"),
        fixed(arguments.get("options")),
        fixed(arguments.get("runtime")),
    )


class TableWorker:
    """Adds columns to tables, and starts a new worker where one was killed. Threads may share it: two keep the worker
    busy, which is idle between the batches of one."""

    #: Workers that may die over one batch, before it is done a picture at a time; and over one picture, then.
    ATTEMPTS = 3
    #: Rows of a batch with which another one may be in memory.
    SMALL = 1024

    def __init__(self, settings: Settings, start: Callable[[], Model] | None = None) -> None:
        self._settings = settings
        self._start = start or self._new_model
        self._model: Model | None = None
        self._lock = threading.RLock()
        self._width: int | None = None

    def stream(
        self, batches: Iterable[Batch], pictures: Callable[[Batch], list[Any]]
    ) -> Iterator[tuple[Batch, dict[str, list[Any]]]]:
        """Batches with their columns, in order; of small ones the next is under way before one is asked for."""
        waiting: deque[tuple[Batch, Future[dict[str, list[Any]]]]] = deque()
        with ThreadPoolExecutor(2) as pool:
            for batch in batches:
                given = pictures(batch)
                waiting.append((batch, pool.submit(self.columns, given)))
                while len(waiting) > 1 or (waiting and len(given) > self.SMALL):
                    done, columns = waiting.popleft()
                    yield done, columns.result()
            for done, columns in waiting:
                yield done, columns.result()

    def columns(self, pictures: Sequence[Any]) -> dict[str, list[Any]]:
        """The task's columns and ``error``, an element a picture. Pictures that are None are errors."""
        rows = self._rows([_plain(picture) for picture in pictures])
        names = [*COLUMNS[self._settings.task], "error"]
        return {name: [row.get(name) for row in rows] for name in names}

    def width(self) -> int:
        """Numbers of an embedding; 0 of a model that has none."""
        if self._width is None:
            try:
                self._width = len(self._tried(lambda model: model.embed_texts(["a picture"]))[0])
            except RequestError:
                self._width = 0
        return self._width

    def close(self) -> None:
        with self._lock:
            model, self._model = self._model, None
        if model is not None:
            model.close()

    def _new_model(self) -> Model:
        settings = self._settings
        return Model(settings.model, prepare=(settings.task,), **dict(settings.runtime))

    def _rows(self, pictures: list[Any]) -> list[dict[str, Any]]:
        try:
            return self._found(pictures)
        except WorkerError:
            # One of them may be what ends the workers, so they get one that no other batch has.
            apart = TableWorker(self._settings, self._start)
            try:
                return [apart._alone(picture) for picture in pictures]
            finally:
                apart._forget()

    def _alone(self, picture: Any) -> dict[str, Any]:
        try:
            return self._found([picture])[0]
        except WorkerError as error:
            return {"error": f"The worker ended while it had this picture. {error}"}

    def _found(self, pictures: list[Any]) -> list[dict[str, Any]]:
        return self._tried(
            lambda model: [self._row(element) for element in self._elements(model, pictures)]
        )

    def _tried(self, work: Callable[[Model], Result]) -> Result:
        """Does it once more where the worker is killed, which need not be the pictures' doing."""
        failure: WorkerError | None = None
        for _ in range(self.ATTEMPTS):
            model = self._running()
            try:
                return work(model)
            except WorkerError as error:
                failure = error
                self._forget(model)
        assert failure is not None
        raise failure

    def _running(self) -> Model:
        with self._lock:
            if self._model is None:
                # What cannot begin is no fault of the pictures.
                self._model = _started(self._start)
            return self._model

    def _forget(self, failed: Model | None = None) -> None:
        """Ends the worker, unless another thread did so with the one that failed."""
        with self._lock:
            if failed not in (None, self._model):
                return
            model, self._model = self._model, None
        if model is not None:
            model._worker.close(wait=False)

    def _elements(self, model: Model, pictures: list[Any]) -> Any:
        settings = self._settings
        options = dict(settings.options)
        if settings.task == "caption":
            return model.caption_all(pictures, errors="return", prompt=settings.prompt, **options)
        if settings.task == "ask":
            answers = list(settings.answers) if settings.answers else None
            return model.ask_all(
                pictures, settings.question or "", errors="return", answers=answers, **options
            )
        if settings.task == "match":
            return model.match_all(pictures, settings.text or "", errors="return")
        return model.embed_all(pictures, errors="return")

    def _row(self, element: Any) -> dict[str, Any]:
        if isinstance(element, RequestError):
            return {"error": str(element)}
        if self._settings.task == "caption":
            return {"caption": element.text, "score": element.score}
        if self._settings.task == "ask":
            ranking = element.ranking
            return {"answer": element.text, "score": ranking[0].score if ranking else element.score}
        if self._settings.task == "match":
            return {"match_probability": element.probability, "similarity": element.similarity}
        return {"embedding": element.values.tolist()}


class StartError(Exception):
    """A worker that cannot begin; the job's fault, and no picture's."""


def _started(start: Callable[[], Model]) -> Model:
    failure: WorkerError | None = None
    for _ in range(TableWorker.ATTEMPTS):
        try:
            return start()
        except WorkerError as error:
            failure = error
            # With a sentence of its own it will say the same again.
            if error.code:
                break
    raise StartError(str(failure))


def _plain(picture: Any) -> Any:
    """Of an engine's types, those that requests take."""
    if picture is None or isinstance(picture, (str, bytes, bytearray, os.PathLike)):
        return picture
    if hasattr(picture, "dtype") and getattr(picture, "shape", None) == ():
        return picture.item()
    return picture
