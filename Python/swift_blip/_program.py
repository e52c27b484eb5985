"""Finds the program, and the runtime that it opens."""

from __future__ import annotations

import importlib.util
import os
import shutil
from pathlib import Path

from . import _wheel
from ._errors import ProgramNotFoundError

#: Names the program, before all other places.
VARIABLE = "SWIFT_BLIP_PROGRAM"


def find_program() -> str:
    """The path of `blip`: what SWIFT_BLIP_PROGRAM names, the one in this package, or one in PATH.

    Raises:
        ProgramNotFoundError: where there is none, or the wheel's cannot run on this system.
    """
    named = os.environ.get(VARIABLE)
    if named:
        if not os.access(named, os.X_OK):
            raise ProgramNotFoundError(
                f"{VARIABLE} names {named}, which is no program; give the path of blip."
            )
        return named
    beside = Path(__file__).parent / "bin" / "blip"
    if os.access(beside, os.X_OK):
        _wheel.check()
        return str(beside)
    found = shutil.which("blip")
    if found is None:
        raise ProgramNotFoundError(
            "There is no program blip: install a wheel of swift-blip for this system, put blip into "
            f"PATH, or name it in {VARIABLE}."
        )
    return found


def environment() -> dict[str, str]:
    """This process's environment, with OpenVINO's libraries where the program looks for them."""
    variables = dict(os.environ) | _wheel.fonts()
    # Found, not imported: that would take a second and 100 MB.
    spec = importlib.util.find_spec("openvino")
    for folder in (spec.submodule_search_locations or []) if spec else []:
        libraries = os.path.join(folder, "libs")
        if os.path.isdir(libraries):
            before = variables.get("LD_LIBRARY_PATH")
            variables["LD_LIBRARY_PATH"] = f"{before}:{libraries}" if before else libraries
    return variables
