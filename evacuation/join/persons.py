"""People of the graph as those whom a zone can move."""

import numpy as np

from evacuation.engine.arrays import Flags
from evacuation.scene import Scene
from evacuation.zone.body import Body, build_of


def lendable(scene: Scene) -> Flags:
    """Tell who can be a body among others: no wheelchair, and nobody who is brought out."""
    rows = scene.population.rows
    return np.array([not (one.wheels_m or one.help) for one in rows], np.bool_)


def somebody_of(scene: Scene, space: int) -> int:
    """Return some person of the part of the floor in which a space lies."""
    rooms, offsets = scene.net.rooms, scene.population.offsets
    at = int(np.flatnonzero(rooms == space)[0])
    part = int(np.searchsorted(offsets["rooms"], at, side="right")) - 1
    return int(offsets["people"][part])


def body_of(scene: Scene, row: int, aim: str, urgent: bool) -> Body:
    """Return somebody as a body, heading for a line; ``urgent``: he runs."""
    person = scene.population.rows[row]
    return Body(person.id, build_of(person.body_area_m2), person.speed_m_s, aim, urgent)
