"""The cause-and-effect matrix, compiled to an ordered list of rules: it is the program.

Rules stand in the order of the table: causes from above, effects from the left. So the same table
gives the same list, whether it is written as YAML or as a spreadsheet.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fnmatch import fnmatchcase
from pathlib import Path

from controller import matrixsheet
from controller.crowdvalues import crowd
from controller.faces import faces
from controller.interface import files, spreadsheet
from controller.interface.files import BadFile, Problem
from controller.interface.people import PeopleFile
from controller.interface.points import PointList, Value
from controller.interlocks import interlocks
from controller.matrixcheck import findings
from controller.matrixcrowd import strangers
from controller.matrixfile import (
    SWITCHES,
    CauseEntry,
    ConfirmEntry,
    EffectEntry,
    MatrixFile,
    OrderEntry,
)
from controller.matrixvalues import (
    Cause,
    Confirm,
    Effect,
    Limits,
    Lockdown,
    Matrix,
    Order,
    Rule,
)
from controller.rulepacks import PACKS

__all__ = [
    "PRIORITIES",
    "Cause",
    "Confirm",
    "Matrix",
    "Order",
    "Rule",
    "check",
    "load",
    "matching",
    "read",
]

PRIORITIES: Mapping[str, int] = {
    "key": 1,
    "confirmed": 2,
    "call-point": 2,
    "flow": 2,
    "evacuate": 2,
    "lockdown": 3,
    "first": 4,
    "prealarm": 4,
    "fault": 4,
    "comms-lost": 4,
    "point": 4,
    "plan": 4,
    "above": 5,
    "crowd": 5,
    "drill": 6,
}
"""Priority stack, lowest number wins: 1 local firefighter key, 2 fire, 3 lockdown by somebody with
the right to it, 4 unconfirmed, 5 crowd, 6 schedule and drill, 7 operator's default, 8 at rest."""

SOUNDER = "sounder"
DESK = "duty-desk"

RESET_ORDER, OPERATOR_ORDER = "reset", "release"
"""What the duty desk's `seen` reads for the two orders, unless the matrix says otherwise."""


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


def load(path: Path, points: PointList, people: PeopleFile | None = None) -> Matrix:
    """Read, check and compile; BadFile with every problem. `people` tell the size of bodies."""
    source = _source(path)
    file = files.check(path, source, MatrixFile)
    wrong = [*findings(file, points, PRIORITIES), *(strangers(file, people) if people else ())]
    found = files.problems(path, wrong, source)
    if found:
        raise BadFile(found)
    return _compile(file, points, people)


def _source(path: Path) -> files.Source:
    if path.suffix in spreadsheet.SUFFIXES:
        return matrixsheet.parse(spreadsheet.read(path))
    return files.YamlFile(path)


def _compile(file: MatrixFile, points: PointList, people: PeopleFile | None) -> Matrix:
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
    effects = {entry.id: _effect(entry, points) for entry in file.effects}
    claimed = {output for effect in effects.values() for output in effect.outputs}
    return Matrix(
        _confirm(file.confirm, file.rules),
        {entry.id: _cause(entry, points, file) for entry in file.causes},
        effects,
        tuple(rule for row in rows.values() for rule in row),
        rows,
        _order(file.reset, RESET_ORDER, points),
        _order(file.operator, OPERATOR_ORDER, points),
        _lockdown(file),
        _limits(file),
        interlocks(points),
        {name: sign for name, sign in faces(points).items() if name in claimed},
        frozenset(name for name in claimed if points.points[name].kind == SOUNDER),
        crowd(file.crowd, people),
    )


def _confirm(entry: ConfirmEntry, rules: str) -> Confirm:
    pack = PACKS[rules]
    return Confirm(
        _ms(entry.window_s),
        entry.call_point_counts,
        entry.latch,
        entry.window == "closed",
        entry.when_disabled,
        _ms(entry.clear_s),
        pack.longest_look.ms if entry.investigate_s is None else _ms(entry.investigate_s),
        pack,
    )


def _lockdown(file: MatrixFile) -> Lockdown:
    entry = file.lockdown
    return Lockdown(entry.policy, _ms(entry.verify_s), entry.at_end == "confirm")


def _limits(file: MatrixFile) -> Limits:
    entry = file.limits
    return Limits(_ms(entry.disable_s), _ms(entry.test_s), _ms(entry.drill_s))


def _cause(entry: CauseEntry, points: PointList, file: MatrixFile) -> Cause:
    delay_s = entry.for_s if entry.for_s is not None else entry.after_s
    return Cause(
        entry.id,
        entry.say,
        entry.when,
        _zones(entry, points),
        matching(entry.gateways, tuple(points.gateways)),
        entry.point,
        points.points[entry.point].device if entry.point else "",
        entry.equals if entry.equals is not None or entry.when not in SWITCHES else True,
        entry.limit if entry.limit is not None else 0.0,
        _ms(delay_s or 0),
        entry.when == "above" and entry.for_s is None,
        entry.lockdown or entry.when == "lockdown",
        entry.in_lockdown or file.lockdown.policy,
        matching(entry.watches, [one.id for one in file.crowd.watches]),
        entry.level or "",
        entry.unanswered,
    )


def _zones(entry: CauseEntry, points: PointList) -> tuple[str, ...]:
    """The zones that a cause names; a fault counts "" too, what is in no zone, under `*`."""
    if entry.when != "fault":
        return matching(entry.zones, points.zones)
    return matching(entry.zones or ("*",), (*points.zones, ""))


def _effect(entry: EffectEntry, points: PointList) -> Effect:
    outputs = matching(entry.outputs, tuple(points.points))
    rest = {name: _rest(entry, points, name) for name in outputs}
    zones = matching(entry.instead_zones, points.zones)
    tells = all(points.points[name].kind == DESK for name in outputs)
    return Effect(
        entry.id, entry.say, outputs, entry.value, rest, entry.instead_value, zones, entry.drill,
        tells, entry.steers, _ms(entry.at_most_s or 0),
    )  # fmt: skip


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


def matching(patterns: Sequence[str], names: Sequence[str]) -> tuple[str, ...]:
    """The names under any pattern, in their own order."""
    return tuple(n for n in names if any(fnmatchcase(n, pattern) for pattern in patterns))


def _ms(seconds: float) -> int:
    return round(seconds * 1000)
