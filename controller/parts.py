"""The parts of a journal that runs for years: `NAME-000001.jsonl`, ... and the one being written.

Every part names in its header the chain that it follows, the number of the last record before it
and the run (start of the program) that it belongs to.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from controller.interface.journal import complete_lines

NO_CHAIN = "0" * 32
"""What the first part of a journal follows."""

_TAIL_BYTES = 1 << 16


@dataclass(frozen=True, slots=True)
class End:
    """How a part ends: its chain, the number and time of its last record, its run, and whether the
    program had stopped in order; `torn_bytes` of a line that was cut off follow."""

    head: str
    number: int
    t_ms: int
    run: int
    stopped: bool
    torn_bytes: int


@dataclass(frozen=True, slots=True)
class Line:
    """One record's body and where it stands."""

    path: Path
    number: int
    body: str


@dataclass(frozen=True, slots=True)
class Run:
    """The records of one start of the program; `whole`: its first record is there.

    `site`: the hashes of the files that it ran with, by name.
    """

    lines: tuple[Line, ...]
    after: int
    whole: bool
    site: dict[str, str]


def parts(path: Path) -> list[Path]:
    """The parts of a journal in order, the one being written last; a numbered part stands alone."""
    found = sorted(old for old in path.parent.glob(f"{path.stem}-*{path.suffix}") if _is(path, old))
    return [*found, path] if path.exists() else found


def numbered(path: Path, number: int) -> Path:
    """The name of a part that is full."""
    return path.with_name(f"{path.stem}-{number:06d}{path.suffix}")


def number_of(part: Path) -> int:
    """The number in the name of a full part."""
    return int(part.stem.rpartition("-")[2])


def header_of(part: Path) -> dict[str, Any]:
    """The header of a part; empty if its first line cannot be read."""
    with part.open("rb") as file:
        line = file.readline()
    try:
        header = json.loads(line)["header"]
    except (ValueError, KeyError, TypeError):
        return {}
    return header if isinstance(header, dict) else {}


def end_of(part: Path) -> End:
    """How a part ends, by its tail; one that cannot be read ends in the hash of its bytes."""
    header = header_of(part)
    run, after = int(header.get("run", 0)), int(header.get("after", 0))
    with part.open("rb") as file:
        size = file.seek(0, os.SEEK_END)
        whole, torn = _tail(file.seek(max(0, size - _TAIL_BYTES)), file.read())
    try:
        last = json.loads(whole)
        if "header" in last:
            return End(str(last["chain"]), after, 0, run, False, torn)
        stopped = last["k"] == "scan" and last.get("what") == "stop"
        return End(str(last["h"]), int(last["n"]), int(last["t"]), run, stopped, torn)
    except (ValueError, KeyError, TypeError):
        data = part.read_bytes()
        return End(sha256(data).hexdigest()[:32], after + data.count(b"\n"), 0, run, False, torn)


def runs(path: Path) -> Iterator[Run]:
    """The runs of a journal, one after the other; a journal of one file is one run."""
    lines: list[Line] = []
    top: dict[str, Any] = {}
    for part in parts(path):
        header = header_of(part)
        if lines and header.get("run") != top.get("run"):
            yield _run(lines, top)
            lines = []
        if not lines:
            top = header
        bodies = (line.rpartition(',"h":"')[0] + "}" for line in complete_lines(part)[1:])
        lines += [Line(part, number, body) for number, body in enumerate(bodies, start=2)]
    if lines:
        yield _run(lines, top)


def _run(lines: list[Line], top: dict[str, Any]) -> Run:
    whole = top.get("run") is None or bool(top.get("begins"))
    return Run(tuple(lines), int(top.get("after", 0)), whole, dict(top.get("files", {})))


def _tail(_start: int, data: bytes) -> tuple[bytes, int]:
    """The last whole line in the end of a file, and how many bytes follow it."""
    whole, _, torn = data.rpartition(b"\n")
    return whole.rpartition(b"\n")[2], len(torn)


def _is(path: Path, old: Path) -> bool:
    pattern = re.escape(path.stem) + r"-\d{6,}" + re.escape(path.suffix)
    return re.fullmatch(pattern, old.name) is not None
