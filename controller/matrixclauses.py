"""Where a matrix breaks what its rule pack or the priority stack asks of every site."""

from __future__ import annotations

from collections.abc import Iterator
from fnmatch import fnmatchcase

from controller.interface.files import Finding
from controller.interface.points import Point, PointList
from controller.matrixfile import CauseEntry, EffectEntry, MatrixFile
from controller.rulepacks import PACKS, Limit, RulePack

_FIRE = ("confirmed", "flow")
"""Two devices, or a flow switch: nobody has to confirm these."""

_PROMPT = ("sounder", "strobe", "door-lock")
"""What a control output starts by itself; what moves takes its own time."""

_VOICE = ("pa-zone",)

_LIGHT = ("emergency-light", "exit-sign")
_QUICK = (*_PROMPT, *_VOICE, *_LIGHT)


def breaches(file: MatrixFile, points: PointList) -> Iterator[Finding]:
    """Findings by clause, about a matrix whose names all lead somewhere."""
    pack = PACKS[file.rules]
    yield from _looks(file, pack)
    yield from _only_by_hand(file)
    causes = {cause.id: cause for cause in file.causes}
    effects = {effect.id: effect for effect in file.effects}
    for name, row in file.rows.items():
        for effect, cell in row.items():
            if effect != "note":
                keys = ("rows", name, effect)
                found = _outputs(effects[effect], points)
                yield from _late(keys, causes[name], cell, found, pack)
                yield from _relocks(keys, causes[name], effects[effect], cell, found)
    yield from _feedback(file, points, pack)


def _looks(file: MatrixFile, pack: RulePack) -> Iterator[Finding]:
    """An investigation is no longer than the code allows."""
    limit, asked_s = pack.longest_look, file.confirm.investigate_s
    if asked_s is not None and asked_s * 1000 > limit.ms:
        text = f"longer than {_said(limit)}"
        yield Finding(("confirm", "investigate_s"), text)


def _only_by_hand(file: MatrixFile) -> Iterator[Finding]:
    """No policy keeps a fire by two devices or a flow switch waiting for an operator."""
    for number, cause in enumerate(file.causes):
        policy = cause.in_lockdown or file.lockdown.policy
        if policy == "operator_only" and cause.when in _FIRE:
            text = f"operator_only cannot rule {cause.when!r}: give it `in_lockdown: fire_always`"
            yield Finding(("causes", number, "in_lockdown"), text)


def _late(
    keys: tuple[str, ...], cause: CauseEntry, cell: str, outputs: list[Point], pack: RulePack
) -> Iterator[Finding]:
    """Start signals and lights come in time after the trigger logic; a voice after one tone."""
    delay_ms = 1000 * int(cell[1:].rstrip("LU")) if cell.startswith("D") else 0
    if cause.when not in _FIRE:
        return
    tone = pack.tone[1] if pack.tone is not None else pack.start
    for kinds, limit in ((_PROMPT, pack.start), (_VOICE, tone), (_LIGHT, pack.light)):
        late = [p.id for p in outputs if p.kind in kinds]
        if limit is not None and delay_ms > limit.ms and late:
            yield Finding(keys, f"{late[0]} starts after {delay_ms / 1000:g} s: {_said(limit)}")


def _relocks(
    keys: tuple[str, ...], cause: CauseEntry, effect: EffectEntry, cell: str, outputs: list[Point]
) -> Iterator[Finding]:
    """A lock that a fire released falls shut after the reset and an operator, never by itself."""
    locks = [p.id for p in outputs if (p.kind, p.name) == ("door-lock", "release")]
    if cause.when in _FIRE and effect.value and locks and not cell.endswith("U"):
        yield Finding(keys, f"{locks[0]} would lock again without an operator: use U")


def _feedback(file: MatrixFile, points: PointList, pack: RulePack) -> Iterator[Finding]:
    """A missing feedback is a fault in time; what moves has its own travel time."""
    limit = pack.feedback
    for number, effect in enumerate(file.effects):
        for point in _outputs(effect, points):
            back = point.feedback
            if limit is None or back is None or point.kind not in _QUICK:
                continue
            if back.within_ms > limit.ms:
                text = f"the feedback of {point.id} may take {back.within_ms / 1000:g} s"
                yield Finding(("effects", number, "outputs"), f"{text}: {_said(limit)}")


def _outputs(effect: EffectEntry, points: PointList) -> list[Point]:
    return [
        point
        for name, point in points.points.items()
        if any(fnmatchcase(name, pattern) for pattern in effect.outputs)
    ]


def _said(limit: Limit) -> str:
    return f"at most {limit.ms / 1000:g} s ({limit.clause})"
