"""Compiles the engine ahead of the first run, with something to read meanwhile."""

from collections.abc import Callable

from evacuation.conditions import Conditions, Cue
from evacuation.crowd import Crowd
from evacuation.engine import compiled
from evacuation.floor import Floor
from evacuation.join.patch import Patch
from evacuation.people import Person

_FLOOR = {
    "spaces": [
        {"id": "room", "kind": "room", "area_m2": 20.0},
        {"id": "street", "kind": "street", "area_m2": 1e4, "safe": True},
    ],
    "portals": [{"id": "door", "between": ["room", "street"], "width_m": 1.0, "at": [0.0, 0.0]}],
}


def warm(progress: Callable[[str], None]) -> None:
    """Compile all kernels, or load them from the cache; ``progress`` gets a line per stage."""
    progress(f"crowd engine: compiling kernels into {compiled.FOLDER}")
    people = [Person(f"p{k}", "room", "g", "adult", 1.2, 0.1, 0) for k in range(2)]
    crowd = Crowd(Floor.from_mapping(_FLOOR), people, seed=0)
    cue = Cue(("room",), "warm", "told", "")
    crowd.advance(100, Conditions(cues=(cue,)))
    progress("crowd engine: step kernel ready")
    crowd.advance(100, Conditions(incapacitated=frozenset({"p0"})))
    crowd.settled  # noqa: B018
    progress("crowd engine: ready")
    zones = Crowd(Floor.from_mapping(_FLOOR), people, seed=0, zones="auto").zones
    if zones is not None:
        zones.open(Patch("room", ("room",), Floor.from_mapping(_FLOOR)), 0.0)
        zones.act(200.0)
    progress("crush zone: ready")
