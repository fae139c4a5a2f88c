"""What a zone's people are told and given: hurry, light, rails, words, staff, meters and holds."""

from math import inf

import numpy as np

from evacuation.conditions import Handling
from evacuation.crush.crush import Crush
from evacuation.crush.ground import RUNS
from evacuation.crush.parameters import Falls
from evacuation.engine.arrays import Longs
from evacuation.floor import Floor
from evacuation.join.frame import Frame
from evacuation.join.patch import Patch
from evacuation.join.threshold import Threshold
from evacuation.zone.zone import Zone

LIT_LX = 100.0
"""Light of a space of which nothing else is said: lit."""


def handle(
    told: Handling, zone: Zone, frames: tuple[Frame, ...], patch: Patch,
    thresholds: list[Threshold], falls: Falls, staffed: bool,
) -> bool:  # fmt: skip
    """Carry out on a zone what is done to its spaces; whether its people run.

    Hurry is that of its most hurried space, so the share who push is one for the zone; so are the
    words that are heard in any of its spaces. ``staffed``: a marshal is heard in it.
    """
    hurry = max((told.urgency.get(space, 1.0) for space in patch.core), default=1.0)
    own = falls.zone
    share = falls.staff_share if staffed else own.told_share
    speed, help_s = (falls.staff_m_s, falls.staff_help_s) if staffed else (
        own.word_m_s, own.helpers_s
    )  # fmt: skip
    zone.heed(falls.pushing(hurry), share, speed, help_s)
    zone.word.tell_all(zone.tick if told.told.intersection(patch.core) else None)
    zone.store.people.urgent[:] = hurry > RUNS
    _equip(told, zone, frames, patch.floor, falls)
    for one in thresholds:
        one.most = told.metered.get(one.line.id, inf)
    return hurry > RUNS


def _equip(
    told: Handling, zone: Zone, frames: tuple[Frame, ...], floor: Floor, falls: Falls
) -> None:
    for piece, frame in zip(zone.layout.pieces, frames, strict=True):
        space = floor.spaces[frame.space]
        zone.light(piece.id, told.light_lx.get(space.id, LIT_LX))
        if space.is_stair:
            zone.rail(piece.id, told.rails.get(space.id, space.width_m <= falls.rail_m))


def is_staffed(crush: Crush, core: Longs) -> bool:
    """Tell whether a marshal stands in one of some spaces, or next to it, and is not swept off."""
    return bool(np.any(crush.word.marshals[core]))
