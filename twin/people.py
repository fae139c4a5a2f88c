"""The people of a site at one period of its timetable, each with a body, a pace and a delay."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import special

from controller.interface.files import nearest
from controller.interface.people import GroupEntry, PeopleFile, TaskEntry
from evacuation import Person
from evacuation.delay import Delay
from evacuation.streams import shares, words
from evacuation.tasks import Help, Marshal, Sweep, Task
from twin.pace import delay, gaits, mix, profile

Floats = NDArray[np.float64]
TINY = 2.0**-54
PACE, SCATTER, SORT, START = range(4)
"""What each of a person's four numbers decides."""
ROLES = {"class": "pupil", "staff": "staff", "visitors": "visitor"}


@dataclass(frozen=True, slots=True)
class Roll:
    """Who is on site: the people, and the assembly area of each group ("" if it has none)."""

    people: tuple[Person, ...]
    assembly: dict[str, str]


def roll_call(file: PeopleFile, period: str, seed: int) -> Roll:
    """Everybody present in `period`; ValueError names the nearest period.

    Every group and every person has random numbers of its own, so one more class changes
    nobody else. `file` has its areas turned into groups already (`twin.areas.seated`).
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


def heads(file: PeopleFile, period: str) -> Counter[str]:
    """How many people are in each space in a period, leaders with them."""
    found: Counter[str] = Counter()
    for group in file.groups:
        if group.place(period):
            found[group.place(period)] += group.count + (group.leader.count if group.leader else 0)
    return found


def _members(file: PeopleFile, group: GroupEntry, space: str, seed: int) -> Iterator[Person]:
    names = [f"{group.id}.p{n:02}" for n in range(1, group.count + 1)]
    leaders = group.leader.count if group.leader else 0
    names += [f"{group.id}.t{n}" for n in range(1, leaders + 1)]
    own = shares(words(seed, "person", names))
    sorts = _sorts(group, own[:, SORT])
    level, down, up = np.zeros((3, len(names)))
    for name in set(sorts):
        rows = [k for k, sort in enumerate(sorts) if sort == name]
        gait = gaits(profile(file, name), own[rows, PACE])
        level[rows], down[rows], up[rows] = gait.level, gait.down, gait.up
    waits = _delays_ms(delay(file, group.pre_movement), group, own, seed)
    helps, tasks = _helps(file, group), _tasks(group)
    role = group.role or ROLES[group.kind]
    for k, name in enumerate(names):
        leads, sort = k >= group.count, profile(file, sorts[k])
        yield Person(
            id=name,
            space=space,
            group=group.id,
            role=group.leader.role if leads and group.leader else role,
            speed_m_s=float(level[k]),
            body_area_m2=sort.body_area_m2,
            pre_movement_ms=int(waits[k]),
            knows=group.knows,
            leads=leads,
            stair_speed_m_s=float(down[k]) or None,
            stair_up_speed_m_s=float(up[k]) or None,
            together=group.stays_together,
            wheels_m=sort.wheels_m,
            help=helps[k] if k < len(helps) else None,
            task=tasks.get(name),
            dose_limit=sort.dose_limit,
        )


def _sorts(group: GroupEntry, lots: Floats) -> list[str]:
    """The profile of each member, by its part; leaders have their own."""
    parts = mix(group.profile)
    names, ends = list(parts), np.cumsum(list(parts.values()))
    picked = np.searchsorted(ends, lots[: group.count] * ends[-1], side="right")
    found = [names[min(k, len(names) - 1)] for k in picked.tolist()]
    return found + [group.leader.profile] * group.leader.count if group.leader else found


def _delays_ms(law: Delay, group: GroupEntry, own: Floats, seed: int) -> NDArray[np.int64]:
    """A draw for the whole group, or for each person, and a normal scatter; not below zero."""
    if law.per_person:
        base = law.seconds.quantiles(own[:, START])
    else:
        lot = shares(words(seed, "pre-movement", [group.id]))[0, 0]
        base = np.full(len(own), law.seconds.quantiles(lot))
    noise = law.scatter_s * special.ndtri(np.clip(own[:, SCATTER], TINY, 1.0 - TINY))
    return np.asarray(np.rint(1000.0 * np.maximum(0.0, base + noise)), np.int64)


def _helps(file: PeopleFile, group: GroupEntry) -> list[Help]:
    """How each member is brought out, if the plan says so; helpers are taken in their order."""
    plan = group.help
    if plan is None:
        return []
    party = profile(file, plan.how)
    level, down = float(party.level.mean), float(party.down.mean) if party.down else 0.0
    return [
        Help(
            by=tuple(f"{plan.by}.p{k * plan.each + j + 1:02}" for j in range(plan.each)),
            speed_m_s=level,
            stair_speed_m_s=down or level,
            meet=plan.meet,
            prepare_ms=round(1000 * plan.prepare_s),
            wheels_m=party.wheels_m,
            patience_ms=round(1000 * plan.patience_s),
        )
        for k in range(group.count)
    ]


def _tasks(group: GroupEntry) -> dict[str, Task]:
    """What members have to do, by their ids."""
    return {
        f"{group.id}.{entry.who or f'p{number:02}'}": _task(entry)
        for number, entry in enumerate(group.tasks, 1)
    }


def _task(entry: TaskEntry) -> Task:
    if entry.do == "sweep":
        return Sweep(entry.rooms, round(1000 * entry.look_s))
    quiet_ms, stay_ms = round(1000 * entry.quiet_s), round(1000 * entry.stay_s)
    return Marshal(entry.at, entry.tells, quiet_ms, stay_ms)
