"""The same for asyncio."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncGenerator, AsyncIterable, Callable, Iterable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TYPE_CHECKING, Any, Literal, TypeVar, Union, overload

from . import _requests
from ._errors import RequestError, WorkerError
from ._model import Errors, Model, request_error_of, returns_errors
from ._options import GenerationOptions
from ._pictures import Picture
from ._requests import Request
from ._results import Answer, Caption, Embedding, Match
from ._worker import Reply, Worker

if TYPE_CHECKING:
    from typing_extensions import Self, Unpack

Result = TypeVar("Result")
Pictures = Union[Iterable[Picture], AsyncIterable[Picture]]


class AsyncModel:
    """As :class:`Model`, whose arguments it takes, with methods that are awaited.

        async with AsyncModel("Salesforce/blip-vqa-base") as model:
            print((await model.caption("photo.jpg")).text)

    Calls that are awaited together run as batches.
    """

    def __init__(self, model: str | None = None, **arguments: Any) -> None:
        self._arguments: dict[str, Any] = {"model": model, **arguments}
        self._model: Model | None = None
        #: Its own before it is open, too.
        self._worker: Worker | None = None
        self._is_closed = False
        # Requests are sent one after another, since the pipe may be full.
        self._sender = ThreadPoolExecutor(max_workers=1, thread_name_prefix="swift-blip")

    async def __aenter__(self) -> Self:
        await self.open()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def open(self) -> Model:
        """Starts the worker, where it was not yet, and gives the model that it drives."""
        if self._model is None:
            return await self._call(self._opened)
        return self._model

    def _opened(self) -> Model:
        # Only the sender calls it: those who open at the same time get one model.
        if self._model is None:
            self._model = Model(**self._arguments, _started=self._know)
        return self._model

    def _know(self, worker: Worker) -> None:
        self._worker = worker

    async def close(self) -> None:
        """Ends the process, after what is under way, or after a minute in which it answers nothing."""
        if self._is_closed:
            return
        # Behind an opening that is under way, and behind what is being sent, for ever where the worker hangs.
        ending = asyncio.get_running_loop().run_in_executor(self._sender, self._end)
        self._is_closed = True
        self._sender.shutdown(wait=False)
        try:
            while not ending.done():
                answer_count = self._answer_count()
                await asyncio.wait([ending], timeout=Worker.PATIENCE)
                if not ending.done() and self._answer_count() == answer_count:
                    self._kill()
        except asyncio.CancelledError:
            # Whoever waits no longer wants no answers, either.
            self._kill()
            raise
        await ending

    def _answer_count(self) -> int:
        return self._worker.answer_count if self._worker else 0

    def _kill(self) -> None:
        if self._worker:
            self._worker.kill()

    def _end(self) -> None:
        if self._model is not None:
            self._model.close()

    async def caption(
        self, picture: Picture, *, prompt: str | None = None, **options: Unpack[GenerationOptions]
    ) -> Caption:
        """As :meth:`Model.caption`."""
        return await self._run(lambda: _requests.caption(picture, prompt, dict(options)))

    @overload
    async def ask(  # type: ignore[overload-overlap]  # a text is also a sequence of texts
        self,
        picture: Picture,
        question: str,
        *,
        answers: Sequence[str] | None = None,
        compat: Literal["transformers", "salesforce"] | None = None,
        **options: Unpack[GenerationOptions],
    ) -> Answer: ...

    @overload
    async def ask(
        self,
        picture: Picture,
        question: Sequence[str],
        *,
        answers: Sequence[str] | None = None,
        compat: Literal["transformers", "salesforce"] | None = None,
        **options: Unpack[GenerationOptions],
    ) -> list[Answer]: ...

    async def ask(
        self,
        picture: Picture,
        question: str | Sequence[str],
        *,
        answers: Sequence[str] | None = None,
        compat: Literal["transformers", "salesforce"] | None = None,
        **options: Unpack[GenerationOptions],
    ) -> Answer | list[Answer]:
        """As :meth:`Model.ask`."""
        found = await self._run(
            lambda: _requests.ask(picture, question, answers, compat, dict(options))
        )
        return found[0] if isinstance(question, str) else found

    @overload
    async def match(  # type: ignore[overload-overlap]
        self, picture: Picture, text: str
    ) -> Match: ...

    @overload
    async def match(self, picture: Picture, text: Sequence[str]) -> list[Match]: ...

    async def match(self, picture: Picture, text: str | Sequence[str]) -> Match | list[Match]:
        """As :meth:`Model.match`."""
        found = await self._run(lambda: _requests.match(picture, text))
        return found[0] if isinstance(text, str) else found

    async def embed(self, picture: Picture) -> Embedding:
        """As :meth:`Model.embed`."""
        return await self._run(lambda: _requests.embed(picture))

    async def embed_texts(self, texts: Sequence[str]) -> list[Embedding]:
        """As :meth:`Model.embed_texts`."""
        return await self._run(lambda: _requests.embed_texts(texts))

    def caption_all(
        self,
        pictures: Pictures,
        *,
        errors: Errors = "raise",
        prompt: str | None = None,
        **options: Unpack[GenerationOptions],
    ) -> AsyncGenerator[Any, None]:
        """As :meth:`Model.caption_all`; ``pictures`` may be an asynchronous iterable too."""
        return self._stream(
            pictures, lambda p: _requests.caption(p, prompt, dict(options)), errors
        )

    def ask_all(
        self,
        pictures: Pictures,
        questions: str | Sequence[str],
        *,
        errors: Errors = "raise",
        answers: Sequence[str] | None = None,
        compat: Literal["transformers", "salesforce"] | None = None,
        **options: Unpack[GenerationOptions],
    ) -> AsyncGenerator[Any, None]:
        """As :meth:`Model.ask_all`."""
        return self._stream(
            pictures,
            lambda p: _requests.ask(p, questions, answers, compat, dict(options)),
            errors,
            isinstance(questions, str),
        )

    def match_all(
        self, pictures: Pictures, texts: str | Sequence[str], *, errors: Errors = "raise"
    ) -> AsyncGenerator[Any, None]:
        """As :meth:`Model.match_all`."""
        return self._stream(
            pictures, lambda p: _requests.match(p, texts), errors, isinstance(texts, str)
        )

    def embed_all(self, pictures: Pictures, *, errors: Errors = "raise") -> AsyncGenerator[Any, None]:
        """As :meth:`Model.embed_all`."""
        return self._stream(pictures, _requests.embed, errors)

    def _stream(
        self,
        pictures: Pictures,
        make: Callable[[Picture], Request[Any]],
        errors: Errors,
        unwraps: bool = False,
    ) -> AsyncGenerator[Any, None]:
        return self._elements(pictures, make, returns_errors(errors), unwraps)

    async def _elements(
        self,
        pictures: Pictures,
        make: Callable[[Picture], Request[Any]],
        returns: bool,
        unwraps: bool,
    ) -> AsyncGenerator[Any, None]:
        async def element(picture: Picture) -> Any:
            try:
                found = await self._run(lambda: make(picture))
                return found[0] if unwraps else found
            except (RequestError, TypeError) as error:
                if returns:
                    return request_error_of(error)
                raise

        model = await self.open()
        waiting: deque[asyncio.Task[Any]] = deque()
        try:
            async for picture in _each(pictures):
                waiting.append(asyncio.create_task(element(picture)))
                while len(waiting) >= 2 * model.queue:
                    yield await waiting.popleft()
            while waiting:
                yield await waiting.popleft()
        finally:
            for task in waiting:
                task.cancel()
            # Those that failed meanwhile, too, or asyncio would tell of errors that nobody looked at.
            await asyncio.gather(*waiting, return_exceptions=True)

    async def _run(self, make: Callable[[], Request[Result]]) -> Result:
        model = await self.open()

        sent: list[Future[Reply]] = []
        is_left = False

        def send() -> Request[Result]:
            request = make()
            sent.append(model._submit(request))
            if is_left:
                model._worker.abandon(sent)
            return request

        try:
            request = await self._call(send)
            return request.read(*await asyncio.wrap_future(sent[0]))
        finally:
            # Of matter where the task was cancelled, perhaps while the request was being sent.
            is_left = True
            model._worker.abandon(sent)

    async def _call(self, work: Callable[[], Result]) -> Result:
        if self._is_closed:
            raise WorkerError("The model is closed; make another one.")
        return await asyncio.get_running_loop().run_in_executor(self._sender, work)


async def _each(pictures: Pictures) -> AsyncGenerator[Picture, None]:
    if isinstance(pictures, AsyncIterable):
        async for picture in pictures:
            yield picture
    else:
        for picture in pictures:
            yield picture
