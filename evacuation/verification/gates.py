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
LOADED = 5
"""The load without falls is a mean over so many seeds: single crowds lock in differently."""


def locked_gate(seeds: Seeds) -> Finding:
    """Let pupils come to a shut gate: the load without falls; doses and the surge with them."""
    loads = {
        count: np.mean([_static_load(count, seed) for seed in seeds[:LOADED]], axis=0).tolist()
        for count in (100, 150)
    }
    growth = loads[150][0] / loads[100][0] - 1.0
    line, occupancy, pressure = loads[150]
    hurt = {}
    surges = 0
    for share in (0.4, 0.05):
        runs = [_waiting(seed, Parameters(push_share=share)) for seed in seeds]
        hurt[share] = 100.0 * sum(one.dead + one.serious > 0 for one, _ in runs) / len(runs)
        surges += sum(after for _, after in runs) if share == 0.4 else 0
    surge = 100.0 * surges / len(seeds)
    wrong = ["load"] * (not 1000.0 <= line <= 6000.0) + ["growth"] * (growth >= 0.25)
    wrong += ["occupancy"] * (not 0.70 <= occupancy <= 1.05) + ["P"] * (pressure >= 0.02)
    wrong += ["doses when pushing"] * (hurt[0.4] < 30.0) + ["doses when calm"] * (hurt[0.05] > 5.0)
    wrong += ["surge"] * (surge < 50.0)
    text = (
        f"load {loads[100][0]:.0f} and {line:.0f} N/m with 100 and 150 ({100 * growth:+.0f} %), "
        f"occupancy {occupancy:.2f}, P {pressure:.4f} /s2; runs with a dose of 0.25: "
        f"{hurt[0.4]:.0f} % pushing, {hurt[0.05]:.0f} % calm; a peak of falls within 10 s of "
        f"opening in {surge:.0f} %" + f"; off: {', '.join(wrong)}" * bool(wrong)
    )
    return judged(not wrong, text, load=line, growth=growth, pushing=hurt[0.4], calm=hurt[0.05])


def pupils(count: int, seed: int) -> list[Body]:
    """Children of 30 kg, at 1.1 m/s."""
    build = replace(BUILDS["child"], mass_kg=30.0)
    return scenes.crowd(count, build, "out", seed, (1.1, 0.15))


def _static_load(count: int, seed: int) -> tuple[float, float, float]:
    """Load on the gate (N/m), occupancy and pressure of the front metre, falls off."""
    watch = Watch(scenes.gate(seed, Parameters(push_share=0.4, missteps=-1.0), count))
    scenes.fed(watch, pupils(count, seed), 2.0, 160.0)
    zone, load = watch.zone, 0.0
    for _ in range(20):
        watch.go(1.0)
        load += float(zone.walls.mean[zone.walls.leaf == 1].max()) / 20.0
    d, f = zone.store.discs, zone.store.people
    front = [i for i in zone.store.slot.values() if d.x[i] > 11.0]
    area = float((np.pi * f.radius[front] ** 2).sum())
    return load / 1.5, area / 1.5, float(np.median(f.pressure[front]))


def _waiting(seed: int, parameters: Parameters) -> tuple[Outcome, bool]:
    """A morning before a shut gate that is opened late: outcome, and whether falls peaked then."""
    watch = Watch(scenes.gate(seed, parameters))
    scenes.fed(watch, pupils(150, seed), 2.0, 900.0)
    usual = sum(fall.t_ms > 800_000 for fall in watch.falls) / 10.0
    watch.zone.shut("gate", False)
    watch.go(10.0)
    after = sum(fall.t_ms > 900_000 for fall in watch.falls)
    return watch.outcome(), after > max(usual, 1.0)
