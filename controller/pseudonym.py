"""Personal data in a journal: replaced by a keyed hash, so that a name can be looked for, not read.

Whoever holds the key can tell which records are of a person he names; nobody can read the names out
of the journal. The key is a file of its own, readable by its owner alone.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from controller.interface.cards import KEY_BYTES, pseudonym
from controller.interface.files import BadFile, Problem
from controller.interface.kinds import KINDS
from controller.interface.points import PointList


class Pseudonyms:
    """Replaces names; `points` are those whose values name a person."""

    def __init__(self, key: bytes, points: PointList) -> None:
        self._key = key
        self.points = frozenset(
            p.id for p in points.points.values() if KINDS[p.kind].points[p.name].personal
        )

    def of(self, name: str) -> str:
        """The pseudonym of a name; that of "" is "", that of a pseudonym is itself."""
        return pseudonym(self._key, name)

    def veiled(self, kind: str, entity: str, data: dict[str, Any]) -> dict[str, Any]:
        """What of a record may be written: the values of some inputs name a person.

        Operators are veiled where their requests come in, so that what is decided is on record as
        it was decided.
        """
        if kind != "input" or entity not in self.points:
            return data
        return {k: self._hidden(v) if k in ("value", "was") else v for k, v in data.items()}

    def _hidden(self, value: Any) -> Any:
        return self.of(value) if isinstance(value, str) else value


def read_key(path: Path) -> bytes:
    """The key in a file, which is made if it is not there; BadFile if it is none."""
    try:
        if not path.exists():
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(handle, "w") as file:
                file.write(os.urandom(KEY_BYTES).hex() + "\n")
        key = bytes.fromhex(path.read_text("ascii").strip())
    except OSError as error:
        raise _bad(path, f"the key cannot be read: {error.strerror}") from None
    except ValueError:
        key = b""
    if len(key) < KEY_BYTES:
        raise _bad(path, f"not a key: {KEY_BYTES} bytes as hexadecimal digits are expected")
    return key


def _bad(path: Path, text: str) -> BadFile:
    return BadFile([Problem(str(path), 1, "", text)])
