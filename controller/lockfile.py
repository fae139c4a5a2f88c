"""One controller per journal and per state file: a lock beside each, which a killed one lets go.

Two that wrote the same journal would break its chain, and the evidence with it.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from controller.interface.files import BadFile, Problem

if sys.platform != "win32":
    import fcntl


@contextmanager
def held(path: Path) -> Iterator[None]:
    """Hold `path` for this process alone; BadFile if another has it or its folder is closed to us.

    The lock is on `<path>.lock`, which stays. On Windows nothing is locked.
    """
    if sys.platform == "win32":
        yield
        return
    try:
        file = path.with_name(path.name + ".lock").open("ab")
    except OSError as error:
        text = f"cannot be written: {error.strerror}"
        raise BadFile([Problem(str(path), 1, "", text)]) from None
    with file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            text = "another controller is writing it"
            raise BadFile([Problem(str(path), 1, "", text)]) from None
        yield
