"""The fundamental diagram, from counts over lines in corridors and never from the formula."""

from collections.abc import Mapping
from itertools import pairwise

import numpy as np

from evacuation.floor import Floor
from evacuation.laws import BOUNDING, LABORATORY, Laws
from evacuation.verification.case import Case, Finding, case, judged, listed
from evacuation.verification.drill import Drill, alarm, drill, people
from evacuation.verification.geometry import long_corridor

PIECE_M = 10.0
FREE_M_S = {"nelson-mowrer": 1.2, "headway": 1.34}
"""Everybody walks at the law's own free speed, so that the law says what he does in a crowd."""
SPEED_SLACK = 1.02
WATCHED_S = 30.0
CROSSED = 100
"""So many persons who cross the whole field tell its speed by the time that they take."""


def declared(laws: Laws, density: float, width: float) -> float:
    """Return the flow of a law in persons per second, for walkers at its free speed.

    Speed times density over the clear width, never less than the creep that is left of it in a
    jam, and never more than the corridor's capacity.
    """
    cap = laws.door_flow * laws.effective_m(width, laws.corridor_boundary_m)
    return min(laws.flow_per_m_s(density) * width, cap)


def filled(floor: Floor, density: float, laws: Laws, seed: int) -> Drill:
    """Return a corridor with the same density everywhere."""
    free = FREE_M_S[laws.shape]
    crowd = [
        p
        for space in floor.spaces.values()
        if not space.safe
        for p in people(round(space.area_m2 * density), space.id, f"{space.id}-", speed_m_s=free)
    ]
    return drill(floor, crowd, seed, laws)


def counted(run: Drill, piece: str, begin_s: float, end_s: float) -> tuple[float, float]:
    """Return flow into a piece of corridor (1/s) and persons in it, both over a window (Edie)."""
    came = run.entries(piece).values()
    flow = sum(begin_s <= t < end_s for t in came) / (end_s - begin_s)
    inside = sum(
        max(0.0, min(out, end_s) - max(in_, begin_s)) for in_, out in run.stays(piece).values()
    )
    return flow, inside / (end_s - begin_s)


def _main_field(density: float, laws: Laws) -> tuple[float, float]:
    """Return flow per metre and speed at the middle of 200 x 10 m, 10 to 70 s after the start."""
    floor = long_corridor(200, 10, PIECE_M)
    run = filled(floor, density, laws, 1).go(70, alarm(floor))
    flow, inside = counted(run, "c9", 10.0, 70.0)
    gone = run.entries("c10")
    took = [gone[p] - t for p, t in run.entries("c9").items() if t >= 10.0 and p in gone]
    if len(took) >= CROSSED:
        return flow / 10.0, PIECE_M * len(took) / sum(took)
    return flow / 10.0, flow * PIECE_M / max(inside, 1e-9)


def _is_falling(values: Mapping[float, float]) -> bool:
    ordered = list(values.values())
    return all(b <= a * 1.001 for a, b in pairwise(ordered))


PRESETS = {BOUNDING: (3.0, 3.5), LABORATORY: (3.0, 4.0, 5.0)}
"""Densities beyond 2 per m2 that a preset can hold: its jam density is 3.76 or 6.2 per m2."""


@case(
    "R4", "diagram", "Fundamental diagram", "RiMEA 4 (v3, v4)",
    expected=(
        "speed never rises with density nor exceeds the free one; flow +/- 20 % of the declared "
        "law for 0.5-2 /m2, 0.7 to 1.4 of it in denser crowds; both presets"
    ),
    unit="1/(m s)",
    note="200 x 10 m, main field in the middle, 10-70 s; flow from counts over a line, speed from "
    "the time that people take over the field, or from flow and the persons in it where few cross "
    "it. A ring is not drawn: everybody in this model is on his "
    "way out. 6 /m2 is beyond the jam density of one (3.76) and all but that of the other (6.2).",
)  # fmt: skip
def fundamental() -> Finding:
    """Impose densities on a long corridor and count what passes its middle."""
    texts, off = [], []
    values: dict[str, float] = {}
    for laws, top in PRESETS.items():
        found = {d: _main_field(d, laws) for d in (0.5, 1.0, 2.0, *top)}
        flows = {d: flow for d, (flow, _) in found.items()}
        speeds = {d: speed for d, (_, speed) in found.items()}
        share = {d: flows[d] / (declared(laws, d, 10.0) / 10.0) for d in found}
        if not _is_falling(speeds) or max(speeds.values()) > FREE_M_S[laws.shape] * SPEED_SLACK:
            off.append(f"{laws.name} speed")
        off += [
            f"{laws.name} {q:.2f} of its law at {d}"
            for d, q in share.items()
            if (far(q) if d <= 2.0 else not 0.7 <= q <= 1.4)
        ]
        texts.append(f"{laws.name} flow {listed(flows, 2)}; speed {listed(speeds, 2)}")
        values |= {f"{laws.name} {d}": flow for d, flow in flows.items()}
    if off:
        texts.append(f"off: {', '.join(off)}")
    return judged(not off, "; ".join(texts), **values)


