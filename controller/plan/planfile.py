"""plan.yaml as written: who is told what, in which order and by when. A site need not have one."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from controller.access.entry import AccessEntry
from controller.gate.entry import GateEntry
from controller.interface.files import Entry
from controller.intrusion.entry import IntrusionEntry

Name = Annotated[str, Field(pattern=r"^[a-z0-9.-]{1,48}$")]
Say = Annotated[str, Field(min_length=2, max_length=200)]
Seconds = Annotated[float, Field(ge=0, le=30 * 86_400)]
Some = Annotated[tuple[str, ...], Field(min_length=1)]
_TIME = r"^([01][0-9]|2[0-3]):[0-5][0-9]$"
Role = Literal["duty", "head", "police", "bureau", "staff"]
"""Who reads a receiver: guard room, head of the school, police, education bureau, other staff."""


class ReceiverEntry(Entry):
    """Who stands behind a device of kind `notice-receiver`.

    `drill`: whether it is told of drills; the police never are.
    """

    say: Say
    role: Role
    drill: bool | None = None


class StepEntry(Entry):
    """One step of a chain: `after_s` from its beginning, `unless` one of these acknowledged."""

    to: Some
    after_s: Seconds = 0
    unless: tuple[str, ...] = ()


class ChainEntry(Entry):
    """Who is told, in which order; `clause` is where that is written."""

    id: Name
    say: Say
    steps: Annotated[tuple[StepEntry, ...], Field(min_length=1)]
    clause: str = ""


class IncidentEntry(Entry):
    """What sets a chain off: buttons that are pressed, or causes of the matrix that hold (globs).

    `clip_s`: how much of the camera's picture before the alarm is referred to.
    """

    id: Name
    say: Say
    chain: str
    buttons: tuple[str, ...] = ()
    causes: tuple[str, ...] = ()
    clip_s: Annotated[float, Field(ge=0, le=300)] = 30
    clause: str = ""


class ReportEntry(Entry):
    """A report to authorities: the first within `first_s` of the incident, then a follow-up."""

    id: Name
    say: Say
    incidents: Some
    to: Some
    first_s: Annotated[float, Field(gt=0, le=30 * 86_400)]
    follow_up_s: Seconds | None = None
    clause: str = ""


class DutyEntry(Entry):
    """One step of a level: who is told to do what, and by when it must be done."""

    id: Name
    say: Say
    to: str
    within_s: Annotated[float, Field(gt=0, le=86_400)]
    instead: str = ""


class LevelEntry(Entry):
    """A level of the plan. They stand from the least serious (IV) to the most (I).

    `raised_by`, `lowered_by`: roles of operators that may raise to it, or lower from it; `desk` is
    whoever stands at a duty desk.
    """

    id: Annotated[str, Field(pattern=r"^[A-Za-z0-9.-]{1,16}$")]
    say: Say
    raised_by: Some
    lowered_by: Some
    steps: tuple[DutyEntry, ...] = ()
    clause: str = ""


class CheckpointEntry(Entry):
    """A checkpoint of a route, `after_min` from the beginning of a round."""

    at: str
    after_min: Annotated[float, Field(ge=0, le=600)]


class RouteEntry(Entry):
    """A patrol: its checkpoints in order, when its rounds begin (local time), how exactly.

    A visit `window_min` earlier or later is in time.
    """

    id: Name
    say: Say
    points: Annotated[tuple[CheckpointEntry, ...], Field(min_length=2)]
    rounds: Annotated[tuple[Annotated[str, Field(pattern=_TIME)], ...], Field(min_length=1)]
    window_min: Annotated[float, Field(gt=0, le=120)] = 10
    clause: str = ""


class PatrolEntry(Entry):
    """Electronic patrol; `rounds_a_day` are the least."""

    rounds_a_day: Annotated[int, Field(ge=1, le=48)] = 5
    routes: Annotated[tuple[RouteEntry, ...], Field(min_length=1)]


class PrivacyEntry(Entry):
    """How many days the journal can be tied to persons, by class of data; see `Pseudonyms`.

    A class that is left out can be tied to them as long as the journal is kept.
    """

    keep_days: dict[str, Annotated[float, Field(gt=0, le=36_600)]]


class PlanFile(Entry):
    """plan.yaml: every section may be left out.

    `utc_offset_h` is local time less UTC: hours and rounds are local time.
    """

    plan: Literal[1]
    utc_offset_h: Annotated[float, Field(ge=-12, le=14)] | None = None
    receivers: dict[str, ReceiverEntry] = Field(default_factory=dict)
    chains: tuple[ChainEntry, ...] = ()
    incidents: tuple[IncidentEntry, ...] = ()
    cameras: dict[str, str] = Field(default_factory=dict)
    reports: tuple[ReportEntry, ...] = ()
    levels: tuple[LevelEntry, ...] = ()
    patrol: PatrolEntry | None = None
    access: AccessEntry | None = None
    intrusion: IntrusionEntry | None = None
    gate: GateEntry | None = None
    privacy: PrivacyEntry | None = None
