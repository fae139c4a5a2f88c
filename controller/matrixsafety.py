"""What makes a well-formed matrix unsafe: fires that cannot be confirmed, locks that stay shut."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fnmatch import fnmatchcase

from controller.interface.files import Finding
from controller.interface.kinds import CALL_POINT, DETECTORS, FLOW_SWITCH
from controller.interface.points import PointList
from controller.interlocks import interlocks
from controller.matrixclauses import breaches
from controller.matrixdead import dead
from controller.matrixfile import CauseEntry, EffectEntry, MatrixFile
from controller.rulepacks import PACKS

LOCK, RELEASE = "door-lock", "release"
_LATCHED = ("L", "U")


def hazards(file: MatrixFile, points: PointList, ranks: Mapping[str, int]) -> Iterator[Finding]:
    """Findings about a matrix whose names all lead somewhere; `ranks`: priority by cause."""
    for number, cause in enumerate(file.causes):
        if cause.when == "confirmed":
            yield from _unconfirmable(("causes", number, "zones"), cause, file, points)
    for number, effect in enumerate(file.effects):
        yield from _blind(("effects", number, "outputs"), effect, points)
    yield from _unended(file, points)
    yield from _locks(file, points, ranks)
    yield from breaches(file, points)
    yield from dead(file, points)


def _unconfirmable(
    keys: tuple[str | int, ...], cause: CauseEntry, file: MatrixFile, points: PointList
) -> Iterator[Finding]:
    """Two different devices of one zone confirm; some zone of the cause must hold two."""
    for number, pattern in enumerate(cause.zones):
        zones = [zone for zone in points.zones if fnmatchcase(zone, pattern)]
        if zones and not any(_confirms(zone, file, points) for zone in zones):
            text = f"zone {pattern!r} can never be confirmed: it takes two detectors"
            if file.confirm.call_point_counts:
                text += ", or one and a call point"
            yield Finding((*keys, number), text)


def _confirms(zone: str, file: MatrixFile, points: PointList) -> bool:
    kinds = [d.kind for d in points.devices.values() if d.zone == zone and not d.same_as]
    detectors = sum(kind in DETECTORS for kind in kinds)
    if FLOW_SWITCH in kinds:
        return True
    if PACKS[file.rules].call_point_at_once and CALL_POINT in kinds:
        return True
    helped = file.confirm.call_point_counts and CALL_POINT in kinds
    return detectors >= 2 or (detectors == 1 and helped)


def _blind(
    keys: tuple[str | int, ...], effect: EffectEntry, points: PointList
) -> Iterator[Finding]:
    """An output is supervised by its feedback, or at least by something that its device says."""
    for number, pattern in enumerate(effect.outputs):
        for name in (n for n in points.points if fnmatchcase(n, pattern)):
            point = points.points[name]
            siblings = points.devices[point.device].points
            if point.write and point.feedback is None and all(p.write for p in siblings):
                text = f"nothing tells whether {name} works: its device has no input"
                yield Finding((*keys, number), text)
                break


def _unended(file: MatrixFile, points: PointList) -> Iterator[Finding]:
    """What latches needs a reset, and `U` an operator as well."""
    desk = any(f"{d.id}.seen" in points.points for d in points.devices.values())
    for cause, row in file.rows.items():
        for effect, cell in row.items():
            if effect == "note" or cell[-1:] not in _LATCHED:
                continue
            if file.reset is None and not desk:
                text = "this latches, but nothing resets: give `reset: {point, equals}`"
                yield Finding(("rows", cause, effect), text)
                return
            if cell.endswith("U") and file.operator is None and not desk:
                text = "this waits for the operator: give `operator: {point, equals}`"
                yield Finding(("rows", cause, effect), text)
                return


def _locks(file: MatrixFile, points: PointList, ranks: Mapping[str, int]) -> Iterator[Finding]:
    """Every lock lets go in a confirmed fire, and nothing that stands as high keeps it shut."""
    when = {cause.id: cause.when for cause in file.causes}
    for lock in (p for p in points.points.values() if (p.kind, p.name) == (LOCK, RELEASE)):
        freed = [
            ranks[cause]
            for cause, effect, _ in _writers(file, lock.id)
            if when[cause] == "confirmed" and effect.value
        ]
        if not freed:
            text = f"no confirmed fire releases {lock.id}: people behind this lock stay there"
            yield Finding(("rows",), text)
            continue
        for cause, effect, cell in _writers(file, lock.id):
            if cell != "I" and not effect.value and ranks[cause] <= min(freed):
                text = f"{lock.id} stays locked by this in a fire: a lower priority is needed"
                yield Finding(("rows", cause, effect.id), text)
        yield from _opposed(lock.id, min(freed), file, points, ranks)


def _opposed(
    release: str, rank: int, file: MatrixFile, points: PointList, ranks: Mapping[str, int]
) -> Iterator[Finding]:
    """What the interlock lets win over the release of a lock: whatever stands higher."""
    for pair in (p for p in interlocks(points).opposed if p.kept == release):
        for cause, effect, cell in _writers(file, pair.dropped):
            if cell != "I" and effect.value == pair.dropped_value and ranks[cause] < rank:
                text = f"{pair.dropped} keeps {release} from a fire: a lower priority is needed"
                yield Finding(("rows", cause, effect.id), text)


def _writers(file: MatrixFile, output: str) -> Iterator[tuple[str, EffectEntry, str]]:
    """(cause, effect, cell) of every cell that writes an output."""
    for cause, row in file.rows.items():
        for effect in file.effects:
            if effect.id in row and any(fnmatchcase(output, one) for one in effect.outputs):
                yield cause, effect, row[effect.id]
