"""How people of one sort walk and delay: a file's own numbers over a published table's."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from controller.interface.people import PeopleFile, PreMovementEntry, ProfileEntry
from controller.interface.spread import SpeedEntry
from evacuation.delay import DELAYS, Delay
from evacuation.distribution import Distribution, constant
from evacuation.profiles import HELPED, LEAST_M_S, MIXES, PROFILES, Profile

Floats = NDArray[np.float64]
BODY_M2 = 0.113
"""Adult in mid-season clothing, Predtechenskii and Milinskii (m)."""
TABLES = {**PROFILES, **HELPED}


@dataclass(frozen=True, slots=True)
class Gait:
    """What some persons draw: speeds in m/s (0: by the stair law), one number per person."""

    level: Floats
    down: Floats
    up: Floats


def profile(file: PeopleFile, name: str) -> Profile:
    """The profile of a name: the file's, or a published table's."""
    own = file.profiles.get(name)
    return TABLES[name] if own is None else _own(own)


def _own(entry: ProfileEntry) -> Profile:
    base = TABLES.get(entry.table)
    level = _speed(entry.speed) if entry.speed else base.level if base else constant(1.0)
    down = _speed(entry.stairs_down) if entry.stairs_down else base.down if base else None
    up = _speed(entry.stairs_up) if entry.stairs_up else base.up if base else None
    area = entry.body_area_m2 or (base.body_area_m2 if base else BODY_M2)
    wheels = base.wheels_m if base and entry.wheels_m is None else entry.wheels_m or 0.0
    source = entry.source or (base.source if base else "")
    return Profile(level, source, down, up, area, wheels, entry.dose_limit)


def _speed(entry: SpeedEntry) -> Distribution:
    low, high = entry.min or LEAST_M_S, entry.max or np.inf
    return Distribution(entry.distribution, entry.parameters(), min(low, high), high)


def gaits(sort: Profile, shares: Floats) -> Gait:
    """Draw speeds for each share; who is quick on the level is quick on stairs."""
    level = sort.level.quantiles(shares)
    down = sort.down.quantiles(shares) if sort.down else np.zeros_like(level)
    return Gait(level, down, sort.up.quantiles(shares) if sort.up else down)


def mix(name: str | dict[str, float]) -> dict[str, float]:
    """The profiles of a group with their parts; a name alone is one part, or a published mix."""
    if isinstance(name, str):
        return MIXES.get(name, {name: 1.0})
    return dict(name)


def delay(file: PeopleFile, name: str) -> Delay:
    """The pre-movement of a name: the file's, or a preset."""
    own = file.pre_movement.get(name)
    return DELAYS[name] if own is None else _delay(own)


def _delay(entry: PreMovementEntry) -> Delay:
    base = DELAYS[entry.preset] if entry.preset else Delay(_seconds(entry), 0.0, False)
    per_person = base.per_person if entry.per is None else entry.per == "person"
    scatter_s = base.scatter_s if entry.scatter_s is None else entry.scatter_s
    return Delay(base.seconds, scatter_s, per_person, entry.source or base.source)


def _seconds(entry: PreMovementEntry) -> Distribution:
    family, given = entry.family, entry.parameters()
    if family == "lognormal" and given["median"] == 0.0:
        return constant(0.0)
    return Distribution(family, given, entry.min_s or 0.0, entry.max_s or np.inf)
