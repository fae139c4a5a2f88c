"""What can be wrong with a matrix although every line of it is well formed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fnmatch import fnmatchcase

from controller.interface.files import Finding, nearest
from controller.interface.kinds import CALL_POINT, DETECTORS, FLOW_SWITCH, KINDS
from controller.interface.loopwords import LOOP_TYPES
from controller.interface.points import Point, PointList
from controller.matrixcrowd import crowd_findings
from controller.matrixfile import CauseEntry, EffectEntry, MatrixFile, Plain, cell_problem
from controller.matrixsafety import hazards

Keys = tuple[str | int, ...]
_NEEDS = {
    "first": ("zones",),
    "confirmed": ("zones",),
    "call-point": ("zones",),
    "fault": (),
    "prealarm": ("zones",),
    "comms-lost": ("gateways",),
    "above": ("point", "limit"),
    "point": ("point", "equals"),
    "flow": (),
    "key": ("point",),
    "evacuate": (),
    "lockdown": (),
    "drill": (),
    "crowd": ("watches", "level"),
    "plan": ("equals",),
}
_TAKES = {
    "comms-lost": ("after_s",),
    "fault": ("zones", "after_s"),
    "above": ("for_s",),
    "point": ("for_s",),
    "flow": ("zones", "point", "equals", "for_s"),
    "key": ("equals", "for_s"),
    "evacuate": ("zones",),
    "crowd": ("unanswered", "after_s"),
}


_KEYS = (
    "zones", "gateways", "point", "equals", "limit", "for_s", "after_s", "watches", "level",
    "unanswered",
)  # fmt: skip
_SILENT = ("unanswered", False)


def findings(file: MatrixFile, points: PointList, usual: Mapping[str, int]) -> Iterator[Finding]:
    """Names that lead nowhere, bad cells, outputs fought over; then, what would be unsafe."""
    wrong = list(_malformed(file, points, usual))
    yield from wrong or hazards(file, points, _ranks(file, usual))


def _malformed(file: MatrixFile, points: PointList, usual: Mapping[str, int]) -> Iterator[Finding]:
    yield from _twice("causes", [c.id for c in file.causes])
    yield from _twice("effects", [e.id for e in file.effects])
    for number, cause in enumerate(file.causes):
        yield from _cause(("causes", number), cause, file, points)
        if cause.id not in file.rows:
            yield Finding(
                ("causes", number, "id"), f"cause {cause.id!r} has no row: it does nothing"
            )
    for number, effect in enumerate(file.effects):
        yield from _effect(("effects", number), effect, points)
        if not any(effect.id in row for row in file.rows.values()):
            yield Finding(("effects", number, "id"), f"no row has the effect {effect.id!r}")
    yield from _rows(file)
    yield from _orders(file, points)
    yield from crowd_findings(file, points)
    yield from _conflicts(file, points, usual)


def _twice(where: str, ids: Sequence[str]) -> Iterator[Finding]:
    for number, name in enumerate(ids):
        if name in ids[:number]:
            yield Finding((where, number, "id"), f"{name!r} is the id of an earlier entry")


def _cause(keys: Keys, cause: CauseEntry, file: MatrixFile, points: PointList) -> Iterator[Finding]:
    needs = _NEEDS[cause.when]
    for key in _KEYS:
        given = getattr(cause, key) not in (None, (), "") and (key, cause.unanswered) != _SILENT
        if key in needs and not given:
            yield Finding(keys, f"a cause {cause.when!r} needs {key!r}")
        elif given and key not in (*needs, *_TAKES.get(cause.when, ())):
            yield Finding((*keys, key), f"a cause {cause.when!r} has no use for {key!r}")
    yield from _patterns((*keys, "zones"), "zone", cause.zones, points.zones)
    yield from _patterns((*keys, "gateways"), "gateway", cause.gateways, tuple(points.gateways))
    if cause.when == "flow" and bool(cause.point) == bool(cause.zones):
        yield Finding(keys, "a cause 'flow' needs either 'zones' or 'point'")
    watches = [watch.id for watch in file.crowd.watches]
    yield from _patterns((*keys, "watches"), "watch", cause.watches, watches)
    if cause.point:
        yield from _cause_point((*keys, "point"), cause, points)
    if cause.when in ("first", "confirmed", "call-point", "prealarm", "flow"):
        yield from _zone_devices((*keys, "zones"), cause, points)


def _cause_point(keys: Keys, cause: CauseEntry, points: PointList) -> Iterator[Finding]:
    point = points.points.get(cause.point)
    if point is None:
        text = f"no such point: {cause.point!r}"
        yield Finding(keys, text, nearest(cause.point, points.points))
    elif point.write:
        yield Finding(keys, f"{cause.point} is an output: a cause needs an input")
    elif point.kind == FLOW_SWITCH:
        yield Finding(keys, f"{cause.point} belongs to a {point.kind}: use when: flow and its zone")
    elif point.kind == CALL_POINT or point.kind in DETECTORS:
        text = f"{cause.point} belongs to a {point.kind}: use when: first, confirmed or call-point"
        yield Finding(keys, text)
    elif cause.when == "above" and point.binding.as_type in ("bool", "text"):
        yield Finding(keys, f"{cause.point} is a {point.binding.as_type}, not a number")
    elif cause.equals is not None and not _fits(cause.equals, point.binding.as_type):
        text = f"{cause.equals!r} can never be read: {cause.point} is a {point.binding.as_type}"
        yield Finding((*keys[:-1], "equals"), text)


def _zone_devices(keys: Keys, cause: CauseEntry, points: PointList) -> Iterator[Finding]:
    """A call point is not a detector: a zone must hold what the cause counts."""
    for number, pattern in enumerate(cause.zones):
        members = [d for d in points.devices.values() if d.zone and fnmatchcase(d.zone, pattern)]
        if not members:
            continue
        kinds = {d.kind for d in members}
        only = {"call-point": CALL_POINT, "flow": FLOW_SWITCH}.get(cause.when)
        if only is not None and only not in kinds:
            yield Finding((*keys, number), f"zone {pattern!r} has no {only.replace('-', ' ')}")
        elif only is None and not kinds & {*DETECTORS, FLOW_SWITCH}:
            text = (
                f"zone {pattern!r} has no detector: a call point is not one, use when: call-point"
            )
            yield Finding((*keys, number), text)


def _effect(keys: Keys, effect: EffectEntry, points: PointList) -> Iterator[Finding]:
    yield from _patterns((*keys, "outputs"), "output", effect.outputs, tuple(points.points))
    for number, pattern in enumerate(effect.outputs):
        for name in (n for n in points.points if fnmatchcase(n, pattern)):
            point = points.points[name]
            if not point.write:
                yield Finding((*keys, "outputs", number), f"{name} is an input, not an output")
            elif not _fits(effect.value, point.binding.as_type):
                text = f"{effect.value!r} cannot be written: {name} is a {point.binding.as_type}"
                yield Finding((*keys, "value"), text)
            else:
                yield from _untaken(keys, effect, point)


def _untaken(keys: Keys, effect: EffectEntry, point: Point) -> Iterator[Finding]:
    """A value that the kind of an output does not take: its device would refuse it in a fire."""
    role = KINDS[point.kind].points[point.name]
    for key in ("value", "rest", "instead_value"):
        value = getattr(effect, key)
        read = value if isinstance(value, str) else (value or 0) / point.binding.scale
        if value is not None and not role.possible(read):
            close = nearest(value, role.words) if isinstance(value, str) else ""
            yield Finding((*keys, key), f"{point.id} never takes {value!r}", close)


def _rows(file: MatrixFile) -> Iterator[Finding]:
    causes, effects = [c.id for c in file.causes], [e.id for e in file.effects]
    for cause, row in file.rows.items():
        if cause not in causes:
            yield Finding(("rows", cause), f"no such cause: {cause!r}", nearest(cause, causes))
        for effect, cell in row.items():
            keys = ("rows", cause, effect)
            if effect == "note":
                continue
            if effect not in effects:
                yield Finding(keys, f"no such effect: {effect!r}", nearest(effect, effects))
            elif cell_problem(cell):
                yield Finding(keys, cell_problem(cell))
        if not any(effect != "note" for effect in row):
            yield Finding(("rows", cause), f"the row of {cause!r} names no effect")
    yield from _lonely(file)


def _lonely(file: MatrixFile) -> Iterator[Finding]:
    for effect in file.effects:
        cells = [cause for cause, row in file.rows.items() if row.get(effect.id) == "C"]
        if len(cells) == 1:
            text = "a single C in a column can never coincide with another"
            yield Finding(("rows", cells[0], effect.id), text)


def _orders(file: MatrixFile, points: PointList) -> Iterator[Finding]:
    for key, order in (("reset", file.reset), ("operator", file.operator)):
        if order is None:
            continue
        point = points.points.get(order.point)
        if point is None:
            text = f"no such point: {order.point!r}"
            yield Finding((key, "point"), text, nearest(order.point, points.points))
        elif point.write:
            yield Finding((key, "point"), f"{order.point} is an output: an order is an input")


def _conflicts(file: MatrixFile, points: PointList, usual: Mapping[str, int]) -> Iterator[Finding]:
    """Two rows that would drive one output to different values with equal right."""
    ranks = _ranks(file, usual)
    effects = {e.id: e for e in file.effects}
    first: dict[tuple[str, int], tuple[str, Plain]] = {}
    for cause, row in file.rows.items():
        for effect, cell in row.items():
            if cause not in ranks or effect not in effects or cell == "I":
                continue
            value = effects[effect].value
            for name in _named(effects[effect].outputs, points):
                owner, wanted = first.setdefault((name, ranks[cause]), (cause, value))
                if wanted != value:
                    text = (
                        f"{name} goes to {value!r} here and to {wanted!r} by row {owner!r}, "
                        f"both at priority {ranks[cause]}: give one cause a priority of its own"
                    )
                    yield Finding(("rows", cause, effect), text)
                    break


def _ranks(file: MatrixFile, usual: Mapping[str, int]) -> dict[str, int]:
    return {c.id: c.priority or file.priority.get(c.when, usual[c.when]) for c in file.causes}


def _named(patterns: Sequence[str], points: PointList) -> list[str]:
    return [n for n in points.points if any(fnmatchcase(n, pattern) for pattern in patterns)]


def _patterns(
    keys: Keys, noun: str, patterns: Sequence[str], known: Sequence[str]
) -> Iterator[Finding]:
    for number, pattern in enumerate(patterns):
        if not any(fnmatchcase(name, pattern) for name in known):
            text = f"{pattern!r} names no {noun}"
            yield Finding((*keys, number), text, nearest(pattern, known))


def _fits(value: Plain | None, as_type: str) -> bool:
    """Whether a value can be what a point of this type holds; 0 and 1 pass for bools."""
    if as_type in ("text", *LOOP_TYPES):
        return isinstance(value, str)
    if as_type == "bool":
        return isinstance(value, bool) or value in (0, 1)
    return not isinstance(value, str)
