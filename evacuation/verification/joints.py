"""A way that is graph, and the same way with a crush zone in it: flow and queue must agree."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from evacuation.conditions import Conditions, Cue
from evacuation.crowd import Crowd
from evacuation.crush.parameters import Falls
from evacuation.floor import Floor
from evacuation.join.patch import Patch
from evacuation.laws import ADULT_M2
from evacuation.people import Person
from evacuation.streams import stream
from evacuation.verification.case import Case, Finding, case, judged

WIDTH_M, NECK_M, PIECE_M, PIECES, PEOPLE = 2.0, 0.8, 12.0, 3, 300

OPEN_MS, FROM_MS, TO_MS = 100_000, 120_000, 160_000
"""The zone opens in the standing queue; flow and queue are read in between."""
PACKED_PER_M2 = 2.5
"""Twice the density at which people walk through the corridor."""


@dataclass(frozen=True, slots=True)
class Course:
    """Steady flow out (1/s), and the mean length of the queue before the neck (m)."""

    flow: float
    queue: float


def _way() -> Floor:
    """A hall, three pieces of corridor of 12 x 2 m, a door of 0.8 m."""
    hall = {"id": "hall", "kind": "room", "area_m2": 400.0,
            "outline": [[-20, -10], [0, -10], [0, 10], [-20, 10]]}  # fmt: skip
    spaces: list[dict[str, Any]] = [hall]
    portals: list[dict[str, Any]] = []
    for k in range(PIECES):
        a, b = k * PIECE_M, (k + 1) * PIECE_M
        spaces.append({
            "id": f"c{k}", "kind": "corridor", "area_m2": PIECE_M * WIDTH_M, "width_m": WIDTH_M,
            "outline": [[a, -WIDTH_M / 2], [b, -WIDTH_M / 2], [b, WIDTH_M / 2], [a, WIDTH_M / 2]],
        })  # fmt: skip
        portals.append({"id": f"o{k}", "between": ["hall" if k == 0 else f"c{k - 1}", f"c{k}"],
                        "width_m": WIDTH_M, "at": [a, 0.0], "kind": "opening"})  # fmt: skip
    spaces.append({"id": "street", "kind": "street", "area_m2": 1e4, "safe": True})
    portals.append({"id": "exit", "between": [f"c{PIECES - 1}", "street"], "width_m": NECK_M,
                    "at": [PIECES * PIECE_M, 0.0]})  # fmt: skip
    return Floor.from_mapping({"spaces": spaces, "portals": portals})


def _course(split: bool) -> Course:
    """Empty the way through its neck; the zone opens when the queue has grown into it."""
    speeds = np.clip(stream(1, "speeds").normal(1.34, 0.26, PEOPLE), 0.7, 2.0)
    people = [
        Person(f"p{k}", "hall", "g", "adult", float(v), ADULT_M2, 0, xy=(-1.0 - 0.1 * k, 0.0))
        for k, v in enumerate(speeds)
    ]
    crowd = Crowd(_way(), people, 1, falls=Falls(), zones="auto" if split else "off")
    given = Conditions(cues=(Cue(("hall",), "bell", "sounder", "start"),))
    outs: list[int] = []
    queues: list[float] = []
    while crowd.inside and crowd.now_ms < 400_000:
        if split and crowd.zones is not None and crowd.now_ms == OPEN_MS:
            crowd.zones.open(Patch("c1", ("c1",), crowd.floor), float(crowd.now_ms))
        outs += [t for _, _, t in crowd.advance(500, given).outs]
        if FROM_MS <= crowd.now_ms < TO_MS:
            queues.append(_queue_m(crowd))
    steady = sorted(t for t in outs if FROM_MS <= t < TO_MS)
    flow = 1000.0 * (len(steady) - 1) / (steady[-1] - steady[0])
    return Course(flow, float(np.mean(queues)))


def _queue_m(crowd: Crowd) -> float:
    """How far from the neck the last piece of corridor is packed, m."""
    packed = np.concatenate([crowd.profile(f"c{k}") for k in range(PIECES)]) >= PACKED_PER_M2
    cell = PIECE_M * PIECES / len(packed)
    return float(cell * (len(packed) - np.argmax(packed))) if packed.any() else 0.0


@case(
    "C19", "stampede", "Graph, zone, graph (P6)", "acceptance test P6",
    expected="a corridor of 36 x 2 m with a door of 0.8 m at its end, 300 adults: all graph, and "
    "its middle third a zone from 100 s on: flow from 120 to 160 s within 5 %, queue within 10 %",
    unit="",
    note="The zone opens in a standing queue: people are taken over, put down and given back.",
)  # fmt: skip
def split_corridor() -> Finding:
    """Empty both, and compare."""
    whole, split = _course(False), _course(True)
    flow, queue = split.flow / whole.flow - 1.0, split.queue / whole.queue - 1.0
    text = (
        f"flow {whole.flow:.2f} and {split.flow:.2f} /s ({100 * flow:+.1f} %), queue "
        f"{whole.queue:.1f} and {split.queue:.1f} m ({100 * queue:+.1f} %)"
    )
    return judged(abs(flow) <= 0.05 and abs(queue) <= 0.10, text, flow=flow, queue=queue)


CASES: tuple[Case, ...] = (split_corridor,)
