"""The people of a site at one period of its timetable, each with a body, a pace and a delay."""

from __future__ import annotations

from dataclasses import dataclass
from math import exp

import numpy as np

from controller.interface.files import nearest
from controller.interface.people import GroupEntry, PeopleFile, PreMovementEntry, SpeedEntry
from controller.interface.streams import stream
from evacuation import Person


@dataclass(frozen=True, slots=True)
class Roll:
    """Who is on site: the people, and the assembly area of each group ("" if it has none)."""

    people: tuple[Person, ...]
    assembly: dict[str, str]


def roll_call(file: PeopleFile, period: str, seed: int) -> Roll:
    """Everybody present in `period`; ValueError names the nearest period.

    Every group and every person has a random stream of its own, so one more class changes
    nobody else.
    """
    periods = [entry.id for entry in file.timetable]
    if period not in periods:
        hint = nearest(period, periods)
        raise ValueError(
            f"no period {period!r} in the timetable"
            + (f"; did you mean {hint!r}?" if hint else f"; it has {', '.join(periods)}")
        )
    present = [group for group in file.groups if group.place(period)]
    people = tuple(
        person for group in present for person in _members(file, group, group.place(period), seed)
    )
    return Roll(people, {group.id: group.assembly for group in present})


def _members(file: PeopleFile, group: GroupEntry, space: str, seed: int) -> list[Person]:
    delay = file.pre_movement[group.pre_movement]
    group_s = _lognormal(delay, stream(seed, f"pre-movement/{group.id}"))
    roles = {"class": "pupil", "staff": "staff", "visitors": "visitor"}
    role = group.role or roles[group.kind]
    rows = [(f"p{n:02}", group.profile, role, False) for n in range(1, group.count + 1)]
    if group.leader is not None:
        lead = group.leader
        rows += [(f"t{n}", lead.profile, lead.role, True) for n in range(1, lead.count + 1)]
    members = []
    for mark, profile, role, leads in rows:
        name = f"{group.id}.{mark}"
        own = stream(seed, f"person/{name}")
        body = file.profiles[profile]
        members.append(
            Person(
                id=name,
                space=space,
                group=group.id,
                role=role,
                speed_m_s=_speed(body.speed, own),
                body_area_m2=body.body_area_m2,
                pre_movement_ms=_delay_ms(group_s, delay.scatter_s, own),
                knows=group.knows,
                leads=leads,
                dose_limit=body.dose_limit,
            )
        )
    return members


def _lognormal(delay: PreMovementEntry, random: np.random.Generator) -> float:
    """One draw for the whole group, s: lognormal with the stated median and sigma."""
    return delay.median_s * exp(delay.sigma * random.standard_normal())


def _delay_ms(group_s: float, scatter_s: float, random: np.random.Generator) -> int:
    """The group's delay and a normal scatter of the person, not below zero, ms."""
    return round(1000 * max(0.0, group_s + scatter_s * random.standard_normal()))


def _speed(speed: SpeedEntry, random: np.random.Generator) -> float:
    """A draw from the normal distribution cut off at both ends (drawn again until inside), m/s."""
    for _ in range(100):
        drawn = float(speed.mean + speed.sd * random.standard_normal())
        if speed.min <= drawn <= speed.max:
            return drawn
    return speed.mean
