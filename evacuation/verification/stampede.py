"""The acceptance tests of the crush zone, and what the literature says that it must show.

Bands are those of the project's own catalogue: they are limits set before, not measurements.
"""

from collections.abc import Sequence
from functools import partial
from itertools import pairwise
from typing import Any

import numpy as np

from evacuation.verification import bodies, gates, joints
from evacuation.verification.bodies import neck_flows
from evacuation.verification.cascades import cascade, single_trip
from evacuation.verification.case import Case, Finding, judged, listed
from evacuation.zone import scenes
from evacuation.zone.parameters import Parameters
from evacuation.zone.scenes import Watch
from evacuation.zone.zone import Zone

GROUP = "stampede"
SEEDS = 20
Seeds = Sequence[int]


def force_chain() -> Finding:
    """Press single files against a gate with three steps."""
    worst, texts, values = 0.0, [], {}
    still, shift = 0.0, 0.0
    for count in (5, 10, 20):
        loads = {}
        for dt_ms in (1.0, 2.0, 5.0):
            zone = scenes.chain(count, dt_ms)
            zone.advance(20_000)
            loads[dt_ms] = float(zone.walls.mean[zone.walls.leaf == 1].max())
            d = zone.store.discs
            speed = np.hypot(d.vx[:count], d.vy[:count])
            still = max(still, float(np.sqrt((speed**2).mean())))
        worst = max(worst, abs(loads[5.0] / (120.0 * count) - 1.0))
        shift = max(shift, max(loads.values()) / min(loads.values()) - 1.0)
        texts.append(f"{count}: {loads[5.0]:.0f} N of {120 * count}")
        values[f"n {count}"] = loads[5.0]
    text = f"{', '.join(texts)}; by step {100 * shift:.2f} %; rms v {still:.1e} m/s"
    return judged(worst <= 0.10 and shift <= 0.02 and still < 0.01, text, **values)


def room_time(speed: float, seed: int) -> tuple[float, float]:
    """Return when the 180th of 200 left the room, and how many ever had over 1600 N/m on them."""
    zone = scenes.helbing_room(speed, seed)
    radial = np.zeros(zone.store.slots)
    out: list[int] = []
    while len(out) < 180 and zone.now_ms < 400_000:
        out += [one.t_ms for one in zone.advance(500, lambda z: _radial(z, radial)).left]
    pressed = float((radial > 1600.0).sum())
    return (sorted(out)[179] / 1000 if len(out) >= 180 else float("inf")), pressed


def _radial(zone: Zone, most: np.ndarray[tuple[int, ...], np.dtype[np.float64]]) -> None:
    """Keep the greatest force by circumference of everybody (N/m), from the compressive force."""
    f = zone.store.people
    force = f.ring.reshape(zone.store.slots, -1).max(axis=1)
    np.maximum(most, 2.0 * force / (2.0 * np.pi * np.maximum(f.radius, 0.1)), out=most)


def faster_is_slower(seeds: Seeds) -> Finding:
    """Empty the room at five desired speeds."""
    times, pressed = {}, {}
    for speed in (1.0, 1.5, 2.0, 3.0, 5.0):
        runs = [room_time(speed, seed) for seed in seeds]
        times[speed] = float(np.mean([run[0] for run in runs]))
        pressed[speed] = float(np.mean([run[1] for run in runs]))
    least = min(times, key=lambda speed: times[speed])
    fast, slow = times[5.0] / times[least], times[1.0] / times[least]
    rising = all(b >= a for a, b in pairwise(pressed.values()))
    holds = least in (1.5, 2.0) and 1.15 <= fast <= 1.6 and 1.15 <= slow <= 1.5 and rising
    text = (
        f"T(180) {listed(times)} s: least at {least}, T(5) {fast:.2f}, T(1) {slow:.2f} of it; "
        f"over 1600 N/m {listed(pressed, 0)}"
    )
    return judged(holds, text, **{f"T {k}": v for k, v in times.items()})


