"""Tests that need persons with places and bodies: measured by the crush zone, not by the graph."""

import numpy as np

from evacuation.verification.case import Case, Finding, case, judged, listed
from evacuation.zone.body import BUILDS
from evacuation.zone.kernels.arrays import STANDING
from evacuation.zone.layout import Layout, Line, Piece, rectangle
from evacuation.zone.parameters import Parameters
from evacuation.zone.scenes import Watch, bottleneck, crowd, spread
from evacuation.zone.zone import Zone

ZONE = "Measured by the crush zone, calm, falls off; the graph has no bodies. "
UPRIGHT = Parameters(push_share=0.05, missteps=-1.0)
ADULT = BUILDS["adult"]


def _bend(arm_in: float, arm_out: float, width: float) -> Layout:
    """A corridor along x, a left turn, a corridor along y; arms without the corner itself."""
    x, y = arm_in + width, width + arm_out
    return Layout(
        walls=(((0.0, 0.0), (x, 0.0), (x, y)), ((0.0, width), (arm_in, width), (arm_in, y))),
        lines=(Line("out", (arm_in, y), (x, y), (0.0, -1.0), out=True),),
        pieces=(
            Piece("in", rectangle(0.0, 0.0, x, width)),
            Piece("turned", rectangle(arm_in, width, x, y)),
        ),
    )


def _round_bend(arm_in: float, arm_out: float, width: float) -> Layout:
    """The same with a round outer wall: the inner walls are as long as both arms, the outer one is
    a quarter circle longer.
    """
    x, y = arm_in + width, width + arm_out
    turns = np.radians(np.arange(-90, 1, 5))
    outer = [(arm_in + width * float(np.cos(a)), width + width * float(np.sin(a))) for a in turns]
    return Layout(
        walls=(((0.0, 0.0), *outer, (x, y)), ((0.0, width), (arm_in, width), (arm_in, y))),
        lines=(Line("out", (arm_in, y), (x, y), (0.0, -1.0), out=True),),
        pieces=(
            Piece("in", rectangle(0.0, 0.0, arm_in, width)),
            Piece("turn", (*outer, (arm_in, width))),
            Piece("turned", rectangle(arm_in, width, x, y)),
        ),
    )


def _straight(length: float, width: float) -> Layout:
    return Layout(
        walls=(((0.0, 0.0), (length, 0.0)), ((0.0, width), (length, width))),
        lines=(Line("out", (length, 0.0), (length, width), (-1.0, 0.0), out=True),),
        pieces=(Piece("way", rectangle(0.0, 0.0, length, width)),),
    )


def _walked(layout: Layout, count: int, box: tuple[float, float, float, float]) -> Watch:
    zone = Zone(layout, 1, UPRIGHT, count)
    places = spread(count, box, ADULT.radius_m, 1)
    zone.place(crowd(count, ADULT, "out", 1, (1.34, 0.26)), places)
    return Watch(zone)


@case(
    "C9", "stampede", "Bodies round a corner", "RiMEA 6", "IMO 6", "NIST 2.3", "ISO 4",
    expected="20 persons round a left-hand corner, 2 m wide, arms of 10 m: all arrive, nobody "
    "through a wall (a centre never beyond one, by tenths of a second)",
    unit="m", note=ZONE + "Persons are discs; contact with walls is a force.",
)  # fmt: skip
def corner() -> Finding:
    """Walk 20 round a corner and look at every tenth of a second who is beyond a wall."""
    watch = _walked(_bend(10.0, 10.0, 2.0), 20, (0.0, 6.0, 0.0, 2.0))
    zone, beyond, nearest = watch.zone, 0, 1.0
    while zone.inside and zone.now_ms < 60_000:
        watch.go(0.1)
        d = zone.store.discs
        on = np.flatnonzero(d.kind[: zone.store.slots] == STANDING)
        x, y = d.x[on], d.y[on]
        room = np.where(
            y < 2.0, np.minimum(y, 12.0 - x), np.minimum(x - 10.0, 12.0 - x)
        )  # to the walls that bound each arm
        room = np.where((y < 2.0) & (x < 10.0), np.minimum(y, 2.0 - y), room)
        beyond += int((room < 0.0).sum())
        nearest = min(nearest, float(room.min())) if len(room) else nearest
    out = 20 - zone.inside
    text = f"{out} of 20 round it, {beyond} beyond a wall; nearest centre {nearest:.3f} m from one"
    return judged(out == 20 and beyond == 0, text, nearest_m=nearest)


@case(
    "C10", "stampede", "A large crowd of bodies round a corner", "RiMEA 15",
    expected="500 persons, 20 m wide: T(50 m straight) <= T(corner) <= T(81.4 m straight)",
    unit="s",
    note=ZONE + "The corner's inner wall is 40 + 10 = 50 m, its outer one a quarter circle longer: "
    "50 + 10 pi = 81.4 m, as long as the two straight ways (so drawn in JuPedSim's own test 15, "
    "whose people start in the first 6 m too). Ways mind crowds: they are the quickest as people "
    "stand (Hughes 2002).",
)  # fmt: skip
def wide_corner() -> Finding:
    """Empty three ways of 20 m width."""
    start = (0.0, 6.0, 0.0, 20.0)
    times = {}
    for name, layout in (
        ("short", _straight(50.0, 20.0)),
        ("corner", _round_bend(40.0, 10.0, 20.0)),
        ("long", _straight(81.4, 20.0)),
    ):
        watch = _walked(layout, 500, start)
        watch.until_empty(400.0)
        out = watch.outcome()
        times[name] = out.out_s[-1] if not out.inside else float("inf")
    holds = times["short"] <= times["corner"] <= times["long"]
    text = listed(times) + "; off: the order" * (not holds)
    return judged(holds, text, **times)


