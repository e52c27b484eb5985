"""What a wheel with the program in it wants of the system, told before the program fails in its own way."""

from __future__ import annotations

import ctypes
import importlib.metadata
import os
import platform
from pathlib import Path

from ._errors import ProgramNotFoundError

try:
    from . import _build  # type: ignore[attr-defined,unused-ignore]
except ImportError:  # The package as source, which has no program of its own.
    _build = None

#: Where there is a font for figures, which small systems lack.
FONTS = Path(__file__).parent / "fonts" / "fonts.conf"


def check() -> None:
    """Throws where the program of this wheel cannot run.

    Raises:
        ProgramNotFoundError: says what is wrong, and what to do.
    """
    if _build is None:
        return
    glibc = _glibc()
    if glibc is not None and glibc < _build.GLIBC:
        raise ProgramNotFoundError(
            f"This system's C library is glibc {_dotted(glibc)}, and this wheel needs "
            f"{_dotted(_build.GLIBC)}: use Debian 12, Ubuntu 24.04 or later, or build swift-blip "
            "from its source here."
        )
    version = _version_of("openvino")
    if version != _build.OPENVINO:
        there = f"openvino {version} is installed" if version else "openvino is not installed"
        raise ProgramNotFoundError(
            f"{there}, and swift-blip {_build.VERSION} needs openvino {_build.OPENVINO}: "
            f"pip install openvino=={_build.OPENVINO}"
        )
    if platform.machine() == "x86_64" and not _has_avx2():
        raise ProgramNotFoundError(
            "This processor has no AVX2, for which the wheel is made and tested; "
            "SWIFT_BLIP_ANY_PROCESSOR=1 tries nevertheless."
        )


def fonts() -> dict[str, str]:
    """The variables with which fonts are found where the system has no configuration of them."""
    if FONTS.is_file() and not Path("/etc/fonts/fonts.conf").exists():
        return {"FONTCONFIG_FILE": os.environ.get("FONTCONFIG_FILE", str(FONTS))}
    return {}


def _version_of(package: str) -> str | None:
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return None


def _glibc() -> tuple[int, ...] | None:
    try:
        version = ctypes.CDLL(None).gnu_get_libc_version
    except (AttributeError, OSError):
        return None
    version.restype = ctypes.c_char_p
    return tuple(int(part) for part in version().decode().split(".")[:2])


def _has_avx2() -> bool:
    if os.environ.get("SWIFT_BLIP_ANY_PROCESSOR"):
        return True
    try:
        text = Path("/proc/cpuinfo").read_text(errors="replace")
    except OSError:
        return True
    return "flags" not in text or " avx2" in text


def _dotted(version: tuple[int, ...]) -> str:
    return ".".join(map(str, version))
