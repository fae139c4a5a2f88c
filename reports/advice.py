"""What to do against a crush, by what makes a place dangerous: most effective first.

The order is that of the literature and of trial runs (docs/stampede.md), not of this run: what is
measured for a place is said by `twin compare --robust`.
"""

from __future__ import annotations

STOP = (
    "stop the inflow from above within 10 s of a fall: hold the upper floors, by voice and by staff"
)
OPEN = "keep every door on the way open from inside; open the gate before people come"
SPREAD = "release class by class (twin stagger), so that the stair stays thin"
STAFF = "a teacher on each landing, above and beside the flow, not in it"
ONE_WAY = "one direction per stair while a building empties"
LIGHT = "light at 10 lx and more on every step, also without mains; marks across each step"
METER = "let a thin stream through the corridor doors above (2 adults per m² on the stair)"
SPLIT = "send a part of the people to the other stair: signs, a roof against rain"
WIDEN = "widen the narrowest element on the way; useless if the next is narrower"
RAIL = "a rail in the middle of stairs wider than 2.4 m, in reach on all others"
CALM = "calm and specific words (stop, step back, this floor waits); never `hurry`"

BY_MECHANISM: dict[str, tuple[str, ...]] = {
    "people fall over those who lie": (STOP, STAFF, SPREAD, LIGHT, RAIL, CALM),
    "those behind press on those in front": (OPEN, STOP, SPREAD, METER, WIDEN, CALM),
    "the flow breaks down in a dense crowd": (SPREAD, METER, SPLIT, ONE_WAY, WIDEN, STAFF),
    "it is crowded": (SPREAD, SPLIT, METER, ONE_WAY, STAFF),
    "a misstep": (LIGHT, RAIL, SPREAD, STAFF),
}
"""Mechanism (`evacuation.crush.risk.mechanism`) -> actions, the strongest first."""
SHOWN = 3


def advice(mechanism: str) -> tuple[str, ...]:
    """The first actions against a mechanism; none against what is no danger."""
    return BY_MECHANISM.get(mechanism, ())[:SHOWN]
