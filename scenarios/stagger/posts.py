"""Where staff stand while classes pass: at the foot of every flight that is used."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import ceil

import numpy as np

from controller.interface.people import GroupEntry
from controller.interface.release import PostEntry
from evacuation import Floor
from scenarios.stagger.rehearsal import Rehearsal, Stage
from scenarios.stagger.schedule import ROUND_S

TEACHER = "teacher"


def posts(stage: Stage, rehearsals: Sequence[Rehearsal], most: int | None) -> list[PostEntry]:
    """Posts at the feet of flights, from the bell until nobody is on the flight any more.

    With fewer staff than feet (`most`) those with the most person-seconds on their flight have
    one. A post has the name of a teacher who has no class then, from the nearest storey, while
    there are any.
    """
    floor = stage.place.floor
    load = np.sum([r.density.sum(axis=1) for r in rehearsals], axis=0)
    used = [k for k, s in enumerate(stage.watched) if floor.spaces[s].is_stair and load[k] > 0]
    chosen = sorted(sorted(used, key=lambda k: -load[k])[:most])
    free = list(_staff(stage))
    found: dict[str, PostEntry] = {}
    for k in chosen:
        foot = _foot(floor, stage.watched[k])
        if foot not in found:
            until = _until(rehearsals, k)
            found[foot] = PostEntry(at=foot, to_s=until, who=_next(floor, foot, free))
    return list(found.values())


def _foot(floor: Floor, flight: str) -> str:
    """The space at the lower end of a flight."""
    doors = [floor.portals[p] for p in floor.portals_of(flight)]
    ends = [end for door in doors for end in door.between if end != flight]
    return min(ends, key=lambda s: (floor.spaces[s].z_m, ends.index(s)))


def _until(rehearsals: Sequence[Rehearsal], k: int) -> float:
    """When the last one leaves a flight in any rehearsal, s, rounded up."""
    busy = [np.flatnonzero(r.density[k] > 0) for r in rehearsals]
    return float(ceil(max(int(one[-1]) + 1 for one in busy if one.size) / ROUND_S) * ROUND_S)


def _staff(stage: Stage) -> Iterator[tuple[str, str]]:
    """Teachers without a class in the period: (member, the space they are in)."""
    for group in stage.place.people.groups:
        if _is_free(group) and (at := group.place(stage.place.period)):
            yield from ((f"{group.id}.p{n:02}", at) for n in range(1, group.count + 1))


def _is_free(group: GroupEntry) -> bool:
    return group.kind == "staff" and group.role == TEACHER


def _next(floor: Floor, foot: str, free: list[tuple[str, str]]) -> str:
    """Take the free teacher from the nearest storey; "" if nobody is left."""
    if not free:
        return ""
    level = floor.spaces[foot].z_m
    best = min(free, key=lambda one: (abs(floor.spaces[one[1]].z_m - level), free.index(one)))
    free.remove(best)
    return best[0]