def ring_speed(per_m: float) -> float:
    """Mean speed in single file on a ring of 26 m, from 10 to 40 s, m/s."""
    straight, radius, half = 8.0, 1.6, 0.4
    points = _loop(straight, radius)
    length = sum(
        float(np.hypot(b[0] - a[0], b[1] - a[1]))
        for a, b in zip(points, [*points[1:], points[0]], strict=True)
    )
    rims = [_loop(straight, radius + side) for side in (half, -half)]
    layout = Layout(
        walls=tuple((*rim, rim[0]) for rim in rims), lines=(),
        pieces=(Piece("ring", tuple(rims[0])),), ways={"round": tuple(points)},
    )  # fmt: skip
    count = round(per_m * length)
    zone = Zone(layout, 1, UPRIGHT, count)
    zone.place(crowd(count, ADULT, "round", 1, (1.34, 0.1)), _along(points, length, count))
    zone.advance(10_000)
    d = zone.store.discs
    speeds: list[float] = []
    zone.advance(
        30_000, lambda z: speeds.append(float(np.hypot(d.vx[:count], d.vy[:count]).mean()))
    )
    return float(np.mean(speeds))


def _arc(x: float, radius: float, start: float) -> list[tuple[float, float]]:
    turns = np.radians(start + np.arange(0, 181, 15))
    return [(x + radius * float(np.cos(a)), radius * float(np.sin(a))) for a in turns]


def _loop(straight: float, radius: float) -> list[tuple[float, float]]:
    return [*_arc(straight, radius, -90), *_arc(0.0, radius, 90)]


def _along(
    points: list[tuple[float, float]], length: float, count: int
) -> list[tuple[float, float]]:
    """Places at equal distances along a closed line."""
    ends = np.array([*points, points[0]])
    steps = np.hypot(*np.diff(ends, axis=0).T)
    at = np.concatenate([[0.0], np.cumsum(steps)])
    where = np.arange(count) * length / count
    return [
        (float(np.interp(s, at, ends[:, 0])), float(np.interp(s, at, ends[:, 1]))) for s in where
    ]


@case(
    "C11", "stampede", "Bodies in single file", "RiMEA 16",
    expected="one-person ring, 0.8-2 /m: speed within 20 % of d = 0.36 + 1.06 v (Seyfried 2005) "
    "at 3 of 4 densities (official: 75 % of bins inside the 10/90 % envelope, not at hand)",
    unit="m/s",
    note=ZONE + "The headway is that of the experiment; with others beside them people follow more "
    "closely (C8).",
)  # fmt: skip
def single_file() -> Finding:
    """Walk a ring at four densities."""
    seen = {per_m: min((1.0 / per_m - 0.36) / 1.06, 1.34) for per_m in (0.8, 1.2, 1.6, 2.0)}
    model = {per_m: ring_speed(per_m) for per_m in seen}
    ratios = {per_m: model[per_m] / seen[per_m] for per_m in seen}
    near = sum(abs(ratio - 1.0) <= 0.2 for ratio in ratios.values())
    text = f"model {listed(model, 2)}; law {listed(seen, 2)}; {near} of 4 within 20 %"
    text += "; off: follows too closely" * (near < 3)
    return judged(near >= 3, text, **{f"{k} /m": v for k, v in ratios.items()})


def neck_time(length: float, count: int = 100) -> float:
    """When ``count`` adults are through 1 m of width and some length, from 3.3 /m2, s."""
    watch = Watch(bottleneck(1.0, length, count, 1, UPRIGHT))
    watch.until_empty(400.0)
    out = watch.outcome()
    return out.out_s[-1] if not out.inside else float("inf")


def neck_flows(seeds: range) -> dict[float, float]:
    """Specific flow of bottlenecks of 0.8 to 1.2 m, 2.8 m long, 60 adults from 3.3 /m2, 1/(m s)."""
    flows = {}
    for width in (0.8, 0.9, 1.0, 1.1, 1.2):
        rates = []
        for seed in seeds:
            watch = Watch(bottleneck(width, 2.8, 60, seed, UPRIGHT))
            watch.until_empty(400.0)
            out = watch.outcome().out_s
            rates.append((len(out) - 1) / (out[-1] - out[0]) / width)
        flows[width] = float(np.mean(rates))
    return flows


@case(
    "C12", "stampede", "Bodies through a long bottleneck", "RiMEA 12b",
    expected="100 adults from 3.3 /m2 through 1 m of width: 5 m takes longer than 0.2 m",
    unit="s", note=ZONE + "They follow each other through its length.",
)  # fmt: skip
def long_neck() -> Finding:
    """Send a crowd through a short and a long bottleneck."""
    times = {length: neck_time(length) for length in (0.2, 5.0)}
    return judged(times[5.0] > times[0.2], listed(times), **{f"{k} m": t for k, t in times.items()})


CASES: tuple[Case, ...] = (corner, wide_corner, single_file, long_neck)
