"""One `blip worker`, and the requests that are under way."""

from __future__ import annotations

import itertools
import subprocess
import threading
from collections.abc import Sequence
from concurrent.futures import Future
from typing import Any, cast

from ._errors import RequestError, WorkerError, request_error
from ._frames import PROTOCOL_VERSION, Bytes, read_frame, write_frame
from ._program import environment

Reply = tuple[dict[str, Any], bytes]


class Worker:
    """The process; any number of threads may send requests."""

    def __init__(self, command: Sequence[str], prepare: Sequence[str] = ()) -> None:
        try:
            self._process = subprocess.Popen(
                command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment()
            )
        except OSError as error:
            raise WorkerError(f"{command[0]} cannot be started ({error.strerror}).") from error
        self._numbers = itertools.count(1)
        self._futures: dict[int, Future[Reply]] = {}
        # Of the futures and the failure; and of the pipe, which may be full for a while.
        self._lock = threading.Lock()
        self._writing = threading.Lock()
        self._failure: WorkerError | None = None
        self._is_closed = False
        try:
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
        """Sends a request; waits while the worker takes no more."""
        future: Future[Reply] = Future()
        # Nobody takes back what was sent.
        future.set_running_or_notify_cancel()
        number = next(self._numbers)
        with self._lock:
            if self._is_closed:
                raise WorkerError("The model is closed; make another one.")
            if self._failure:
                raise self._failure
            self._futures[number] = future
        try:
            with self._writing:
                write_frame(self._input, {"id": number, **message}, payload)
        except (OSError, ValueError):
            # The reader knows more of why.
            self._reader.join(timeout=10)
            with self._lock:
                self._futures.pop(number, None)
            raise self._failure or WorkerError(self._ended()) from None
        return future

    def close(self, wait: bool = True) -> None:
        """Ends the process, after what is under way, or at once."""
        with self._lock:
            self._is_closed = True
        if not wait:
            self._process.kill()
        try:
            with self._writing:
                self._input.close()
        except OSError:
            pass
        try:
            self._process.wait(timeout=60 if wait else 10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        reader = getattr(self, "_reader", None)
        if reader and reader is not threading.current_thread():
            reader.join()
        self._output.close()

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
            write_frame(self._input, hello)
        except OSError:
            pass
        reply = read_frame(self._output)
        if reply is None:
            raise WorkerError(self._ended())
        message, _ = reply
        if message.get("type") != "hello":
            raise WorkerError(str(message.get("error")), str(message.get("code")))
        if message.get("protocol") != "blip-worker":
            raise WorkerError(
                "The program answers as no blip worker does; is SWIFT_BLIP_PROGRAM the path of blip?"
            )
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
                self._failure = failure
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


__all__ = ["Reply", "RequestError", "Worker"]
