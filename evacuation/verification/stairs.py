"""Crowds on stairs: where they jam, how flow grows with width, up against down."""

from math import hypot

import numpy as np

from evacuation.laws import BOUNDING
from evacuation.verification.case import Case, Finding, case, judged, listed, rises
from evacuation.verification.drill import Drill, evacuate, middle, peak_rate, people, rate
from evacuation.verification.geometry import (
    SCHOOL_STAIR,
    corridor,
    door,
    opening,
    plan,
    room,
    stair,
)

WIDTHS_M = (1.0, 1.2, 1.4, 1.6, 1.8)
STEADY = 0.15


def _room_corridor_stair() -> Drill:
    floor = plan(
        room("room", 0, 0, 8, 5, storey="f0"),
        corridor("corridor", 8, 1.5, 12, 2, storey="f0"),
        stair("stair", 8.0, 2.0, "f0"),
        room("up", 20, 0, 5, 5, kind="landing", storey="f1"),
        opening("mouth", "room", "corridor", 8, 2.5, 2.0),
        door("foot", "corridor", "stair", 20, 2.5, 2.0),
        door("head", "stair", "up", 20, 2.5, 2.0),
        door("x", "up", "street", 25, 2.5, 2.0),
    )
    return evacuate(floor, people(150, "room"))


@case(
    "R13", "congestion", "Room, corridor, stair", "RiMEA 13 (v3)", "IMO 11", "NIST 5.1", "ISO 10",
    expected=(
        "150 persons, 8 x 5 m, 2 m corridor of 12 m, 2 m stair up: queues at the room and at the "
        "stair foot, J(stair) < greatest J(corridor) over 10 s, CoV of headways "
        "< 0.15 in the middle half"
    ),
    unit="persons",
    note="The stair must hold back the corridor: its supply limits who steps onto it.",
)  # fmt: skip
def stair_jam() -> Finding:
    """Send 150 from a room through a corridor up a stair."""
    run = _room_corridor_stair()
    onto = middle(run.entries("stair").values())
    gaps = np.diff(onto)
    steady = float(gaps.std() / gaps.mean())
    first, flow = peak_rate(list(run.entries("corridor").values()), 10.0), rate(onto)
    mouth, foot = run.peaks["mouth"], run.peaks["foot"]
    holds = mouth > 20 and foot > 5 and flow < first and steady < STEADY
    text = (
        f"longest queues {mouth} at the room, {foot} at the stair; J {first:.2f} /s into the "
        f"corridor, {flow:.2f} /s onto the stair; CoV {steady:.3f}"
    )
    values = {"mouth": float(mouth), "foot": float(foot), "cov": steady}
    return judged(holds and run.crowd.inside == 0, text, **values)


def _stair_flow(width: float) -> float:
    floor = plan(
        room("top", 0, 0, 10, 10, storey="f1"),
        stair("s", 4.24, width, "f0"),
        door("head", "top", "s", 10, 5, width),
        door("x", "s", "street", 10, 5, width),
    )
    return rate(evacuate(floor, people(100, "top")).times_s)


@case(
    "ISO12", "stairs", "Flow of stairs by width", "ISO 12",
    expected="1.0 to 1.8 m, 4.24 m incline, 100 persons: strictly rising, each +/- 8 % of "
    "1.01 (w - 0.3) by 178/279 mm (official: rising)",
    unit="1/s", by_construction=True,
    note="The stair's capacity is the law it was given; that it is kept is counted.",
)  # fmt: skip
def stair_width() -> Finding:
    """Empty a landing down stairs of five widths."""
    flows = {width: _stair_flow(width) for width in WIDTHS_M}
    caps = [BOUNDING.stair_flow_per_m_s(0.178, 0.279) * (w - 0.3) for w in WIDTHS_M]
    values = list(flows.values())
    holds = rises(values) and all(abs(j / c - 1) <= 0.08 for j, c in zip(values, caps, strict=True))
    return judged(holds, listed(flows, 3), **{f"{w} m": j for w, j in flows.items()})


PLAN_M = 5.0
SLOPE_M = PLAN_M * hypot(0.180, 0.280) / 0.280


def horizontal_speeds(up: bool) -> list[tuple[float, float]]:
    """Return (persons per m2, horizontal m/s) of everybody who crosses a 2 m x 5 m stair.

    Density is the mean over the person's own time on the stair, by its plan area.
    """
    low, high = ("f0", "f1") if up else ("f1", "f0")
    floor = plan(
        room("room", 0, 0, 10, 10, storey=low),
        corridor("before", 10, 4, 2, 2, storey=low),
        stair("s", SLOPE_M, 2.0, "f0", **SCHOOL_STAIR),
        corridor("behind", 20, 4, 2, 2, storey=high),
        opening("a", "room", "before", 10, 5, 2.0),
        opening("b", "before", "s", 12, 5, 2.0),
        opening("c", "s", "behind", 20, 5, 2.0),
        opening("x", "behind", "street", 22, 5, 2.0),
    )
    stays = list(evacuate(floor, people(100, "room")).stays("s").values())
    found = []
    for begin, end in stays:
        shared = sum(max(0.0, min(end, b) - max(begin, a)) for a, b in stays)
        found.append((shared / (end - begin) / (2.0 * PLAN_M), PLAN_M / (end - begin)))
    return found


def in_band(density: float, speed: float, up: bool) -> bool:
    """Tell whether a point lies in the fast or the slow band of RiMEA's figure 16.

    Fits to Corbetta's measurements, for 0.6 to 1.5 persons per m2.
    """
    d = density
    if up:
        fast, wide = 0.18 * d * d - 0.55 * d + 1.02, 0.35 - 0.14 * d
        slow, narrow = 0.01 * d + 0.48, 0.10 - 0.02 * d
    else:
        fast, wide = 0.33 * d * d - 1.02 * d + 1.39, 0.29 - 0.11 * d
        slow, narrow = 0.67 - 0.08 * d, 0.14 - 0.06 * d
    return slow - narrow <= speed <= fast + wide


@case(
    "R13v4", "stairs", "Fundamental diagram on stairs", "RiMEA 13 (v4)",
    expected="100 persons up and down: v(down) > v(up) at equal density by > 2 %; at least half "
    "of the points of 0.6-1.5 /m2 inside the band of figure 16",
    unit="m/s",
    note="Horizontal speeds and densities by plan area, 2 m x 5 m, 180/280 mm. Up is IMO's 0.8 of "
    "down, in speed and in flow.",
)  # fmt: skip
def stair_diagram() -> Finding:
    """Send the same crowd up and down a stair and compare speeds at equal density."""
    means, shares = {}, {}
    for up in (True, False):
        points = [(d, v) for d, v in horizontal_speeds(up) if 0.6 <= d <= 1.5]
        name = "up" if up else "down"
        means[name] = float(np.mean([v for _, v in points])) if points else 0.0
        shares[name] = sum(in_band(d, v, up) for d, v in points) / max(len(points), 1)
    faster = means["down"] > 1.02 * means["up"]
    text = f"mean speed {listed(means, 3)}; share inside the band {listed(shares, 2)}"
    holds = faster and min(shares.values()) >= 0.5
    values = {f"speed {k}": v for k, v in means.items()} | {
        f"band {k}": v for k, v in shares.items()
    }
    return judged(holds, text, **values)


CASES: tuple[Case, ...] = (stair_jam, stair_width, stair_diagram)
