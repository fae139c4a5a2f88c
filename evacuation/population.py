"""Sets people into their spaces: the arrays of the engine in the order of everybody's lot."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from evacuation.engine.arrays import (
    BINS,
    FILLING,
    FLOW,
    OUT,
    PERSON,
    PROGRESS,
    SERVICE,
    UNAWARE,
    Crowded,
    Floats,
    Folk,
    Longs,
    Net,
    Records,
)
from evacuation.floor import Floor
from evacuation.knowledge import Knowledge, Mind
from evacuation.network import centre, group_by
from evacuation.people import Person
from evacuation.places import draw
from evacuation.plan import nearest
from evacuation.streams import rank, stream


@dataclass(frozen=True, slots=True)
class Population:
    """Everybody, as arrays; ``ids`` and ``number`` translate between names and rows."""

    folk: Folk
    crowd: Crowded
    ids: tuple[str, ...]
    number: Mapping[str, int]
    dose_limits: Floats


def settle(
    floor: Floor, net: Net, knowledge: Knowledge, people: Sequence[Person], seed: int
) -> Population:
    """Place people on a floor; ValueError names everybody who can not be placed.

    Rows are sorted by a hash of seed and id, so the order of ``people`` has no influence.
    """
    _check(floor, people)
    lots = {p.id: rank(seed, p.id) for p in people}
    rows = sorted(people, key=lambda p: (lots[p.id], p.id))
    spaces = {space: k for k, space in enumerate(floor.spaces)}
    start = np.array([spaces[p.space] for p in rows], np.int64)
    crowd = _crowd(net, start, _progress(floor, net, knowledge, rows, seed))
    ids = tuple(p.id for p in rows)
    number = {name: i for i, name in enumerate(ids)}
    limits = np.array([p.dose_limit for p in rows], np.float64)
    return Population(_folk(rows, lots, start), crowd, ids, number, limits)


def _check(floor: Floor, people: Sequence[Person]) -> None:
    problems = []
    seen: set[str] = set()
    for p in people:
        if p.id in seen:
            problems.append(f"two persons are called {p.id}")
        seen.add(p.id)
        if p.space not in floor.spaces:
            close = nearest(p.space, list(floor.spaces))
            problems.append(f"{p.id} is in {p.space}, which is no space{_hint(close)}")
        if p.speed_m_s <= 0 or p.pre_movement_ms < 0:
            problems.append(f"{p.id} needs a speed above zero and no negative pre-movement")
        if not p.dose_limit > 0:
            problems.append(f"{p.id} needs a dose limit above zero, not {p.dose_limit:g}")
        problems += [
            f"{p.id} knows {e}, which is no exit{_hint(nearest(e, floor.exits))}"
            for e in p.knows
            if e not in floor.exits
        ]
    if problems:
        raise ValueError("; ".join(problems))


def _hint(close: str) -> str:
    return f" (nearest: {close})" if close else ""


def _folk(rows: Sequence[Person], lots: Mapping[str, int], start: Longs) -> Folk:
    names = {name: g for g, name in enumerate(sorted({p.group for p in rows}))}
    who = np.zeros(len(rows), PERSON)
    for row, p in zip(who, rows, strict=True):
        row["speed"], row["stair_speed"] = p.speed_m_s, p.stair_speed_m_s or 0.0
        row["pre_ms"], row["lot"] = p.pre_movement_ms, lots[p.id]
        row["group"], row["leads"] = names[p.group], p.leads
    who["start"] = start
    first, members = group_by(who["group"], len(names))
    return Folk(who, first, members)


def _progress(
    floor: Floor, net: Net, knowledge: Knowledge, rows: Sequence[Person], seed: int
) -> Records:
    """Return everybody at his place, with his knowledge, before anything has happened."""
    portals = {portal: k for k, portal in enumerate(floor.portals)}
    numbers = {space: k for k, space in enumerate(floor.spaces)}
    who = np.zeros(len(rows), PROGRESS)
    for row, person in zip(who, rows, strict=True):
        space = floor.spaces[person.space]
        source = stream(seed, f"place/{person.id}")
        place = person.xy or draw(space, centre(net, numbers[space.id]), source)
        row["x"], row["y"] = place
        if space.is_stair:
            row["up"] = source.uniform(0.0, space.slope_length_m)
        row["mind"] = knowledge.number(Mind(frozenset(portals[e] for e in person.knows)))
    for field in ("target", "came", "ring", "after", "before", "lost"):
        who[field] = -1
    return who


def _crowd(net: Net, start: Longs, who: Records) -> Crowded:
    safe = net.room["safe"][start]
    line, door = np.zeros(net.line.size, FLOW), np.zeros(net.door.size, SERVICE)
    room = np.zeros(net.room.size, FILLING)
    line["head"] = line["tail"] = door["last"] = -1
    door["ready"] = room["entered"] = room["freed"] = -np.inf
    room["pace"] = room["air"] = 1.0
    room["count"] = np.bincount(start[~safe], minlength=room.size)
    return Crowded(
        state=np.where(safe, OUT, UNAWARE).astype(np.int8),
        space=start.copy(),
        who=who,
        line=line,
        door=door,
        room=room,
        rings=np.zeros((line.size, BINS), np.int64),
        cost=np.zeros(1 + int(np.max(net.room["high"] - net.room["low"], initial=0))),
        meta=np.zeros(5, np.int64),
    )
