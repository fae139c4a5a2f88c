"""Sets people into their spaces: the arrays of the engine by space and everybody's lot."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from operator import attrgetter

import numpy as np

from evacuation import places
from evacuation.engine.arrays import (
    BINS,
    FILLING,
    FIRST,
    FLOW,
    KEY,
    LAST,
    LOAD,
    META,
    NOTED,
    ONE,
    OUT,
    PERSON,
    SERVICE,
    TALLY,
    TRAIL,
    UNAWARE,
    WAY,
    Crowded,
    Folk,
    Ints,
    Longs,
    Net,
    Records,
)
from evacuation.engine.step import THINK_STEPS
from evacuation.floor import Floor
from evacuation.knowledge import Knowledge
from evacuation.laws import Laws
from evacuation.mind import Mind
from evacuation.network import group_by
from evacuation.parts import Parts
from evacuation.people import Person
from evacuation.places import Lots
from evacuation.seating import check
from evacuation.smoke.limits import Limits, limits_of
from evacuation.streams import shares, words

KINDS = 255
"""More body areas than fit a byte count as the largest that does."""


@dataclass(frozen=True, slots=True)
class Population:
    """Everybody, as arrays; ``ids`` and ``number`` translate between names and rows,
    ``rows`` are the persons in the order of the arrays.

    ``offsets`` tells where the parts of the floor begin among rooms, cells, portals, people and
    leaders; ``bodies`` are the body areas (m2) that ``folk.who["kind"]`` counts.
    """

    folk: Folk
    crowd: Crowded
    rows: Sequence[Person]
    ids: tuple[str, ...]
    number: Mapping[str, int]
    dose_limits: Limits
    offsets: Mapping[str, Longs]
    bodies: tuple[float, ...]

    @property
    def bytes_per_person(self) -> float:
        """What the engine keeps for each person: all arrays with a row per person."""
        count = max(len(self.ids), 1)
        folk, crowd = self.folk, self.crowd
        arrays = (
            folk.who, folk.members, folk.turns, crowd.state, crowd.space, crowd.who, crowd.trail,
            crowd.walkers, crowd.preparing, crowd.held, self.dose_limits.kind,
        )  # fmt: skip
        return sum(array.nbytes for array in arrays) / count


def settle(
    floor: Floor,
    net: Net,
    parts: Parts,
    knowledge: Knowledge,
    people: Sequence[Person],
    seed: int,
    laws: Laws,
) -> Population:
    """Place people on a floor; ValueError names everybody who can not be placed.

    Rows are sorted by part and space, and there by a hash of seed and id: the order of ``people``
    has no influence.
    """
    check(floor, people)
    spaces = {space: k for k, space in enumerate(floor.spaces)}
    start = np.fromiter((spaces[p.space] for p in people), np.int64, len(people))
    drawn = words(seed, "rank", [p.id for p in people])
    order = np.lexsort((drawn[:, 0], start, parts.space[start]))
    rows = [people[k] for k in order.tolist()]
    start, drawn = start[order], drawn[order]
    lots = np.ascontiguousarray(drawn[:, 0])
    bodies = tuple(sorted({p.body_area_m2 for p in rows}))
    folk = _folk(rows, lots, start, parts, laws)
    folk.who["kind"] = np.minimum(np.searchsorted(bodies, [p.body_area_m2 for p in rows]), KINDS)
    offsets = _offsets(net, folk, start, parts)
    crowd = _crowd(net, folk, start, _trail(floor, net, rows, start, lots), parts, offsets)
    crowd.trail["bears"] = -np.log1p(-shares(drawn[:, 1]))
    crowd.who["mind"] = _minds(floor, knowledge, rows)
    ids = tuple(p.id for p in rows)
    numbers = dict(zip(ids, range(len(ids)), strict=True))
    limits = limits_of([p.dose_limit for p in rows])
    return Population(folk, crowd, rows, ids, numbers, limits, offsets, bodies[: KINDS + 1])


def _offsets(net: Net, folk: Folk, start: Longs, parts: Parts) -> Mapping[str, Longs]:
    return {
        "rooms": parts.offsets(parts.space),
        "cells": parts.offsets(parts.space[net.cell["room"]]),
        "portals": parts.offsets(parts.portal),
        "people": parts.offsets(parts.space[start]),
        "leaders": parts.offsets(parts.space[start[folk.who["leads"]]]),
    }


def _folk(rows: Sequence[Person], lots: Lots, start: Longs, parts: Parts, laws: Laws) -> Folk:
    names = {name: g for g, name in enumerate(sorted({p.group for p in rows}))}
    who = np.zeros(len(rows), PERSON)
    for field, name in (("speed", "speed_m_s"), ("pre_ms", "pre_movement_ms"), ("leads", "leads")):
        who[field] = list(map(attrgetter(name), rows))
    who["stair_speed"] = [p.stair_speed_m_s or 0.0 for p in rows]
    who["stair_up"] = [p.stair_up_speed_m_s or p.stair_speed_m_s or 0.0 for p in rows]
    who["size"] = [max(1, round(ONE * laws.size(p.body_area_m2))) for p in rows]
    who["group"] = [names[p.group] for p in rows]
    who["lot"], who["start"], who["guide"] = lots, start, -1
    first, members = group_by(who["group"], len(names))
    own = parts.space[start]
    turn, turns = _turns(own, (lots % np.uint64(THINK_STEPS)).astype(np.int64), parts.count)
    count, spaces = np.bincount(start, minlength=len(parts.space)), parts.order()
    ends = np.empty(len(count), np.int64)
    ends[spaces] = np.cumsum(count[spaces])
    return Folk(who, first, members.astype(np.int32), ends - count, ends, turn, turns)


def _turns(parts: Longs, turns: Longs, count: int) -> tuple[Longs, Ints]:
    """Return where each turn begins among the people of its part, [parts, turns + 1], and them."""
    first, order = group_by(parts * THINK_STEPS + turns, count * THINK_STEPS)
    begin = first[:-1].reshape(count, THINK_STEPS)
    begin = np.hstack([begin, first[THINK_STEPS::THINK_STEPS, None]])
    return np.ascontiguousarray(begin - begin[:, :1]), order.astype(np.int32)


def _trail(floor: Floor, net: Net, rows: Sequence[Person], start: Longs, lots: Lots) -> Records:
    """Return everybody at his place before anything has happened."""
    spaces = list(floor.spaces.values())
    trail = np.zeros(len(rows), TRAIL)
    points = places.draw(spaces, _middles(net), start, lots)
    for k, p in enumerate(rows):
        if p.xy is not None:
            points[k] = p.xy
    trail["x"], trail["y"] = points.T
    slopes = np.array([space.slope_length_m for space in spaces])
    trail["up"] = slopes[start] * places.uniform(lots, places.UP)
    for field in ("after", "before", "lost"):
        trail[field] = -1
    return trail


def _middles(net: Net) -> np.ndarray:
    """Return a middle point of each space from its portals, for want of an outline, [spaces, 2]."""
    send = net.line["send"]
    doors = np.arange(send.size) >> 1
    count = np.maximum(np.bincount(send, minlength=net.room.size), 1)
    sums = [np.bincount(send, net.door[f][doors], net.room.size) for f in ("x", "y")]
    return np.stack(sums, axis=1) / count[:, None]


def _minds(floor: Floor, knowledge: Knowledge, rows: Sequence[Person]) -> list[int]:
    portals = {portal: k for k, portal in enumerate(floor.portals)}
    numbers: dict[tuple[tuple[str, ...], float], int] = {}
    keys = [(p.knows, p.wheels_m) for p in rows]
    for knows, wheels_m in dict.fromkeys(keys):
        mind = Mind(frozenset(portals[e] for e in knows), wheels_m=wheels_m)
        numbers[knows, wheels_m] = knowledge.number(mind)
    return [numbers[key] for key in keys]


def _crowd(
    net: Net, folk: Folk, start: Longs, trail: Records, parts: Parts, offsets: Mapping[str, Longs]
) -> Crowded:
    people, crossings, rooms = len(start), net.line.size, net.room.size
    safe = net.room["safe"][start]
    line, door = np.zeros(crossings, FLOW), np.zeros(net.door.size, SERVICE)
    for field in ("head", "tail", "first", "last"):
        line[field] = -1
    line["ready"] = -np.inf
    line["stands"] = net.line["beyond"] < 0
    door["last"], door["ready"], door["due"] = -1, -np.inf, np.inf
    who = _ways(net, folk, start, trail)
    meta = np.zeros((parts.count, META), np.int64)
    meta[:, FIRST], meta[:, LAST] = offsets["people"][:-1], offsets["people"][1:]
    own = parts.space[start]
    meta[:, TALLY + OUT] = np.bincount(own[safe], minlength=parts.count)
    meta[:, TALLY + UNAWARE] = np.bincount(own[~safe], minlength=parts.count)
    return Crowded(
        state=np.where(safe, OUT, UNAWARE).astype(np.int8),
        space=start.astype(np.int32),
        who=who,
        trail=trail,
        line=line,
        reach=np.zeros(crossings),
        door=door,
        room=_filled(start[~safe], folk.who["size"][~safe], rooms),
        cell=_loaded(net, who["cell"][~safe], folk.who["size"][~safe]),
        rings=np.zeros((crossings, BINS), np.int32),
        keys=np.zeros(4 * net.door.size + 64, KEY),
        cost=np.zeros(1 + int(np.max(net.room["high"] - net.room["low"], initial=0))),
        active=np.zeros(net.door.size, np.int32),
        walkers=np.zeros(people, np.int32),
        preparing=np.zeros(people, np.int32),
        held=np.zeros(int(folk.who["leads"].sum()), np.int32),
        fresh=np.zeros((parts.count, NOTED), np.int32),
        minded=np.zeros((parts.count, NOTED), np.int32),
        changed=np.zeros(net.cell.size, np.int32),
        touched=np.zeros(rooms, np.int32),
        meta=meta,
    )


def _ways(net: Net, folk: Folk, start: Longs, trail: Records) -> Records:
    """Return everybody in his cell, heading nowhere."""
    who = np.zeros(len(start), WAY)
    room = net.room[start]
    along = trail["x"] * room["ux"] + trail["y"] * room["uy"] - room["base"]
    along = np.where(room["stair"], trail["up"], along)
    cell = np.floor(along / room["length"] * room["cells"]).astype(np.int64)
    who["cell"] = room["cell"] + np.clip(cell, 0, room["cells"] - 1)
    who["turn"] = folk.who["lot"] % np.uint64(THINK_STEPS)
    for field in ("target", "came", "ring"):
        who[field] = -1
    return who


def _filled(start: Longs, sizes: Longs, rooms: int) -> Records:
    room = np.zeros(rooms, FILLING)
    room["entered"] = -np.inf
    room["count"] = np.bincount(start, minlength=rooms)
    room["load"] = np.bincount(start, sizes, rooms)
    return room


def _loaded(net: Net, cells: Longs, sizes: Longs) -> Records:
    cell = np.zeros(net.cell.size, LOAD)
    cell["freed"] = cell["low_at"] = cell["high_at"] = -np.inf
    cell["pace"] = cell["air"] = 1.0
    cell["load"] = np.bincount(cells, sizes, net.cell.size)
    return cell
