"""Walking alone: corridor, stairs, and what a graph of spaces can not show (corners)."""

from math import hypot
from typing import Any

from evacuation.laws import UP_OVER_DOWN
from evacuation.verification.case import Case, Finding, case, judged, listed
from evacuation.verification.drill import evacuate, people
from evacuation.verification.geometry import SCHOOL_STAIR, corridor, door, plan, room, stair

GRID_S = 0.2
"""Two steps of the engine: the latest that an exact time may be reported."""


@case(
    "R1", "movement", "Speed in a corridor", "RiMEA 1", "IMO 1", "NIST 2.1", "ISO 2",
    expected="40 m at 1.0 and 1.33 m/s: 40.0 s and 30.08 s, +0.2 s, -0 (official: 26-34 s)",
    unit="s", by_construction=True,
    note="One walker on one length returns the speed he was given.",
)  # fmt: skip
def walk_corridor() -> Finding:
    """Walk 40 m of a 2 m corridor alone."""
    floor = plan(corridor("c", 0, 0, 40, 2), door("x", "c", "street", 40, 1, 2.0))
    times = {
        v: evacuate(floor, people(1, "c", xy=(0.0, 1.0), speed_m_s=v)).last_s for v in (1.0, 1.33)
    }
    holds = all(-0.001 <= t - 40.0 / v <= GRID_S for v, t in times.items())
    return judged(holds, listed(times, 2), **{f"{v} m/s": t for v, t in times.items()})


def on_stair(slope: float, up: bool, **person: Any) -> float:
    """Return the seconds that one person spends on a 2 m stair."""
    low, high = ("f0", "f1")
    floor = plan(
        room("start", 0, 0, 2, 2, storey=low if up else high),
        stair("s", slope, 2.0, low, **SCHOOL_STAIR),
        room("end", 20, 0, 2, 2, storey=high if up else low),
        door("a", "start", "s", 2, 1, 2.0),
        door("b", "s", "end", 20, 1, 2.0),
        door("x", "end", "street", 22, 1, 2.0),
    )
    walker = people(1, "start", xy=(2.0, 1.0), **person)
    begin, end = evacuate(floor, walker).stays("s")["p0000"]
    return end - begin


def _stairs(up: bool) -> Finding:
    times = {
        "10 m at 1.0": on_stair(10.0, up, stair_speed_m_s=1.0),
        "100 m at 1.0": on_stair(100.0, up, stair_speed_m_s=1.0),
        "10 m at half of 1.0": on_stair(10.0, up, stair_speed_m_s=0.5),
        "10 m of 180/280 by law": on_stair(10.0, up, speed_m_s=1.1989),
    }
    by_law = 10.84 / (UP_OVER_DOWN if up else 1.0)
    exact = dict(zip(times, (10.0, 100.0, 20.0, by_law), strict=True))
    holds = all(-0.001 <= times[k] - exact[k] <= GRID_S for k in list(times)[:3])
    law = abs(times["10 m of 180/280 by law"] - by_law) <= 0.25
    return judged(holds and law, listed(times, 2), **times)


STAIRS = (
    "10, 100 m of slope at 1.0 m/s: 10, 100 s; factor 0.5: 20 s; +0.2 s, -0. "
    "180/280 mm by the stair law: down 10.84 s, up 10.84 / 0.8 s, +/- 0.25"
)
SLOPE = "The speed is along the slope, as the stored length is; up is 0.8 of down."


@case(
    "R2", "movement", "Speed up a stair", "RiMEA 2", "IMO 2", "NIST 2.2", "ISO 3",
    expected=STAIRS, unit="s", by_construction=True, note=SLOPE,
)  # fmt: skip
def walk_up() -> Finding:
    """Walk up 10 and 100 m of stair alone."""
    return _stairs(up=True)


@case(
    "R3", "movement", "Speed down a stair", "RiMEA 3", "IMO 3", "NIST 2.2", "ISO 3",
    expected=STAIRS, unit="s", by_construction=True, note=SLOPE,
)  # fmt: skip
def walk_down() -> Finding:
    """Walk down 10 and 100 m of stair alone."""
    return _stairs(up=False)


@case(
    "R6", "movement", "Round a corner", "RiMEA 6", "IMO 6", "NIST 2.3", "ISO 4",
    expected="20 persons round a left-hand corner, nobody through a wall; path within 2 %",
    unit="m",
    note="Graph: people are in a space, not at a point in it. The zone's bodies round the "
    "corner in C9 (`twin verify --group stampede`).",
)  # fmt: skip
def corner() -> Finding:
    """Measure what a graph can tell of a corner: all get round it, and how long the way is."""
    floor = plan(
        corridor("in", 0, 0, 10, 2),
        corridor("turn", 10, 0, 2, 2),
        corridor("out", 10, 2, 2, 10),
        door("a", "in", "turn", 10, 1, 2.0, kind="opening"),
        door("b", "turn", "out", 11, 2, 2.0, kind="opening"),
        door("x", "out", "street", 11, 12, 2.0, kind="opening"),
    )
    one = evacuate(floor, people(1, "in", xy=(0.0, 1.0), speed_m_s=1.0)).last_s
    crowd = evacuate(floor, people(20, "in"))
    way = 10.0 + hypot(1.0, 1.0) + 10.0
    text = (
        f"{len(crowd.outs)} of 20 round it; way {one:.2f} m, centre lines {way:.2f} m; "
        "no positions at walls to test"
    )
    return Finding("not_met", text, {"way_m": round(one, 3)})


@case(
    "R15", "movement", "Large crowd round a corner", "RiMEA 15",
    expected="500 persons, 20 m wide: T(short straight) <= T(corner) <= T(long straight)",
    unit="s",
    note="Graph: it meets the order by its lengths alone, which is no evidence. The zone's bodies "
    "answer it in C10 (`twin verify --group stampede`).",
)  # fmt: skip
def wide_corner() -> Finding:
    """Say why the case is left to the two-dimensional model."""
    return Finding("not_met", "no lateral positions: the inner and the outer bend are one length")


CASES: tuple[Case, ...] = (walk_corridor, walk_up, walk_down, corner, wide_corner)
