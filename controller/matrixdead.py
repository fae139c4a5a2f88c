"""What stands in a matrix and can never matter: causes that cannot fire, rows that are overwritten,
cells that change nothing or that nobody undoes.
"""

from __future__ import annotations

from collections.abc import Iterator
from fnmatch import fnmatchcase

from controller.interface.files import Finding
from controller.interface.kind import PointRole
from controller.interface.kinds import KINDS
from controller.interface.points import Point, PointList
from controller.matrixfile import CauseEntry, EffectEntry, MatrixFile

Keys = tuple[str | int, ...]
_WHAT = (
    "when", "zones", "gateways", "point", "equals", "limit", "watches", "level", "unanswered",
)  # fmt: skip
"""What makes two causes the same condition; times and ranks may differ."""


def dead(file: MatrixFile, points: PointList) -> Iterator[Finding]:
    """Findings about a matrix whose names all lead somewhere."""
    yield from _silent(file, points)
    yield from _overwritten(file)
    for number, effect in enumerate(file.effects):
        yield from _idle(("effects", number), effect)
    for cause, row in file.rows.items():
        for effect in (e for e in file.effects if e.id in row):
            yield from _cell(("rows", cause, effect.id), effect, row[effect.id], file, points)


def _silent(file: MatrixFile, points: PointList) -> Iterator[Finding]:
    """A cause that asks for a value which its device never has."""
    for number, cause in enumerate(file.causes):
        if not cause.point:
            continue
        point = points.points[cause.point]
        role = KINDS[point.kind].points[point.name]
        keys: Keys = ("causes", number)
        if cause.limit is not None and role.span and cause.limit >= role.span[1] * _scale(point):
            text = f"{cause.point} is never above {cause.limit:g}: its span ends there"
            yield Finding((*keys, "limit"), text)
        if cause.equals is not None and not _possible(cause, role, point):
            text = f"{cause.point} never reads {cause.equals!r}"
            yield Finding((*keys, "equals"), text)


def _possible(cause: CauseEntry, role: PointRole, point: Point) -> bool:
    equals = cause.equals
    if isinstance(equals, str):
        return not role.words or equals in role.words
    if isinstance(equals, bool) or equals is None or not role.span:
        return True
    low, high = (bound * _scale(point) for bound in role.span)
    return low <= equals <= high


def _scale(point: Point) -> float:
    return point.binding.scale


def _overwritten(file: MatrixFile) -> Iterator[Finding]:
    """The same condition in two rows: one of them has the effect that the other has already."""
    seen: dict[tuple[object, ...], CauseEntry] = {}
    for cause in file.causes:
        first = seen.setdefault(tuple(getattr(cause, key) for key in _WHAT), cause)
        if first is cause:
            continue
        for effect, cell in file.rows.get(cause.id, {}).items():
            if effect != "note" and effect in file.rows.get(first.id, {}):
                text = f"row {first.id!r} has the same cause and this effect: {cell} overwrites it"
                yield Finding(("rows", cause.id, effect), text)


def _idle(keys: Keys, effect: EffectEntry) -> Iterator[Finding]:
    """An effect that writes what stands there anyway, or half an `instead`."""
    if effect.rest is not None and effect.rest == effect.value and effect.instead_value is None:
        yield Finding((*keys, "rest"), f"{effect.value!r} is its value at rest: it changes nothing")
    if (effect.instead_value is None) != (not effect.instead_zones):
        yield Finding((*keys, "instead_value"), "instead_value and instead_zones go together")


def _cell(
    keys: Keys, effect: EffectEntry, cell: str, file: MatrixFile, points: PointList
) -> Iterator[Finding]:
    """A pulse on an output that keeps its level, whoever else may end it; an inhibition of what
    nobody asks for.
    """
    if cell == "P":
        for name, point in points.points.items():
            kept = not KINDS[point.kind].points[point.name].pulse
            if kept and any(fnmatchcase(name, pattern) for pattern in effect.outputs):
                text = f"P leaves {name} at {effect.value!r} and nobody resets it: use X, L or U"
                yield Finding(keys, text)
                return
    if cell == "I" and not {row.get(effect.id, "I") for row in file.rows.values()} - {"I"}:
        yield Finding(keys, f"nothing asks for {effect.id!r}: there is nothing to inhibit")
