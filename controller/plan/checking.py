"""What is wrong with a plan across its entries, and against the I/O list and the matrix."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from fnmatch import fnmatchcase

from controller.interface.files import Finding, Keys, nearest
from controller.interface.people import PeopleFile
from controller.interface.points import PointList
from controller.intrusion.compiled import CAUSE
from controller.matrixvalues import Matrix
from controller.plan import dutycheck
from controller.plan.planfile import ChainEntry, IncidentEntry, PlanFile
from controller.pseudonym import CLASSES

BUTTONS = ("panic-button", "panic-pendant")


def findings(
    file: PlanFile, points: PointList, matrix: Matrix, people: PeopleFile | None = None
) -> Iterator[Finding]:
    """Everything that leads nowhere, cannot happen, or must not be."""
    sections = {"access": file.access, "intrusion": file.intrusion, "gate": file.gate}
    for name, section in sections.items():
        if section is not None and people is not None:
            yield from within(name, section.findings(points, people))
    timed = [name for name in ("patrol", *sections) if getattr(file, name) is not None]
    if timed and file.utc_offset_h is None:
        text = f"`utc_offset_h` is missing: local time is told by {', '.join(timed)}"
        yield Finding((timed[0],), text)
    for cause in file.gate.attack if file.gate is not None else ():
        yield from known(("gate", "attack"), "cause of the matrix", cause, matrix.causes)
    for name in file.privacy.keep_days if file.privacy is not None else ():
        yield from known(("privacy", "keep_days", name), "class of personal data", name, CLASSES)
    yield from _receivers(file, points)
    yield from _twice("chains", [chain.id for chain in file.chains])
    yield from _twice("incidents", [one.id for one in file.incidents])
    yield from _twice("reports", [one.id for one in file.reports])
    for number, chain in enumerate(file.chains):
        yield from _chain(("chains", number, "steps"), chain, file)
    chains = [chain.id for chain in file.chains]
    for number, incident in enumerate(file.incidents):
        keys = ("incidents", number)
        yield from known((*keys, "chain"), "chain", incident.chain, chains)
        yield from _triggers(keys, incident, points, causes_of(file, matrix))
    yield from _two_incidents(file, points)
    yield from _cameras(file, points)
    yield from dutycheck.findings(file, points, matrix)
    for number, report in enumerate(file.reports):
        incidents = [one.id for one in file.incidents]
        for place, pattern in enumerate(report.incidents):
            at = ("reports", number, "incidents", place)
            yield from _matches(at, "incident", pattern, incidents)
        for place, name in enumerate(report.to):
            yield from known(("reports", number, "to", place), "receiver", name, file.receivers)
        if report.follow_up_s is not None and report.follow_up_s <= report.first_s:
            text = f"the follow-up is due after the first report ({report.first_s:g} s)"
            yield Finding(("reports", number, "follow_up_s"), text)


def causes_of(file: PlanFile, matrix: Matrix) -> tuple[str, ...]:
    """What may set off an incident: the causes of the matrix, and an intruder in a guarded zone."""
    zones = file.intrusion.zones if file.intrusion is not None else ()
    return (*matrix.causes, *(f"{CAUSE}{zone.id}" for zone in zones))


def within(section: str, found: Iterable[Finding]) -> Iterator[Finding]:
    """What was found in a section, with the section's key before its own."""
    for one in found:
        yield replace(one, keys=(section, *one.keys))


def _receivers(file: PlanFile, points: PointList) -> Iterator[Finding]:
    devices = [d.id for d in points.devices.values() if d.kind == "notice-receiver"]
    for name, entry in file.receivers.items():
        yield from known(("receivers", name), "notice-receiver in points.yaml", name, devices)
        if entry.role == "police" and entry.drill:
            text = "the police are never called in a drill"
            yield Finding(("receivers", name, "drill"), text)


def _chain(keys: Keys, chain: ChainEntry, file: PlanFile) -> Iterator[Finding]:
    told: set[str] = set()
    after_s = 0.0
    for number, step in enumerate(chain.steps):
        for place, name in enumerate(step.to):
            at = (*keys, number, "to", place)
            yield from known(at, "receiver", name, file.receivers)
            if name in told:
                yield Finding(at, f"{name} is told in an earlier step already")
        for place, name in enumerate(step.unless):
            if name not in told:
                text = f"{name} is told in no earlier step, so it cannot have acknowledged"
                yield Finding((*keys, number, "unless", place), text, nearest(name, told))
        if step.after_s < after_s:
            text = f"steps stand in the order of their times; the one before is at {after_s:g} s"
            yield Finding((*keys, number, "after_s"), text)
        after_s = max(after_s, step.after_s)
        told.update(step.to)


def _triggers(
    keys: Keys, entry: IncidentEntry, points: PointList, causes: Sequence[str]
) -> Iterator[Finding]:
    if not entry.buttons and not entry.causes:
        yield Finding(tuple(keys), "nothing sets it off: give buttons or causes")
    buttons = [d.id for d in points.devices.values() if d.kind in BUTTONS]
    for number, pattern in enumerate(entry.buttons):
        yield from _matches((*keys, "buttons", number), "panic button", pattern, buttons)
    for number, pattern in enumerate(entry.causes):
        yield from _matches((*keys, "causes", number), "cause of the matrix", pattern, causes)


def _two_incidents(file: PlanFile, points: PointList) -> Iterator[Finding]:
    """A button that sets off two incidents would tell everybody twice."""
    for device in points.devices.values():
        hit = [
            number
            for number, one in enumerate(file.incidents)
            if any(fnmatchcase(device.id, pattern) for pattern in one.buttons)
        ]
        if device.kind in BUTTONS and len(hit) > 1:
            text = f"{device.id} already sets off {file.incidents[hit[0]].id}"
            yield Finding(("incidents", hit[1], "buttons"), text)


def _cameras(file: PlanFile, points: PointList) -> Iterator[Finding]:
    devices = points.devices.values()
    for button, camera in file.cameras.items():
        keys = ("cameras", button)
        yield from known(keys, "panic button", button, [d.id for d in devices if d.kind in BUTTONS])
        yield from known(keys, "camera", camera, [d.id for d in devices if d.kind == "camera"])


def _twice(where: str, ids: Sequence[str]) -> Iterator[Finding]:
    counts = Counter(ids)
    for number, name in enumerate(ids):
        if counts[name] > 1 and ids.index(name) != number:
            yield Finding((where, number, "id"), f"{name!r} is already the id of another")


def known(keys: Keys, what: str, name: str, names: Iterable[str]) -> Iterator[Finding]:
    """A name that leads nowhere."""
    listed = list(names)
    if name not in listed:
        yield Finding(tuple(keys), f"no such {what}: {name!r}", nearest(name, listed))


def _matches(keys: Keys, what: str, pattern: str, names: Iterable[str]) -> Iterator[Finding]:
    listed = list(names)
    if not any(fnmatchcase(name, pattern) for name in listed):
        yield Finding(tuple(keys), f"no {what} matches {pattern!r}", nearest(pattern, listed))
