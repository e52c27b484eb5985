"""One `blip worker`, and the requests that are under way."""

from __future__ import annotations

import atexit
import itertools
import os
import subprocess
import threading
import weakref
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future
from typing import Any, cast

from ._errors import RequestError, WorkerError, request_error
from ._frames import PROTOCOL_VERSION, Bytes, encode, read_frame, write_frame
from ._program import environment

Reply = tuple[dict[str, Any], bytes]

#: Those of this process.
_workers: weakref.WeakSet[Worker] = weakref.WeakSet()


class Worker:
    """The process; any number of threads may send requests."""

    #: Seconds without an answer after which whoever closes it kills it.
    PATIENCE = 60.0

    def __init__(
        self,
        command: Sequence[str],
        prepare: Sequence[str] = (),
        started: Callable[[Worker], object] | None = None,
    ) -> None:
        """Starts the process and waits for its hello; before that, ``started`` is given the worker."""
        try:
            # A session of its own, since an interrupt in a terminal or notebook is for Python alone.
            self._process = subprocess.Popen(
                command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                env=environment(),
                start_new_session=True,
            )
        except OSError as error:
            raise WorkerError(f"{command[0]} cannot be started ({error.strerror}).") from error
        # A fork has no worker: its answers would go to this process.
        self._owner = os.getpid()
        _workers.add(self)
        self._numbers = itertools.count(1)
        self._futures: dict[int, Future[Reply]] = {}
        #: Those that nobody waits for.
        self._abandoned: weakref.WeakSet[Future[Reply]] = weakref.WeakSet()
        # Of the futures and the failure, and taken twice where a model's last reference goes meanwhile; and of the
        # pipe, which may be full for a while.
        self._lock = threading.RLock()
        self._writing = threading.Lock()
        self._failure: WorkerError | None = None
        self._is_closed = False
        #: How many it gave.
        self.answer_count = 0
        try:
            if started:
                started(self)
            self.hello = self._greet(prepare)
        except BaseException:
            self.close(wait=False)
            raise
        self._reader = threading.Thread(target=self._read, name="swift-blip", daemon=True)
        self._reader.start()

    @property
    def process_id(self) -> int:
        return self._process.pid

    @property
    def failure(self) -> WorkerError | None:
        """Why nothing can be sent any more."""
        return self._failure

    def submit(self, message: dict[str, Any], payload: Bytes = b"") -> Future[Reply]:
        """Sends a request; waits while the worker takes no more.

        Raises:
            RequestError: for one that no frame can hold; the worker would end over it.
            WorkerError: where it cannot be sent.
        """
        if self._owner != os.getpid():
            raise WorkerError(
                "The model was made before this process was forked, and answers go to the one that made it; "
                "make another one here."
            )
        number = next(self._numbers)
        text, payload = self._frame({"id": number, **message}, payload)
        future: Future[Reply] = Future()
        # Nobody takes back what was sent.
        future.set_running_or_notify_cancel()
        with self._lock:
            if self._is_closed:
                raise WorkerError("The model is closed; make another one.")
            if self._failure:
                raise self._failure
            self._futures[number] = future
        try:
            with self._writing:
                self._write(text, payload)
        except (OSError, ValueError):
            # The reader knows more of why.
            self._reader.join(timeout=10)
            with self._lock:
                self._futures.pop(number, None)
            raise self._failure or WorkerError(self._ended()) from None
        except BaseException:
            with self._lock:
                self._futures.pop(number, None)
            raise
        return future

    def _write(self, text: bytes, payload: Bytes) -> None:
        try:
            write_frame(self._input, text, payload)
        except (OSError, ValueError):
            raise
        except BaseException:
            # Half a frame may be sent (KeyboardInterrupt), and the worker would take the next one for its rest.
            with self._lock:
                self._failure = self._failure or WorkerError(
                    "A request was interrupted while it was sent, which ended the worker; make another model."
                )
            self._process.kill()
            raise

    def abandon(self, futures: Iterable[Future[Reply]]) -> None:
        """Says that nobody waits for these: `close` need not, either."""
        if self._owner != os.getpid():
            return
        with self._lock:
            self._abandoned.update(futures)

    def _frame(self, message: dict[str, Any], payload: Bytes) -> tuple[bytes, Bytes]:
        try:
            text = encode(message)
        except (TypeError, ValueError) as error:
            raise RequestError(
                f"The request has a value that cannot be sent ({error}); give texts and finite numbers.",
                "invalidRequest",
            ) from None
        if isinstance(payload, memoryview):
            payload = payload.cast("B") if payload.c_contiguous else payload.tobytes()
        for size, limit, what in (
            (len(text), self.hello["max_json_bytes"], "texts and options"),
            (len(payload), self.hello["max_payload_bytes"], "the picture"),
        ):
            if size > limit:
                raise RequestError(
                    f"The request has {size} bytes of {what}, and a worker takes {limit}; give fewer, or a "
                    "picture's path.",
                    "tooLarge",
                )
        return text, payload

    def close(self, wait: bool = True) -> None:
        """Ends the process, after what is under way, or at once."""
        if self._owner != os.getpid():
            self._is_closed = True
            return
        with self._lock:
            self._is_closed = True
            left = list(self._futures.values())
            unwanted = bool(left) and all(future in self._abandoned for future in left)
        if unwanted or not wait:
            self._process.kill()
        # A request that is being sent has the pipe, for ever where the worker hangs.
        self._wait(lambda seconds: self._writing.acquire(timeout=seconds))
        try:
            self._input.close()
        except OSError:
            pass
        finally:
            self._writing.release()
        self._wait(self._has_ended)
        reader = getattr(self, "_reader", None)
        if reader and reader is not threading.current_thread():
            reader.join()
        self._output.close()

    def kill(self) -> None:
        """Ends the process at once."""
        self._process.kill()

    def _wait(self, ends: Callable[[float], bool]) -> None:
        """Waits, and kills the process where too much time passes without an answer."""
        while True:
            answer_count = self.answer_count
            if ends(self.PATIENCE):
                return
            if self.answer_count == answer_count:
                self.kill()

    def _has_ended(self, seconds: float) -> bool:
        try:
            self._process.wait(timeout=seconds)
        except subprocess.TimeoutExpired:
            return False
        return True

    @property
    def _input(self) -> Any:
        return cast(Any, self._process.stdin)

    @property
    def _output(self) -> Any:
        return cast(Any, self._process.stdout)

    def _greet(self, prepare: Sequence[str]) -> dict[str, Any]:
        hello: dict[str, Any] = {"type": "hello", "version": PROTOCOL_VERSION, "order": "finish"}
        if prepare:
            hello["prepare"] = list(prepare)
        try:
            write_frame(self._input, encode(hello))
        except OSError:
            pass
        stranger = WorkerError(
            "The program answers as no blip worker does; is SWIFT_BLIP_PROGRAM the path of blip?"
        )
        try:
            reply = read_frame(self._output)
        except ValueError:
            raise stranger from None
        if reply is None:
            raise WorkerError(self._ended())
        message, _ = reply
        if not isinstance(message, dict):
            raise stranger
        if message.get("type") != "hello":
            raise WorkerError(str(message.get("error")), str(message.get("code")))
        if message.get("protocol") != "blip-worker":
            raise stranger
        return message

    def _read(self) -> None:
        failure = None
        try:
            while reply := read_frame(self._output):
                message = reply[0]
                if "id" not in message:
                    failure = WorkerError(message["error"], message["code"])
                    continue
                with self._lock:
                    self.answer_count += 1
                    future = self._futures.pop(message["id"], None)
                if future is None:
                    continue
                if message["type"] == "error":
                    future.set_exception(request_error(message["code"], message["error"]))
                else:
                    future.set_result(reply)
        finally:
            failure = failure or WorkerError(self._ended())
            with self._lock:
                failure = self._failure = self._failure or failure
                left = list(self._futures.values())
                self._futures.clear()
            for future in left:
                future.set_exception(failure)

    def _ended(self) -> str:
        try:
            status = self._process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            return "The worker closed its output; it is not known why."
        how = f"by signal {-status}" if status < 0 else f"with status {status}"
        return f"The worker ended {how}; what it said is on standard error."

    def _let_go(self) -> None:
        """Gives up the pipes in a fork; as long as that had them, the worker would see no end of its input."""
        for stream in (self._process.stdin, self._process.stdout):
            if stream is None or stream.closed:
                continue
            # Something else in their places, since the streams still close these descriptors.
            nothing = os.open(os.devnull, os.O_RDWR)
            os.dup2(nothing, stream.fileno(), inheritable=False)
            os.close(nothing)


def _let_go() -> None:
    for worker in list(_workers):
        worker._let_go()
    _workers.clear()


@atexit.register
def _close() -> None:
    """Ends what is left while threads still run: Python aborts over a pipe that one of them reads at the very end."""
    for worker in list(_workers):
        if not worker._is_closed:
            worker.close(wait=False)


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_let_go)

__all__ = ["Reply", "RequestError", "Worker"]
