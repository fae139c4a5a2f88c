"""Floor graph, routing and crowd: an evacuation library without protocols or devices."""

from evacuation.conditions import Conditions, Cue
from evacuation.crowd import Crowd
from evacuation.floor import Floor
from evacuation.laws import BOUNDING, LABORATORY, Laws
from evacuation.moves import Moves, Stranded
from evacuation.people import Person
from evacuation.plan import FloorError
from evacuation.portal import Portal
from evacuation.space import Space
from evacuation.warming import warm
from evacuation.whereabouts import Whereabouts

__all__ = [
    "BOUNDING",
    "LABORATORY",
    "Conditions",
    "Crowd",
    "Cue",
    "Floor",
    "FloorError",
    "Laws",
    "Moves",
    "Person",
    "Portal",
    "Space",
    "Stranded",
    "Whereabouts",
    "warm",
]
