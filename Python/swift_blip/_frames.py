"""The frames of docs/worker.md: two lengths, JSON, and bytes that belong to it."""

from __future__ import annotations

import json
import struct
from typing import Any, BinaryIO, Union

_HEADER = struct.Struct(">II")

#: The version that this package speaks.
PROTOCOL_VERSION = 1

# Not by `|`: a wheel that is unpacked on an old system, with Python 3.9, is to say what is wrong there.
Bytes = Union[bytes, bytearray, memoryview]


def encode(message: dict[str, Any]) -> bytes:
    """A frame's JSON.

    Raises:
        TypeError: for a value that JSON has not.
        ValueError: for a number or a text that it has not, such as NaN.
    """
    return json.dumps(
        message, ensure_ascii=False, allow_nan=False, separators=(",", ":")
    ).encode()


def write_frame(stream: BinaryIO, text: bytes, payload: Bytes = b"") -> None:
    """Writes a frame, and does not wait for more."""
    stream.write(_HEADER.pack(len(text), len(payload)) + text)
    if payload:
        stream.write(payload)
    stream.flush()


def read_frame(stream: BinaryIO) -> tuple[dict[str, Any], bytes] | None:
    """Reads a frame; None at the stream's end."""
    header = stream.read(_HEADER.size)
    if len(header) < _HEADER.size:
        return None
    length, size = _HEADER.unpack(header)
    text, payload = stream.read(length), stream.read(size)
    if len(text) < length or len(payload) < size:
        return None
    message: dict[str, Any] = json.loads(text)
    return message, payload
