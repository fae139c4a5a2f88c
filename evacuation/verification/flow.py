"""Flow through doors and bottlenecks, counted and not looked up."""

from dataclasses import replace

from evacuation.floor import Floor
from evacuation.laws import BOUNDING
from evacuation.verification.case import Case, Finding, case, judged, listed
from evacuation.verification.drill import (
    Drill,
    evacuate,
    middle,
    peak_rate,
    people,
    rate,
)
from evacuation.verification.geometry import corridor, door, opening, plan, room, single_room

IMO = replace(BOUNDING, name="imo", door_flow=1.33)
IDLE_S = 100
WALK_S = 8.0
"""The greatest share of an 8 x 5 m room's time that is walking and not queueing."""


def _door(width: float, idle_s: int) -> Drill:
    floor = single_room(8, 5, (8.0, 2.5, width))
    return evacuate(floor, people(100, "room", pre_movement_ms=1000 * idle_s), laws=IMO)


@case(
    "I4", "flow", "Greatest flow of a door", "IMO 4", "NIST 5.2", "ISO 11",
    expected=(
        "100 persons, doors 0.8 to 2.0 m, C = 1.33 (w - 0.3): (N-1)/C <= T <= N/C + 8 s; flow "
        "<= C + 1 % over any 10 s, also after 100 s of idling; 1 m: 106-118 s, <= 1.33 /s"
    ),
    unit="s",
    note="Official: flow <= 1.33 /s, which a frozen model meets too. N - 1 headways. Credit here "
    "is for the queue: nothing may be saved up while nobody comes.",
)  # fmt: skip
def door_flow() -> Finding:
    """Empty an 8 x 5 m room through five doors, at once and after the door has idled."""
    times, peaks, holds = {}, {}, True
    for width in (0.8, 0.9, 1.0, 1.2, 2.0):
        cap = 1.33 * (width - 0.3)
        for idle in (0, IDLE_S):
            run = _door(width, idle)
            took = run.last_s - idle
            peak = peak_rate(run.times_s, 10.0) / cap
            holds &= 99 / cap <= took <= 100 / cap + WALK_S and peak <= 1.01
            times[f"{width} m" + (" after idling" if idle else "")] = took
            peaks[f"{width}/{idle}"] = peak
    holds &= all(106.0 <= times[f"1.0 m{x}"] <= 118.0 for x in ("", " after idling"))
    text = f"{listed(times)}; greatest flow over 10 s {max(peaks.values()):.3f} C"
    return judged(holds, text, peak_over_cap=max(peaks.values()), **times)


def bottleneck(length: float, width: float) -> Floor:
    """Two rooms of 10 x 10 m, joined by a narrow way, and a 1 m exit behind."""
    far = 10 + length
    return plan(
        room("one", 0, 0, 10, 10),
        corridor("neck", 10, 5 - width / 2, length, width, width_m=width),
        room("two", far, 0, 10, 10),
        opening("in", "one", "neck", 10, 5, width),
        opening("out", "neck", "two", far, 5, width),
        door("x", "two", "street", far + 10, 5, 1.0),
    )


@case(
    "R12", "flow", "Bottleneck", "RiMEA 12 (v3)",
    expected="150 persons: jam before the way only, <= 3 wait behind; J(way) - J(exit) >= -0.05 /s",
    unit="1/s",
    note="Two like capacities in series must not build a second queue.",
)  # fmt: skip
def bottleneck_jam() -> Finding:
    """Send 150 through 5 m of 1 m width to a 1 m exit."""
    run = evacuate(bottleneck(5, 1.0), people(150, "one"))
    way, out = rate(run.entries("neck").values()), rate(run.times_s)
    queues = {p: float(run.peaks[p]) for p in ("in", "out", "x")}
    holds = way - out >= -0.05 and queues["in"] > 20
    holds &= max(queues["out"], queues["x"]) <= 3
    text = f"J {way:.3f} and {out:.3f} /s; longest queues {listed(queues, 0)}"
    return judged(holds and run.crowd.inside == 0, text, way_per_s=way, exit_per_s=out, **queues)


