"""The compiled `crowd` part of the matrix, and how many adults a body of the site makes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase

from controller.crowdfile import CrowdEntry, LevelEntry, WatchEntry
from controller.interface.people import GroupEntry, PeopleFile

ADULT_M2 = 0.113
"""Body area of an adult in mid-season clothing (Predtechenskii and Milinskii (m))."""

GREEN, AMBER1, AMBER2, RED, UNKNOWN = "green", "amber1", "amber2", "red", "unknown"
SUSPECTED = "suspected"
"""Somebody lies, or bends: for as long as he does, beside the level that stands."""
RISING = (AMBER1, AMBER2, RED)
SAYS = ("density", "count", "line-out", "speed", "fallen", "tamper")
"""What a camera must tell so that a flight can be watched."""


@dataclass(frozen=True, slots=True)
class Level:
    """`agree` of the three signs for `for_ms`; densities in adults per m2."""

    dense: float
    least: float
    for_ms: int
    agree: int


@dataclass(frozen=True, slots=True)
class Watch:
    """A flight, landing or gate with its camera; `adults` is a mean body's area over an adult's.

    `says` are the camera's points in the order of `SAYS`.
    """

    id: str
    camera: str
    says: tuple[str, ...]
    width_m: float
    adults: float
    levels: Mapping[str, Level]


@dataclass(frozen=True, slots=True)
class Crowd:
    """What `CrowdEntry` says, in ms, and the watches by id."""

    watches: Mapping[str, Watch] = field(default_factory=dict)
    counted: float = 1.0
    flow_per_m_s: float = 0.0
    window_ms: int = 0
    standing_m_s: float = 0.0
    unbalance_per_m_s: float = 0.0
    release: float = 1.0
    clear_ms: int = 0
    fall_for_ms: int = 0
    falls_for_ms: int = 0
    suspect_clear_ms: int = 0
    fall_clear_ms: int = 0
    unseen_ms: int = 0


def crowd(entry: CrowdEntry, people: PeopleFile | None) -> Crowd:
    """Compile; without people.yaml every body counts as an adult, which errs towards a warning."""
    return Crowd(
        {one.id: _watch(one, entry, people) for one in entry.watches},
        entry.counted,
        entry.flow_per_m_s,
        _ms(entry.window_s),
        entry.standing_m_s,
        entry.unbalance_per_m_s,
        entry.release,
        _ms(entry.clear_s),
        _ms(entry.fall_for_s),
        _ms(entry.falls_for_s),
        _ms(entry.suspect_clear_s),
        _ms(entry.fall_clear_s),
        _ms(entry.unseen_s),
    )


def body_m2(people: PeopleFile, groups: Sequence[str] = ()) -> float:
    """Mean body area of the members and leaders of these groups (globs; none: all classes), m2."""
    named = groups or ("*",)
    found = [
        (count, area)
        for group in people.groups
        if any(fnmatchcase(group.id, one) for one in named) and (groups or group.kind == "class")
        for count, area in _bodies(people, group)
    ]
    heads = sum(count for count, _ in found)
    return sum(count * area for count, area in found) / heads if heads else ADULT_M2


def _bodies(people: PeopleFile, group: GroupEntry) -> Iterator[tuple[float, float]]:
    """(how many, body area) of every sort of people in a group."""
    parts = {group.profile: 1.0} if isinstance(group.profile, str) else dict(group.profile)
    whole = sum(parts.values())
    for name, share in parts.items():
        yield group.count * share / whole, _area(people, name)
    if group.leader is not None:
        yield group.leader.count, _area(people, group.leader.profile)


def _area(people: PeopleFile, profile: str) -> float:
    """A profile's body area; that of an adult where none is given."""
    known = people.profiles.get(profile)
    return ADULT_M2 if known is None or known.body_area_m2 is None else known.body_area_m2


def _watch(one: WatchEntry, entry: CrowdEntry, people: PeopleFile | None) -> Watch:
    area = ADULT_M2 if people is None else body_m2(people, one.people)
    levels = one.levels or entry.levels
    return Watch(
        one.id,
        one.camera,
        tuple(f"{one.camera}.{name}" for name in SAYS),
        one.width_m,
        area / ADULT_M2,
        {name: _level(getattr(levels, name)) for name in RISING},
    )


def _level(entry: LevelEntry) -> Level:
    return Level(entry.dense, entry.least, _ms(entry.for_s), entry.agree)


def _ms(seconds: float) -> int:
    return round(seconds * 1000)
