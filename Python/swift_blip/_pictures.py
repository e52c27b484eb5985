"""Pictures in every form, as requests name them."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any, Union

from ._errors import PictureError
from ._frames import Bytes

if TYPE_CHECKING:
    import numpy as np
    import PIL.Image

    #: A path, a file's bytes, a PIL image, or pixels: uint8 of (height, width, 3 or 4) or (height, width).
    Picture = Union[str, os.PathLike[str], Bytes, PIL.Image.Image, np.ndarray[Any, Any]]
else:
    Picture = Any


def picture_fields(picture: Picture) -> tuple[dict[str, Any], Bytes]:
    """What a request says of a picture, and the bytes behind it."""
    if isinstance(picture, (str, os.PathLike)):
        return {"path": _argument(os.path.abspath(os.fspath(picture)))}, b""
    if isinstance(picture, (bytes, bytearray, memoryview)):
        if memoryview(picture).nbytes == 0:
            raise PictureError("The picture has no bytes; is its file empty?", "empty")
        return {}, picture
    if all(hasattr(picture, name) for name in ("mode", "size", "convert", "tobytes")):
        return _pil_fields(picture)
    if hasattr(picture, "__array__"):
        return _array_fields(picture)
    raise TypeError(
        f"A picture is a path, a file's bytes, a PIL image or a numpy array, and no {type(picture).__name__}."
    )


def _argument(path: str) -> str:
    # Bytes that are not UTF-8, which Python has as lone surrogates (PEP 383) and JSON cannot have.
    return "".join(
        chr(0x10FF00 + (ord(c) & 0xFF)) if 0xDC80 <= ord(c) <= 0xDCFF else c for c in path
    )


def _pil_fields(image: Any) -> tuple[dict[str, Any], bytes]:
    from PIL import ImageOps

    # PIL makes white of all that is above 255.
    if image.mode.startswith(("I", "F")):
        raise PictureError(
            f"A PIL image of mode {image.mode} has numbers above 255; scale it and convert it to L or RGB, or "
            "give its path.",
            "unsupportedPixels",
        )
    try:
        # Upright, as the program itself reads files. A file is read only now.
        upright = ImageOps.exif_transpose(image).convert("RGB")
    except (OSError, SyntaxError, ValueError) as error:
        name = getattr(image, "filename", "") or "The picture"
        raise PictureError(
            f"{name} cannot be read by PIL ({error}); open it anew, or give its path.", "damaged"
        ) from error
    width, height = upright.size
    if not width or not height:
        raise PictureError("The picture has no pixels; give another.", "empty")
    return {"pixels": {"width": width, "height": height}}, upright.tobytes()


def _array_fields(array: Any) -> tuple[dict[str, Any], Bytes]:
    import numpy as np

    pixels = np.asarray(array)
    if pixels.dtype != np.uint8:
        raise TypeError(
            f"An array of pixels has the type uint8, and this one {pixels.dtype}; scale it to 0 to 255."
        )
    if pixels.ndim == 2:
        pixels = np.repeat(pixels[:, :, None], 3, axis=2)
    if pixels.ndim != 3 or pixels.shape[2] not in (3, 4) or pixels.size == 0:
        raise TypeError(
            f"An array of pixels has the shape (height, width, 3), and this one {pixels.shape}."
        )
    pixels = np.ascontiguousarray(pixels[:, :, :3])
    height, width = pixels.shape[:2]
    return {"pixels": {"width": width, "height": height}}, pixels.tobytes()
