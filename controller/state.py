"""What the controller must not forget across a restart, as plain JSON in one small file.

Times are on the scan clock, which starts anew with every start: what began 5 s before the
controller went down and is restored 10 s later began 15 s ago. Readings come back as last words,
not as knowledge: until it is read again a point is stale, a loop device unknown, and neither lets
its zone be reset.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any

from controller.interface.clock import utc_ms
from controller.interface.files import BadFile, Problem

Plain = dict[str, Any]


class StateFile:
    """The file; it always holds one whole state, the old or the new, never half of one.

    A digest goes first, so that damage is found when it is loaded. `utc` tells the time (ms).
    """

    def __init__(self, path: Path, utc: Callable[[], int] = utc_ms) -> None:
        self.path = path
        self._utc = utc
        self._body = ""

    def save(self, state: Mapping[str, Any], now: int) -> None:
        """Put the state at `now` (scan clock) on the disk, unless it stands there already."""
        body = json.dumps(state, separators=(",", ":"), ensure_ascii=False)
        if body == self._body:
            return
        stamp = f"{now} {self._utc()}"
        part = self.path.with_name(self.path.name + ".part")
        with part.open("wb") as file:
            file.write(f"{_seal(body, stamp)} {stamp}\n{body}\n".encode())
            file.flush()
            os.fsync(file.fileno())
        part.replace(self.path)
        _sync_folder(self.path.parent)
        self._body = body

    def load(self) -> tuple[Plain, int] | None:
        """The state, and how much less the clock that starts now reads than the old one (ms).

        None if there is no file, BadFile if it is damaged. A wall clock that was set back counts
        as no time at all.
        """
        try:
            head, _, rest = self.path.read_text("utf-8").partition("\n")
        except FileNotFoundError:
            return None
        except (OSError, UnicodeDecodeError) as error:
            raise self._bad(f"cannot be read: {error}") from None
        body = rest.removesuffix("\n")
        seal, _, stamp = head.partition(" ")
        if seal != _seal(body, stamp):
            raise self._bad("damaged: its digest does not fit; move it away to start without it")
        state: Plain = json.loads(body)
        now, saved_ms = (int(word) for word in stamp.split())
        return state, now + max(0, self._utc() - saved_ms)

    def _bad(self, text: str) -> BadFile:
        return BadFile([Problem(str(self.path), 1, "", text)])


def _seal(body: str, stamp: str) -> str:
    return sha256(f"{stamp}\n{body}".encode()).hexdigest()


def _sync_folder(folder: Path) -> None:
    """Make the new name of a file last; Windows has no way and no need."""
    if os.name == "posix":
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
