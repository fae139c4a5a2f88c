"""The append-only record of everything that happened, as a hash chain of JSON lines.

A line is `{"t","p","k","e","n", data..., "h"}`: time (ms), phase, kind, entity, sequence number.
`h` is the first 32 hex digits of sha256(previous h + the line without h), so a changed, dropped or
moved line shows. The header (the only place for wall-clock time) stands outside the chain.
"""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from hashlib import sha256
from pathlib import Path
from typing import IO, Any

_HASH_DIGITS = 32
_encode = json.JSONEncoder(separators=(",", ":"), ensure_ascii=False, check_circular=False).encode


class Journal:
    """Writes one journal, to a file (`path`) or to memory (`path` None, then see `lines`)."""

    def __init__(
        self,
        path: Path | None,
        chain: str,
        header: Mapping[str, Any],
        *,
        flush_each: bool = False,
        on_record: Callable[[dict[str, Any]], None] | None = None,
    ) -> None:
        self.chain = chain
        self.counts: Counter[str] = Counter()
        self.lines: list[str] = []
        self._on_record = on_record
        self._bodies = sha256()
        self._written = 0
        self._flush_each = flush_each
        self._file: IO[bytes] | None = None
        if path is not None:
            self._file = path.open("wb")
        self._write(_encode({"header": dict(header), "chain": chain}).encode())
        self.flush()

    def record(self, t_ms: int, phase: int, kind: str, entity: str, **data: Any) -> int:
        """Append one record; its sequence number, counting from 1."""
        self._written += 1
        body = {"t": t_ms, "p": phase, "k": kind, "e": entity, "n": self._written, **data}
        line = _encode(body).encode()
        self._bodies.update(line + b"\n")
        self.chain = link(self.chain, line)
        self.counts[kind] += 1
        self._write(b'%b,"h":"%b"}' % (line[:-1], self.chain.encode()))
        if self._on_record is not None:
            self._on_record(body)
        return self._written

    def bodies_sha256(self) -> str:
        """Hash over all bodies so far, header and chain left out: equal runs, equal hash."""
        return self._bodies.hexdigest()

    @property
    def records(self) -> list[dict[str, Any]]:
        """What a journal in memory holds, decoded; empty for one on disk."""
        return [json.loads(line) for line in self.lines[1:]]

    def flush(self) -> None:
        """Hand everything written to the operating system."""
        if self._file is not None:
            self._file.flush()

    def fsync(self) -> None:
        """Put everything written on the disk."""
        if self._file is not None:
            self._file.flush()
            os.fsync(self._file.fileno())

    def close(self) -> None:
        """Flush and close; a second close does nothing."""
        if self._file is not None and not self._file.closed:
            self._file.close()

    def _write(self, line: bytes) -> None:
        if self._file is None:
            self.lines.append(line.decode())
            return
        self._file.write(line + b"\n")
        if self._flush_each:
            self._file.flush()


def link(chain: str, body: bytes) -> str:
    """The next link of the chain after `body`."""
    return sha256(chain.encode() + body).hexdigest()[:_HASH_DIGITS]


def read(path: Path) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """The header line and the records of a journal; a last line that was cut off is left out."""
    lines = _complete_lines(path)
    header: dict[str, Any] = json.loads(lines[0]) if lines else {}
    return header, [json.loads(line) for line in lines[1:]]


def bodies(path: Path) -> Iterator[str]:
    """The bodies of a journal on disk, one per record: what `Journal.bodies_sha256` hashes."""
    for line in _complete_lines(path)[1:]:
        yield line.rpartition(',"h":"')[0] + "}"


def verify(path: Path) -> int | None:
    """None if the chain holds, else the number (from 1) of the first line that breaks it."""
    lines = _complete_lines(path)
    try:
        chain = str(json.loads(lines[0])["chain"])
    except (IndexError, ValueError, KeyError, TypeError):
        return 1
    for number, line in enumerate(lines[1:], start=2):
        body, mark, tail = line.rpartition(',"h":"')
        chain = link(chain, f"{body}}}".encode())
        if not mark or tail != f'{chain}"}}':
            return number
    return None


def _complete_lines(path: Path) -> list[str]:
    """All lines that end in a newline: what follows the last newline was cut off by a kill."""
    text = path.read_bytes().decode("utf-8", errors="replace")
    return text.split("\n")[:-1]
