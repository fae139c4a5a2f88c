"""The journal of a controller that runs for years: in parts, past restarts and full disks.

A part follows the chain of the one before it, its header bound in. A start after a kill declares
the gap. What the disk does not take waits in memory up to a limit; a reserve on the disk is given
up for it; what is lost beyond that is counted and declared as soon as the disk takes records again.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from io import FileIO
from pathlib import Path
from typing import Any

from controller.interface.clock import utc_ms
from controller.interface.journal import Journal, bound, encode_header
from controller.parts import NO_CHAIN, end_of, number_of, numbered, parts
from controller.pseudonym import Pseudonyms
from controller.state import sync_folder

PHASE = 3
_ME = ("scan", "controller")
DAY_MS = 86_400_000


@dataclass(frozen=True, slots=True)
class Keeping:
    """How much is kept: bytes of a part, parts, bytes that may wait, bytes kept free for need.

    `days` (0: for ever): a part that was closed so long ago goes, and no part takes more than one.
    """

    part_bytes: int = 64 << 20
    parts: int = 100
    waiting_bytes: int = 4 << 20
    reserve_bytes: int = 4 << 20
    days: float = 0


class Ledger(Journal):
    """A journal that goes on where the last one of its name ended.

    `trouble` says what is wrong with the disk, "" if nothing. No method but `__init__` raises
    OSError: what goes wrong is told, not thrown, for alarms come first. `utc` is the real time, for
    the age of parts alone.
    """

    def __init__(
        self, path: Path, header: Mapping[str, Any], keeping: Keeping, veil: Pseudonyms,
        utc: Callable[[], int] = utc_ms,
    ) -> None:  # fmt: skip
        self.path = path
        self.trouble = ""
        self.lost = 0
        self._last_ms = 0
        self._begun = False
        self._header = dict(header)
        self._keeping, self.veil = keeping, veil
        self._utc, self._opened_ms = utc, utc()
        old = parts(path)
        end = end_of(old[-1]) if old else None
        if old and old[-1] == path:
            path.replace(numbered(path, self._next_number()))
        self._run = end.run + 1 if end is not None else 1
        head = end.head if end is not None else NO_CHAIN
        after = end.number if end is not None else 0
        top = self._top(head, after, begins=True)
        new = path.with_name(path.name + ".new")
        super().__init__(new, bound(head, top), top, after=after, flush_each=True)
        self._name(new)
        self._reserve()
        if end is not None and not end.stopped:
            self.record(
                0, PHASE, *_ME, what="gap", after=end.number, last_ms=end.t_ms,
                torn_bytes=end.torn_bytes,
            )  # fmt: skip
        self._date()

    def record(self, t_ms: int, phase: int, kind: str, entity: str, **data: Any) -> int:
        """Append one record; 0 if there was no room left for it."""
        self._last_ms = t_ms
        if self.lost or len(self._waiting) > self._keeping.waiting_bytes:
            self.lost += 1
            return 0
        self._begun = True
        entity, data = self.veil.dated(kind, entity, data)
        self.trouble = self.veil.trouble or self.trouble
        return super().record(t_ms, phase, kind, entity, **data)

    @property
    def head(self) -> str:
        """The head of the chain, which anchors and `verify-journal` name."""
        return self.chain

    def flush(self) -> None:
        """Hand over what waits; for lack of space the reserve is given up."""
        try:
            super().flush()
        except OSError as error:
            self._reserve_path.unlink(missing_ok=True)
            self._retry(error)

    def fsync(self) -> None:
        """Put everything on the disk; begin a new part when this one is full."""
        self.flush()
        try:
            if not self._waiting:
                super().fsync()
                self._recover()
        except OSError as error:
            self.trouble = _told(error)
        if self._full and not self._waiting:
            self._turn()
        self._date()

    def _date(self) -> None:
        """A new day has secrets of its own; what is over is destroyed, and said to be."""
        anew, gone = self.veil.turn(self._utc())
        if anew:
            self.record(self._last_ms, PHASE, *_ME, what="day", day=self.veil.day)
        for sort, day in gone:
            self.record(self._last_ms, PHASE, *_ME, what="forgotten", of=sort, day=day)

    @property
    def _full(self) -> bool:
        if self._file is None:
            return False
        aged = self._keeping.days and self._begun and self._utc() - self._opened_ms >= DAY_MS
        return bool(aged) or self._file.tell() >= self._keeping.part_bytes

    @property
    def settled(self) -> bool:
        """Whether the head of the chain may be anchored: it is that of a record, not of a part that
        has none yet, and everything is on its way to the disk."""
        return self._begun and not self._waiting and not self.lost

    @property
    def _reserve_path(self) -> Path:
        return self.path.with_name(self.path.name + ".reserve")

    def _retry(self, first: OSError) -> None:
        try:
            super().flush()
        except OSError as error:
            self.trouble = _told(error)
        else:
            self.trouble = f"{_told(first)}; its reserve is in use"

    def _recover(self) -> None:
        """The disk takes records: declare what was lost, and set the reserve aside again."""
        if self.lost:
            lost, self.lost = self.lost, 0
            self.record(
                self._last_ms,
                PHASE,
                *_ME,
                what="gap",
                after=self.written,
                lost=lost,
                why=self.trouble,
            )
        if self.trouble:
            self._reserve()

    def _reserve(self) -> None:
        """Set space aside, if there is twice as much."""
        size = self._keeping.reserve_bytes
        if shutil.disk_usage(self.path.parent).free < 2 * size:
            self.trouble = "the disk is nearly full: no space can be set aside for the journal"
            return
        try:
            with self._reserve_path.open("wb") as file:
                file.write(bytes(size))
        except OSError as error:
            self._reserve_path.unlink(missing_ok=True)
            self.trouble = _told(error)
        else:
            self.trouble = ""

    def _top(self, head: str, after: int, *, begins: bool) -> dict[str, Any]:
        own = {"run": self._run, "begins": begins, "after": after, "follows": head}
        return {**self._header, **own}

    def _turn(self) -> None:
        """Begin a new part; where that fails the old one goes on."""
        top = self._top(self.chain, self.written, begins=False)
        new = self.path.with_name(self.path.name + ".new")
        chain, full = bound(self.chain, top), numbered(self.path, self._next_number())
        try:
            file = FileIO(new, "wb")
            file.write(encode_header(top, chain) + b"\n")
            self.path.replace(full)
            self._name(new)
        except OSError as error:
            self.trouble = _told(error)
            if full.exists():
                full.replace(self.path)
            return
        if self._file is not None:
            self._file.close()
        self._file, self.chain, self._begun = file, chain, False
        self._opened_ms = self._utc()
        self._retire()

    def _name(self, new: Path) -> None:
        new.replace(self.path)
        sync_folder(self.path.parent)

    def _next_number(self) -> int:
        old = [part for part in parts(self.path) if part != self.path]
        return number_of(old[-1]) + 1 if old else 1

    def _retire(self) -> None:
        """Delete the oldest parts beyond those that are kept, and say so.

        At most one part goes for its age at a time: a clock that was set wrong costs no more.
        """
        full = [part for part in parts(self.path) if part != self.path]
        gone = full[: -self._keeping.parts]
        kept = full[len(gone) :]
        if not gone and self._keeping.days and self._age_ms(kept[0]) > self._keeping.days * DAY_MS:
            gone = kept[:1]
        for part in gone:
            end = end_of(part)
            self.record(
                self._last_ms, PHASE, *_ME, what="retired", file=part.name, head=end.head,
                after=end.number,
            )  # fmt: skip
            part.unlink()

    def _age_ms(self, part: Path) -> int:
        """Since when a part is closed, by its file's time."""
        return self._utc() - part.stat().st_mtime_ns // 1_000_000


def _told(error: OSError) -> str:
    return f"the journal cannot be written: {error.strerror or error}"
