"""Personal data in a journal: replaced by a keyed hash, so that a name can be looked for, not read.

Whoever holds the key can tell which records are of a person he names; nobody can read the names out
of the journal. The key is a file of its own, readable by its owner alone. Where the plan says how
long a class of data is kept, what stands in the journal is hashed once more, under the secret of
the day (`Epochs`).
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from controller.epochs import DAY_MS, Epoch, Epochs, changed
from controller.interface.cards import KEY_BYTES, personal_points, pseudonym
from controller.interface.files import BadFile, Problem
from controller.interface.points import PointList
from controller.interface.private import check_private

CARD, GUARD, OPERATOR = "card", "guard", "operator"
CLASSES = (CARD, GUARD, OPERATOR)
"""Of persons: cards at doors and whoever is inside; who walked a round; who asked the controller
for something, with the numbers of his requests, and whom he named."""

_MOST = 4096


class Pseudonyms:
    """Replaces names by the hash under `key`; `epochs` None: that is what stands in the journal.

    `operators` are known from the start. What is nobody's else is a card's.
    """

    def __init__(
        self, key: bytes, points: PointList, epochs: Epochs | None = None,
        operators: Iterable[str] = (),
    ) -> None:  # fmt: skip
        self._key, self._epochs = key, epochs
        self._points = personal_points(points)
        self._sorts: dict[str, str] = {}
        self._operators = frozenset(pseudonym(key, name) for name in operators)
        self.day = -1

    @property
    def trouble(self) -> str:
        """What is wrong with the disk of the secrets, "" if nothing."""
        return "" if self._epochs is None else self._epochs.trouble

    def of(self, name: str) -> str:
        """The pseudonym of a name; that of "" is "", that of a pseudonym is itself."""
        hidden = pseudonym(self._key, name)
        self._learn(hidden, OPERATOR)
        return hidden

    def turn(self, utc_ms: int) -> tuple[bool, list[Epoch]]:
        """Whether another day has begun, and the days whose secrets were destroyed now."""
        if self._epochs is None:
            return False, []
        before, self.day = self.day, utc_ms // DAY_MS
        return self.day != before, self._epochs.expire(utc_ms)

    def dated(self, kind: str, entity: str, data: dict[str, Any]) -> tuple[str, dict[str, Any]]:
        """A record's entity and data as they stand in the journal of this day."""
        if self._epochs is None:
            return entity, data
        if kind == "input" and entity in self._points:
            self._learn(str(data["value"]), self._points[entity])
        return str(self._all(entity)), self._all(data)

    def _learn(self, hidden: str, sort: str) -> None:
        if self._epochs is None or sort == CARD or hidden in self._operators:
            return
        self._sorts.pop(hidden, None)
        self._sorts[hidden] = sort
        if len(self._sorts) > _MOST:
            del self._sorts[next(iter(self._sorts))]

    def _all(self, value: Any) -> Any:
        if isinstance(value, str):
            return changed(value, self._today)
        if isinstance(value, dict):
            return {self._all(key): self._all(one) for key, one in value.items()}
        return [self._all(one) for one in value] if isinstance(value, (list, tuple)) else value

    def _today(self, hidden: str) -> str:
        assert self._epochs is not None, "asked for by `dated`"
        known = OPERATOR if hidden in self._operators else CARD
        return self._epochs.of(self._sorts.get(hidden, known), self.day, hidden)


def read_key(path: Path) -> bytes:
    """The key in a file, which is made if it is not there; BadFile if it is none."""
    check_private(path, "the key of the pseudonyms")
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
