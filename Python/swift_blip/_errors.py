"""What can go wrong, in the program's sentences."""

from __future__ import annotations


class BlipError(Exception):
    """Any error of this package; its text is one sentence that says what to do."""

    def __init__(self, sentence: str, code: str = "") -> None:
        super().__init__(sentence)
        #: What kind of error it is, such as ``missingFile``.
        self.code = code

    def __reduce__(self) -> tuple[type[BlipError], tuple[str, str]]:
        # Errors cross processes, in Ray and Spark.
        return type(self), (str(self), self.code)


class RequestError(BlipError):
    """One request failed; the others are not touched by it."""


class PictureError(RequestError):
    """A picture that cannot be read."""


class WorkerError(BlipError):
    """The program ended, or could not begin."""


class ProgramNotFoundError(WorkerError):
    """There is no program `blip`."""


_PICTURE_CODES = {
    "missingFile",
    "isFolder",
    "unreadableFile",
    "empty",
    "unknownFormat",
    "damaged",
    "truncated",
    "tooLarge",
    "unsupportedPixels",
}


def request_error(code: str, sentence: str) -> RequestError:
    """The error of a worker's answer."""
    kind = PictureError if code in _PICTURE_CODES else RequestError
    return kind(sentence, code)
