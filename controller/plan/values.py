"""The plan as values: receivers, chains, incidents and reports, times in ms."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from controller.access.compiled import AccessPlan
from controller.gate.gate import GatePlan
from controller.intrusion.compiled import Guarded


@dataclass(frozen=True, slots=True)
class Receiver:
    """Who reads the notices of one device; `bus` is mqtt or http, `drill`: is told of drills."""

    id: str
    say: str
    role: str
    drill: bool
    bus: str


@dataclass(frozen=True, slots=True)
class Step:
    """Whom to tell `after_ms`, unless one of `unless` has acknowledged by then."""

    to: tuple[str, ...]
    after_ms: int
    unless: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Incident:
    """What sets a chain off; `places`: button -> the space it is in."""

    id: str
    say: str
    buttons: tuple[str, ...]
    causes: tuple[str, ...]
    steps: tuple[Step, ...]
    clip_ms: int


@dataclass(frozen=True, slots=True)
class Report:
    """A report of some incidents; `follow_ms` 0: there is no follow-up."""

    id: str
    say: str
    incidents: tuple[str, ...]
    to: tuple[str, ...]
    first_ms: int
    follow_ms: int


@dataclass(frozen=True, slots=True)
class Duty:
    """A step of a level: `to` does it `within_ms`, else `instead` is told ("" nobody)."""

    id: str
    say: str
    to: str
    within_ms: int
    instead: str


@dataclass(frozen=True, slots=True)
class Level:
    """A level of the plan, and the roles that may raise to it and lower from it."""

    id: str
    say: str
    raised_by: tuple[str, ...]
    lowered_by: tuple[str, ...]
    steps: tuple[Duty, ...]


@dataclass(frozen=True, slots=True)
class Route:
    """A patrol: checkpoint -> ms after a round began, in order; rounds in ms of a day."""

    id: str
    points: Mapping[str, int]
    rounds_ms: tuple[int, ...]
    window_ms: int


@dataclass(frozen=True, slots=True)
class Plan:
    """A site's plan; `places` and `cameras` are by button, `latches` its point that stays on."""

    receivers: Mapping[str, Receiver] = field(default_factory=dict)
    incidents: Mapping[str, Incident] = field(default_factory=dict)
    reports: tuple[Report, ...] = ()
    places: Mapping[str, str] = field(default_factory=dict)
    cameras: Mapping[str, str] = field(default_factory=dict)
    latches: Mapping[str, str] = field(default_factory=dict)
    levels: tuple[Level, ...] = ()
    routes: tuple[Route, ...] = ()
    utc_offset_ms: int = 0
    access: AccessPlan | None = None
    intrusion: tuple[Guarded, ...] = ()
    guard_desk: str = ""
    gate: GatePlan | None = None
    keep_days: Mapping[str, float] = field(default_factory=dict)
