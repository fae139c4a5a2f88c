"""A journal that may still be growing, read forward line by line."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

_BLOCK = 1 << 24
_HEAD = 1024


class Tail:
    """Reads what was appended to one journal since the last look.

    The journal counts as valid up to its last complete line; a line that is no record ends the
    reading and stays in `problem`. A file that became shorter is a new journal: `restarted`.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.problem = ""
        self._offset = 0
        self._line = 0
        self._head = b""

    def restarted(self) -> bool:
        """True if this is another journal than the one read so far: shorter, or begun anew."""
        if self._offset == 0:
            return False
        return _size(self.path) < self._offset or self._start() != self._head

    def _start(self) -> bytes:
        try:
            with self.path.open("rb") as file:
                identity = f"{self.path.stat().st_ino} ".encode()
                return identity + file.read(min(self._offset, _HEAD))
        except OSError:
            return b""

    def read(self) -> list[dict[str, Any]]:
        """The records appended since the last call, in order; the header is left out."""
        if self.problem or _size(self.path) <= self._offset:
            return []
        records: list[dict[str, Any]] = []
        with self.path.open("rb") as file:
            file.seek(self._offset)
            while block := file.read(_BLOCK):
                end = block.rfind(b"\n") + 1
                if end == 0:
                    break
                records += self._records(block[:end])
                self._offset += end
                file.seek(self._offset)
        self._head = self._start()
        return records

    def _records(self, block: bytes) -> list[dict[str, Any]]:
        found = []
        for line in block.split(b"\n")[:-1]:
            self._line += 1
            record = None if self.problem else self._record(line)
            if record is not None:
                found.append(record)
        return found

    def _record(self, line: bytes) -> dict[str, Any] | None:
        try:
            record = json.loads(line)
        except ValueError:
            record = None
        if isinstance(record, dict) and "header" in record:
            return None
        if not _is_record(record):
            self.problem = f"{self.path.name} line {self._line} is no record; read up to there"
            return None
        kept: dict[str, Any] = record
        return kept


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0


def _is_record(record: Any) -> bool:
    return (
        isinstance(record, dict)
        and isinstance(record.get("t"), int)
        and isinstance(record.get("k"), str)
        and isinstance(record.get("e"), str)
    )