def _goal(distance: float) -> float:
    """Return the time of the last of 150 to a goal some way behind a 1 m door of no depth."""
    if distance == 0.0:
        return evacuate(single_room(10, 10, (10.0, 5.0, 1.0)), people(150, "room")).last_s
    floor = plan(
        room("room", 0, 0, 10, 10),
        room("two", 10, 0, distance, 10),
        door("neck", "room", "two", 10, 5, 1.0),
        door("x", "two", "street", 10 + distance, 5, 10.0),
    )
    return evacuate(floor, people(150, "room")).last_s


@case(
    "R12a", "flow", "Goal behind a bottleneck", "RiMEA 12a",
    expected="T(a) never falls with a; T(a) - T(0) = a / 1.2 m/s +/- 0.5 s, a = 0 ... 10 m",
    unit="s", by_construction=True,
    note="The queue takes as long as before, the walk behind it is added.",
)  # fmt: skip
def goal_position() -> Finding:
    """Set the goal 0 to 10 m behind the door."""
    times = {a: _goal(a) for a in (0.0, 1.0, 2.5, 5.0, 10.0)}
    values = list(times.values())
    holds = values == sorted(values)
    holds &= all(abs(t - values[0] - a / 1.2) <= 0.5 for a, t in times.items())
    return judged(holds, f"a m: {listed(times)}", **{f"{a} m": t for a, t in times.items()})


@case(
    "R12b", "flow", "Length of a bottleneck", "RiMEA 12b",
    expected="5 m takes longer than 0.2 m, by 4.8 m / 1.2 m/s = 4 s +/- 1",
    unit="s", by_construction=True,
    note="Length adds its walk. The lower flow of a long narrow way in experiments "
    "is not in the model.",
)  # fmt: skip
def neck_length() -> Finding:
    """Send 150 through 0.2 and through 5 m of 1 m width."""
    times = {a: evacuate(bottleneck(a, 1.0), people(150, "one")).last_s for a in (0.2, 5.0)}
    more = times[5.0] - times[0.2]
    text = f"{listed(times)}; {more:+.1f} s"
    return judged(abs(more - 4.0) <= 1.0, text, short_s=times[0.2], long_s=times[5.0])


@case(
    "R12c",
    "flow",
    "Two bottlenecks in a row",
    "RiMEA 12c",
    expected="three rooms, two like doors: longest queue 1 > queue 2, <= 3 wait at door 2",
    unit="persons",
    note="Like capacities in a row: a queue at the second would come from the transfer alone.",
)
def two_necks() -> Finding:
    """Send 150 through two 1 m doors in a row."""
    floor = plan(
        room("one", 0, 0, 10, 10),
        room("two", 10, 0, 10, 10),
        room("three", 20, 0, 10, 10),
        door("d1", "one", "two", 10, 5, 1.0),
        door("d2", "two", "three", 20, 5, 1.0),
        door("x", "three", "street", 30, 5, 4.0),
    )
    run = evacuate(floor, people(150, "one"))
    one, two = run.peaks["d1"], run.peaks["d2"]
    holds = one > two and two <= 3 and run.crowd.inside == 0
    return judged(holds, f"longest queues {one} and {two}", first=one, second=two)


@case(
    "R12d", "flow", "Width of a bottleneck", "RiMEA 12d",
    expected="5 m long, 0.8, 1.0, 1.2 m: flow rises with width, each +/- 3 % of 1.3 (w - 0.4)",
    unit="1/s", by_construction=True,
    note="Capacity is the law it was given. A bottleneck with walls has the corridor's "
    "boundary layer of 0.2 m on each side.",
)  # fmt: skip
def neck_width() -> Finding:
    """Count the flow into bottlenecks of three widths."""
    flows = {}
    for width in (0.8, 1.0, 1.2):
        run = evacuate(bottleneck(5, width), people(100, "one"))
        flows[f"{width} m"] = rate(middle(run.entries("neck").values()))
    caps = [1.3 * (w - 0.4) for w in (0.8, 1.0, 1.2)]
    values = list(flows.values())
    holds = values == sorted(values) and all(
        abs(j / c - 1) <= 0.03 for j, c in zip(values, caps, strict=True)
    )
    return judged(holds, listed(flows, 3), **flows)


CASES: tuple[Case, ...] = (
    door_flow, bottleneck_jam, goal_position, neck_length, two_necks, neck_width,
)  # fmt: skip
