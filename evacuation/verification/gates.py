"""A gate that is shut while pupils come: load, doses, and the surge when it opens."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from evacuation.verification.case import Finding, judged
from evacuation.zone import scenes
from evacuation.zone.body import BUILDS, Body
from evacuation.zone.parameters import Parameters
from evacuation.zone.scenes import Outcome, Watch

Seeds = Sequence[int]
SHUT_S = 900.0
SURGE_S = 10


def locked_gate(seeds: Seeds) -> Finding:
    """Let pupils come to a shut gate: the load without falls; doses and the surge with them."""
    loads = {
        count: np.mean([_static_load(count, seed) for seed in seeds], axis=0).tolist()
        for count in (100, 150)
    }
    growth = loads[150][0] / loads[100][0] - 1.0
    line, occupancy, pressure = loads[150]
    runs = {
        share: [_waiting(seed, Parameters(push_share=share)) for seed in seeds]
        for share in (0.4, 0.05)
    }
    hurt = {
        share: 100.0 * sum(one.dead + one.serious > 0 for one, *_ in some) / len(some)
        for share, some in runs.items()
    }
    before, after = (np.array([one[k] for one in runs[0.4]], float) for k in (1, 2))
    more = after - before
    sure = 1.645 * float(more.std(ddof=1)) / len(seeds) ** 0.5 if len(seeds) > 1 else 0.0
    wrong = ["load"] * (not 1000.0 <= line <= 6000.0) + ["growth"] * (growth >= 0.25)
    wrong += ["occupancy"] * (not 0.70 <= occupancy <= 1.05) + ["P"] * (pressure >= 0.02)
    wrong += ["doses when pushing"] * (hurt[0.4] < 30.0) + ["doses when calm"] * (hurt[0.05] > 5.0)
    wrong += ["surge"] * bool(more.mean() <= sure)
    text = (
        f"load {loads[100][0]:.0f} and {line:.0f} N/m with 100 and 150 ({100 * growth:+.0f} %), "
        f"occupancy {occupancy:.2f}, P {pressure:.4f} /s2; runs with a dose of 0.25: "
        f"{hurt[0.4]:.0f} % pushing, {hurt[0.05]:.0f} % calm; falls in the {SURGE_S} s before and "
        f"after opening {before.mean():.1f} and {after.mean():.1f} a run, more in "
        f"{100.0 * float((more > 0).mean()):.0f} %" + f"; off: {', '.join(wrong)}" * bool(wrong)
    )
    return judged(not wrong, text, load=line, growth=growth, pushing=hurt[0.4], calm=hurt[0.05])


def pupils(count: int, seed: int) -> list[Body]:
    """Children of 30 kg, at 1.1 m/s."""
    build = replace(BUILDS["child"], mass_kg=30.0)
    return scenes.crowd(count, build, "out", seed, (1.1, 0.15))


def _static_load(count: int, seed: int) -> tuple[float, float, float]:
    """Load on the gate (N/m) in the last 20 s that it is shut; occupancy and pressure of the front
    metre; falls off.
    """
    watch = Watch(scenes.gate(seed, Parameters(push_share=0.4, missteps=-1.0), count))
    scenes.fed(watch, pupils(count, seed), 2.0, SHUT_S - 20.0)
    zone, load = watch.zone, 0.0
    for _ in range(20):
        watch.go(1.0)
        load += float(zone.walls.mean[zone.walls.leaf == 1].max()) / 20.0
    d, f = zone.store.discs, zone.store.people
    front = [i for i in zone.store.slot.values() if d.x[i] > 11.0]
    area = float((np.pi * f.radius[front] ** 2).sum())
    return load / 1.5, area / 1.5, float(np.median(f.pressure[front]))


def _waiting(seed: int, parameters: Parameters) -> tuple[Outcome, int, int]:
    """A morning before a shut gate that is opened late: outcome, falls just before and after."""
    watch = Watch(scenes.gate(seed, parameters))
    scenes.fed(watch, pupils(150, seed), 2.0, SHUT_S)
    watch.zone.shut("gate", False)
    watch.go(SURGE_S)
    shut_ms, span_ms = round(1000 * SHUT_S), 1000 * SURGE_S
    before = sum(shut_ms - span_ms < fall.t_ms <= shut_ms for fall in watch.falls)
    after = sum(shut_ms < fall.t_ms for fall in watch.falls)
    return watch.outcome(), before, after
