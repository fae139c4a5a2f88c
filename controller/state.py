"""What the controller must not forget across a restart, as plain JSON in one file of fixed size.

Times are on the scan clock, which starts anew with every start: what began 5 s before the
controller went down and is restored 10 s later began 15 s ago. Readings come back as last words,
not as knowledge: until it is read again a point is stale, a loop device unknown, and neither lets
its zone be reset.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping
from dataclasses import astuple, dataclass
from hashlib import sha256
from io import FileIO
from pathlib import Path
from typing import Any

from controller.interface.clock import utc_ms
from controller.interface.files import BadFile, Problem

Plain = dict[str, Any]

_TOP = b"campus-controller state 2 "
_TOP_BYTES = 4096


class StateFile:
    """The file: two copies, each with its number and hash; a save overwrites the older one.

    Its space on the disk is set aside when it is made, so that a full disk does not stop a save (on
    file systems that overwrite in place: ext4, xfs, tmpfs; not btrfs or zfs). `utc` tells the time
    (ms). `note` says what was wrong when it was loaded, `trouble` what was wrong with the last
    save; `told` hears of every state that is to be saved, as JSON, and when (scan clock).
    """

    def __init__(
        self, path: Path, utc: Callable[[], int] = utc_ms, copy_bytes: int = 1 << 20
    ) -> None:
        self.path = path
        self.note = self.trouble = ""
        self.told: Callable[[str, int], None] | None = None
        self._utc = utc
        self._copy_bytes = copy_bytes
        self._number = 0
        self._body = ""

    def save(self, state: Mapping[str, Any], now: int) -> None:
        """Put the state at `now` (scan clock) on the disk, unless it stands there already."""
        body = json.dumps(state, separators=(",", ":"), ensure_ascii=False)
        if self.told is not None:
            self.told(body, now)
        if body == self._body and not self.trouble:
            return
        number = self._number + 1
        try:
            self._put(_copy(number, now, self._utc(), body), number)
        except OSError as error:
            self.trouble = f"{self.path} cannot be written: {error.strerror or error}"
            return
        self._number, self._body, self.trouble = number, body, ""

    def load(self) -> tuple[Plain, int] | None:
        """The state, and how much less the clock that starts now reads than the old one (ms).

        None if there is no file. A damaged copy is passed over for the older one, see `note`;
        BadFile if neither can be read. A wall clock that was set back counts as no time at all.
        """
        try:
            data = self.path.read_bytes()
        except FileNotFoundError:
            return None
        except OSError as error:
            raise self._bad(f"cannot be read: {error.strerror}") from None
        size = self._size_of(data)
        starts = (_TOP_BYTES, _TOP_BYTES + size)
        copies = [_Copy.read(data[start : start + size]) for start in starts]
        whole = [copy for copy in copies if copy is not None]
        if not whole:
            raise self._bad("both copies are damaged; move it away to start without it")
        newest = max(whole, key=lambda copy: copy.number)
        if len(whole) == 1:
            self.note = f"{self.path}: a copy is damaged; that of save {newest.number} is taken"
        self._number = newest.number
        if not newest.number:
            return None
        return json.loads(newest.body), newest.now + max(0, self._utc() - newest.utc)

    def _size_of(self, data: bytes) -> int:
        """The bytes set aside for one copy, as the file says at its top."""
        head, _, rest = data.partition(b"\n")
        size = head.removeprefix(_TOP)
        if not head.startswith(_TOP) or not size.isdigit() or not rest:
            raise self._bad("damaged, or not a state file of version 2; move it away to start")
        return int(size)

    def _put(self, copy: bytes, number: int) -> None:
        if len(copy) > self._copy_bytes:
            raise OSError(0, f"{len(copy)} bytes do not fit the {self._copy_bytes} set aside")
        size = _TOP_BYTES + 2 * self._copy_bytes
        if not self.path.exists() or self.path.stat().st_size != size:
            self._make(copy, number)
            return
        with FileIO(self.path, "r+b") as file:
            file.seek(_TOP_BYTES + (number % 2) * self._copy_bytes)
            written = file.write(copy)
            os.fsync(file.fileno())
        if written < len(copy):
            raise OSError(0, f"only {written} of {len(copy)} bytes were taken")

    def _make(self, copy: bytes, number: int) -> None:
        """A file with its space, every byte written once; it takes its name when it is whole."""
        part = self.path.with_name(self.path.name + ".part")
        copies = [_copy(0, 0, 0, "null"), _copy(0, 0, 0, "null")]
        copies[number % 2] = copy
        with part.open("wb") as file:
            file.write(_top(self._copy_bytes))
            for one in copies:
                file.write(one.ljust(self._copy_bytes, b"\0"))
            file.flush()
            os.fsync(file.fileno())
        part.replace(self.path)
        sync_folder(self.path.parent)

    def _bad(self, text: str) -> BadFile:
        return BadFile([Problem(str(self.path), 1, "", text)])


@dataclass(frozen=True, slots=True)
class _Copy:
    number: int
    now: int
    utc: int
    body: str

    @classmethod
    def read(cls, data: bytes) -> _Copy | None:
        """A copy whose hash fits, else None."""
        head, _, rest = data.partition(b"\n")
        try:
            _, number, now, utc, size = head.decode("ascii").split(" ")
            body = rest[: int(size)].decode("utf-8")
            copy = cls(int(number), int(now), int(utc), body)
        except ValueError:
            return None
        return copy if data.startswith(_copy(*astuple(copy))) else None


def _top(copy_bytes: int) -> bytes:
    """The top of the file: what it is, and how much is set aside for one copy."""
    return (_TOP + str(copy_bytes).encode() + b"\n").ljust(_TOP_BYTES, b"\0")


def _copy(number: int, now: int, utc: int, body: str) -> bytes:
    """One copy as bytes: hash, number, scan clock, UTC and size on a line, then the state."""
    text = f"{number} {now} {utc} {len(body.encode())}\n{body}"
    return f"{sha256(text.encode()).hexdigest()} {text}".encode()


def sync_folder(folder: Path) -> None:
    """Make the new name of a file last; Windows has no way and no need."""
    if os.name == "posix":
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