def stair_capacity(seeds: Seeds) -> Finding:
    """Send youths down a straight flight."""
    flows, packed, falls, dead = [], [], 0, 0
    for seed in seeds:
        watch = Watch(scenes.flight(200, seed))
        density: list[float] = []
        while watch.zone.inside and watch.zone.now_ms < 600_000:
            watch.go(1.0)
            if watch.zone.now_ms > 20_000 and watch.zone.inside > 60:
                d = watch.zone.store.discs
                on = (d.kind[:200] == 1) & (d.x[:200] > 11.0) & (d.x[:200] < 15.0)
                density.append(float(on.sum()) / (4.0 * 1.5))
        came = watch.outcome()
        out = came.out_s[len(came.out_s) // 4 : 3 * len(came.out_s) // 4]
        flows.append((len(out) - 1) / (out[-1] - out[0]) / 1.2 if len(out) > 1 else 0.0)
        packed.append(float(np.mean(density)))
        falls, dead = falls + len(came.falls), dead + came.dead
    flow, per_m2, fell = float(np.mean(flows)), float(np.mean(packed)), falls / len(seeds)
    holds = 0.95 <= flow <= 1.35 and 1.5 <= per_m2 <= 2.6 and dead == 0 and fell <= 0.05
    text = f"{flow:.2f} /(m s) at {per_m2:.2f} /m2; {fell:.2f} falls a run, {dead} dead"
    return judged(holds, text, flow=flow, density=per_m2, falls=fell)


WORSE: dict[str, list[dict[str, Any]]] = {
    "150, 250, 400 people": [{"count": 150}, {"count": 250}, {"count": 400}],
    "2.0, 1.6, 1.2 m": [
        {"width": 2.0, "density": 2.4}, {"width": 1.6, "density": 3.0}, {"width": 1.2},
    ],
    "told after 5, 30 s, never": [
        {"staff": True, "told_s": 5.0}, {"staff": True, "told_s": 30.0}, {},
    ],
    "100, 1, 0.1 lx": [{"lux": 100.0}, {"lux": 1.0}, {"lux": 0.1}],
}  # fmt: skip


def monotone(seeds: Seeds) -> Finding:
    """Make four things worse, in steps, with common random numbers."""
    texts: list[str] = []
    wrong: list[str] = []
    values: dict[str, float] = {}
    for name, steps in WORSE.items():
        harm = [
            [cascade(seed, Parameters(), **step).outcome.harm for seed in seeds] for step in steps
        ]
        means = [float(np.mean(one)) for one in harm]
        for a, b in pairwise(harm):
            less = np.subtract(a, b)
            spread = float(less.std(ddof=1)) / len(seeds) ** 0.5 if len(seeds) > 1 else 0.0
            wrong += [name] * bool(less.mean() > 1.645 * spread)
        texts.append(f"{name}: {', '.join(f'{mean:.1f}' for mean in means)}")
        values |= {f"{name} {k}": mean for k, mean in enumerate(means)}
    text = "; ".join(texts) + f"; falls with: {', '.join(wrong)}" * bool(wrong)
    return judged(not wrong, text, **values)


def numbers(seeds: Seeds) -> Finding:
    """Repeat a run, halve its step, and look for what must not be there."""
    first, again = (cascade(seeds[0], Parameters()) for _ in range(2))
    same = first.outcome.doses == again.outcome.doses and first.outcome.falls == again.outcome.falls
    fell = {dt: float(np.mean([_dark(seed, dt) for seed in seeds])) for dt in (5.0, 2.5)}
    shift = abs(fell[2.5] / fell[5.0] - 1.0)
    still, overlap = _rest()
    holds = same and shift < 0.10 and still < 0.02 and overlap < 0.15
    text = (
        f"bit-identical: {'yes' if same else 'no'}; mean fallen {fell[5.0]:.0f} at 5 ms, "
        f"{fell[2.5]:.0f} at 2.5 ms; at rest rms v {still:.4f} m/s, overlap {overlap:.3f} r"
    )
    return judged(holds, text, shift=shift, rest=still, overlap=overlap)


def _dark(seed: int, dt_ms: float) -> int:
    """How many fall where few scatter: a trip among a crowd that pushes in the dark."""
    return cascade(seed, Parameters(dt_ms=dt_ms, push_share=0.4), lux=0.1).fallen


def _rest() -> tuple[float, float]:
    """Rms speed and greatest overlap by radius of a crowd packed before a gate for five minutes,
    no restlessness.
    """
    watch = Watch(scenes.gate(1, Parameters(push_share=0.4, missteps=-1.0, noise_n=0.0)))
    scenes.fed(watch, gates.pupils(150, 1), 2.0, 300.0)
    d = watch.zone.store.discs
    on = np.flatnonzero(d.kind[: watch.zone.store.slots] == 1)
    speed = np.hypot(d.vx[on], d.vy[on])
    away = np.hypot(d.x[on][:, None] - d.x[on], d.y[on][:, None] - d.y[on])
    deep = d.r[on][:, None] + d.r[on] - away
    np.fill_diagonal(deep, 0.0)
    return float(np.sqrt((speed**2).mean())), float((deep / d.r[on]).max())


SEYFRIED = {0.8: 1.61, 1.2: 1.97}


def bottlenecks(seeds: Seeds) -> Finding:
    """Let 60 adults through five widths."""
    flows = neck_flows(range(seeds[0], seeds[-1] + 1))
    total = [width * flow for width, flow in flows.items()]
    near = all(abs(flows[width] / seen - 1.0) <= 0.2 for width, seen in SEYFRIED.items())
    rising = all(b > a for a, b in pairwise(total))
    text = f"{listed(flows, 2)} /(m s)" + "; off: flow of the measured" * (not near)
    return judged(near and rising, text, **{f"{width} m": flow for width, flow in flows.items()})


def cases(count: int = SEEDS) -> tuple[Case, ...]:
    """Return the acceptance tests over some seeds; the expensive ones take minutes with 20."""
    seeds = range(1, count + 1)
    made = partial(Case, group=GROUP, unit="", by_construction=False)
    return (
        made(id="C1", title="Force chain (P1)", refs=("acceptance test P1",), measure=force_chain,
             expected="5, 10, 20 of 40 kg at 1.5 m/s push on a gate: n x 120 N within 10 %; 1, 2, "
             "5 ms within 2 %; rms v < 0.01 m/s", note="Contact forces only."),
        made(id="C2", title="Faster is slower (P2)", refs=("Helbing 2000",),
             measure=partial(faster_is_slower, seeds[:5]),
             expected="15 x 15 m, 200 people, 1 m door: T(180) least at 1.5-2 m/s; T(5), T(1) 1.15-"
             "1.6, 1.15-1.5 of it; people over 1600 N/m never fewer",
             note="With the parameters of that paper, five seeds as there; forces by circumference "
             "are twice the compressive force over it."),
        made(id="C3", title="Capacity of a stair (P3)", refs=("SFPE",),
             measure=partial(stair_capacity, seeds),
             expected="1.5 m, 200 youths, calm: 0.95-1.35 /(m s) of effective width at 1.5-2.6 "
             "/m2, nobody dead, <= 0.05 falls a run",
             note="The headway on a flight is fitted to it."),
        made(id="C4", title="Locked gate, opened late (P4)", refs=("acceptance test P4",),
             measure=partial(gates.locked_gate, seeds),
             expected="front metre 0.70-1.05 full; load 1-6 kN/m, < 25 % more from 100 to 150; P < "
             "0.02; dose 0.25 in >= 30 % of pushing runs, <= 5 % of calm; more fall in the 10 s "
             "after it opens than in the 10 s before (one-sided, 5 %)",
             note="Load, occupancy and P are those of a crowd that stays upright, at the end of 15 "
             "min: who has fallen is held by the floor and takes load off the gate. Where the "
             "crowd has come down before the gate opens there is no surge."),
        made(id="C5", title="A single trip (P5)", refs=("acceptance test P5",),
             measure=partial(single_trip, seeds),
             expected="400 pupils, 1.2 m stair: P(>= 10 fall) 0.2-0.9, then 15-100 fall, 1-20 "
             "reach dose 1, 8-60 fall and live, pile <= 5.4 m; staff after 10 s: <= 15 % of it, "
             "none in >= 70 %; at 1 adult/m2 P(>= 3) <= 0.05",
             note="The stair is unrolled. Outcomes are conditional on the fall and orders of "
             "magnitude; never a forecast for a school."),
        made(id="C6", title="Worse is never better", refs=("common gate: monotone",),
             measure=partial(monotone, seeds),
             expected="expected harm never falls (one-sided, 5 %) with more people, a narrower "
             "stair, a later stop, worse light", note="Common random numbers; harm: sum of "
             "doses. As many are on a wider stair as fill the narrow one to 4 adults/m2."),
        made(id="C7", title="Numbers", refs=("common gate: numbers",),
             measure=partial(numbers, seeds),
             expected="same seed, same bytes; half the step: mean fallen within 10 %; at rest rms "
             "v < 0.02 m/s, overlap < 15 % of a radius",
             note="The mean of a chaotic cascade scatters: fallen are counted in the dark where "
             "0.4 push, which scatters least."),
        made(id="C8", title="Flow of bottlenecks by width", refs=("Seyfried et al. 2009",),
             measure=partial(bottlenecks, seeds[:5]),
             expected="60 adults from 3.3 /m2, 0.8 to 1.2 m, 2.8 m long: flow rises with width, "
             "1.61 and 1.97 /(m s) +/- 20 % at its ends",
             note="Measured by the zone, calm, falls off; headway and shoulders are fitted to it. "
             "The graph can only be given such a flow."),
        *bodies.CASES,
        *joints.CASES,
    )  # fmt: skip
