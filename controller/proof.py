"""What a journal in parts proves: nothing changed, dropped or moved, and nothing cut off either,
as far as anchors kept elsewhere tell."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from controller.interface.files import BadFile, Problem
from controller.interface.journal import bound, complete_lines, follow
from controller.parts import NO_CHAIN, header_of, parts


@dataclass(frozen=True, slots=True)
class Anchor:
    """The head of the chain after record `number`, as it was told to somebody else."""

    number: int
    head: str


@dataclass(frozen=True, slots=True)
class Proof:
    """What was found: `broken` names the first record that does not hold ("": all hold).

    `gaps` are declared ones; `retired` records are no longer kept; `anchored` anchors hold.
    """

    parts: int
    records: int
    head: str
    gaps: tuple[str, ...]
    retired: int
    anchored: int
    broken: str = ""


def read_anchors(path: Path) -> list[Anchor]:
    """Anchors, one JSON object with `n` and `head` on a line; BadFile for anything else."""
    found = []
    try:
        lines = path.read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        why = error.strerror if isinstance(error, OSError) else str(error)
        raise BadFile([Problem(str(path), 1, "", f"cannot be read: {why}")]) from None
    for number, line in enumerate(lines, start=1):
        try:
            plain = json.loads(line)
            found.append(Anchor(int(plain["n"]), str(plain["head"])))
        except (ValueError, KeyError, TypeError):
            if number < len(lines):  # the last line may have been cut off
                text = "not an anchor: an object with `n` and `head` is expected"
                raise BadFile([Problem(str(path), number, "", text)]) from None
    return sorted(found, key=lambda anchor: anchor.number)


def prove(path: Path, anchors: Sequence[Anchor] = ()) -> Proof:
    """Follow the chain through all parts of a journal, and hold it against the anchors."""
    return _Proving(parts(path), anchors).run()


class _Proving:
    def __init__(self, found: Sequence[Path], anchors: Sequence[Anchor]) -> None:
        self._parts = found
        self._anchors = {anchor.number: anchor for anchor in anchors}
        self._first = int(header_of(found[0]).get("after", 0))
        self._after, self._head = self._first, ""
        self._gaps: list[str] = []
        self._retired: set[tuple[str, int]] = set()
        self._anchored: list[int] = []

    def run(self) -> Proof:
        """Every part in turn, then the anchors that were not met."""
        for part in self._parts:
            broken = next(self._part(part), "")
            if broken:
                return self._proof(broken)
        ahead = [number for number in self._anchors if number > self._after]
        if ahead:
            last = self._parts[-1]
            return self._proof(
                f"{last}: cut off after record {self._after}: record {min(ahead)} was anchored"
            )
        first = header_of(self._parts[0])
        if self._first and (first["follows"], self._first) not in self._retired:
            return self._proof(
                f"{self._parts[0]}:1: broken: what was before it is gone, and not declared retired"
            )
        return self._proof("")

    def _proof(self, broken: str) -> Proof:
        return Proof(
            len(self._parts), self._after - self._first, self._head, tuple(self._gaps),
            self._first, len(self._anchored), broken,
        )  # fmt: skip

    def _part(self, part: Path) -> Iterator[str]:
        lines = complete_lines(part)
        try:
            top = json.loads(lines[0])
            chain, header = str(top["chain"]), top["header"]
            follows, after = header.get("follows"), int(header.get("after", 0))
        except (IndexError, ValueError, KeyError, TypeError, AttributeError):
            yield f"{part}:1: broken: this is not the header of a journal"
            return
        if follows is not None and chain != bound(follows, header):
            yield f"{part}:1: broken: the header was changed"
        if follows is not None and (self._head or not self._first):
            before = (self._head or NO_CHAIN, self._after)
            if (follows, after) != before:
                yield f"{part}:1: broken: this part does not follow record {self._after}"
        self._after, self._head = after, chain
        yield from self._records(part, lines)

    def _records(self, part: Path, lines: list[str]) -> Iterator[str]:
        for number, line, chain, holds in follow(lines, self._head):
            if not holds:
                yield f"{part}:{number}: broken: this line does not follow from those before it"
            self._head = chain
            self._after += 1
            anchor = self._anchors.get(self._after)
            if anchor is not None and anchor.head != chain:
                yield f"{part}:{number}: broken: {self._rewritten()}"
            elif anchor is not None:
                self._anchored.append(self._after)
            if '"what":"gap"' in line:
                self._gaps.append(_gap(part, number, json.loads(line)))
            elif '"what":"retired"' in line:
                record = json.loads(line)
                self._retired.add((str(record["head"]), int(record["after"])))

    def _rewritten(self) -> str:
        last = self._anchored[-1] if self._anchored else self._first
        return f"record {self._after} is not the one that was anchored; rewritten after {last}"


def _gap(part: Path, number: int, record: dict[str, object]) -> str:
    lost = record.get("lost")
    why = f"{lost} records found no room" if lost else "the program ended without a word"
    return f"{part}:{number}: gap declared after record {record.get('after')}: {why}"
