"""Repeats a journal's decisions: what the field said goes in, what the program says must match.

Records of kind `input`, `comms`, `ack`, `delivery`, `evidence`, `refusal` and `scan` are facts from
outside and are taken as they stand; of an `operation` what was asked, while the answer must come
out again. Every `alarm`, `trouble`, `decision`, `command` and `feedback`, and what the plan decides
(`incident`, `notice`, `report`, `level`, `duty`, `patrol`, `access`, `muster`, `intrusion` and
`gate`), must come out again, byte for byte, at its place. Scans lie on a grid (`scan_ms`), so
those that left no record are repeated too. Every start of the program is repeated by itself, from
the state that it restored.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from controller.decider import Decider
from controller.desks import DESK_ROLE
from controller.interface.journal import Journal
from controller.interface.operation import Operation
from controller.interface.points import PointList, Quality
from controller.matrix import Matrix
from controller.parts import Line, Run, runs
from controller.plan.values import Plan

OUTSIDE = ("input", "comms", "ack", "scan", "refusal", "delivery", "evidence")
_ASKED = ("id", "operator", "role", "target", "reason", "lasts_ms")
_ENTRY = ("t", "p", "k", "e", "n", "h")


@dataclass(frozen=True, slots=True)
class Replay:
    """What a replay found: records repeated, decisions among them, and where it first differs.

    `line` of `path` counts from 1, the header being line 1; 0 means no difference. `skipped` are
    records that cannot be repeated: what they followed is lost, or no longer kept.
    """

    records: int
    decisions: int
    line: int = 0
    journal_says: str = ""
    program_says: str = ""
    path: Path | None = None
    skipped: int = 0


def replay(path: Path, points: PointList, matrix: Matrix, plan: Plan | None = None) -> Replay:
    """Repeat a journal, all its parts, on the points, matrix and plan that it was written with."""
    return replay_runs(runs(path), lambda _: (points, matrix, plan))


Files = tuple[PointList, Matrix, Plan | None]


def replay_runs(given: Iterable[Run], files: Callable[[Run], Files]) -> Replay:
    """Repeat run after run, to the first difference; `files` tells what each was written with."""
    records = decisions = skipped = 0
    for one in given:
        lines = _repeatable(one)
        skipped += len(one.lines) - len(lines)
        found = _Repetition([line.body for line in lines], one.after, *files(one)).run()
        records, decisions = records + found.records, decisions + found.decisions
        if found.line:
            at = lines[found.line - 1] if found.line <= len(lines) else lines[-1]
            return replace(
                found, records=records, decisions=decisions, skipped=skipped, path=at.path,
                line=at.number + (found.line > len(lines)),
            )  # fmt: skip
    return Replay(records, decisions, skipped=skipped)


def _repeatable(one: Run) -> tuple[Line, ...]:
    """The records of a run up to where some are missing."""
    if not one.whole:
        return ()
    for number, line in enumerate(one.lines):
        if '"what":"gap"' in line.body and '"lost":' in line.body:
            return one.lines[:number]
    return one.lines


class _Repetition:
    def __init__(
        self, bodies: list[str], after: int, points: PointList, matrix: Matrix, plan: Plan | None
    ) -> None:
        self._bodies = bodies
        self._book = Journal(None, "0", {}, after=after)
        self._decider = Decider(points, matrix, self._book, plan)
        self._points = points.points
        self._scan_ms = 1
        self._now = 0
        self._decided = False

    def run(self) -> Replay:
        for number, body in enumerate(self._bodies):
            record = json.loads(body)
            if record.get("what") == "start" and record["k"] == "scan":
                self._go(record["t"])  # the first scan; there was none before it
            elif record["t"] > self._now:
                self._forward(record)
            if not self._said(number):
                self._bring(record, number)
            said = self._said(number)
            if said != body:
                return self._result(number, body, said)
        count = len(self._bodies)
        if not count or '"what":"stop"' not in self._bodies[-1]:
            return self._result(count, "", "")  # cut short: the last scan was not over
        self._finish()
        return self._result(count, "", self._said(count))

    def _said(self, number: int) -> str:
        """The body of the program's record of this number, "" if it has none."""
        lines = self._book.lines
        return lines[number + 1].rpartition(',"h":"')[0] + "}" if number + 1 < len(lines) else ""

    def _result(self, number: int, body: str, said: str) -> Replay:
        decisions = self._book.counts["decision"]
        if body == said:
            return Replay(number, decisions)
        return Replay(number, decisions, number + 1, body, said)

    def _bring(self, record: Mapping[str, Any], number: int) -> None:
        """Make the program say its next record: feed a fact, or let it decide."""
        if record["k"] in OUTSIDE:
            self._feed(record)
            return
        if record["k"] == "operation" and record["role"] != DESK_ROLE:
            asked = {name: record[name] for name in _ASKED}
            self._decider.operate(Operation(verb=record["what"], **asked), self._now)
            return
        if not self._decided:
            self._decide()
        if not self._said(number):
            self._decider.miss(self._now)

    def _feed(self, record: Mapping[str, Any]) -> None:
        intake, entity = self._decider.intake, record["e"]
        data = {key: value for key, value in record.items() if key not in _ENTRY}
        if record["k"] == "input":
            quality = Quality.GOOD if record.get("held") else Quality(record["quality"])
            if record["value"] is None:
                intake.doubt(entity, quality)
            elif self._points[entity].happens:
                intake.event(entity, record["value"], quality, record["t_sample"])
            else:
                intake.reading(entity, record["value"], quality, record["t_sample"])
            return
        if record["k"] == "ack":
            intake.answer(record["id"], record["r"])
        elif record["k"] == "comms":
            intake.comms(entity, **data)
        elif record["k"] == "refusal":
            intake.refuse(entity, **data)
        elif record["k"] == "delivery":
            self._deliver(entity, data)
        elif record["k"] == "evidence":
            intake.evidence(record["record"], record["head"])
        else:
            self._book.record(record["t"], record["p"], record["k"], entity, **data)
            self._scan_ms = record.get("scan_ms", self._scan_ms)
            self._decider.begin(record.get("began_ms", self._decider.plan.began_ms))
            if record["what"] == "decided":
                self._decide()
            elif record["what"] == "restore":
                self._decider.restore(record["state"], record["shift_ms"])

    def _deliver(self, receiver: str, data: dict[str, Any]) -> None:
        """A notice leaves once this scan has decided; what comes back came before that."""
        if data["what"] in ("sent", "asked") and not self._decided:
            self._decide()
        notice, what = data.pop("id"), data.pop("what")
        self._decider.intake.delivery(receiver, what, notice, **data)

    def _decide(self) -> None:
        self._decided = True
        self._decider.decide(self._now)

    def _finish(self) -> None:
        """The end of a scan."""
        if not self._decided:
            self._decide()
        self._decider.miss(self._now)

    def _forward(self, record: Mapping[str, Any]) -> None:
        """Repeat the scans that left no record, up to the one that this record is of.

        Scans that an overrun swallowed did not take place.
        """
        self._finish()
        until = record["t"] - (record["ms"] if record.get("what") == "overrun" else 0)
        while (due := self._grid(max(self._wake_ms(), self._now + 1))) < until:
            self._go(due)
            self._finish()
        self._go(record["t"])

    def _wake_ms(self) -> int:
        return min(self._decider.next_ms, self._decider.intake.faults.wake_ms)

    def _go(self, now: int) -> None:
        self._now = now
        self._decider.intake.begin(now)
        self._decided = False

    def _grid(self, ms: int) -> int:
        return -(-ms // self._scan_ms) * self._scan_ms
