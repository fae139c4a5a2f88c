"""Anchors: the head of the journal's chain, told now and then to somebody else.

They go to a file, which belongs on another disk or machine, and over MQTT to whoever keeps them. A
cut tail or a journal that was written anew shows against them.
"""

from __future__ import annotations

import json
import os
from pathlib import Path

from controller.ledger import Ledger


class Anchors:
    """Says when an anchor is due and what it is; `trouble` is what is wrong with the file."""

    def __init__(self, journal: Ledger, path: Path | None, every_ms: int) -> None:
        self.trouble = ""
        self._journal, self._path, self._every_ms = journal, path, every_ms
        self._next_ms = 0
        self._told = -1

    def due(self, now: int, *, last: bool = False) -> bytes | None:
        """The anchor as JSON, once every so often and at the `last`; what the disk does not have
        yet is never anchored."""
        journal = self._journal
        if (now < self._next_ms and not last) or not journal.settled:
            return None
        self._next_ms = now + self._every_ms
        if journal.written == self._told:
            return None
        self._told = number = journal.written
        anchor = {"id": f"anchor#{number}", "n": number, "head": journal.chain, "t": now}
        line = json.dumps(anchor, separators=(",", ":")).encode()
        self._keep(line)
        return line

    def _keep(self, line: bytes) -> None:
        if self._path is None:
            return
        try:
            with self._path.open("ab") as file:
                file.write(line + b"\n")
                file.flush()
                os.fsync(file.fileno())
        except OSError as error:
            self.trouble = f"anchors cannot be written to {self._path}: {error.strerror}"
        else:
            self.trouble = ""