def far(share: float) -> bool:
    """Tell whether a measured flow over the declared one is off by more than 20 %."""
    return abs(share - 1.0) > 0.2


@case(
    "I12", "diagram", "Flow of a very dense crowd", "IMO 12",
    expected="flow at 3.5 /m2 (bounding), 5 /m2 (laboratory) <= 0.8 of that at 2 /m2, speed <= "
    "half of it (official: flow smaller)",
    unit="1/(m s)",
    note="Queues with a cap alone fail this: the density of a space has to slow and hold back.",
)  # fmt: skip
def very_dense() -> Finding:
    """Compare a very dense with a moderate crowd in the same long corridor."""
    texts, holds = [], True
    values: dict[str, float] = {}
    for laws, top in PRESETS.items():
        (flow, speed), (less, slower) = _main_field(2.0, laws), _main_field(top[-1], laws)
        holds &= less <= 0.8 * flow and slower <= 0.5 * speed
        texts.append(
            f"{laws.name} flow {flow:.2f} at 2, {less:.2f} at {top[-1]} /m2; "
            f"speed {speed:.2f}, {slower:.2f} m/s"
        )
        values |= {f"{laws.name} moderate": flow, f"{laws.name} dense": less}
    return judged(holds, "; ".join(texts), **values)


def _zones(count: int, seeds: int) -> tuple[float, float, float]:
    """Return flow over B (1/s), density of zone 2 and greatest speed from A to B."""
    flows, densities, fastest = [], [], 0.0
    for seed in range(seeds):
        floor = long_corridor(60, 2, PIECE_M)
        run = filled(floor, count / 120.0, BOUNDING, seed).go(WATCHED_S, alarm(floor))
        flow, inside = counted(run, "c4", 4.0, 14.0)
        _, before = counted(run, "c3", 4.0, 14.0)
        flows.append(flow)
        densities.append((inside + before) / 40.0)
        a, b = run.entries("c2"), run.entries("c4")
        took = [b[p] - a[p] for p in a if p in b]
        fastest = max([fastest, *(2 * PIECE_M / t for t in took)])
    return float(np.mean(flows)), float(np.mean(densities)), fastest


@case(
    "ISO13", "diagram", "Corridor of three zones", "ISO 13",
    expected=(
        "2 x 60 m, N = 60 ... 480: speed A-B <= 1.2 m/s; mean speed falls with density; the flow "
        "falls from 240 to 360 to 480; each +/- 20 % of the declared law, its creep included"
    ),
    unit="1/s",
    note="Flow of 4-14 s, before the open end is felt at B; eight seeds, as few pass at low "
    "density. N = 480 is 4 /m2, beyond the design law's jam density of 3.76: what is left is the "
    "creep, 0.083 of the free speed (IMO).",
)  # fmt: skip
def three_zones() -> Finding:
    """Fill the corridor with five crowds and count at its second line."""
    found = {n: _zones(n, 8) for n in (60, 120, 240, 360, 480)}
    flows = {n: flow for n, (flow, _, _) in found.items()}
    speeds = {float(n): flow / (n / 120.0 * 2.0) for n, flow in flows.items()}
    law = {n: declared(BOUNDING, n / 120.0, 2.0) for n in found}
    fastest = max(speed for _, _, speed in found.values())
    peak = max(flows, key=lambda n: flows[n])
    holds = fastest <= FREE_M_S[BOUNDING.shape] * 1.001 and _is_falling(speeds)
    holds &= flows[480] < flows[360] < flows[240] > flows[60]
    holds &= all(not far(flows[n] / law[n]) for n in law)
    text = f"flow {listed(flows, 2)}; hump at N = {peak}; fastest A-B {fastest:.3f} m/s"
    return judged(holds, text, fastest_m_s=fastest, **{f"N {n}": j for n, j in flows.items()})


@case(
    "R16",
    "diagram",
    "Single-file fundamental diagram",
    "RiMEA 16",
    expected="one-person ring or 200 m: curve inside the 10/90 % envelope of measured headways",
    unit="1/m",
    note="Graph: persons share the density of a space. The zone's bodies walk the ring in C11 "
    "(`twin verify --group stampede`).",
)
def single_file() -> Finding:
    """Say why the case is left to the two-dimensional model."""
    return Finding("not_met", "no headway between single persons to compare with the envelope")


CASES: tuple[Case, ...] = (fundamental, very_dense, three_zones, single_file)
