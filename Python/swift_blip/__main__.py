"""`python -m swift_blip`, `swift-blip` and `blip`: the program, in this process's place."""

import os
import sys
from typing import NoReturn

from ._errors import ProgramNotFoundError
from ._program import environment, find_program


def main() -> NoReturn:
    """Becomes the program, with this process's arguments."""
    try:
        program = find_program()
        # A console script `blip` finds itself in PATH where the package has no program.
        if os.path.realpath(program) == os.path.realpath(sys.argv[0]):
            raise ProgramNotFoundError(
                "This package has no program: install a wheel of swift-blip for this system."
            )
        os.execve(program, ["blip", *sys.argv[1:]], environment())
    except (ProgramNotFoundError, OSError) as error:
        print(f"blip: {error}", file=sys.stderr)
        sys.exit(69)  # As the program itself says where it cannot run.


if __name__ == "__main__":
    main()
