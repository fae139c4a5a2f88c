"""The cause-and-effect matrix, compiled to an ordered list of rules: it is the program.

Rules stand in the order of the table: causes from above, effects from the left. So the same table
gives the same list, whether it is written as YAML or as a spreadsheet.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path

from controller import matrixsheet
from controller.interface import files, spreadsheet
from controller.interface.files import BadFile, Problem
from controller.interface.points import PointList, Value
from controller.matrixcheck import findings
from controller.matrixfile import CauseEntry, EffectEntry, MatrixFile, OrderEntry

PRIORITIES: Mapping[str, int] = {
    "confirmed": 2,
    "call-point": 2,
    "first": 4,
    "fault": 4,
    "comms-lost": 4,
    "point": 4,
    "above": 5,
}
"""Priority stack, lowest number wins: 2 confirmed fire, 4 unconfirmed, 5 crowd, 8 at rest."""

RESET_ORDER, OPERATOR_ORDER = "reset", "release"
"""What the duty desk's `seen` reads for the two orders, unless the matrix says otherwise."""


@dataclass(frozen=True, slots=True)
class Confirm:
    """Two detectors of a zone (or one and a call point) within `window_ms`, ends included."""

    window_ms: int
    call_point_counts: bool
    latch: bool


@dataclass(frozen=True, slots=True)
class Cause:
    """What must be the case, for `delay_ms`; `sampled`: 2 of the last 3 samples instead."""

    id: str
    say: str
    when: str
    zones: tuple[str, ...]
    gateways: tuple[str, ...]
    point: str
    device: str
    equals: Value | None
    limit: float
    delay_ms: int
    sampled: bool


@dataclass(frozen=True, slots=True)
class Effect:
    """Which outputs get `value`; each output's value at rest is in `rest`."""

    id: str
    say: str
    outputs: tuple[str, ...]
    value: Value
    rest: Mapping[str, Value]


@dataclass(frozen=True, slots=True)
class Rule:
    """A filled cell: `mode` X, P, L, U, C, I or M; `delay_ms` from the cause on."""

    id: str
    cause: str
    effect: str
    mode: str
    delay_ms: int
    priority: int


@dataclass(frozen=True, slots=True)
class Order:
    """An operator's order: any of `points` reads `equals`."""

    points: tuple[str, ...]
    equals: Value


@dataclass(frozen=True, slots=True)
class Matrix:
    """The compiled matrix; `rows` are the same rules by cause, both in the table's order."""

    confirm: Confirm
    causes: Mapping[str, Cause]
    effects: Mapping[str, Effect]
    rules: tuple[Rule, ...]
    rows: Mapping[str, tuple[Rule, ...]]
    reset: Order
    operator: Order


def read(path: Path) -> MatrixFile:
    """A matrix as written, in YAML or as a spreadsheet, each entry by itself."""
    return files.check(path, _source(path), MatrixFile)


def check(path: Path, points: PointList) -> list[Problem]:
    """Everything wrong with a matrix file; empty if it is fine."""
    try:
        load(path, points)
    except BadFile as bad:
        return list(bad.problems)
    return []


def load(path: Path, points: PointList) -> Matrix:
    """Read, check and compile; BadFile with every problem."""
    source = _source(path)
    file = files.check(path, source, MatrixFile)
    found = files.problems(path, findings(file, points, PRIORITIES), source)
    if found:
        raise BadFile(found)
    return _compile(file, points)


def _source(path: Path) -> files.Source:
    if path.suffix in spreadsheet.SUFFIXES:
        return matrixsheet.parse(spreadsheet.read(path))
    return files.YamlFile(path)


def _compile(file: MatrixFile, points: PointList) -> Matrix:
    confirm = file.confirm
    ranks = {c.id: c.priority or file.priority.get(c.when, PRIORITIES[c.when]) for c in file.causes}
    rows = {
        cause.id: tuple(
            _rule(cause.id, effect.id, file.rows[cause.id][effect.id], ranks[cause.id])
            for effect in file.effects
            if effect.id in file.rows[cause.id]
        )
        for cause in file.causes
        if cause.id in file.rows
    }
    return Matrix(
        Confirm(_ms(confirm.window_s), confirm.call_point_counts, confirm.latch),
        {entry.id: _cause(entry, points) for entry in file.causes},
        {entry.id: _effect(entry, points) for entry in file.effects},
        tuple(rule for row in rows.values() for rule in row),
        rows,
        _order(file.reset, RESET_ORDER, points),
        _order(file.operator, OPERATOR_ORDER, points),
    )


def _cause(entry: CauseEntry, points: PointList) -> Cause:
    delay_s = entry.for_s if entry.for_s is not None else entry.after_s
    return Cause(
        entry.id,
        entry.say,
        entry.when,
        _matching(entry.zones, points.zones),
        _matching(entry.gateways, tuple(points.gateways)),
        entry.point,
        points.points[entry.point].device if entry.point else "",
        entry.equals,
        entry.limit if entry.limit is not None else 0.0,
        _ms(delay_s or 0),
        entry.when == "above" and entry.for_s is None,
    )


def _effect(entry: EffectEntry, points: PointList) -> Effect:
    outputs = _matching(entry.outputs, tuple(points.points))
    rest = {name: _rest(entry, points, name) for name in outputs}
    return Effect(entry.id, entry.say, outputs, entry.value, rest)


def _rest(entry: EffectEntry, points: PointList, output: str) -> Value:
    """Off, unless stated: the other bool, 0, no text; a sign at rest is dark."""
    if entry.rest is not None:
        return entry.rest
    if isinstance(entry.value, bool):
        return not entry.value
    if isinstance(entry.value, str):
        return "off" if points.points[output].kind == "exit-sign" else ""
    return 0


def _rule(cause: str, effect: str, cell: str, priority: int) -> Rule:
    mode, delay_s = cell, 0
    if cell.startswith("D"):
        digits = cell[1:].rstrip("LU")
        mode, delay_s = cell[1 + len(digits) :] or "X", int(digits)
    return Rule(f"{cause}>{effect}", cause, effect, mode, _ms(delay_s), priority)


def _order(entry: OrderEntry | None, usual: str, points: PointList) -> Order:
    if entry is not None:
        return Order((entry.point,), entry.equals)
    desks = [d.id for d in points.devices.values() if d.kind == "duty-desk"]
    return Order(tuple(f"{d}.seen" for d in desks if f"{d}.seen" in points.points), usual)


def _matching(patterns: Sequence[str], names: Sequence[str]) -> tuple[str, ...]:
    """The names under any pattern, in their own order."""
    return tuple(n for n in names if any(fnmatchcase(n, pattern) for pattern in patterns))


def _ms(seconds: float) -> int:
    return round(seconds * 1000)
