"""The append-only record of everything that happened, as a hash chain of JSON lines.

A line is `{"t","p","k","e","n", data..., "h"}`: time (ms), phase, kind, entity, sequence number.
`h` is the first 32 hex digits of sha256(previous h + the line without h), so a changed, dropped or
moved line shows. The header (the only place for wall-clock time) stands outside the chain under a
twin; that of a part which `follows` a chain is bound into the chain that it starts.
"""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from hashlib import sha256
from io import FileIO
from pathlib import Path
from typing import Any

_HASH_DIGITS = 32
_BUFFER_BYTES = 1 << 16
_encode = json.JSONEncoder(separators=(",", ":"), ensure_ascii=False, check_circular=False).encode


class Journal:
    """Writes one journal, to a file (`path`) or to memory (`path` None, then see `lines`).

    `written` is the number of the last record; numbers go on from `after`. What the disk does not
    take waits, and goes out with the next `flush` that works; nothing is torn by that.
    """

    def __init__(
        self,
        path: Path | None,
        chain: str,
        header: Mapping[str, Any],
        *,
        after: int = 0,
        flush_each: bool = False,
        on_record: Callable[[dict[str, Any]], None] | None = None,
    ) -> None:
        self.chain = chain
        self.counts: Counter[str] = Counter()
        self.lines: list[str] = []
        self.written = after
        self._on_record = on_record
        self._bodies = sha256()
        self._flush_each = flush_each
        self._waiting = bytearray()
        self._file: FileIO | None = None
        if path is not None:
            self._file = FileIO(path, "wb")
        self._write(encode_header(header, chain))
        self.flush()

    def record(self, t_ms: int, phase: int, kind: str, entity: str, **data: Any) -> int:
        """Append one record; its sequence number. OSError if the disk does not take it now."""
        self.written += 1
        body = {"t": t_ms, "p": phase, "k": kind, "e": entity, "n": self.written, **data}
        line = _encode(body).encode()
        self._bodies.update(line + b"\n")
        self.chain = link(self.chain, line)
        self.counts[kind] += 1
        self._write(b'%b,"h":"%b"}' % (line[:-1], self.chain.encode()))
        if self._on_record is not None:
            self._on_record(body)
        return self.written

    def bodies_sha256(self) -> str:
        """Hash over all bodies so far, header and chain left out: equal runs, equal hash."""
        return self._bodies.hexdigest()

    @property
    def head(self) -> str:
        """What a report names of a journal: the hash over all bodies so far."""
        return self.bodies_sha256()

    @property
    def records(self) -> list[dict[str, Any]]:
        """What a journal in memory holds, decoded; empty for one on disk."""
        return [json.loads(line) for line in self.lines[1:]]

    def flush(self) -> None:
        """Hand everything written to the operating system; OSError if it does not take it."""
        while self._waiting and self._file is not None:
            done = self._file.write(self._waiting)
            del self._waiting[:done]

    def fsync(self) -> None:
        """Put everything written on the disk."""
        if self._file is not None:
            self.flush()
            os.fsync(self._file.fileno())

    def close(self) -> None:
        """Flush and close; a second close does nothing."""
        if self._file is not None and not self._file.closed:
            with closing(self._file):
                self.flush()

    def _write(self, line: bytes) -> None:
        if self._file is None:
            self.lines.append(line.decode())
            return
        self._waiting += line + b"\n"
        if self._flush_each or len(self._waiting) > _BUFFER_BYTES:
            self.flush()


def encode_header(header: Mapping[str, Any], chain: str) -> bytes:
    """The first line of a journal, without its newline."""
    return _encode({"header": dict(header), "chain": chain}).encode()


def bound(head: str, header: Mapping[str, Any]) -> str:
    """The chain that a part starts from which follows `head`: its header is bound in."""
    return link(head, _encode(dict(header)).encode())


def link(chain: str, body: bytes) -> str:
    """The next link of the chain after `body`."""
    return sha256(chain.encode() + body).hexdigest()[:_HASH_DIGITS]


def read(path: Path) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """The header line and the records of a journal; a last line that was cut off is left out."""
    lines = complete_lines(path)
    header: dict[str, Any] = json.loads(lines[0]) if lines else {}
    return header, [json.loads(line) for line in lines[1:]]


def bodies(path: Path) -> Iterator[str]:
    """The bodies of a journal on disk, one per record: what `Journal.bodies_sha256` hashes."""
    for line in complete_lines(path)[1:]:
        yield line.rpartition(',"h":"')[0] + "}"


def verify(path: Path) -> int | None:
    """None if the chain holds, else the number (from 1) of the first line that breaks it."""
    lines = complete_lines(path)
    try:
        top = json.loads(lines[0])
        chain, header = str(top["chain"]), top["header"]
    except (IndexError, ValueError, KeyError, TypeError):
        return 1
    if "follows" in header and chain != bound(header["follows"], header):
        return 1
    broken = (number for number, _, _, holds in follow(lines, chain) if not holds)
    return next(broken, None)


def follow(lines: Sequence[str], chain: str) -> Iterator[tuple[int, str, str, bool]]:
    """Every record's line number, line, chain, and whether it follows; `lines[0]` is the header."""
    for number, line in enumerate(lines[1:], start=2):
        body, mark, tail = line.rpartition(',"h":"')
        chain = link(chain, f"{body}}}".encode())
        yield number, line, chain, bool(mark) and tail == f'{chain}"}}'


def complete_lines(path: Path) -> list[str]:
    """All lines that end in a newline: what follows the last newline was cut off by a kill."""
    text = path.read_bytes().decode("utf-8", errors="replace")
    return text.split("\n")[:-1]
