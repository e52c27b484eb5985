"""A model, for any number of threads."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future
from typing import TYPE_CHECKING, Any, Literal, TypeVar, overload

from . import _requests
from ._errors import RequestError
from ._options import GenerationOptions
from ._pictures import Picture
from ._program import find_program
from ._requests import Request
from ._results import Answer, Caption, Embedding, Match
from ._worker import Reply, Worker

if TYPE_CHECKING:
    from typing_extensions import Self, Unpack

Result = TypeVar("Result")
#: Whether a picture that fails ends an iteration, or is an element of it.
Errors = Literal["raise", "return"]


class Model:
    """A BLIP model in a process of its own, which ends with :meth:`close`.

    Args:
        model: as `blip --model` takes it: a checkpoint's folder, a pulled name; None for the default.
        device: as OpenVINO names devices.
        precision: auto, f32, f16 or bf16.
        threads: the most that are used; None where the device decides.
        prepare: tasks whose parts are compiled now, and not with the first picture.
        arguments: further ones of `blip worker`.
        program: the path of `blip`; None for :func:`find_program`.

    Raises:
        WorkerError: where the program or the model is not there, with the program's sentence.
    """

    def __init__(
        self,
        model: str | None = None,
        *,
        device: str | None = None,
        precision: Literal["auto", "f32", "f16", "bf16"] | None = None,
        threads: int | None = None,
        prepare: Sequence[Literal["caption", "ask", "match", "embed"]] = (),
        arguments: Sequence[str] = (),
        program: str | None = None,
        _started: Callable[[Worker], object] | None = None,
    ) -> None:
        command = [program or find_program(), "worker"]
        for name, value in (
            ("--model", model),
            ("--device", device),
            ("--precision", precision),
            ("--threads", threads),
        ):
            if value is not None:
                command += [name, str(value)]
        self._worker = Worker([*command, *arguments], prepare, _started)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __del__(self) -> None:
        worker = getattr(self, "_worker", None)
        if worker is not None and not worker._is_closed:
            worker.close(wait=False)

    def close(self) -> None:
        """Ends the process, after what is under way."""
        if not self._worker._is_closed:
            self._worker.close()

    @property
    def name(self) -> str:
        """The model's name."""
        return str(self._worker.hello["model"])

    @property
    def tasks(self) -> frozenset[str]:
        """What the model can do: caption, ask, match, embed."""
        return frozenset(self._worker.hello["tasks"])

    @property
    def queue(self) -> int:
        """Requests that the worker takes before the first of them is answered."""
        return int(self._worker.hello["queue"])

    def caption(
        self, picture: Picture, *, prompt: str | None = None, **options: Unpack[GenerationOptions]
    ) -> Caption:
        """Describes a picture.

        Args:
            picture: a path, a file's bytes, a PIL image or an array of pixels.
            prompt: what the caption begins with.
            options: how the text is generated.

        Raises:
            PictureError: for a picture that cannot be read.
            RequestError: for options that do not go together, or a model that cannot do this.
        """
        return self._run(_requests.caption(picture, prompt, dict(options)))

    @overload
    def ask(  # type: ignore[overload-overlap]  # a text is also a sequence of texts
        self,
        picture: Picture,
        question: str,
        *,
        answers: Sequence[str] | None = None,
        compat: Literal["transformers", "salesforce"] | None = None,
        **options: Unpack[GenerationOptions],
    ) -> Answer: ...

    @overload
    def ask(
        self,
        picture: Picture,
        question: Sequence[str],
        *,
        answers: Sequence[str] | None = None,
        compat: Literal["transformers", "salesforce"] | None = None,
        **options: Unpack[GenerationOptions],
    ) -> list[Answer]: ...

    def ask(
        self,
        picture: Picture,
        question: str | Sequence[str],
        *,
        answers: Sequence[str] | None = None,
        compat: Literal["transformers", "salesforce"] | None = None,
        **options: Unpack[GenerationOptions],
    ) -> Answer | list[Answer]:
        """Answers a question about a picture, or several, for which it is looked at once.

        Args:
            picture: as :meth:`caption` takes it.
            question: one, or a list of them, which gives a list.
            answers: a closed list to choose from; the answer then has a ranking.
            compat: whose treatment of questions is followed.
            options: how the text is generated.
        """
        found = self._run(_requests.ask(picture, question, answers, compat, dict(options)))
        return found[0] if isinstance(question, str) else found

    @overload
    def match(  # type: ignore[overload-overlap]
        self, picture: Picture, text: str
    ) -> Match: ...

    @overload
    def match(self, picture: Picture, text: Sequence[str]) -> list[Match]: ...

    def match(self, picture: Picture, text: str | Sequence[str]) -> Match | list[Match]:
        """Tells how well a text fits a picture, or each of several."""
        found = self._run(_requests.match(picture, text))
        return found[0] if isinstance(text, str) else found

    def embed(self, picture: Picture) -> Embedding:
        """The vector of a picture."""
        return self._run(_requests.embed(picture))

    def embed_texts(self, texts: Sequence[str]) -> list[Embedding]:
        """The vectors of texts."""
        return self._run(_requests.embed_texts(texts))

    @overload
    def caption_all(
        self,
        pictures: Iterable[Picture],
        *,
        errors: Literal["raise"] = "raise",
        prompt: str | None = None,
        **options: Unpack[GenerationOptions],
    ) -> Iterator[Caption]: ...

    @overload
    def caption_all(
        self,
        pictures: Iterable[Picture],
        *,
        errors: Literal["return"],
        prompt: str | None = None,
        **options: Unpack[GenerationOptions],
    ) -> Iterator[Caption | RequestError]: ...

    def caption_all(
        self,
        pictures: Iterable[Picture],
        *,
        errors: Errors = "raise",
        prompt: str | None = None,
        **options: Unpack[GenerationOptions],
    ) -> Iterator[Any]:
        """Describes pictures, and keeps the worker busy.

        No more are taken from ``pictures`` than twice what the worker takes, so that memory does not grow
        with their number.

        Args:
            pictures: any number.
            errors: ``raise`` ends with the first picture that fails; ``return`` gives its error in its place.
            prompt: what the captions begin with.
            options: how the texts are generated.

        Returns:
            One element a picture, in their order.
        """
        return self._stream(
            pictures, lambda p: _requests.caption(p, prompt, dict(options)), errors
        )

    def ask_all(
        self,
        pictures: Iterable[Picture],
        questions: str | Sequence[str],
        *,
        errors: Errors = "raise",
        answers: Sequence[str] | None = None,
        compat: Literal["transformers", "salesforce"] | None = None,
        **options: Unpack[GenerationOptions],
    ) -> Iterator[Any]:
        """Asks the same of pictures, as :meth:`caption_all`; gives one answer a picture, or a list where
        ``questions`` is one."""
        found = self._stream(
            pictures,
            lambda p: _requests.ask(p, questions, answers, compat, dict(options)),
            errors,
        )
        return _unwrapped(found) if isinstance(questions, str) else found

    def match_all(
        self, pictures: Iterable[Picture], texts: str | Sequence[str], *, errors: Errors = "raise"
    ) -> Iterator[Any]:
        """Matches the same with pictures, as :meth:`caption_all`; gives one match a picture, or a list where
        ``texts`` is one."""
        found = self._stream(pictures, lambda p: _requests.match(p, texts), errors)
        return _unwrapped(found) if isinstance(texts, str) else found

    def embed_all(
        self, pictures: Iterable[Picture], *, errors: Errors = "raise"
    ) -> Iterator[Any]:
        """The vectors of pictures, as :meth:`caption_all`."""
        return self._stream(pictures, _requests.embed, errors)

    def _submit(self, request: Request[Any]) -> Future[Reply]:
        return self._worker.submit(request.message, request.payload)

    def _run(self, request: Request[Result]) -> Result:
        future = self._submit(request)
        try:
            return request.read(*future.result())
        finally:
            # Of matter where the wait was interrupted.
            self._worker.abandon([future])

    def _stream(
        self,
        pictures: Iterable[Picture],
        make: Callable[[Picture], Request[Any]],
        errors: Errors,
    ) -> Iterator[Any]:
        return self._elements(pictures, make, returns_errors(errors))

    def _elements(
        self, pictures: Iterable[Picture], make: Callable[[Picture], Request[Any]], returns: bool
    ) -> Iterator[Any]:
        waiting: deque[Future[Reply]] = deque()
        limit = 2 * self.queue
        read: Callable[[dict[str, Any], bytes], Any] | None = None

        def next_element() -> Any:
            assert read is not None
            try:
                return read(*waiting.popleft().result())
            except RequestError as error:
                if returns:
                    return error
                raise

        try:
            for picture in pictures:
                try:
                    request = make(picture)
                    read = request.read
                    waiting.append(self._submit(request))
                except (RequestError, TypeError) as error:
                    if not returns:
                        raise
                    failed: Future[Reply] = Future()
                    failed.set_exception(request_error_of(error))
                    read = read or _no_reply
                    waiting.append(failed)
                while len(waiting) >= limit or (waiting and waiting[0].done()):
                    yield next_element()
            while waiting:
                yield next_element()
        finally:
            # Whoever leaves off half-way wants none of these.
            self._worker.abandon(waiting)


def returns_errors(errors: Errors) -> bool:
    """Whether pictures that fail are elements."""
    if errors not in ("raise", "return"):
        raise ValueError(f'errors is "raise" or "return", and not {errors!r}.')
    return errors == "return"


def request_error_of(error: RequestError | TypeError) -> RequestError:
    """An element for what is no picture at all."""
    return error if isinstance(error, RequestError) else RequestError(str(error))


def _no_reply(message: dict[str, Any], payload: bytes) -> Any:
    raise AssertionError("nothing was sent")


def _unwrapped(found: Iterator[Any]) -> Iterator[Any]:
    for element in found:
        yield element if isinstance(element, RequestError) else element[0]
