"""plan.yaml read, held against the I/O list and the matrix, and compiled."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fnmatch import fnmatchcase
from pathlib import Path

from controller.access.compiled import compile_access
from controller.gate.gate import compile_gate
from controller.interface import files
from controller.interface.cards import card_key
from controller.interface.files import BadFile, Problem
from controller.interface.people import PeopleFile
from controller.interface.points import Device, PointList
from controller.intrusion.compiled import compile_intrusion
from controller.matrix import matching
from controller.matrixvalues import Matrix
from controller.plan.checking import causes_of, findings
from controller.plan.planfile import (
    IncidentEntry,
    LevelEntry,
    PlanFile,
    ReceiverEntry,
    ReportEntry,
    RouteEntry,
    StepEntry,
)
from controller.plan.values import Duty, Incident, Level, Plan, Receiver, Report, Route, Step

FILE = "plan.yaml"
LATCHES = {"panic-button": "pressed", "panic-pendant": "alarm"}
"""Of each kind of button the point that stays on until it is reset."""


def load(path: Path, points: PointList, matrix: Matrix, people: PeopleFile | None = None) -> Plan:
    """Read, check and compile; BadFile with every problem.

    Without `people` the sections that are about them are left out.
    """
    source = files.YamlFile(path)
    file = files.check(path, source, PlanFile)
    found = files.problems(path, findings(file, points, matrix, people), source)
    if found:
        raise BadFile(found)
    plan = _compile(file, points, matrix)
    if file.privacy is not None:
        plan = replace(plan, keep_days=file.privacy.keep_days)
    if people is None:
        return plan
    if file.access is not None:
        key = card_key(path.parent, points.site)
        plan = replace(plan, access=compile_access(file.access, points, people, key))
    if file.intrusion is not None:
        zones = compile_intrusion(file.intrusion, points, people)
        plan = replace(plan, intrusion=zones, guard_desk=file.intrusion.desk)
    if file.gate is not None:
        plan = replace(plan, gate=compile_gate(file.gate, people))
    return plan


def check(
    path: Path, points: PointList, matrix: Matrix, people: PeopleFile | None = None
) -> list[Problem]:
    """Everything wrong with a plan; empty if it is fine."""
    try:
        load(path, points, matrix, people)
    except BadFile as bad:
        return list(bad.problems)
    return []


def _compile(file: PlanFile, points: PointList, matrix: Matrix) -> Plan:
    devices = points.devices
    chains = {chain.id: tuple(_step(one) for one in chain.steps) for chain in file.chains}
    buttons = [d.id for d in devices.values() if d.kind in LATCHES]
    incidents = {
        one.id: _incident(one, chains[one.chain], buttons, causes_of(file, matrix))
        for one in file.incidents
    }
    used = [name for one in incidents.values() for name in one.buttons]
    return Plan(
        {name: _receiver(name, one, devices[name]) for name, one in file.receivers.items()},
        incidents,
        tuple(_report(one, tuple(incidents)) for one in file.reports),
        {name: devices[name].at for name in used},
        {name: file.cameras.get(name) or _camera(devices[name].at, points) for name in used},
        {name: f"{name}.{LATCHES[devices[name].kind]}" for name in used},
        tuple(_level(one) for one in file.levels),
        tuple(_route(one) for one in (file.patrol.routes if file.patrol else ())),
        round(3_600_000 * (file.utc_offset_h or 0)),
    )


def _level(entry: LevelEntry) -> Level:
    steps = (Duty(s.id, s.say, s.to, _ms(s.within_s), s.instead) for s in entry.steps)
    return Level(entry.id, entry.say, entry.raised_by, entry.lowered_by, tuple(steps))


def _route(entry: RouteEntry) -> Route:
    times = (text.split(":") for text in entry.rounds)
    rounds = tuple((int(hour) * 60 + int(minute)) * 60_000 for hour, minute in times)
    points = {point.at: _ms(60 * point.after_min) for point in entry.points}
    return Route(entry.id, points, rounds, _ms(60 * entry.window_min))


def _receiver(name: str, entry: ReceiverEntry, device: Device) -> Receiver:
    drill = entry.role != "police" if entry.drill is None else entry.drill
    return Receiver(name, entry.say, entry.role, drill, device.bus)


def _step(entry: StepEntry) -> Step:
    return Step(entry.to, _ms(entry.after_s), entry.unless)


def _incident(
    entry: IncidentEntry, steps: tuple[Step, ...], buttons: Sequence[str], causes: Sequence[str]
) -> Incident:
    return Incident(
        entry.id, entry.say, matching(entry.buttons, buttons), matching(entry.causes, causes),
        steps, _ms(entry.clip_s),
    )  # fmt: skip


def _report(entry: ReportEntry, incidents: Sequence[str]) -> Report:
    return Report(
        entry.id, entry.say, matching(entry.incidents, incidents), entry.to, _ms(entry.first_s),
        _ms(entry.follow_up_s or 0),
    )  # fmt: skip


def _camera(place: str, points: PointList) -> str:
    """The first camera that sees a place; "" if none does."""
    for device in points.devices.values():
        if device.kind == "camera" and any(fnmatchcase(place, glob) for glob in device.sees):
            return device.id
    return ""


def _ms(seconds: float) -> int:
    return round(seconds * 1000)
